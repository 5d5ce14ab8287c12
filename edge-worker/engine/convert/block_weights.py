"""Weights in blocks of 32 with one scale each: the form MatMulNBits and GatherBlockQuantized read.

Eight bits, symmetric, because 8 bits with no zero point is the form whose fast integer kernel
loses nothing that matters: four bits with float zero points are exact but have no fast kernel,
four bits with integer zero points lose the model. A Q8_0 tensor has this very form already and is
carried over bit for bit; every other type is expanded to float32 and cut into blocks again.
"""

from dataclasses import dataclass

import gguf
import numpy as np

BLOCK = 32
"""Values that share one scale."""

ZERO_POINT = 128
"""What both operators subtract from an unsigned 8-bit value when no zero point is given."""


@dataclass
class BlockWeights:
    """A matrix of `rows` x `columns`: unsigned bytes and one float32 scale per block of a row."""

    values: np.ndarray  # uint8 [rows, columns]
    scales: np.ndarray  # float32 [rows, columns / BLOCK]

    @property
    def rows(self) -> int:
        return self.values.shape[0]

    @property
    def columns(self) -> int:
        return self.values.shape[1]


def from_tensor(tensor: gguf.ReaderTensor) -> BlockWeights:
    """Reads one two-dimensional tensor of the file, whatever its type."""
    if tensor.tensor_type == gguf.GGMLQuantizationType.Q8_0:
        return _from_q8_0(tensor)
    return quantise(gguf.dequantize(tensor.data, tensor.tensor_type))


def quantise(matrix: np.ndarray) -> BlockWeights:
    """Rounds each block to 8 bits with the scale `max |w| / 127` (the rule of GGML's Q8_0)."""
    rows, columns = matrix.shape
    if columns % BLOCK:
        raise ValueError(f"a row of {columns} values cannot be cut into blocks of {BLOCK}")
    blocks = matrix.astype(np.float32).reshape(rows, columns // BLOCK, BLOCK)
    scales = np.abs(blocks).max(axis=2) / np.float32(127)
    safe = np.where(scales == 0, np.float32(1), scales)
    whole = np.rint(blocks / safe[:, :, None]).astype(np.int16) + ZERO_POINT
    return BlockWeights(whole.astype(np.uint8).reshape(rows, columns), scales)


def stack(parts: list[BlockWeights]) -> BlockWeights:
    """Puts matrices of equal width below each other: one product then gives all their outputs."""
    return BlockWeights(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.scales for part in parts]),
    )


def _from_q8_0(tensor: gguf.ReaderTensor) -> BlockWeights:
    # A Q8_0 block is a float16 scale followed by 32 signed bytes.
    columns = int(tensor.shape[0])
    rows = int(tensor.shape[1])
    raw = np.asarray(tensor.data, dtype=np.uint8).reshape(rows, columns // BLOCK, 2 + BLOCK)
    scales = raw[:, :, :2].copy().view(np.float16).astype(np.float32)[:, :, 0]
    signed = raw[:, :, 2:].copy().view(np.int8).astype(np.int16)
    return BlockWeights((signed + ZERO_POINT).astype(np.uint8).reshape(rows, columns), scales)
