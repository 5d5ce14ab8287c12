//! Whether a match counts, and how likely it is what it looks like.
//!
//! What costs least is asked first. A form that is too weak by itself can count only near a word of context,
//! and most texts have no word of most rows: then nobody need look at its edges and its check digits.

use super::compiled::{Compiled, WEAK};
use super::context::Context;
use super::patterns::Row;
use super::{Check, Detector, Hit};
use crate::privacy::steps;
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
    pub fn derive(&mut self) {
        self.context.clear();
        self.derived = true;
    }

    /// The words of the present text, to be taken before anything is judged.
    pub const fn words_mut(&mut self) -> &mut Context {
        if self.derived { &mut self.context } else { &mut self.home }
    }

    /// The score of a hit in a derived text, with the words that stand around its place in the original.
    pub fn at_home(&self, hit: &Hit, origin: &Range<usize>) -> u8 {
        let near = !hit.in_context && self.home.near(&self.table.words, hit.index, origin);
        if near { raised(hit.score) } else { hit.score }
    }

    /// Whether the match of a row holds that may stand where it does; notes it, if it is likely enough.
    pub fn holds(&self, text: &str, row: Row, span: Range<usize>, hits: &mut Vec<Hit>) -> bool {
        steps::add(1);
        if !self.may_count(row) {
            return false;
        }
        let Some(detector) = self.table.detectors.get(row.detector).copied() else { return false };
        let Some(matched) = text.get(span.clone()) else { return false };
        steps::add(matched.len());
        let valid = match detector.check.map_or(Check::Undecided, |check| check(matched)) {
            Check::Invalid => return false,
            Check::Valid => true,
            Check::Undecided => false,
        };
        let score = if valid { row.score.max(detector.valid) } else { row.score };
        hits.extend(self.hit(detector, row.detector, span, score, valid));
        true
    }

    /// Whether a match of a row may be likely enough, with the words of the text.
    pub fn may_count(&self, row: Row) -> bool {
        row.best >= self.least || self.may_be_raised(row.detector)
    }

    /// Whether a match of a weak pattern that begins at a place, of at most so many bytes, may count.
    pub fn may_raise(&self, at: usize, longest: usize) -> bool {
        self.least < WEAK
            || self.derived && self.home.any()
            || self.words().any_near(&(at..at.saturating_add(longest)))
    }

    fn hit(
        &self,
        detector: &'static Detector,
        index: usize,
        span: Range<usize>,
        score: u8,
        valid: bool,
    ) -> Option<Hit> {
        let in_context =
            self.may_be_raised(index) && self.words().near(&self.table.words, index, &span);
        let counts = score >= self.least || in_context || self.derived && self.home.has(index);
        let score = if in_context { raised(score) } else { score.min(CERTAIN) };
        counts.then_some(Hit { detector, index, span, score, valid, in_context })
    }

    /// Whether a word of context of this row stands anywhere.
    fn may_be_raised(&self, index: usize) -> bool {
        self.words().has(index) || self.derived && self.home.has(index)
    }

    const fn words(&self) -> &Context {
        if self.derived { &self.context } else { &self.home }
    }
}

/// A score in context.
fn raised(score: u8) -> u8 {
    score.saturating_add(CONTEXT_ADDS).clamp(CONTEXT_LEAST, CERTAIN)
}
