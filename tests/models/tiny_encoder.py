"""Writes a tiny seeded BERT sentence encoder as it would be published: `tiny_encoder.py FOLDER`.

`FOLDER/source` is what the converter reads, `FOLDER/expected.json` what the forward pass of
`bert_forward.py` makes of the same weights. Every weight is drawn at random, biases and norms too, so
that one which is left out or swapped shows.
"""

import argparse
import json
from pathlib import Path

import numpy as np

import bert_forward

WIDTH, HEADS, INNER, LAYERS, POSITIONS, LONGEST = 16, 4, 40, 2, 40, 32
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = ["the", "tide", "turns", "sea", "shore", "land", "meets", "##s", ",", "."]
TEXTS = ["the tide turns", "Land meets sea, sea meets land.", "sea", "tides " * 12, "[SEP] 海 the"]
SEED = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    print(f"encoder: seed {SEED}", flush=True)
    weights, config = _weights(), _config()
    source = folder / "source"
    (source / "1_Pooling").mkdir(parents=True, exist_ok=True)
    _safetensors(source / "model.safetensors", weights)
    _write(source / "config.json", config)
    _write(source / "tokenizer.json", _tokenizer())
    _write(source / "sentence_bert_config.json", {"max_seq_length": LONGEST})
    kinds = ["Transformer", "Pooling", "Normalize"]
    _write(source / "modules.json", [{"type": f"sentence_transformers.models.{k}"} for k in kinds])
    pooling = {"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}
    _write(source / "1_Pooling" / "config.json", pooling)
    double = {name: array.astype(np.float64) for name, array in weights.items()}
    cases = [_case(double, config, text) for text in TEXTS]
    _write(folder / "expected.json", {"cases": cases})


def _case(weights: dict, config: dict, text: str) -> dict:
    ids = _ids(text)
    vector = bert_forward.vector(weights, config, ids)
    return {"text": text, "ids": ids, "vector": [float(f"{x:.7g}") for x in vector]}


def _ids(text: str) -> list[int]:
    # WordPiece by hand: punctuation stands alone, a final s may be a piece of its own.
    vocabulary = SPECIAL + WORDS
    ids = [2]
    spaced = "".join(f" {c} " if c in ".,[]" or c > "\x7f" else c for c in text.lower())
    for word in spaced.split():
        pieces = [word] if word in WORDS else [word[:-1], "##s"] if word[-1] == "s" else [word]
        known = all(piece in WORDS for piece in pieces)
        ids += [vocabulary.index(piece) for piece in pieces] if known else [1]
    return [*ids, 3]


def _weights() -> dict:
    random = np.random.default_rng(SEED)
    shapes = {
        "embeddings.word_embeddings.weight": (len(SPECIAL + WORDS), WIDTH),
        "embeddings.position_embeddings.weight": (POSITIONS, WIDTH),
        "embeddings.token_type_embeddings.weight": (2, WIDTH),
        **_norm("embeddings.LayerNorm"),
    }
    for layer in range(LAYERS):
        block = f"encoder.layer.{layer}"
        for part in ("query", "key", "value"):
            shapes |= _dense(f"{block}.attention.self.{part}", WIDTH, WIDTH)
        shapes |= _dense(f"{block}.attention.output.dense", WIDTH, WIDTH)
        shapes |= _norm(f"{block}.attention.output.LayerNorm")
        shapes |= _dense(f"{block}.intermediate.dense", INNER, WIDTH)
        shapes |= _dense(f"{block}.output.dense", WIDTH, INNER)
        shapes |= _norm(f"{block}.output.LayerNorm")
    return {name: random.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def _dense(name: str, rows: int, columns: int) -> dict:
    return {f"{name}.weight": (rows, columns), f"{name}.bias": (rows,)}


def _norm(name: str) -> dict:
    return {f"{name}.weight": (WIDTH,), f"{name}.bias": (WIDTH,)}


def _config() -> dict:
    return {
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": WIDTH,
        "num_attention_heads": HEADS,
        "num_hidden_layers": LAYERS,
        "max_position_embeddings": POSITIONS,
        "layer_norm_eps": 1e-12,
    }


def _safetensors(path: Path, arrays: dict) -> None:
    header, start = {}, 0
    for name, array in arrays.items():
        end = start + array.nbytes
        shape = list(array.shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    raw = b"".join(array.astype("<f4").tobytes() for array in arrays.values())
    path.write_bytes(len(text).to_bytes(8, "little") + text + raw)


def _tokenizer() -> dict:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    ids = {word: at for at, word in enumerate(SPECIAL + WORDS)}
    added = [{"id": ids[word], "content": word, "special": True, **flags} for word in SPECIAL]
    special = {word: {"id": word, "ids": [ids[word]], "tokens": [word]} for word in SPECIAL[2:]}
    ends = [{"SpecialToken": {"id": word, "type_id": 0}} for word in SPECIAL[2:]]
    text = {"Sequence": {"id": "A", "type_id": 0}}
    padding = {
        "strategy": {"Fixed": 8},
        "direction": "Right",
        "pad_to_multiple_of": None,
        "pad_id": 0,
        "pad_type_id": 0,
        "pad_token": "[PAD]",
    }
    return {
        "version": "1.0",
        # As published models have them; the converter takes both out.
        "truncation": {"max_length": 4, "strategy": "LongestFirst", "stride": 0},
        "padding": padding,
        "added_tokens": added,
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": True,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [ends[0], text, ends[1]],
            "pair": [ends[0], text, ends[1]],
            "special_tokens": special,
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": "[UNK]",
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": 100,
            "vocab": ids,
        },
    }


def _write(path: Path, content) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
