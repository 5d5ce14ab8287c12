//! The words that are looked for in a text, in one pass: those that are a reason to try something, and those
//! of context.

use super::finder::Finder;
use std::borrow::Cow;

/// What a word in a text is a reason for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Aim {
    /// To try this pattern there.
    Pattern(usize),
    /// To call this function.
    Own(usize),
    /// To think this detector likelier near it.
    Context(usize),
}

/// Words, and what each is a reason for.
pub(super) struct Words {
    finder: Finder,
    of: Vec<Word>,
}

#[derive(Default)]
struct Word {
    length: usize,
    /// What it is a reason for, but for context.
    aims: Vec<Aim>,
    /// A bit for each detector that it is a word of context of; none if it is none.
    concerned: Vec<u64>,
}

/// A word where it stands.
pub(super) struct Found<'w> {
    pub start: usize,
    pub end: usize,
    pub number: usize,
    pub aims: &'w [Aim],
    /// A bit for each detector that it is a word of context of.
    pub concerned: &'w [u64],
}

impl Words {
    pub fn of(pairs: Vec<(&'static str, Aim)>) -> Self {
        let mut pairs: Vec<(Cow<'static, str>, Aim)> = pairs
            .into_iter()
            .flat_map(|(word, aim)| cases(word).map(move |word| (word, aim)))
            .collect();
        pairs.sort_unstable();
        pairs.dedup();
        let mut words: Vec<Cow<'static, str>> = Vec::new();
        let mut of: Vec<Word> = Vec::new();
        for (word, aim) in pairs {
            if words.last() != Some(&word) {
                of.push(Word { length: word.len(), ..Word::default() });
                words.push(word);
            }
            if let Some(known) = of.last_mut() {
                match aim {
                    Aim::Context(detector) => add(&mut known.concerned, detector),
                    _ => known.aims.push(aim),
                }
            }
        }
        let inside = |number| of.get(number).is_some_and(|word: &Word| !word.aims.is_empty());
        let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
        Self { finder: Finder::new(&words, inside), of }
    }

    /// Whether a word is one of context of a detector.
    pub fn concerns(&self, word: usize, detector: usize) -> bool {
        self.of.get(word).is_some_and(|word| has(&word.concerned, detector))
    }

    /// Calls `found` for each word of a text.
    pub fn each(&self, text: &[u8], mut found: impl FnMut(Found<'_>)) {
        self.finder.each(text, |start, number| {
            if let Some(word) = self.of.get(number) {
                found(Found {
                    start,
                    end: start + word.length,
                    number,
                    aims: &word.aims,
                    concerned: &word.concerned,
                });
            }
        });
    }
}

/// A word, and how it is written in capitals where those are not the finder's, which knows ASCII's.
fn cases(word: &'static str) -> impl Iterator<Item = Cow<'static, str>> {
    let capitals = (!word.is_ascii()).then(|| Cow::Owned(word.to_uppercase()));
    std::iter::once(Cow::Borrowed(word)).chain(capitals.filter(|capitals| capitals != word))
}

/// Whether the bit of a detector is set.
pub(super) fn has(bits: &[u64], detector: usize) -> bool {
    bits.get(detector / 64).is_some_and(|bits| bits >> (detector % 64) & 1 == 1)
}

fn add(bits: &mut Vec<u64>, detector: usize) {
    let slot = detector / 64;
    if bits.len() <= slot {
        bits.resize(slot + 1, 0);
    }
    if let Some(bits) = bits.get_mut(slot) {
        *bits |= 1 << (detector % 64);
    }
}
