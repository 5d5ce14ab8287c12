"""`tokenizer.json` and `tokenizer_config.json` out of a GGUF file's own tables.

GGUF keeps the vocabulary, the merges and the kind of each token, and only the *name* of the rule
that splits text before the merges. The rule of `smollm` is: every digit alone, then the GPT-2
split, both over bytes shown as printable characters. Any other rule is refused, because a wrong
split still tokenises everything, just not as the model was trained.
"""

from llama_file import LlamaFile

CONTROL, USER_DEFINED = 3, 4
"""GGUF's token kinds that are matched in the text before anything is split."""


def tokenizer(model: LlamaFile) -> dict:
    """The content of `tokenizer.json`."""
    if model.field("tokenizer.ggml.model") != "gpt2":
        raise ValueError(f"tokenizer '{model.field('tokenizer.ggml.model')}' is not byte-level BPE")
    split = model.field("tokenizer.ggml.pre", "default")
    if split != "smollm":
        raise ValueError(f"text split '{split}' is unknown; only 'smollm' can be converted")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [_added(index, text, special) for index, text, special in _matched(model)],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": True}, _byte_level()],
        },
        "post_processor": None,
        "decoder": _byte_level(),
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {
                text: index for index, text in enumerate(model.field("tokenizer.ggml.tokens"))
            },
            "merges": list(model.field("tokenizer.ggml.merges")),
        },
    }


def tokenizer_config(model: LlamaFile) -> dict:
    """The content of `tokenizer_config.json`, chat template included."""
    tokens = model.field("tokenizer.ggml.tokens")

    def named(kind: str) -> str:
        return tokens[int(model.field(f"tokenizer.ggml.{kind}_token_id"))]

    return {
        "tokenizer_class": "GPT2Tokenizer",
        "add_bos_token": bool(model.field("tokenizer.ggml.add_bos_token", False)),
        "add_prefix_space": bool(model.field("tokenizer.ggml.add_space_prefix", False)),
        "added_tokens_decoder": {
            str(index): {
                key: value for key, value in _added(index, text, special).items() if key != "id"
            }
            for index, text, special in _matched(model)
        },
        "bos_token": named("bos"),
        "eos_token": named("eos"),
        "pad_token": named("padding"),
        "unk_token": named("unknown"),
        "clean_up_tokenization_spaces": False,
        "model_max_length": model.context,
        "chat_template": model.field("tokenizer.chat_template"),
    }


def _matched(model: LlamaFile):
    kinds = model.field("tokenizer.ggml.token_type")
    for index, text in enumerate(model.field("tokenizer.ggml.tokens")):
        if kinds[index] in (CONTROL, USER_DEFINED):
            yield index, text, kinds[index] == CONTROL


def _byte_level() -> dict:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}


def _added(index: int, text: str, special: bool) -> dict:
    return {
        "id": index,
        "content": text,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": special,
    }
