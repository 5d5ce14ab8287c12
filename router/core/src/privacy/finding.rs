//! A finding: a kind, a place, a likelihood. Never the text itself.

use super::at::At;
use super::detect::Detector;
use super::views::{Encoding, Segment, ViewKind};
use crate::class::DataClass;
use crate::facts::{Extent, FoundKind, ScanFact};
use std::ops::Range;

/// A finding of this likelihood, in percent, is likely enough to matter where the policy says nothing.
pub const LIKELY: u8 = 40;
/// What is less likely is not even written down.
const NOTED: u8 = 20;

/// A match, at its place in one text.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The row that found it.
    pub detector: &'static Detector,
    /// UTF-8 bytes of the original text.
    pub span: Range<usize>,
    /// Likelihood, in percent.
    pub score: u8,
    /// Check digits, or the structure, agreed.
    pub checked: bool,
    /// The form in which it was seen.
    pub view: ViewKind,
}

/// What was found in one text, and how far the search got.
#[derive(Clone, Debug)]
pub struct TextScan {
    /// The spots, in order of the text.
    pub spots: Vec<Spot>,
    /// How far it got.
    pub extent: Extent,
    /// It was given up: what it did not come to may hold anything.
    pub gave_up: bool,
}

/// A spot in a prompt.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The field.
    pub at: At,
    /// The caller's label of that field; the highest, where it lies in two, and none if one has none.
    pub label: Option<DataClass>,
    /// It goes on in the next field.
    pub joined: bool,
    /// What was found where.
    pub spot: Spot,
}

/// Findings by kind and label, for the facts of a request.
pub(super) fn counted(findings: &[Finding]) -> Vec<FoundKind> {
    let mut found: Vec<FoundKind> = Vec::new();
    for finding in findings.iter().filter(|finding| finding.spot.score >= NOTED) {
        let (detector, label) = (finding.spot.detector, finding.label);
        let known = found.iter_mut().find(|one| one.kind == detector.kind && one.label == label);
        match known {
            Some(one) => {
                one.count = one.count.saturating_add(1);
                one.score = one.score.max(finding.spot.score);
            }
            None => found.push(FoundKind {
                kind: detector.kind.to_owned(),
                family: detector.family,
                label,
                score: finding.spot.score,
                count: 1,
            }),
        }
    }
    found.sort();
    found
}

/// Two scans of parts of one request as one: everything that either found, as far as the shorter got.
#[must_use]
pub fn both(mut one: ScanFact, other: &ScanFact) -> ScanFact {
    one.extent = one.extent.max(other.extent);
    one.said = one.said.max(other.said);
    for found in &other.found {
        let same = |known: &&mut FoundKind| known.kind == found.kind && known.label == found.label;
        match one.found.iter_mut().find(same) {
            Some(known) => {
                known.count = known.count.saturating_add(found.count);
                known.score = known.score.max(found.score);
            }
            None => one.found.push(found.clone()),
        }
    }
    one.found.sort();
    one
}

/// The name of a view, for people and on the wire.
#[must_use]
pub const fn view_name(view: ViewKind) -> &'static str {
    match view {
        ViewKind::Raw => "raw",
        ViewKind::Folded => "folded",
        ViewKind::Collapsed(Segment::Spaced) => "spaced",
        ViewKind::Collapsed(Segment::Digits) => "digits",
        ViewKind::Collapsed(Segment::Chunks) => "chunks",
        ViewKind::Collapsed(Segment::Broken) => "broken",
        ViewKind::Decoded(Encoding::Escapes) => "escapes",
        ViewKind::Decoded(Encoding::QuotedPrintable) => "quoted_printable",
        ViewKind::Decoded(Encoding::Base64) => "base64",
        ViewKind::Decoded(Encoding::Hex) => "hex",
        ViewKind::Decoded(Encoding::Inline) => "inline",
    }
}
