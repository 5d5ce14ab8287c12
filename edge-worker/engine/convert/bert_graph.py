"""The ONNX graph of a BERT encoder, in the fused operators that ONNX Runtime has for it.

`input_ids`, `attention_mask` -> `last_hidden_state` of `[batch, sequence, width]`, all in float32.

* Token types are all 0 for a single text, so their one row is added to every row of the position
  table when the graph is made.
* Weights stay float32: 11 million of them are multiplied, so eight bits would save little and cost
  accuracy that nearest neighbours see.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from bert_model import BertModel
from external_data import DataFile
from graph_builder import MICROSOFT, GraphBuilder

OPSET = 21
IR_VERSION = 10


def build(model: BertModel, data: DataFile) -> onnx.ModelProto:
    """Builds the whole graph; weights go to `data` as they are read, one tensor at a time."""
    graph = GraphBuilder(data)
    mask = graph.node(
        "Cast", ["attention_mask"], ["attention_mask.int32"], to=TensorProto.INT32
    )
    hidden = _embedding(graph, model)
    for layer in range(model.layers):
        hidden = _layer(graph, model, layer, hidden, mask)
    graph.node("Identity", [hidden], ["last_hidden_state"])
    return _model(graph, model)


def _embedding(graph: GraphBuilder, model: BertModel) -> str:
    words = graph.stored("words", model.array("embeddings.word_embeddings.weight"))
    positions = model.array("embeddings.position_embeddings.weight")[: model.context]
    types = model.array("embeddings.token_type_embeddings.weight")
    table = graph.stored("positions", positions + types[0])
    word = graph.node("Gather", [words, "input_ids"], ["embedded.words"])
    length = graph.node("Shape", ["input_ids"], ["embedded.length"], start=1, end=2)
    first = graph.constant("first", np.array([0], np.int64))
    place = graph.node("Slice", [table, first, length, first], ["embedded.positions"])
    added = graph.node("Add", [word, place], ["embedded.sum"])
    return graph.node(
        "LayerNormalization",
        [added, *_norm(graph, model, "embeddings.LayerNorm")],
        ["embedded"],
        axis=-1,
        epsilon=model.norm_epsilon,
    )


def _layer(graph: GraphBuilder, model: BertModel, layer: int, hidden: str, mask: str) -> str:
    block, place = f"encoder.layer.{layer}", f"layers.{layer}"
    parts = [f"{block}.attention.self.{part}" for part in ("query", "key", "value")]
    weights = np.concatenate([model.array(f"{part}.weight").T for part in parts], axis=1)
    biases = np.concatenate([model.array(f"{part}.bias") for part in parts])
    attended = graph.node(
        "Attention",
        [
            hidden,
            graph.stored(f"{place}.qkv", weights),
            graph.constant(f"{place}.qkv_bias", biases),
            mask,
        ],
        [f"{place}.attended"],
        MICROSOFT,
        num_heads=model.heads,
    )
    mixed = _linear(graph, model, f"{block}.attention.output.dense", attended)
    hidden = _add_and_norm(graph, model, f"{block}.attention.output", mixed, hidden)
    inner = graph.node(
        "MatMul",
        [hidden, _transposed(graph, model, f"{block}.intermediate.dense")],
        [f"{place}.inner"],
    )
    bias = graph.constant(
        f"{block}.intermediate.dense.bias", model.array(f"{block}.intermediate.dense.bias")
    )
    active = graph.node("BiasGelu", [inner, bias], [f"{place}.active"], MICROSOFT)
    outer = _linear(graph, model, f"{block}.output.dense", active)
    return _add_and_norm(graph, model, f"{block}.output", outer, hidden)


def _linear(graph: GraphBuilder, model: BertModel, name: str, source: str) -> str:
    # The bias is added together with the residual, in `_add_and_norm`.
    return graph.node("MatMul", [source, _transposed(graph, model, name)], [f"{name}.product"])


def _transposed(graph: GraphBuilder, model: BertModel, name: str) -> str:
    return graph.stored(f"{name}.weight", model.array(f"{name}.weight").T)


def _add_and_norm(graph: GraphBuilder, model: BertModel, block: str, delta: str, hidden: str):
    bias = graph.constant(f"{block}.dense.bias", model.array(f"{block}.dense.bias"))
    weight, shift = _norm(graph, model, f"{block}.LayerNorm")
    return graph.node(
        "SkipLayerNormalization",
        [delta, hidden, weight, shift, bias],
        [f"{block}.normed"],
        MICROSOFT,
        epsilon=model.norm_epsilon,
    )


def _norm(graph: GraphBuilder, model: BertModel, name: str) -> tuple[str, str]:
    return (
        graph.constant(f"{name}.weight", model.array(f"{name}.weight")),
        graph.constant(f"{name}.bias", model.array(f"{name}.bias")),
    )


def _model(graph: GraphBuilder, model: BertModel) -> onnx.ModelProto:
    whole, shape = TensorProto.INT64, ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info("input_ids", whole, shape),
        helper.make_tensor_value_info("attention_mask", whole, shape),
    ]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, [*shape, model.width]
    )
    proto = helper.make_graph(graph.nodes, "encoder", inputs, [output], graph.initializers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(
        proto, opset_imports=opsets, ir_version=IR_VERSION, producer_name="littoral"
    )
