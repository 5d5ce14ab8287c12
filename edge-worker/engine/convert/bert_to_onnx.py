"""Turns a published BERT sentence-embedding model into a model folder: `bert_to_onnx.py SOURCE FOLDER`.

The folder gets `model.onnx` and `model.onnx.data`, `tokenizer.json` and `littoral.toml`. It is written
in place: the caller gives an empty folder and moves it where it belongs when this returns 0, so a
half-written folder is never used. The same source gives the same bytes on every machine.
"""

import argparse
import json
import sys
from pathlib import Path

import onnx

import bert_graph
from bert_model import BertModel
from external_data import DataFile


def main() -> int:
    options = _options()
    try:
        convert(options)
    except (OSError, ValueError, KeyError) as error:
        print(f"cannot convert {options.source_folder}: {error}", file=sys.stderr)
        return 1
    return 0


def convert(options: argparse.Namespace) -> None:
    """Writes every file of the folder; says each step on standard output."""
    model = BertModel(options.source_folder)
    folder: Path = options.folder
    folder.mkdir(parents=True, exist_ok=True)
    print("tokenizer", flush=True)
    text = json.dumps(model.tokenizer, ensure_ascii=False, indent=1) + "\n"
    (folder / "tokenizer.json").write_text(text, encoding="utf-8")
    print("graph and weights", flush=True)
    with DataFile(folder / "model.onnx.data") as data:
        proto = bert_graph.build(model, data)
    onnx.save(proto, folder / "model.onnx")
    (folder / "littoral.toml").write_text(_card(model, options), encoding="utf-8")
    print("done", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source_folder", type=Path, help="the folder of the published model")
    parser.add_argument("folder", type=Path, help="where the model folder is written")
    parser.add_argument("--name", required=True, help="the model's name in the catalogue")
    parser.add_argument("--source", required=True, help="where the weights come from, in words")
    parser.add_argument("--license", required=True, help="licence of the weights")
    parser.add_argument("--quality", type=float, help="prior probability of a good answer, 0 to 1")
    return parser.parse_args()


def _card(model: BertModel, options: argparse.Namespace) -> str:
    # JSON strings and numbers are valid TOML.
    fields = {
        "name": options.name,
        "kind": "embedding",
        "pooling": model.pooling,
        "dimensions": model.width,
        "context_tokens": model.context,
        "parameters": model.parameters,
        "quality": options.quality,
        "license": options.license,
        "source": options.source,
    }
    lines = ["# What the other files of this folder cannot say."]
    lines += [f"{key} = {json.dumps(value)}" for key, value in fields.items() if value is not None]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
