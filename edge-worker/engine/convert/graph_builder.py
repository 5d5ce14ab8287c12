"""Collects the nodes and initialisers of an ONNX graph under readable names.

Large arrays go to the data file beside the graph, small ones into the graph itself.
"""

import numpy as np
import onnx
from onnx import helper

from block_weights import BLOCK, BlockWeights
from external_data import DataFile

MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's own operators."""


class GraphBuilder:
    """Each method adds something to the graph and returns the name it goes by."""

    def __init__(self, data: DataFile):
        self.data = data
        self.nodes: list[onnx.NodeProto] = []
        self.initializers: list[onnx.TensorProto] = []

    def node(
        self, op: str, inputs: list[str], outputs: list[str], domain: str = "", **attributes
    ) -> str:
        self.nodes.append(
            helper.make_node(op, inputs, outputs, outputs[0], domain=domain, **attributes)
        )
        return outputs[0]

    def constant(self, name: str, array: np.ndarray) -> str:
        self.initializers.append(onnx.numpy_helper.from_array(array, name))
        return name

    def stored(self, name: str, array: np.ndarray) -> str:
        self.initializers.append(self.data.append(name, array))
        return name

    def linear(self, name: str, source: str, weights: BlockWeights) -> str:
        shape = (weights.rows, weights.columns // BLOCK, BLOCK)
        values = self.stored(f"{name}.values", weights.values.reshape(shape))
        scales = self.stored(f"{name}.scales", weights.scales.reshape(-1))
        return self.product(name, source, values, scales, weights)

    def product(
        self, name: str, source: str, values: str, scales: str, weights: BlockWeights
    ) -> str:
        return self.node(
            "MatMulNBits",
            [source, values, scales],
            [name],
            MICROSOFT,
            N=weights.rows,
            K=weights.columns,
            bits=8,
            block_size=BLOCK,
            accuracy_level=4,
        )
