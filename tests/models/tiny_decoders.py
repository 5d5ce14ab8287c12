"""Writes three tiny seeded decoders as complete model folders: `tiny_decoders.py FOLDER`.

| folder  | number type | key and value heads | positions              | caches              |
|---------|-------------|---------------------|------------------------|---------------------|
| float32 | float32     | as many as queries  | input `position_ids`   | plain Concat        |
| float16 | float16     | as many as queries  | counted from the cache | plain Concat        |
| grouped | float32     | half as many        | inside the operator    | GroupQueryAttention |

Beside each model, `expected.json` holds what a numpy forward pass in float64 makes of the same
weights: that pass is written from the formulas, keeps no caches and shares no code with the graph.
A decoder whose greedy choice is too close to call within its tolerance is refused here, so a
mismatch in a test is never a coin toss.
"""

import argparse
import json
from pathlib import Path

import onnx

import tiny_forward
import tiny_graph
from tiny_weights import Shape, TinyWeights

CONTEXT_TOKENS = 512
SPECIAL = ["<|end|>", "<|user|>", "<|assistant|>", "<|system|>"]
TEMPLATE = (
    "{% for message in messages %}"
    "<|{{ message['role'] }}|>{{ message['content'] }}<|end|>"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
CONTENTS = [
    "the tide turns",
    # Longer than a prefill chunk of 128 tokens (a token is a byte here), and not plain ASCII.
    "Wo das Land das Meer trifft, entscheidet sich, wer antwortet: das Ger\u00e4t, die N\u00e4he "
    "oder die Ferne. \u6ce2 comes in, \u6ce2 goes out, "
    "and the shore keeps count of every single one.",
]
GREEDY_TOKENS = 12

DECODERS = {
    "float32": (Shape(heads=2, kv_heads=2), "float32", 1, 1e-4),
    "float16": (Shape(heads=2, kv_heads=2), "float16", 8, 3e-2),
    "grouped": (Shape(heads=4, kv_heads=2), "float32", 1, 1e-4),
}
"""Name -> shape, number type, seed, greatest difference of a logit that rounding explains."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    for name, (shape, kind, seed, tolerance) in DECODERS.items():
        print(f"{name}: seed {seed}", flush=True)
        write(options.folder / name, name, TinyWeights(shape, kind, seed), tolerance)


def write(folder: Path, name: str, weights: TinyWeights, tolerance: float) -> None:
    """Writes one model folder and its `expected.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(tiny_graph.build(name, weights, CONTEXT_TOKENS), folder / "model.onnx")
    _write_json(folder / "tokenizer.json", _tokenizer())
    _write_json(
        folder / "tokenizer_config.json", {"eos_token": SPECIAL[0], "chat_template": TEMPLATE}
    )
    # No token ends a tiny model's text by chance: the expected continuation has a fixed length.
    _write_json(folder / "generation_config.json", {"eos_token_id": weights.shape.vocabulary - 1})
    card = f'name = "tiny-{name}"\ncontext_tokens = {CONTEXT_TOKENS}\nlicense = "apache-2.0"\n'
    (folder / "littoral.toml").write_text(card, encoding="utf-8")
    cases = [_case(weights, content, tolerance) for content in CONTENTS]
    _write_json(folder / "expected.json", {"tolerance": tolerance, "cases": cases})


def _case(weights: TinyWeights, content: str, tolerance: float) -> dict:
    ids = [_special("<|user|>"), *content.encode(), _special("<|end|>"), _special("<|assistant|>")]
    logits = tiny_forward.logits(weights, ids)
    greedy, sequence = [], list(ids)
    for _ in range(GREEDY_TOKENS):
        row = tiny_forward.logits(weights, sequence)[-1]
        order = row.argsort()
        if row[order[-1]] - row[order[-2]] <= 2 * tolerance or order[-1] == len(row) - 1:
            raise SystemExit("a greedy choice is too close to call: take another seed")
        greedy.append(int(order[-1]))
        sequence.append(int(order[-1]))
    return {
        "messages": [{"role": "user", "content": content}],
        "input_ids": ids,
        "logits": [[float(f"{value:.7g}") for value in row] for row in logits],
        "greedy": greedy,
    }


def _special(text: str) -> int:
    return 256 + SPECIAL.index(text)


def _tokenizer() -> dict:
    # One token a byte: byte-level BPE without merges, token id = byte value.
    vocabulary = {character: byte for byte, character in enumerate(_printable_bytes())}
    vocabulary |= {text: _special(text) for text in SPECIAL}
    byte_level = {
        "type": "ByteLevel",
        "add_prefix_space": False,
        "trim_offsets": True,
        "use_regex": True,
    }
    flags = {
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
    return {
        "version": "1.0",
        "added_tokens": [{"id": _special(text), "content": text, **flags} for text in SPECIAL],
        "normalizer": None,
        "pre_tokenizer": byte_level,
        "post_processor": None,
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    }


def _printable_bytes() -> list[str]:
    # GPT-2's table: printable Latin-1 characters stand for themselves, the rest move above U+0100.
    kept = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    moved = [byte for byte in range(256) if byte not in kept]
    return [chr(byte) if byte in kept else chr(256 + moved.index(byte)) for byte in range(256)]


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
