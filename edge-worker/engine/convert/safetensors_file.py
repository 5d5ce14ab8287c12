"""Reads a safetensors file: eight bytes of length, a JSON header of that length, raw arrays.

Only the number types that encoders are published in are read; every array comes out as float32.
"""

import json
from pathlib import Path

import numpy as np

KINDS = {"F32": "<f4", "F16": "<f2"}
MOST_HEADER_BYTES = 100_000_000
"""The format's own limit."""


class SafetensorsFile:
    """The arrays of one file, by name. The file is mapped, so only what is asked for is read."""

    def __init__(self, path: Path):
        self._raw = np.memmap(path, dtype=np.uint8, mode="r")
        if self._raw.size < 8:
            raise ValueError(f"{path} is too short for a safetensors file")
        length = int.from_bytes(self._raw[:8].tobytes(), "little")
        if length > min(MOST_HEADER_BYTES, self._raw.size - 8):
            raise ValueError(f"{path} has no safetensors header")
        self._header = json.loads(self._raw[8 : 8 + length].tobytes())
        self._start = 8 + length

    def array(self, name: str) -> np.ndarray:
        """The array called `name` as float32."""
        entry = self._header.get(name)
        if entry is None:
            raise ValueError(f"the weights have no tensor {name}")
        kind = KINDS.get(entry["dtype"])
        if kind is None:
            raise ValueError(f"{name} is of type {entry['dtype']}; {', '.join(KINDS)} can be read")
        start, end = entry["data_offsets"]
        raw = self._raw[self._start + start : self._start + end].tobytes()
        return np.frombuffer(raw, dtype=kind).reshape(entry["shape"]).astype(np.float32)
