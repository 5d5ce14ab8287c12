"""A sentence-embedding model as published: a folder of Hugging Face's and sentence-transformers' files.

`config.json` and `model.safetensors` are the encoder, `tokenizer.json` its tokenizer;
`sentence_bert_config.json` says how long a text may be, `modules.json` and `1_Pooling/config.json` how
the vectors of its tokens become one. What this converter cannot do faithfully is refused by name.
"""

import json
from pathlib import Path

import numpy as np

from safetensors_file import SafetensorsFile


class BertModel:
    """The shape and the weights of one model."""

    def __init__(self, folder: Path):
        config = _json(folder / "config.json")
        if config.get("model_type") != "bert":
            raise ValueError(f"model_type is {config.get('model_type')!r}, only 'bert' is converted")
        if config.get("hidden_act") != "gelu":
            raise ValueError(f"hidden_act is {config.get('hidden_act')!r}, only 'gelu' is converted")
        if config.get("position_embedding_type", "absolute") != "absolute":
            raise ValueError("only absolute position embeddings are converted")
        self.layers = int(config["num_hidden_layers"])
        self.heads = int(config["num_attention_heads"])
        self.width = int(config["hidden_size"])
        self.norm_epsilon = float(config["layer_norm_eps"])
        self.pooling = _pooling(folder)
        self.tokenizer = _tokenizer(folder / "tokenizer.json")
        self._weights = SafetensorsFile(folder / "model.safetensors")
        positions = int(config["max_position_embeddings"])
        sentence = folder / "sentence_bert_config.json"
        longest = _json(sentence).get("max_seq_length") if sentence.is_file() else None
        self.context = min(positions, int(longest or positions))
        self.parameters = sum(self.array(name).size for name in self.names())

    def names(self) -> list[str]:
        """Every tensor that is used. The pooler is not: it was trained for another task."""
        parts = [
            "attention.self.query",
            "attention.self.key",
            "attention.self.value",
            "attention.output.dense",
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm",
        ]
        names = [
            f"encoder.layer.{layer}.{part}.{kind}"
            for layer in range(self.layers)
            for part in parts
            for kind in ("weight", "bias")
        ]
        tables = ["word_embeddings", "position_embeddings", "token_type_embeddings"]
        names += [f"embeddings.{table}.weight" for table in tables]
        return names + ["embeddings.LayerNorm.weight", "embeddings.LayerNorm.bias"]

    def array(self, name: str) -> np.ndarray:
        return self._weights.array(name)


def _pooling(folder: Path) -> str:
    types = [module["type"].rsplit(".", 1)[-1] for module in _json(folder / "modules.json")]
    if types != ["Transformer", "Pooling", "Normalize"]:
        raise ValueError(f"modules.json lists {types}, not an encoder, a pooling and a normalisation")
    config = _json(folder / "1_Pooling" / "config.json")
    modes = [key for key, value in config.items() if key.startswith("pooling_mode_") and value]
    if modes != ["pooling_mode_mean_tokens"]:
        raise ValueError(f"the pooling is {modes}, only the mean over the tokens is converted")
    return "mean"


def _tokenizer(path: Path) -> dict:
    # Cutting and padding are the caller's: a text that is cut in silence has another vector.
    return _json(path) | {"truncation": None, "padding": None}


def _json(path: Path):
    return json.loads(path.read_text(encoding="utf-8"))
