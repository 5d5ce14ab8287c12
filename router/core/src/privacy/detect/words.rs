//! Automata of words, in any case of ASCII letters.

use super::compiled::Unfit;
use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// So many bytes of a word of context are in its automaton.
const BEGINNING: usize = 4;

/// Words, and what each concerns.
pub(super) struct Words<T> {
    pub finder: AhoCorasick,
    pub of: Vec<Vec<T>>,
}

impl<T: Ord> Words<T> {
    pub fn of(pairs: Vec<(&'static str, T)>) -> Result<Self, Unfit> {
        let (words, of) = grouped(pairs);
        Ok(Self { finder: automaton(&words)?, of })
    }
}

/// Words of context, and the detectors that each concerns.
///
/// There are thousands, and an automaton of all of them would take more memory than the caches of a processor
/// have. So it knows their beginnings only, and the rest is compared where one stands, unless that is in the
/// middle of a word.
pub(super) struct Vocabulary {
    beginnings: Words<usize>,
    words: Vec<&'static str>,
    of: Vec<Vec<usize>>,
}

impl Vocabulary {
    pub fn of(pairs: Vec<(&'static str, usize)>) -> Result<Self, Unfit> {
        let (words, of) = grouped(pairs);
        let beginning = |word: &str| {
            let bytes = word.as_bytes();
            bytes.get(..BEGINNING).unwrap_or(bytes).to_ascii_lowercase()
        };
        let (beginnings, with) =
            grouped(words.iter().enumerate().map(|(at, word)| (beginning(word), at)).collect());
        let beginnings = Words { finder: automaton(&beginnings)?, of: with };
        Ok(Self { beginnings, words, of })
    }

    /// The detectors that a word concerns, in their order.
    pub fn concerned(&self, word: usize) -> &[usize] {
        self.of.get(word).map_or(&[], Vec::as_slice)
    }

    /// Calls `found` for each word of a text, with its beginning, its end and its number.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(usize, usize, usize)) {
        let letter =
            |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(u8::is_ascii_alphabetic);
        for begun in self.beginnings.finder.find_overlapping_iter(text) {
            let start = begun.start();
            if letter(Some(start)) && letter(start.checked_sub(1)) {
                continue;
            }
            let words = self.beginnings.of.get(begun.pattern().as_usize());
            for number in words.into_iter().flatten() {
                let Some(word) = self.words.get(*number) else { continue };
                let end = start + word.len();
                let same = text
                    .get(start..end)
                    .is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()));
                if same {
                    found(start, end, *number);
                }
            }
        }
    }
}

/// Each word once, with all that it concerns, in order.
fn grouped<W: Ord, T: Ord>(mut pairs: Vec<(W, T)>) -> (Vec<W>, Vec<Vec<T>>) {
    pairs.sort_unstable();
    pairs.dedup();
    let mut words: Vec<W> = Vec::new();
    let mut of: Vec<Vec<T>> = Vec::new();
    for (word, concerned) in pairs {
        match (words.last(), of.last_mut()) {
            (Some(last), Some(known)) if *last == word => known.push(concerned),
            _ => {
                words.push(word);
                of.push(vec![concerned]);
            }
        }
    }
    (words, of)
}

fn automaton<W: AsRef<[u8]>>(words: &[W]) -> Result<AhoCorasick, Unfit> {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .kind(Some(AhoCorasickKind::DFA))
        .build(words)
        .map_err(|error| Unfit(error.to_string()))
}
