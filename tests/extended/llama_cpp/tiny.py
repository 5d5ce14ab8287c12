"""A llama model of two megabytes that recites.

Nobody can foretell what random weights say, so these are not random: each token's embedding is a
direction of its own, attention and feed-forward add nothing, and the output layer turns the direction of
a word into that of the next one. Whatever is asked, the answer is `WORDS` and then the end. Everything
else is a real llama: tokenizer, chat template, rotary attention, key-value cache.
"""

from pathlib import Path

import gguf
import numpy as np

# No word twice: a token knows what follows it, and has one text.
WORDS = ["The", " tide", " comes", " and", " goes", ",", " but", " sea", " stays", "."]
# What the model was made for, and what the server is told to keep.
CONTEXT_TOKENS = 512

BOS, EOS, FIRST_BYTE = 1, 2, 3
FIRST_WORD = FIRST_BYTE + 256
HEADS, FEED_FORWARD = 4, 32
TEMPLATE = (
    "{% for message in messages %}{{ message['role'] }}: {{ message['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant:\n{% endif %}"
)


def vocabulary() -> tuple[list[str], list[float], list[int]]:
    """Texts, scores and kinds of the tokens: specials, every byte, the words."""
    kind = gguf.TokenType
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    kinds = [kind.UNKNOWN, kind.CONTROL, kind.CONTROL, *([kind.BYTE] * 256)]
    scores = [0.0] * len(texts)
    for place, word in enumerate(WORDS):
        texts.append(word.replace(" ", "\u2581"))
        kinds.append(kind.NORMAL)
        scores.append(-1.0 - place)
    return texts, scores, [int(each) for each in kinds]


def output(tokens: int, width: int) -> np.ndarray:
    """After a word comes the next, after the last the end, and after anything else the first word."""
    matrix = np.zeros((tokens, width), dtype=np.float32)
    for token in range(tokens):
        following = token + 1 if token >= FIRST_WORD else FIRST_WORD
        matrix[following if following < tokens else EOS, token] = 1.0
    return matrix


def write(path: Path) -> None:
    """Writes the model as GGUF."""
    texts, scores, kinds = vocabulary()
    tokens = len(texts)
    # One direction for each token; a multiple of twice the heads, for the rotation.
    width = -(-tokens // (2 * HEADS)) * 2 * HEADS
    file = gguf.GGUFWriter(str(path), "llama")
    file.add_name("tiny that recites")
    file.add_context_length(CONTEXT_TOKENS)
    file.add_embedding_length(width)
    file.add_block_count(1)
    file.add_feed_forward_length(FEED_FORWARD)
    file.add_head_count(HEADS)
    file.add_head_count_kv(HEADS)
    file.add_rope_dimension_count(width // HEADS)
    file.add_layer_norm_rms_eps(1e-5)
    file.add_vocab_size(tokens)
    file.add_tokenizer_model("llama")
    file.add_token_list(texts)
    file.add_token_scores(scores)
    file.add_token_types(kinds)
    file.add_bos_token_id(BOS)
    file.add_eos_token_id(EOS)
    file.add_unk_token_id(0)
    file.add_chat_template(TEMPLATE)

    def zeros(*shape: int) -> np.ndarray:
        return np.zeros(shape, dtype=np.float32)

    ones = np.ones(width, dtype=np.float32)
    file.add_tensor("token_embd.weight", np.eye(tokens, width, dtype=np.float32))
    file.add_tensor("output_norm.weight", ones)
    file.add_tensor("output.weight", output(tokens, width))
    for name in ("attn_norm", "ffn_norm"):
        file.add_tensor(f"blk.0.{name}.weight", ones)
    for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
        file.add_tensor(f"blk.0.{name}.weight", zeros(width, width))
    for name in ("ffn_gate", "ffn_up"):
        file.add_tensor(f"blk.0.{name}.weight", zeros(FEED_FORWARD, width))
    file.add_tensor("blk.0.ffn_down.weight", zeros(width, FEED_FORWARD))
    file.write_header_to_file()
    file.write_kv_data_to_file()
    file.write_tensors_to_file()
    file.close()
