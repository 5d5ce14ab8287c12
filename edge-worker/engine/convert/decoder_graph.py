"""The ONNX graph of a Llama-shaped decoder, in the operators that ONNX Runtime runs fastest on CPU.

`input_ids`, `attention_mask`, `past_key_values.N.key/value` -> `logits`, `present.N.key/value`.
Three choices need a reason:

* Rotation pairs are adjacent (`rotary_interleaved=1`): GGUF permutes the query and key rows of
  Llama models for that layout.
* The word table is read with GatherBlockQuantized out of the very bytes that the output product
  multiplies: a float32 table would cost four times as much memory as the whole output layer. The
  two initialisers have different shapes and one place in the data file.
* Only the last position goes through the output layer. Generation never looks at the others, and
  128 positions of a 49,152-word vocabulary would be 25 MB written and thrown away per chunk. The
  shape is `[batch, 1, vocabulary]`, so a reader that takes the last row needs no special case.
"""

import numpy as np
import onnx
from onnx import TensorProto, helper

from block_weights import BLOCK, BlockWeights
from external_data import DataFile
from graph_builder import MICROSOFT, GraphBuilder
from llama_file import LlamaFile

OPSET = 21
IR_VERSION = 10


def build(model: LlamaFile, data: DataFile) -> onnx.ModelProto:
    """Builds the whole graph; weights go to `data` as they are read, one tensor at a time."""
    graph = GraphBuilder(data)
    lengths = _sequence_lengths(graph)
    caches = _rotary_caches(graph, model)
    words = model.weights("token_embd")
    hidden = _embedding(graph, words)
    norm = graph.node(
        "SimplifiedLayerNormalization",
        [hidden, graph.constant("layers.0.attention_norm", model.vector("blk.0.attn_norm"))],
        ["layers.0.attention_input"],
        axis=-1,
        epsilon=model.norm_epsilon,
    )
    for layer in range(model.layers):
        attended = _attention(graph, model, layer, norm, lengths, caches)
        norm, hidden = _add_and_norm(
            graph,
            f"layers.{layer}.mlp",
            attended,
            hidden,
            model.vector(f"blk.{layer}.ffn_norm"),
            model,
        )
        mixed = _mlp(graph, model, layer, norm)
        last = layer + 1 == model.layers
        weight = "output_norm" if last else f"blk.{layer + 1}.attn_norm"
        place = "final" if last else f"layers.{layer + 1}.attention"
        norm, hidden = _add_and_norm(graph, place, mixed, hidden, model.vector(weight), model)
    _logits(graph, norm, words, model)
    return _model(graph, model)


def _embedding(graph: GraphBuilder, words: BlockWeights) -> str:
    table = graph.stored("words.table", words.values)
    scales = graph.stored("words.table_scales", words.scales)
    return graph.node(
        "GatherBlockQuantized",
        [table, "input_ids", scales],
        ["words.embedded"],
        MICROSOFT,
        bits=8,
        block_size=BLOCK,
        gather_axis=0,
        quantize_axis=1,
    )


def _logits(graph: GraphBuilder, norm: str, words: BlockWeights, model: LlamaFile) -> None:
    last = graph.node(
        "Gather",
        [norm, graph.constant("last_position", np.array([-1], np.int64))],
        ["final.last_position"],
        axis=1,
    )
    if model.has("output"):
        graph.linear("logits", last, model.weights("output"))
        return
    # Tied: the output layer's bytes are the word table's, seen in the product's shape.
    shape = [words.rows, words.columns // BLOCK, BLOCK]
    graph.initializers.append(graph.data.view("words.values", "words.table", shape))
    graph.initializers.append(
        graph.data.view("words.scales", "words.table_scales", [words.scales.size])
    )
    graph.product("logits", last, "words.values", "words.scales", words)


def _sequence_lengths(graph: GraphBuilder) -> tuple[str, str]:
    # As int32, the attention operator wants each row's last index and the total length.
    one = graph.constant("one", np.array([1], np.int64))
    kept = graph.node("ReduceSum", ["attention_mask", one], ["lengths.kept"], keepdims=0)
    last = graph.node("Sub", [kept, one], ["lengths.last"])
    last = graph.node("Cast", [last], ["lengths.last_int32"], to=TensorProto.INT32)
    shape = graph.node("Shape", ["attention_mask"], ["lengths.shape"], start=1, end=2)
    total = graph.node("Squeeze", [shape], ["lengths.total"])
    return last, graph.node("Cast", [total], ["lengths.total_int32"], to=TensorProto.INT32)


def _rotary_caches(graph: GraphBuilder, model: LlamaFile) -> tuple[str, str]:
    half = model.head_size // 2
    frequencies = model.rope_base ** (-np.arange(half, dtype=np.float64) / half)
    angles = np.outer(np.arange(model.context, dtype=np.float64), frequencies)
    return (
        graph.stored("rotary.cos", np.cos(angles).astype(np.float32)),
        graph.stored("rotary.sin", np.sin(angles).astype(np.float32)),
    )


def _attention(graph, model: LlamaFile, layer: int, norm: str, lengths, caches) -> str:
    place, block = f"layers.{layer}.attention", f"blk.{layer}"
    fused = graph.linear(
        f"{place}.qkv", norm, model.stacked([f"{block}.attn_{part}" for part in "qkv"])
    )
    attended = graph.node(
        "GroupQueryAttention",
        [
            fused,
            "",
            "",
            f"past_key_values.{layer}.key",
            f"past_key_values.{layer}.value",
            *lengths,
            *caches,
        ],
        [f"{place}.heads", f"present.{layer}.key", f"present.{layer}.value"],
        MICROSOFT,
        num_heads=model.heads,
        kv_num_heads=model.kv_heads,
        do_rotary=1,
        rotary_interleaved=1,
    )
    return graph.linear(f"{place}.output", attended, model.weights(f"{block}.attn_output"))


def _mlp(graph, model: LlamaFile, layer: int, norm: str) -> str:
    place, block = f"layers.{layer}.mlp", f"blk.{layer}"
    gate = graph.linear(f"{place}.gate", norm, model.weights(f"{block}.ffn_gate"))
    up = graph.linear(f"{place}.up", norm, model.weights(f"{block}.ffn_up"))
    sigmoid = graph.node("Sigmoid", [gate], [f"{place}.sigmoid"])
    silu = graph.node("Mul", [gate, sigmoid], [f"{place}.silu"])
    gated = graph.node("Mul", [silu, up], [f"{place}.gated"])
    return graph.linear(f"{place}.down", gated, model.weights(f"{block}.ffn_down"))


def _add_and_norm(graph, place: str, delta: str, hidden: str, weight: np.ndarray, model: LlamaFile):
    name = graph.constant(f"{place}_norm", weight)
    outputs = [f"{place}_input", "", "", f"{place}_residual"]
    graph.node(
        "SkipSimplifiedLayerNormalization",
        [delta, hidden, name],
        outputs,
        MICROSOFT,
        epsilon=model.norm_epsilon,
    )
    return outputs[0], outputs[3]


def _model(graph: GraphBuilder, model: LlamaFile) -> onnx.ModelProto:
    def cache(name: str, length: str):
        shape = ["batch", model.kv_heads, length, model.head_size]
        return helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)

    def pairs(prefix: str, length: str):
        return [
            cache(f"{prefix}.{n}.{part}", length)
            for n in range(model.layers)
            for part in ("key", "value")
        ]

    whole = TensorProto.INT64
    inputs = [
        helper.make_tensor_value_info("input_ids", whole, ["batch", "sequence_length"]),
        helper.make_tensor_value_info("attention_mask", whole, ["batch", "total_sequence_length"]),
        *pairs("past_key_values", "past_sequence_length"),
    ]
    logits = helper.make_tensor_value_info(
        "logits", TensorProto.FLOAT, ["batch", 1, model.vocabulary]
    )
    outputs = [logits, *pairs("present", "present_sequence_length")]
    proto = helper.make_graph(graph.nodes, "decoder", inputs, outputs, graph.initializers)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(
        proto, opset_imports=opsets, ir_version=IR_VERSION, producer_name="littoral"
    )
