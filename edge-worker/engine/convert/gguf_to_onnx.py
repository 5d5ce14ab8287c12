"""Turns a GGUF file of the Llama family into a model folder: `gguf_to_onnx.py FILE FOLDER`.

The folder gets `model.onnx` and `model.onnx.data`, `tokenizer.json`, `tokenizer_config.json`,
`generation_config.json` and `littoral.toml`. It is written in place: the caller gives an empty
folder and moves it where it belongs when this returns 0, so a half-written folder is never used.
The same file gives the same bytes on every machine.
"""

import argparse
import json
import sys
from pathlib import Path

import onnx

import byte_bpe_tokenizer
import decoder_graph
from external_data import DataFile
from llama_file import LlamaFile


def main() -> int:
    options = _options()
    try:
        convert(options)
    except (OSError, ValueError) as error:
        print(f"cannot convert {options.file}: {error}", file=sys.stderr)
        return 1
    return 0


def convert(options: argparse.Namespace) -> None:
    """Writes every file of the folder; says each step on standard output."""
    model = LlamaFile(options.file)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    print("tokenizer", flush=True)
    _write_json(folder / "tokenizer.json", byte_bpe_tokenizer.tokenizer(model))
    _write_json(folder / "tokenizer_config.json", byte_bpe_tokenizer.tokenizer_config(model))
    _write_json(folder / "generation_config.json", _generation_config(model, options))
    print("graph and weights", flush=True)
    with DataFile(folder / "model.onnx.data") as data:
        proto = decoder_graph.build(model, data)
    onnx.save(proto, folder / "model.onnx")
    (folder / "littoral.toml").write_text(_card(model, options), encoding="utf-8")
    print("done", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path, help="the GGUF file")
    parser.add_argument("folder", type=Path, help="where the model folder is written")
    parser.add_argument("--name", required=True, help="the model's name in the catalogue")
    parser.add_argument("--source", required=True, help="where the weights come from, in words")
    parser.add_argument("--quality", type=float, help="prior probability of a good answer, 0 to 1")
    parser.add_argument(
        "--temperature", type=float, help="the sampling temperature its makers advise"
    )
    parser.add_argument("--top-p", type=float, help="the nucleus its makers advise")
    parser.add_argument("--repetition-penalty", type=float, help="what keeps it out of loops")
    return parser.parse_args()


def _generation_config(model: LlamaFile, options: argparse.Namespace) -> dict:
    config = {
        "bos_token_id": int(model.field("tokenizer.ggml.bos_token_id")),
        "eos_token_id": int(model.field("tokenizer.ggml.eos_token_id")),
        "pad_token_id": int(model.field("tokenizer.ggml.padding_token_id")),
    }
    if options.temperature is not None:
        config |= {"do_sample": True, "temperature": options.temperature}
    if options.top_p is not None:
        config["top_p"] = options.top_p
    if options.repetition_penalty is not None:
        config["repetition_penalty"] = options.repetition_penalty
    return config


def _card(model: LlamaFile, options: argparse.Namespace) -> str:
    # JSON strings and numbers are valid TOML.
    fields = {
        "name": options.name,
        "context_tokens": model.context,
        "parameters": model.parameters(),
        "quality": options.quality,
        "license": model.field("general.license"),
        "source": options.source,
    }
    lines = ["# What the other files of this folder cannot say."]
    lines += [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return "\n".join(lines) + "\n"


def _write_json(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
