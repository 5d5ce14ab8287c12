//! Tokens as bytes.
//!
//! A streamed answer needs the exact bytes of each token, and `Tokenizer::decode` gives text that
//! depends on the neighbours (a broken character comes back as U+FFFD). So the two spellings that
//! decoders for text use are undone here, token by token:
//!
//! - byte level (GPT-2, Llama 3, Qwen, SmolLM): 256 printable characters stand for the bytes;
//! - SentencePiece (Llama 2, Mistral, Gemma): `▁` is a space and `<0xNN>` is a byte.
//!
//! A tokenizer without a decoder is a list of words, joined by spaces. Any other kind is refused at
//! load, since its text could not be streamed faithfully.

use tokenizers::{DecoderWrapper, Tokenizer};

use crate::error::EngineError;
use crate::tools::{CLOSE, OPEN};

/// A tokenizer whose tokens are known as bytes.
#[derive(Debug)]
pub struct Vocabulary {
    tokenizer: Tokenizer,
    spelling: Spelling,
    specials: Vec<String>,
    longest_token_bytes: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spelling {
    ByteLevel,
    SentencePiece,
    Words,
}

impl Vocabulary {
    /// Wraps `tokenizer`.
    ///
    /// # Errors
    /// Its decoder is of a kind whose tokens cannot be turned into bytes one by one.
    pub fn new(tokenizer: Tokenizer) -> Result<Self, String> {
        let spelling = spelling(tokenizer.get_decoder())?;
        let added = tokenizer.get_added_tokens_decoder();
        let special = added.values().filter(|token| token.special);
        let mut specials: Vec<String> = special.map(|token| token.content.clone()).collect();
        specials.sort_unstable();
        // Other kinds may take any stretch of text for one unknown token.
        let longest_token_bytes = match spelling {
            Spelling::ByteLevel => tokenizer.get_vocab(true).keys().map(String::len).max(),
            Spelling::SentencePiece | Spelling::Words => None,
        };
        let longest_token_bytes = longest_token_bytes.unwrap_or(usize::MAX).max(1);
        Ok(Self { tokenizer, spelling, specials, longest_token_bytes })
    }

    /// Tokenizes `text` as it stands, special tokens included, adding none.
    pub fn encode(&self, text: &str) -> Result<Vec<u32>, EngineError> {
        let encoding = self.tokenizer.encode_fast(text, false);
        // The tokenizer's own message may quote its input, which is a prompt.
        let encoding = encoding.map_err(|_| {
            EngineError::Tokenizer("tokenizer.json cannot represent this text".into())
        })?;
        Ok(encoding.get_ids().to_vec())
    }

    /// The id of the token spelled `text`.
    pub fn id(&self, text: &str) -> Option<u32> {
        self.tokenizer.token_to_id(text)
    }

    /// The bytes `token` adds to the text; none for special tokens and unknown ids.
    pub fn bytes(&self, token: u32) -> Vec<u8> {
        let added = self.tokenizer.get_added_vocabulary();
        if let Some(token) = added.get_added_tokens_decoder().get(&token) {
            // Some tokenizers count the marks of a call among the special tokens.
            let text = !token.special || [OPEN, CLOSE].contains(&token.content.as_str());
            return if text { token.content.clone().into_bytes() } else { Vec::new() };
        }
        let Some(text) = self.tokenizer.id_to_token(token) else { return Vec::new() };
        match self.spelling {
            Spelling::ByteLevel => {
                text.chars().map(byte_of).collect::<Option<_>>().unwrap_or_default()
            }
            Spelling::SentencePiece => sentence_piece(&text),
            Spelling::Words => format!("{text} ").into_bytes(),
        }
    }

    /// The token as its tokenizer spells it, special tokens included; for log probabilities.
    pub fn spelled(&self, token: u32) -> Vec<u8> {
        let bytes = self.bytes(token);
        if bytes.is_empty() {
            return self.tokenizer.id_to_token(token).unwrap_or_default().into_bytes();
        }
        bytes
    }

    /// The highest id of a token.
    pub fn highest_id(&self) -> Option<u32> {
        self.tokenizer.get_vocab(true).into_values().max()
    }

    /// Whether the bytes of its tokens, put together, are the text to the byte. Words without a decoder
    /// are not: spaces are put between them.
    pub fn is_exact(&self) -> bool {
        self.spelling != Spelling::Words
    }

    /// Number of tokens, added ones included.
    pub fn len(&self) -> usize {
        self.tokenizer.get_vocab_size(true)
    }

    /// Whether there are no tokens at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Spellings of the special tokens.
    pub fn specials(&self) -> &[String] {
        &self.specials
    }

    /// No token stands for more bytes of text than this; `usize::MAX` where nothing is known.
    pub fn longest_token_bytes(&self) -> usize {
        self.longest_token_bytes
    }
}

fn spelling(decoder: Option<&DecoderWrapper>) -> Result<Spelling, String> {
    match decoder {
        None => Ok(Spelling::Words),
        Some(DecoderWrapper::ByteLevel(_)) => Ok(Spelling::ByteLevel),
        Some(DecoderWrapper::Metaspace(_)) => Ok(Spelling::SentencePiece),
        Some(DecoderWrapper::Sequence(parts)) => {
            let parts = parts.get_decoders();
            if parts.iter().any(|part| matches!(part, DecoderWrapper::ByteLevel(_))) {
                Ok(Spelling::ByteLevel)
            } else if parts.iter().any(|part| matches!(part, DecoderWrapper::ByteFallback(_))) {
                Ok(Spelling::SentencePiece)
            } else {
                Err(unsupported())
            }
        }
        Some(_) => Err(unsupported()),
    }
}

fn unsupported() -> String {
    "tokenizer.json has a decoder that is neither byte level nor SentencePiece; \
     only those can be streamed token by token"
        .into()
}

fn sentence_piece(text: &str) -> Vec<u8> {
    let hexadecimal = text.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
    match hexadecimal.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        Some(byte) => vec![byte],
        None => text.replace('▁', " ").into_bytes(),
    }
}

/// GPT-2's table: printable Latin-1 stands for itself, the other 68 bytes, in order, for the
/// characters from U+0100 on.
fn byte_of(character: char) -> Option<u8> {
    let code = u32::from(character);
    match code {
        0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF => u8::try_from(code).ok(),
        0x100..=0x120 => u8::try_from(code - 0x100).ok(),
        0x121..=0x142 => u8::try_from(code - 0x121 + 0x7F).ok(),
        0x143 => Some(0xAD),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokenizers::pre_tokenizers::byte_level::ByteLevel;

    #[test]
    fn every_byte_has_its_character_in_the_byte_level_table() {
        let alphabet = ByteLevel::alphabet();
        assert_eq!(alphabet.len(), 256);
        let mut bytes: Vec<u8> = alphabet.iter().filter_map(|&c| byte_of(c)).collect();
        bytes.sort_unstable();
        assert_eq!(bytes, (0..=255).collect::<Vec<u8>>());
        assert_eq!(byte_of('Ġ'), Some(b' '));
        assert_eq!(byte_of('Ċ'), Some(b'\n'));
        assert_eq!(byte_of('語'), None);
    }

    #[test]
    fn sentence_piece_spells_spaces_and_bytes() {
        assert_eq!(sentence_piece("▁the"), b" the");
        assert_eq!(sentence_piece("<0xE2>"), [0xE2]);
        assert_eq!(sentence_piece("<0xyz>"), b"<0xyz>");
    }
}
