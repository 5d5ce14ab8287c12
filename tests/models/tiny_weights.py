"""Seeded weights of a tiny Llama-shaped decoder, rounded to the number type they are stored in.

The graph and the numpy pass read the same arrays, so a difference between them is a difference in
what is computed, not in what was drawn.
"""

from dataclasses import dataclass

import numpy as np

NORM_EPSILON = 1e-5
ROPE_BASE = 10_000.0
BLOCK_ARRAYS = (
    "attention_norm",
    "query",
    "key",
    "value",
    "attended",
    "mlp_norm",
    "gate",
    "up",
    "down",
)
"""The arrays of one layer, stored as `layers.N.<name>`."""


@dataclass(frozen=True)
class Shape:
    """Sizes of the decoder; the width of all heads together need not be the hidden width."""

    heads: int
    kv_heads: int
    layers: int = 2
    hidden: int = 32
    head_size: int = 16
    mlp: int = 48
    vocabulary: int = 261  # 256 bytes, four special tokens, one that is never wanted


class TinyWeights:
    """Named arrays; a matrix is stored as [inputs, outputs]."""

    def __init__(self, shape: Shape, kind: str, seed: int):
        self.shape = shape
        self.kind = np.dtype(kind)
        self._random = np.random.default_rng(seed)
        queries, keys = shape.heads * shape.head_size, shape.kv_heads * shape.head_size
        self.arrays = {"words": self._draw(1.0, shape.vocabulary, shape.hidden)}
        for layer in range(shape.layers):
            self._layer(f"layers.{layer}", queries, keys)
        self.arrays["final_norm"] = self._norm()
        # Wide logits: neighbouring choices are then further apart than rounding errors.
        self.arrays["output"] = self._draw(4.0 / shape.hidden**0.5, shape.hidden, shape.vocabulary)

    def _layer(self, place: str, queries: int, keys: int) -> None:
        shape = self.shape
        self.arrays[f"{place}.attention_norm"] = self._norm()
        for name, inputs, outputs in [
            ("query", shape.hidden, queries),
            ("key", shape.hidden, keys),
            ("value", shape.hidden, keys),
            ("attended", queries, shape.hidden),
            ("gate", shape.hidden, shape.mlp),
            ("up", shape.hidden, shape.mlp),
            ("down", shape.mlp, shape.hidden),
        ]:
            self.arrays[f"{place}.{name}"] = self._draw(1.0 / inputs**0.5, inputs, outputs)
        self.arrays[f"{place}.mlp_norm"] = self._norm()

    def _draw(self, deviation: float, *size: int) -> np.ndarray:
        return self._random.normal(0.0, deviation, size).astype(self.kind)

    def _norm(self) -> np.ndarray:
        return self._random.uniform(0.5, 1.5, self.shape.hidden).astype(self.kind)
