//! Whether a match counts, and how likely it is what it looks like.
//!
//! What costs least is asked first. A form that is too weak by itself can count only near a word of context,
//! and most texts have no word of most rows: then nobody need look at its edges and its check digits.

use super::compiled::{Compiled, Row};
use super::context::Context;
use super::{Check, Detector, Edges, Hit};
use std::ops::Range;
use std::sync::Arc;

/// What context adds to a score, in percent, and the least it makes of one.
const CONTEXT_ADDS: u8 = 35;
const CONTEXT_LEAST: u8 = 50;
const CERTAIN: u8 = 100;

/// Judges matches in a text, or in one that was derived from it.
pub(super) struct Judge {
    table: Arc<Compiled>,
    /// What is less likely is left out.
    least: u8,
    /// The words of the original,
    home: Context,
    /// and those of the present text, where it was derived from it.
    context: Context,
    derived: bool,
}

impl Judge {
    pub fn new(table: Arc<Compiled>, least: u8) -> Self {
        let (home, context) = (Context::default(), Context::default());
        Self { table, least, home, context, derived: false }
    }

    /// Begins with an original.
    pub fn begin(&mut self) {
        self.home.clear();
        self.derived = false;
    }

    /// Goes on to a text that was derived from it.
    pub fn derive(&mut self, original: &str) {
        self.home.look(&self.table.context_words, original);
        self.context.clear();
        self.derived = true;
    }

    /// The score of a hit in a derived text, with the words that stand around its place in the original.
    pub fn at_home(&self, hit: &Hit, origin: &Range<usize>) -> u8 {
        let near = !hit.in_context && self.home.near(&self.table.context_words, hit.index, origin);
        if near { raised(hit.score) } else { hit.score }
    }

    /// Whether the match of a row at a place holds; notes it, if it is likely enough.
    pub fn holds(&mut self, text: &str, row: Row, span: Range<usize>, hits: &mut Vec<Hit>) -> bool {
        let Some(detector) = self.table.detectors.get(row.detector).copied() else { return false };
        if row.score.max(detector.valid) < self.least && !self.may_be_raised(text, row.detector) {
            return false;
        }
        let Some(matched) = text.get(span.clone()) else { return false };
        if !stands_alone(text.as_bytes(), &span, detector.edges) {
            return false;
        }
        let valid = match detector.check.map_or(Check::Undecided, |check| check(matched)) {
            Check::Invalid => return false,
            Check::Valid => true,
            Check::Undecided => false,
        };
        let score = if valid { row.score.max(detector.valid) } else { row.score };
        hits.extend(self.hit(text, detector, row.detector, span, score, valid));
        true
    }

    fn hit(
        &mut self,
        text: &str,
        detector: &'static Detector,
        index: usize,
        span: Range<usize>,
        score: u8,
        valid: bool,
    ) -> Option<Hit> {
        let in_context = self.may_be_raised(text, index)
            && self.words().near(&self.table.context_words, index, &span);
        let counts = score >= self.least || in_context || self.derived && self.home.has(index);
        let score = if in_context { raised(score) } else { score.min(CERTAIN) };
        counts.then_some(Hit { detector, index, span, score, valid, in_context })
    }

    /// Whether a word of context of this row stands anywhere.
    fn may_be_raised(&mut self, text: &str, index: usize) -> bool {
        let words = if self.derived { &mut self.context } else { &mut self.home };
        words.look(&self.table.context_words, text);
        words.has(index) || self.derived && self.home.has(index)
    }

    fn words(&self) -> &Context {
        if self.derived { &self.context } else { &self.home }
    }
}

/// A score in context.
fn raised(score: u8) -> u8 {
    score.saturating_add(CONTEXT_ADDS).clamp(CONTEXT_LEAST, CERTAIN)
}

fn stands_alone(bytes: &[u8], span: &Range<usize>, edges: Edges) -> bool {
    let byte = |at: Option<usize>| at.and_then(|at| bytes.get(at)).copied();
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    let goes_on = |outer: Option<u8>, inner: Option<u8>, words: bool, others: &[u8]| {
        outer.is_some_and(|outer| {
            others.contains(&outer) || words && word(outer) && inner.is_some_and(word)
        })
    };
    let (first, last) = (byte(Some(span.start)), byte(span.end.checked_sub(1)));
    let (before, after) = (byte(span.start.checked_sub(1)), byte(Some(span.end)));
    !(goes_on(before, first, edges.word_before, edges.before)
        || goes_on(after, last, edges.word_after, edges.after))
}
