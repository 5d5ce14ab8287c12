"""The forward pass from the formulas, in float64: no caches, no chunks, the whole text every time.

Formulas: RMS norm x / sqrt(mean(x^2) + e) * w; rotary embedding on the pairs (i, i + half) of a
head with angle position * base^(-i / half) (RoFormer, in the half-split layout of Llama); scores
q.k / sqrt(head size), softmax over the positions seen so far; SwiGLU.
"""

import numpy as np

from tiny_weights import BLOCK_ARRAYS, NORM_EPSILON, ROPE_BASE, TinyWeights


def logits(weights: TinyWeights, ids: list[int]) -> np.ndarray:
    """The logits of every position, [positions, vocabulary]."""
    arrays = {name: array.astype(np.float64) for name, array in weights.arrays.items()}
    rows = arrays["words"][ids]
    for layer in range(weights.shape.layers):
        own = {name: arrays[f"layers.{layer}.{name}"] for name in BLOCK_ARRAYS}
        rows = rows + _attention(weights, own, _norm(rows, own["attention_norm"])) @ own["attended"]
        normed = _norm(rows, own["mlp_norm"])
        gate = normed @ own["gate"]
        rows = rows + (gate / (1 + np.exp(-gate)) * (normed @ own["up"])) @ own["down"]
    return _norm(rows, arrays["final_norm"]) @ arrays["output"]


def _attention(weights: TinyWeights, own: dict, normed: np.ndarray) -> np.ndarray:
    shape, positions = weights.shape, len(normed)
    future = np.triu(np.ones((positions, positions), bool), k=1)
    mixed = []
    for head in range(shape.heads):
        shared = head * shape.kv_heads // shape.heads
        query = _rotate(normed @ _columns(own["query"], head, shape.head_size))
        key = _rotate(normed @ _columns(own["key"], shared, shape.head_size))
        value = normed @ _columns(own["value"], shared, shape.head_size)
        scores = np.where(future, -np.inf, query @ key.T / np.sqrt(shape.head_size))
        share = np.exp(scores - scores.max(axis=1, keepdims=True))
        mixed.append(share / share.sum(axis=1, keepdims=True) @ value)
    return np.concatenate(mixed, axis=1)


def _columns(matrix: np.ndarray, head: int, size: int) -> np.ndarray:
    return matrix[:, head * size : (head + 1) * size]


def _norm(rows: np.ndarray, weight: np.ndarray) -> np.ndarray:
    return rows / np.sqrt(np.mean(rows * rows, axis=1, keepdims=True) + NORM_EPSILON) * weight


def _rotate(rows: np.ndarray) -> np.ndarray:
    # As complex numbers: (low, high) of a pair turn by the position times the pair's frequency.
    half = rows.shape[1] // 2
    frequency = ROPE_BASE ** (-np.arange(half) / half)
    turn = np.exp(1j * np.arange(len(rows))[:, None] * frequency)
    turned = (rows[:, :half] + 1j * rows[:, half:]) * turn
    return np.concatenate([turned.real, turned.imag], axis=1)
