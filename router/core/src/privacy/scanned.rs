//! A prompt that was scanned: the proof that the gate asks for.
//!
//! The fields are private. What makes one is a scan, or the admission that there was none; so nobody can
//! hand the gate a prompt with somebody else's findings.

use super::at::At;
use super::classify::classify;
use super::detect::{Detector, Family, Find};
use super::finding::{Finding, Spot, TextScan, counted};
use super::joined;
use super::leaves::{Leaf, walk};
use super::searcher::{LONGEST, Searcher};
use super::views::ViewKind;
use super::{DETECTORS, content_bytes};
use crate::facts::{ClassFact, Extent, ScanFact};
use crate::prompt::Prompt;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An image: nothing here looks into one.
static IMAGE: Detector = Detector {
    kind: "IMAGE",
    about: "an image, which no detector looks into",
    family: Family::Media,
    find: Find::Token(&[]),
    source: "a rule of this house",
    ..Detector::EMPTY
};

/// A sound: nothing here listens to one.
static AUDIO: Detector = Detector {
    kind: "AUDIO",
    about: "a sound, which no detector listens to",
    family: Family::Media,
    find: Find::Token(&[]),
    source: "a rule of this house",
    ..Detector::EMPTY
};

/// A prompt with what a scan found in it.
#[derive(Clone, Debug)]
pub struct Scanned {
    prompt: Arc<Prompt>,
    labels: ClassFact,
    scan: ScanFact,
    findings: Vec<Finding>,
}

impl Scanned {
    /// The prompt.
    #[must_use]
    pub fn prompt(&self) -> &Arc<Prompt> {
        &self.prompt
    }

    /// What the caller's labels say.
    #[must_use]
    pub fn labels(&self) -> ClassFact {
        self.labels
    }

    /// What the scan says, without places.
    #[must_use]
    pub fn fact(&self) -> &ScanFact {
        &self.scan
    }

    /// Every finding, in the order of the prompt.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// A prompt whose scan failed or took too long: nothing is known of it, and it clears for no cloud.
    #[must_use]
    pub fn unavailable(prompt: Arc<Prompt>) -> Self {
        Self::new(prompt, Vec::new(), Extent::Unavailable)
    }

    fn new(prompt: Arc<Prompt>, findings: Vec<Finding>, extent: Extent) -> Self {
        let labels = classify(&prompt);
        let mut said = None;
        walk(&prompt, &mut |leaf| said = said.max(leaf.label));
        let scan =
            ScanFact { extent, said, found: counted(&findings), detectors: DETECTORS.to_owned() };
        Self { prompt, labels, scan, findings }
    }
}

impl Searcher {
    /// Scans every string of a prompt, and what its neighbours make together.
    #[must_use]
    pub fn scan(&mut self, prompt: Arc<Prompt>) -> Scanned {
        let mut findings = Vec::new();
        let mut extent = Extent::Whole;
        if content_bytes(&prompt) > LONGEST as u64 {
            return Scanned::new(prompt, findings, Extent::Truncated);
        }
        let mut leaves = Vec::new();
        walk(&prompt, &mut |leaf| leaves.push(leaf));
        for leaf in &leaves {
            extent = extent.max(self.leaf(leaf, &mut findings));
        }
        leaves.retain(|leaf| !leaf.text.is_empty());
        for line in joined::lines(&leaves) {
            extent = extent.max(self.line(&line, &mut findings));
        }
        if let Some(column) = joined::column(&leaves) {
            extent = extent.max(self.column(&column, &mut findings));
        }
        findings.sort_by_key(|finding| (finding.at, finding.spot.span.start));
        drop(leaves);
        Scanned::new(prompt, findings, extent)
    }

    fn leaf(&mut self, leaf: &Leaf<'_>, findings: &mut Vec<Finding>) -> Extent {
        let found = |spot| Finding { at: leaf.at, label: leaf.label, joined: false, spot };
        let mut unseen = |detector| {
            let (span, view) = (0..leaf.bytes, ViewKind::Raw);
            findings.push(found(Spot { detector, span, score: 100, checked: true, view }));
        };
        if let At::Audio(..) = leaf.at {
            unseen(&AUDIO);
            return Extent::Whole;
        }
        if let At::ImageUrl(..) = leaf.at {
            unseen(&IMAGE);
            if leaf.text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:")) {
                return Extent::Whole;
            }
        }
        let scan = self.text(leaf.text);
        findings.extend(scan.spots.into_iter().map(found));
        scan.extent
    }

    /// A line counts for what crosses its seams; the rest was seen where it stands.
    fn line(&mut self, line: &joined::Line<'_>, findings: &mut Vec<Finding>) -> Extent {
        let scan = self.text(&line.text);
        findings.extend(scan.spots.iter().filter_map(|spot| line.across(spot)));
        extent_beside(&scan)
    }

    /// A column counts for what its neighbours say of a text: what is likelier than by itself.
    fn column(&mut self, column: &joined::Line<'_>, findings: &mut Vec<Finding>) -> Extent {
        let scan = self.text(&column.text);
        let found: Vec<Finding> =
            scan.spots.iter().filter_map(|spot| column.within(spot)).collect();
        if !found.is_empty() {
            let place = |one: &Finding| {
                (one.at, one.spot.span.start, one.spot.span.end, one.spot.detector.kind)
            };
            let known: BTreeMap<_, usize> =
                findings.iter().enumerate().map(|(at, one)| (place(one), at)).collect();
            for found in found {
                match known.get(&place(&found)).and_then(|at| findings.get_mut(*at)) {
                    Some(known) => known.spot.score = known.spot.score.max(found.spot.score),
                    None => findings.push(found),
                }
            }
        }
        extent_beside(&scan)
    }
}

/// How far a search of neighbours got.
fn extent_beside(scan: &TextScan) -> Extent {
    // What was cut off at a seam may look like encoded text; a search that was given up is another matter.
    match scan.extent {
        Extent::Unsure if !scan.gave_up => Extent::Whole,
        extent => extent,
    }
}

/// Generated text that goes with a dispatch, scanned.
#[derive(Clone)]
pub struct ScannedText {
    text: String,
    scan: ScanFact,
}

impl std::fmt::Debug for ScannedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ScannedText({} bytes)", self.text.len())
    }
}

impl ScannedText {
    /// The text. Content.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What the scan says.
    #[must_use]
    pub fn fact(&self) -> &ScanFact {
        &self.scan
    }

    /// A text whose scan failed: it clears for no cloud.
    #[must_use]
    pub fn unavailable(text: String) -> Self {
        let scan = ScanFact { extent: Extent::Unavailable, ..ScanFact::default() };
        Self { text, scan }
    }
}

impl Searcher {
    /// Scans text that was generated.
    #[must_use]
    pub fn answer(&mut self, text: String) -> ScannedText {
        let found = self.text(&text);
        let finding = |spot| Finding { at: At::Answer, label: None, joined: false, spot };
        let findings: Vec<Finding> = found.spots.into_iter().map(finding).collect();
        let scan = ScanFact {
            extent: found.extent,
            said: None,
            found: counted(&findings),
            detectors: DETECTORS.to_owned(),
        };
        ScannedText { text, scan }
    }
}
