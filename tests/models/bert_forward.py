"""The forward pass of a BERT sentence encoder from the formulas, in float64: one text, no padding.

Formulas (Devlin et al. 2018, Vaswani et al. 2017, Reimers and Gurevych 2019): embeddings of word,
position and type added and normalised; softmax(q k^T / sqrt(head size)) v per head; GELU
x (1 + erf(x / sqrt 2)) / 2; a norm after each residual; the mean over all tokens, divided by its length.

As a program it prints the vectors of a published model: `bert_forward.py SOURCE IDS.json`, where the
second is a list of lists of token ids, special tokens included.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np


def vector(weights: dict, config: dict, ids: list[int]) -> np.ndarray:
    """The vector of one text, of length 1."""
    epsilon = config["layer_norm_eps"]

    def norm(rows: np.ndarray, name: str) -> np.ndarray:
        centred = rows - rows.mean(axis=1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=1, keepdims=True) + epsilon)
        return centred / spread * weights[f"{name}.weight"] + weights[f"{name}.bias"]

    def dense(rows: np.ndarray, name: str) -> np.ndarray:
        return rows @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]

    rows = weights["embeddings.word_embeddings.weight"][ids]
    rows = rows + weights["embeddings.position_embeddings.weight"][: len(ids)]
    rows = rows + weights["embeddings.token_type_embeddings.weight"][0]
    rows = norm(rows, "embeddings.LayerNorm")
    for layer in range(config["num_hidden_layers"]):
        block = f"encoder.layer.{layer}"
        query, key, value = (
            dense(rows, f"{block}.attention.self.{part}") for part in ("query", "key", "value")
        )
        heads = config["num_attention_heads"]
        size = rows.shape[1] // heads
        mixed = []
        for head in range(heads):
            own = slice(head * size, (head + 1) * size)
            scores = query[:, own] @ key[:, own].T / math.sqrt(size)
            share = np.exp(scores - scores.max(axis=1, keepdims=True))
            mixed.append(share / share.sum(axis=1, keepdims=True) @ value[:, own])
        attended = dense(np.concatenate(mixed, axis=1), f"{block}.attention.output.dense")
        rows = norm(rows + attended, f"{block}.attention.output.LayerNorm")
        inner = dense(rows, f"{block}.intermediate.dense")
        active = inner * (1 + np.vectorize(math.erf)(inner / math.sqrt(2))) / 2
        outer = dense(active, f"{block}.output.dense")
        rows = norm(rows + outer, f"{block}.output.LayerNorm")
    mean = rows.mean(axis=0)
    return mean / np.sqrt((mean**2).sum())


def read(folder: Path) -> tuple[dict, dict]:
    """The weights in float64 and the configuration of a published model in float32."""
    raw = (folder / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    weights = {}
    for name, entry in json.loads(raw[8:start]).items():
        if entry.get("dtype") == "F32":
            begin, end = entry["data_offsets"]
            numbers = np.frombuffer(raw[start + begin : start + end], "<f4")
            weights[name] = numbers.reshape(entry["shape"]).astype(np.float64)
    return weights, json.loads((folder / "config.json").read_text(encoding="utf-8"))


def main() -> None:
    weights, config = read(Path(sys.argv[1]))
    for ids in json.loads(Path(sys.argv[2]).read_text(encoding="utf-8")):
        print(json.dumps([float(f"{x:.7g}") for x in vector(weights, config, ids)]))


if __name__ == "__main__":
    main()
