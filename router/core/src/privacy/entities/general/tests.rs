//! How the tests of this part look for things.

use crate::privacy::detect::{Compiled, Detector, Scanner};
use std::ops::Range;
use std::sync::Arc;

/// Places and scores of all hits, in order of the text, the likelier first.
pub(super) fn found(table: &'static [Detector], text: &str) -> Vec<(Range<usize>, u8)> {
    let mut hits = Vec::new();
    Scanner::new(Arc::new(Compiled::new(&[table]).unwrap())).scan(text, &mut hits).unwrap();
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.score)));
    hits.into_iter().map(|hit| (hit.span, hit.score)).collect()
}

/// The same of one kind, as text.
pub(super) fn of_kind(table: &'static [Detector], kind: &str, text: &str) -> Vec<(String, u8)> {
    let mut hits = Vec::new();
    Scanner::new(Arc::new(Compiled::new(&[table]).unwrap())).scan(text, &mut hits).unwrap();
    hits.retain(|hit| hit.detector.kind == kind);
    hits.sort_by_key(|hit| (hit.span.start, std::cmp::Reverse(hit.score)));
    hits.into_iter().map(|hit| (text[hit.span].to_owned(), hit.score)).collect()
}
