//! The class that a request is decided under: what its labels say, what a scan found, what sticks to its
//! conversation, and what the policy makes of all that.
//!
//! - A part without a label is `internal` once a scan has seen all of the request and the policy takes
//!   patterns as enough; until then it is `personal` and goes to no cloud.
//! - A label stands in the place of that default, `public` too. A finding can then only raise it.
//! - Who has the right `lower_label` may label a part below what was found in it, up to `personal`: a false
//!   alarm, an image that shows nothing. What was found to be `restricted` stands whatever anybody says.
//! - A scan that did not see everything clears nothing, whatever the labels.
//! - The class of an earlier turn stays with the conversation.

use crate::class::DataClass;
use crate::facts::{ClassFact, ClassOrigin, Extent, FoundKind, ScanFact};
use crate::policy::{Names, Privacy};

/// What is known of the content of a request.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// What the labels say.
    pub labels: ClassFact,
    /// What a scan found.
    pub scan: &'a ScanFact,
    /// What sticks to the conversation.
    pub session: Option<DataClass>,
}

/// The class under a policy's `[privacy]`; `may_lower` is the right of the asker.
#[must_use]
pub fn of(known: Known<'_>, privacy: &Privacy, may_lower: bool) -> ClassFact {
    let Known { labels, scan, session } = known;
    let fact = match scan.extent {
        Extent::NotScanned => labels,
        Extent::Whole => seen(labels, scan, privacy),
        Extent::Unsure | Extent::Truncated | Extent::Unavailable => ClassFact {
            class: labels.class.max(DataClass::Personal),
            origin: ClassOrigin::Unlabelled,
        },
    };
    let found = scan.found.iter().map(|found| raised_to(found, privacy, may_lower)).max();
    ClassFact {
        class: fact
            .class
            .max(found.unwrap_or(DataClass::Public))
            .max(session.unwrap_or(DataClass::Public)),
        ..fact
    }
}

/// The class of what was seen whole, findings aside.
fn seen(labels: ClassFact, scan: &ScanFact, privacy: &Privacy) -> ClassFact {
    match (labels.origin, privacy.names()) {
        (ClassOrigin::Labelled | ClassOrigin::Scanned, _) => labels,
        (ClassOrigin::Unlabelled, Names::PatternsSuffice) => ClassFact {
            class: scan.said.unwrap_or(DataClass::Public).max(DataClass::Internal),
            origin: ClassOrigin::Scanned,
        },
        (ClassOrigin::Unlabelled, Names::ModelRequired) => labels,
    }
}

/// The class that findings of a kind raise their part to.
fn raised_to(found: &FoundKind, privacy: &Privacy, may_lower: bool) -> DataClass {
    if found.score < privacy.min_score() {
        return DataClass::Public;
    }
    let class = privacy.class_of(&found.kind, found.family);
    match found.label {
        Some(label) if may_lower && class <= DataClass::Personal => label,
        _ => class,
    }
}
