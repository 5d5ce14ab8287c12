//! The vocabulary as a trie of bytes.

use toktrie::{TokRxInfo, TokTrie};

use crate::chat_format::Vocabulary;

/// Longest token that is used; the trie holds no longer ones.
const MOST_TOKEN_BYTES: usize = 1_000;

/// The trie of the tokens of `vocabulary`; `None` where tokens are no exact bytes of text. Special tokens
/// stand for no text and are in it under a byte that no text has, so that nothing but an end asks for them.
pub fn of(vocabulary: &Vocabulary, end_tokens: &[u32]) -> Option<TokTrie> {
    if !vocabulary.is_exact() {
        return None;
    }
    let count = vocabulary.highest_id()?.checked_add(1)?;
    let ends: Vec<u32> = end_tokens.iter().copied().filter(|&token| token < count).collect();
    let info = TokRxInfo::new(count, *ends.first()?);
    let words: Vec<Vec<u8>> = (0..count).map(|token| word(vocabulary, token, &ends)).collect();
    Some(TokTrie::from(&info, &words).with_eos_tokens(&ends))
}

fn word(vocabulary: &Vocabulary, token: u32, ends: &[u32]) -> Vec<u8> {
    let bytes = vocabulary.bytes(token);
    if bytes.is_empty() || ends.contains(&token) {
        let name = vocabulary.spelled(token);
        return if name.is_empty() {
            name
        } else {
            [&[TokTrie::SPECIAL_TOKEN_MARKER], &*name].concat()
        };
    }
    if bytes.len() > MOST_TOKEN_BYTES { Vec::new() } else { bytes }
}
