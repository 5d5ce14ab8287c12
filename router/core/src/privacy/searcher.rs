//! The search of one text in all its views.
//!
//! A search can fail to see everything: text encoded more often than is undone, blocks that are no text,
//! text built to make the search slow. It then says so, and nothing that was not seen is called clean.

use super::detect::{Compiled, Detector, Hit, MOST_HITS, Scanner};
use super::entities;
use super::finding::{LIKELY, Spot, TextScan};
use super::resolve::{merged, resolved};
use super::views::{Segment, View, ViewKind, expand};
use crate::facts::Extent;
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Longest content that is searched, in bytes of all texts together.
pub(super) const LONGEST: usize = 16 << 20;
/// What is less likely than so many percent is of use to nobody.
const LEAST: u8 = 20;

/// All shipped detectors, ready to search; made once. `None` if they cannot be made ready, and then
/// nothing clears.
static SHIPPED: LazyLock<Option<Arc<Compiled>>> =
    LazyLock::new(|| Compiled::of(entities::all().collect()).ok().map(Arc::new));

/// Searches texts. Holds the working memory of a search, so each thread has its own.
pub struct Searcher {
    scanner: Scanner,
    /// Every match counts, and none explains another: for one kind by itself.
    alone: bool,
    hits: Vec<Hit>,
}

impl Searcher {
    /// A searcher with all shipped detectors. `None` if they cannot be made ready.
    #[must_use]
    pub fn shipped() -> Option<Self> {
        SHIPPED.as_ref().map(|table| Self::with(Arc::clone(table), false))
    }

    /// A searcher for some kinds, each by itself and at any likelihood. `None` if one is not known.
    #[must_use]
    pub fn of_kinds(kinds: &[&str]) -> Option<Self> {
        if kinds.iter().any(|kind| entities::all().all(|detector| detector.kind != *kind)) {
            return None;
        }
        let chosen = entities::all().filter(|detector| kinds.contains(&detector.kind)).collect();
        let table = Compiled::of(chosen).ok()?.unprompted();
        Some(Self::with(Arc::new(table), true))
    }

    fn with(table: Arc<Compiled>, alone: bool) -> Self {
        let scanner = if alone { Scanner::new(table) } else { Scanner::from(table, LEAST) };
        Self { scanner, alone, hits: Vec::new() }
    }

    /// Searches a text in all its views.
    pub fn text(&mut self, text: &str) -> TextScan {
        if text.len() > LONGEST {
            return TextScan { spots: Vec::new(), extent: Extent::Truncated, gave_up: true };
        }
        let out = expand(text);
        let mut extent = Extent::Whole;
        if out.still_encoded || !out.opaque.is_empty() {
            extent = extent.max(Extent::Unsure);
        }
        if out.truncated {
            extent = extent.max(Extent::Truncated);
        }
        let (mut spots, mut gave_up) = (Vec::new(), false);
        for view in &out.views {
            gave_up |= self.view(text, view, &mut spots).is_err();
            if spots.len() >= MOST_HITS {
                gave_up = true;
                break;
            }
        }
        if gave_up {
            extent = extent.max(Extent::Unsure);
        }
        let spots = merged(spots);
        let spots = if self.alone { spots } else { resolved(spots) };
        TextScan { spots, extent, gave_up }
    }

    fn view(
        &mut self,
        text: &str,
        view: &View<'_>,
        spots: &mut Vec<Spot>,
    ) -> Result<(), super::detect::GaveUp> {
        let mut hits = std::mem::take(&mut self.hits);
        let scanned = match view.kind() {
            ViewKind::Raw => self.scanner.scan(text, &mut hits),
            _ => self.scanner.scan_derived(view.text(), &mut hits),
        };
        for hit in hits.drain(..) {
            let origin = view.origin(hit.span.clone());
            let score = match view.kind() {
                ViewKind::Raw => hit.score,
                // What stands around a form that was taken out of its text is read in the text.
                _ => self.scanner.at_home(&hit, &origin),
            };
            if plausible(view, &hit.span, score) || self.alone && view.kind() == ViewKind::Raw {
                spots.push(Spot {
                    detector: hit.detector,
                    span: origin,
                    score,
                    checked: hit.valid,
                    view: view.kind(),
                });
            }
        }
        self.hits = hits;
        scanned
    }
}

/// Numbers without their gaps: a line of a table becomes one long number too, so only one that is the
/// whole line counts, and only if it is likely. Nor is what happens to be a number where tokens are joined.
fn plausible(view: &View<'_>, span: &Range<usize>, score: u8) -> bool {
    let bytes = view.text().as_bytes();
    let whole = || {
        let begins = span.start == 0 || bytes.get(span.start - 1) == Some(&b'\n');
        begins && matches!(bytes.get(span.end), None | Some(b'\n'))
    };
    match view.kind() {
        ViewKind::Collapsed(Segment::Digits) => score >= LIKELY && whole(),
        ViewKind::Collapsed(Segment::Chunks) => {
            let letters = bytes.get(span.clone()).unwrap_or_default();
            letters.iter().any(|byte| !byte.is_ascii_digit()) || whole()
        }
        _ => true,
    }
}

/// All kinds that there are detectors for, each once, in alphabetical order.
#[must_use]
pub fn kinds() -> Vec<&'static Detector> {
    let mut all: Vec<&'static Detector> = entities::all().collect();
    all.sort_by_key(|detector| detector.kind);
    all.dedup_by_key(|detector| detector.kind);
    all
}
