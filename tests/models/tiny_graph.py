"""The tiny decoders as ONNX graphs, in the two styles found in the field.

`float32` and `float16` use standard operators only and join old and new keys with Concat, as
generic exporters do; `grouped` uses the fused GroupQueryAttention. All give logits for every
position.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from tiny_weights import NORM_EPSILON, ROPE_BASE, TinyWeights

MICROSOFT = "com.microsoft"


class Graph:
    """Collects nodes and initialisers; output names are made up from a counter."""

    def __init__(self, weights: TinyWeights):
        self.nodes, self.initializers = [], []
        self.weights = weights
        for name, array in weights.arrays.items():
            self.constant(name, array)

    def op(
        self, kind: str, *inputs: str, to: str | None = None, domain: str = "", **attributes
    ) -> str:
        output = to or f"{kind.lower()}.{len(self.nodes)}"
        self.nodes.append(
            helper.make_node(kind, list(inputs), [output], domain=domain, **attributes)
        )
        return output

    def cast(self, source: str, kind: int) -> str:
        output = f"cast.{len(self.nodes)}"
        self.nodes.append(helper.make_node("Cast", [source], [output], to=kind))
        return output

    def constant(self, name: str, array) -> str:
        self.initializers.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def number(self, name: str, value: float) -> str:
        return self.constant(name, np.array(value, self.weights.kind))

    def whole(self, *values: int) -> str:
        """An int64 vector; the same values are stored once."""
        name = "whole." + "_".join(map(str, values))
        if all(tensor.name != name for tensor in self.initializers):
            self.constant(name, np.array(values, np.int64))
        return name

    def norm(self, source: str, weight: str) -> str:
        mean = self.op("ReduceMean", self.op("Mul", source, source), self.whole(-1), keepdims=1)
        root = self.op("Sqrt", self.op("Add", mean, "epsilon"))
        return self.op("Mul", self.op("Div", source, root), weight)


def build(name: str, weights: TinyWeights, context: int) -> onnx.ModelProto:
    """Builds `float32`, `float16` or `grouped`."""
    graph, shape = Graph(weights), weights.shape
    graph.number("epsilon", NORM_EPSILON)
    half = shape.head_size // 2
    angles = np.outer(np.arange(context), ROPE_BASE ** (-np.arange(half) / half))
    graph.constant("cos", np.cos(angles).astype(weights.kind))
    graph.constant("sin", np.sin(angles).astype(weights.kind))
    attention = (
        _grouped(graph) if name == "grouped" else _plain(graph, given_positions=name == "float32")
    )
    hidden = graph.op("Gather", "words", "input_ids")
    for layer in range(shape.layers):
        place = f"layers.{layer}"
        mixed = attention(layer, graph.norm(hidden, f"{place}.attention_norm"))
        hidden = graph.op("Add", hidden, graph.op("MatMul", mixed, f"{place}.attended"))
        normed = graph.norm(hidden, f"{place}.mlp_norm")
        gate = graph.op("MatMul", normed, f"{place}.gate")
        silu = graph.op("Mul", gate, graph.op("Sigmoid", gate))
        gated = graph.op("Mul", silu, graph.op("MatMul", normed, f"{place}.up"))
        hidden = graph.op("Add", hidden, graph.op("MatMul", gated, f"{place}.down"))
    graph.op("MatMul", graph.norm(hidden, "final_norm"), "output", to="logits")
    return _model(graph, positions=name == "float32")


def _grouped(graph: Graph):
    shape = graph.weights.shape
    last = graph.op(
        "Sub", graph.op("ReduceSum", "attention_mask", graph.whole(1), keepdims=0), graph.whole(1)
    )
    total = graph.op("Squeeze", graph.op("Shape", "attention_mask", start=1, end=2))
    lengths = [graph.cast(source, TensorProto.INT32) for source in (last, total)]

    def attention(layer: int, normed: str) -> str:
        parts = [
            graph.op("MatMul", normed, f"layers.{layer}.{part}")
            for part in ("query", "key", "value")
        ]
        past = [f"past_key_values.{layer}.{part}" for part in ("key", "value")]
        outputs = [f"mixed.{layer}", f"present.{layer}.key", f"present.{layer}.value"]
        graph.nodes.append(
            helper.make_node(
                "GroupQueryAttention",
                [*parts, *past, *lengths, "cos", "sin"],
                outputs,
                domain=MICROSOFT,
                num_heads=shape.heads,
                kv_num_heads=shape.kv_heads,
                do_rotary=1,
                rotary_interleaved=0,
            )
        )
        return outputs[0]

    return attention


def _plain(graph: Graph, given_positions: bool):
    shape = graph.weights.shape
    graph.number("scale", shape.head_size**-0.5)
    graph.number("never", -3e4)  # far below any score, and a float16 can hold it
    total = graph.op("Squeeze", graph.op("Shape", "attention_mask", start=1, end=2))
    past = graph.op("Squeeze", graph.op("Shape", "past_key_values.0.key", start=2, end=3))
    graph.constant("zero", np.int64(0))
    graph.constant("step", np.int64(1))
    new = graph.op("Range", past, total, "step")
    places = "position_ids" if given_positions else graph.op("Unsqueeze", new, graph.whole(0))
    cos, sin = (
        graph.op("Unsqueeze", graph.op("Gather", table, places), graph.whole(1))
        for table in ("cos", "sin")
    )
    # A query sees the keys up to its own place, and of these the ones the mask keeps.
    everything = graph.op("Range", "zero", total, "step")
    causal = graph.op("LessOrEqual", everything, graph.op("Unsqueeze", new, graph.whole(1)))
    kept = graph.op("Unsqueeze", graph.cast("attention_mask", TensorProto.BOOL), graph.whole(1, 2))
    seen = graph.op("And", causal, kept)

    def heads(normed: str, weight: str) -> str:
        split = graph.op(
            "Reshape", graph.op("MatMul", normed, weight), graph.whole(0, 0, -1, shape.head_size)
        )
        return graph.op("Transpose", split, perm=[0, 2, 1, 3])

    def rotate(source: str) -> str:
        half = shape.head_size // 2
        low = graph.op("Slice", source, graph.whole(0), graph.whole(half), graph.whole(3))
        high = graph.op("Slice", source, graph.whole(half), graph.whole(2 * half), graph.whole(3))
        turned_low = graph.op("Sub", graph.op("Mul", low, cos), graph.op("Mul", high, sin))
        turned_high = graph.op("Add", graph.op("Mul", high, cos), graph.op("Mul", low, sin))
        return graph.op("Concat", turned_low, turned_high, axis=3)

    def attention(layer: int, normed: str) -> str:
        place, cache = f"layers.{layer}", f"past_key_values.{layer}"
        query = rotate(heads(normed, f"{place}.query"))
        key = rotate(heads(normed, f"{place}.key"))
        key = graph.op("Concat", f"{cache}.key", key, to=f"present.{layer}.key", axis=2)
        value = heads(normed, f"{place}.value")
        value = graph.op("Concat", f"{cache}.value", value, to=f"present.{layer}.value", axis=2)
        scores = graph.op("MatMul", query, graph.op("Transpose", key, perm=[0, 1, 3, 2]))
        scores = graph.op("Where", seen, graph.op("Mul", scores, "scale"), "never")
        mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
        return graph.op(
            "Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), graph.whole(0, 0, -1)
        )

    return attention


def _model(graph: Graph, positions: bool) -> onnx.ModelProto:
    shape, kind = graph.weights.shape, helper.np_dtype_to_tensor_dtype(graph.weights.kind)

    def caches(prefix: str, length: str):
        size = ["batch", shape.kv_heads, length, shape.head_size]
        names = [f"{prefix}.{n}.{part}" for n in range(shape.layers) for part in ("key", "value")]
        return [helper.make_tensor_value_info(name, kind, size) for name in names]

    whole, tokens = TensorProto.INT64, ["batch", "sequence_length"]
    inputs = [
        helper.make_tensor_value_info("input_ids", whole, tokens),
        helper.make_tensor_value_info("attention_mask", whole, ["batch", "total_sequence_length"]),
    ]
    if positions:
        inputs.append(helper.make_tensor_value_info("position_ids", whole, tokens))
    inputs += caches("past_key_values", "past_sequence_length")
    logits = helper.make_tensor_value_info("logits", kind, [*tokens, shape.vocabulary])
    outputs = [logits, *caches("present", "present_sequence_length")]
    proto = helper.make_graph(graph.nodes, "tiny", inputs, outputs, graph.initializers)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(
        proto, opset_imports=opsets, ir_version=10, producer_name="littoral-tests"
    )
    onnx.checker.check_model(model)
    return model
