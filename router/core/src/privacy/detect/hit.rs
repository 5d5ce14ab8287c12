//! A match, before anybody knows where in the original it stands.

use super::Detector;
use std::ops::Range;

/// A match in one text.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The row that found it.
    pub detector: &'static Detector,
    /// The row's number in its table.
    pub(super) index: usize,
    /// Its bytes in the text that was scanned.
    pub span: Range<usize>,
    /// How likely it is the real thing, in percent.
    pub score: u8,
    /// The row's check agreed.
    pub valid: bool,
    /// A word of context stands near.
    pub in_context: bool,
}
