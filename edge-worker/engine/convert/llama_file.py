"""What a GGUF file of the Llama family says, under the names the other modules use.

Anything this converter does not know how to express is refused by name here, at the start: a
graph that leaves out a scaling rule or a bias would answer fluently and wrongly.
"""

from pathlib import Path

import gguf
import numpy as np

import block_weights
from block_weights import BlockWeights


class LlamaFile:
    """Hyperparameters and weights of one file."""

    def __init__(self, path: Path):
        self._reader = gguf.GGUFReader(path)
        self._tensors = {tensor.name: tensor for tensor in self._reader.tensors}
        architecture = self.field("general.architecture")
        if architecture != "llama":
            raise ValueError(
                f"{path.name} holds a '{architecture}' model; only 'llama' can be converted"
            )
        self._refuse_unknown()
        self.layers = int(self.field("llama.block_count"))
        self.context = int(self.field("llama.context_length"))
        self.width = int(self.field("llama.embedding_length"))
        self.heads = int(self.field("llama.attention.head_count"))
        self.kv_heads = int(self.field("llama.attention.head_count_kv", self.heads))
        self.head_size = int(self.field("llama.rope.dimension_count", self.width // self.heads))
        self.rope_base = float(self.field("llama.rope.freq_base", 10_000.0))
        self.norm_epsilon = float(self.field("llama.attention.layer_norm_rms_epsilon"))
        self.vocabulary = len(self.field("tokenizer.ggml.tokens"))
        if self.head_size * self.heads != self.width:
            raise ValueError(
                f"rotation over {self.head_size} values of a head is not the whole head"
            )

    def field(self, name: str, default=None):
        """A metadata value; without a default its absence is an error."""
        field = self._reader.get_field(name)
        if field is None:
            if default is None:
                raise ValueError(f"the file has no '{name}'")
            return default
        return field.contents()

    def has(self, name: str) -> bool:
        return f"{name}.weight" in self._tensors

    def parameters(self) -> int:
        """Number of weights in the file; a tied output layer counts once."""
        return sum(int(tensor.n_elements) for tensor in self._tensors.values())

    def weights(self, name: str) -> BlockWeights:
        return block_weights.from_tensor(self._tensor(name))

    def stacked(self, names: list[str]) -> BlockWeights:
        return block_weights.stack([self.weights(name) for name in names])

    def vector(self, name: str) -> np.ndarray:
        tensor = self._tensor(name)
        return gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32).reshape(-1)

    def _tensor(self, name: str) -> gguf.ReaderTensor:
        tensor = self._tensors.get(f"{name}.weight")
        if tensor is None:
            raise ValueError(f"the file has no tensor '{name}.weight'")
        return tensor

    def _refuse_unknown(self) -> None:
        scaling = self.field("llama.rope.scaling.type", "none")
        if scaling != "none":
            raise ValueError(f"rotary scaling '{scaling}' cannot be converted")
        extra = [
            name
            for name in self._tensors
            if name.endswith(".bias") or "rope_" in name or "_exps" in name
        ]
        if extra:
            raise ValueError(f"tensors that cannot be converted: {', '.join(sorted(extra)[:5])}")
