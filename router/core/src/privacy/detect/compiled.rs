//! A table of detectors, made ready to search: automata of patterns and finders of words.

use super::fences::Fences;
use super::patterns::{Group, Patterns, Row};
use super::words::{Aim, Words};
use super::{Detector, Find, Own};

/// So many automata share the patterns that are tried where a word begins.
const STRONG_PARTS: usize = 4;
const WEAK_PARTS: usize = 2;
/// A pattern that is less likely than so many percent even where its check agrees is a weak one.
pub(super) const WEAK: u8 = 20;

/// A function of a row.
pub(super) struct Called {
    pub row: Row,
    pub find: Own,
    /// Whether it is called without a word too.
    pub always: bool,
}

/// A table of detectors, ready to search.
pub struct Compiled {
    pub(super) detectors: Vec<&'static Detector>,
    pub(super) fences: Fences,
    /// The patterns that are tried where a word begins: those that may count anywhere,
    pub(super) strong: Group,
    /// and those that count only near a word of context.
    pub(super) weak: Group,
    pub(super) literals: Patterns,
    pub(super) words: Words,
    pub(super) own: Vec<Called>,
}

/// A row of a table cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("compile the detectors: {0}")]
pub struct Unfit(String);

impl Unfit {
    pub(super) fn new(error: &dyn std::error::Error) -> Self {
        Self(error.to_string())
    }
}

impl Compiled {
    /// Makes the rows of these tables ready.
    ///
    /// # Errors
    /// A pattern that does not parse, an automaton that would be too large, or rows with more than 64 kinds of
    /// edges.
    pub fn new(tables: &[&'static [Detector]]) -> Result<Self, Unfit> {
        Self::of(tables.iter().flat_map(|table| table.iter()).collect())
    }

    /// Makes these rows ready.
    ///
    /// # Errors
    /// As [`Compiled::new`].
    pub fn of(detectors: Vec<&'static Detector>) -> Result<Self, Unfit> {
        let mut fences = Fences::default();
        let (mut tokens, mut literals) = (Vec::new(), Vec::new());
        let (mut words, mut own) = (Vec::new(), Vec::new());
        for (index, detector) in detectors.iter().enumerate() {
            let fence = fences.number(detector.edges);
            let fence = fence.ok_or_else(|| Unfit("too many kinds of edges".to_owned()))?;
            let row =
                |score: u8| Row { detector: index, score, best: score.max(detector.valid), fence };
            words.extend(detector.context.iter().map(|word| (*word, Aim::Context(index))));
            match detector.find {
                Find::Token(patterns) => {
                    tokens.extend(patterns.iter().map(|one| (row(one.score), one.regex)));
                }
                Find::Literal(fixed, patterns) => {
                    for one in patterns {
                        let aim = Aim::Pattern(literals.len());
                        words.extend(fixed.iter().map(|word| (*word, aim)));
                        literals.push((row(one.score), one.regex));
                    }
                }
                Find::Own(fixed, find) => {
                    words.extend(fixed.iter().map(|word| (*word, Aim::Own(own.len()))));
                    own.push(Called { row: row(0), find, always: fixed.is_empty() });
                }
            }
        }
        let (weak, strong) = tokens.into_iter().partition(|(row, _)| row.best < WEAK);
        Ok(Self {
            fences,
            strong: Group::new(strong, STRONG_PARTS)?,
            weak: Group::new(weak, WEAK_PARTS)?,
            literals: Patterns::new(&literals)?,
            words: Words::of(words),
            own,
            detectors,
        })
    }

    /// Calls each function in every text, so that a kind can be judged without the words that are a reason
    /// to look for it.
    #[must_use]
    pub fn unprompted(mut self) -> Self {
        self.own.iter_mut().for_each(|own| own.always = true);
        self
    }
}
