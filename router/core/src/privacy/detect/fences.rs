//! What may not stand around a match, for all rows at once.
//!
//! Rows share few kinds of [`Edges`]. So each kind is a bit, and one look at the bytes around a place says for
//! all of them whether a match may begin, or end, there.

use super::Edges;
use std::ops::Range;

/// The kinds of edges that rows have.
#[derive(Default)]
pub(super) struct Fences {
    kinds: Vec<Edges>,
    /// For each byte, the kinds that no match of which it may stand before,
    before: Vec<u64>,
    /// and those that no match of which it may stand after.
    after: Vec<u64>,
    /// The kinds that no word may go on before a match of,
    word_before: u64,
    /// and after.
    word_after: u64,
}

impl Fences {
    /// The number of a kind of edges; `None` if there are too many kinds.
    pub fn number(&mut self, edges: Edges) -> Option<u8> {
        let known = self.kinds.iter().position(|kind| *kind == edges);
        let number = known.unwrap_or(self.kinds.len());
        let bit = 1_u64.checked_shl(u32::try_from(number).ok()?)?;
        if known.is_none() {
            self.kinds.push(edges);
            self.before.resize(256, 0);
            self.after.resize(256, 0);
            for (sides, bytes) in [(&mut self.before, edges.before), (&mut self.after, edges.after)]
            {
                for byte in bytes {
                    if let Some(kinds) = sides.get_mut(usize::from(*byte)) {
                        *kinds |= bit;
                    }
                }
            }
            self.word_before |= if edges.word_before { bit } else { 0 };
            self.word_after |= if edges.word_after { bit } else { 0 };
        }
        u8::try_from(number).ok()
    }

    /// Whether a match of a kind may stand there.
    pub fn stands(&self, bytes: &[u8], span: &Range<usize>, number: u8) -> bool {
        (self.begin(bytes, span.start) | self.end(bytes, span.end)) & bit(number) == 0
    }

    /// The kinds no match of which may begin at a place.
    pub fn begin(&self, bytes: &[u8], at: usize) -> u64 {
        let words = if within_word(bytes, at) { self.word_before } else { 0 };
        words | kinds(&self.before, at.checked_sub(1).and_then(|at| bytes.get(at)))
    }

    /// The kinds no match of which may end at a place.
    pub fn end(&self, bytes: &[u8], at: usize) -> u64 {
        let words = if within_word(bytes, at) { self.word_after } else { 0 };
        words | kinds(&self.after, bytes.get(at))
    }
}

/// The bit of a kind.
pub(super) const fn bit(number: u8) -> u64 {
    1 << (number % 64)
}

fn kinds(sides: &[u64], byte: Option<&u8>) -> u64 {
    byte.and_then(|byte| sides.get(usize::from(*byte))).copied().unwrap_or_default()
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Whether a word of ASCII letters, digits and underscores goes on over a place in a text.
fn within_word(bytes: &[u8], at: usize) -> bool {
    let word = |at: usize| bytes.get(at).is_some_and(|byte| is_word(*byte));
    word(at) && at.checked_sub(1).is_some_and(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_stopped_by_its_own_bytes_and_by_words_where_it_says_so() {
        let mut fences = Fences::default();
        let [word, number, none] =
            [Edges::WORD, Edges::NUMBER, Edges::NONE].map(|edges| fences.number(edges).unwrap());
        assert_eq!(fences.number(Edges::NUMBER), Some(number));
        let text = b"-12x";
        let begins = |at, kind| fences.begin(text, at) & bit(kind) == 0;
        let ends = |at, kind| fences.end(text, at) & bit(kind) == 0;
        assert!(begins(1, word) && begins(1, none) && !begins(1, number));
        assert!(!begins(2, word) && begins(2, none));
        assert!(!ends(3, word) && ends(3, none) && ends(4, word));
    }

    #[test]
    fn more_kinds_than_there_are_bits_are_refused() {
        static SIGNS: [u8; 65] = [b'-'; 65];
        let mut fences = Fences::default();
        let mut number = |len: usize| fences.number(Edges { before: &SIGNS[..len], ..Edges::WORD });
        assert!((0..64).all(|len| number(len).is_some()));
        assert_eq!(number(64), None);
    }
}
