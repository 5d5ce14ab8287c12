"""The file of raw weights beside `model.onnx`, written front to back, one tensor at a time.

Tensors start on page boundaries, so the runtime can map them instead of reading them, and a tensor
may be seen a second time under another name and shape without being stored twice.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper

PAGE_BYTES = 4096


class DataFile:
    """Appends arrays and hands out the initialisers that point at them."""

    def __init__(self, path: Path):
        self._name = path.name
        self._file = path.open("wb")
        self._places: dict[str, tuple[int, int, int]] = {}

    def __enter__(self) -> "DataFile":
        return self

    def __exit__(self, *_) -> None:
        self._file.close()

    def append(self, name: str, array: np.ndarray) -> onnx.TensorProto:
        """Writes `array` at the next page boundary."""
        start = -(-self._file.tell() // PAGE_BYTES) * PAGE_BYTES
        self._file.write(b"\0" * (start - self._file.tell()))
        # The format is little-endian whatever the machine is.
        raw = np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<"), copy=False)
        self._file.write(raw.data)
        kind = helper.np_dtype_to_tensor_dtype(array.dtype)
        self._places[name] = (start, raw.nbytes, kind)
        return self.view(name, name, list(array.shape))

    def view(self, name: str, stored: str, shape: list[int]) -> onnx.TensorProto:
        """Another initialiser over the bytes of the tensor that was stored as `stored`."""
        start, length, kind = self._places[stored]
        tensor = TensorProto(name=name, data_type=kind, dims=shape)
        tensor.data_location = TensorProto.EXTERNAL
        for key, value in (("location", self._name), ("offset", start), ("length", length)):
            tensor.external_data.add(key=key, value=str(value))
        return tensor
