//! The tokenizer of an embedding model.
//!
//! Special tokens that a text spells are text: whoever writes `[SEP]` does not end anything.

use std::path::Path;

use tokenizers::Tokenizer;

use crate::error::StartError;

/// Turns texts into rows of token ids.
#[derive(Debug)]
pub struct Tokens(Tokenizer);

impl Tokens {
    /// Reads `tokenizer.json`. Whatever it says of cutting and padding is not done.
    ///
    /// # Errors
    /// It does not parse.
    pub fn open(path: &Path) -> Result<Self, String> {
        let unreadable = |cause| format!("tokenizer.json does not parse: {cause}");
        let mut tokenizer = Tokenizer::from_file(path).map_err(unreadable)?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(unreadable)?;
        tokenizer.set_encode_special_tokens(true);
        Ok(Self(tokenizer))
    }

    /// Number of tokens.
    pub fn len(&self) -> usize {
        self.0.get_vocab_size(true)
    }

    /// One row a text, special tokens included.
    ///
    /// # Errors
    /// A text has more tokens than `limit`, or none.
    pub fn encode(&self, texts: &[String], limit: usize) -> Result<Vec<Vec<u32>>, StartError> {
        texts.iter().enumerate().map(|(text, words)| self.row(text, words, limit)).collect()
    }

    fn row(&self, text: usize, words: &str, limit: usize) -> Result<Vec<u32>, StartError> {
        // The tokenizer's own message may quote its input.
        let unknown = || StartError::Unsupported(format!("texts[{text}]: it cannot be tokenized"));
        let encoding = self.0.encode_fast(words, true).map_err(|_| unknown())?;
        match encoding.len() {
            0 => Err(unknown()),
            tokens if tokens > limit => Err(StartError::TextTooLong { text, tokens, limit }),
            _ => Ok(encoding.get_ids().to_vec()),
        }
    }
}
