//! What a scan of the content found, without the content: kinds, counts and how far it got.

use crate::class::DataClass;
use crate::privacy::detect::Family;
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a scan says of a request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ScanFact {
    /// How far it got.
    pub extent: Extent,
    /// The highest label that the caller gave to any part; absent where no part has one.
    pub said: Option<DataClass>,
    /// What was found, by kind and by the label of the part that it was found in.
    pub found: Vec<FoundKind>,
    /// Version of the detectors; empty where nothing was scanned.
    pub detectors: String,
}

/// How far a scan got. Only [`Extent::Whole`] can clear content for a cloud, and the label of a caller
/// alone where there was no scan to be had: in facts that somebody states for a dry run.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Extent {
    /// Nobody scanned.
    #[default]
    NotScanned,
    /// Everything was looked at.
    Whole,
    /// Something could not be read: too deeply encoded, of unknown form, or too slow to search.
    Unsure,
    /// There was more than is looked at.
    Truncated,
    /// The detectors failed or took too long.
    Unavailable,
}

impl Extent {
    /// The name in records and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NotScanned => "not_scanned",
            Self::Whole => "whole",
            Self::Unsure => "unsure",
            Self::Truncated => "truncated",
            Self::Unavailable => "unavailable",
        }
    }

    /// Whether a scan was tried and did not see everything.
    #[must_use]
    pub const fn failed(self) -> bool {
        matches!(self, Self::Unsure | Self::Truncated | Self::Unavailable)
    }
}

impl fmt::Display for Extent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why content whose scan failed does not leave, in a sentence.
pub(crate) const fn not_seen(extent: Extent) -> &'static str {
    match extent {
        Extent::Unsure => {
            "a part of the content is encoded so that no detector can read it, and what is not seen may \
             not reach tier cloud"
        }
        Extent::Truncated => {
            "the content is longer than the detectors read, and what is not seen may not reach tier cloud"
        }
        Extent::Unavailable => {
            "the detectors failed or took too long, and what is not seen may not reach tier cloud"
        }
        Extent::NotScanned | Extent::Whole => "the content was seen",
    }
}

/// Findings of one kind in parts of one label.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundKind {
    /// Name of the kind.
    pub kind: String,
    /// What it is about.
    pub family: Family,
    /// The caller's label of the parts it was found in; absent for parts without one.
    pub label: Option<DataClass>,
    /// The highest likelihood among them, in percent.
    pub score: u8,
    /// How many.
    pub count: u32,
}
