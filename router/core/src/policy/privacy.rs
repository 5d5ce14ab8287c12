//! `[privacy]`: which class a finding has, how likely it must be to count, and whether patterns are
//! enough to call a text harmless.
//!
//! A policy may make any finding graver. It may make most of them lighter: an organisation knows what its
//! own addresses are worth. But no line in a file makes a key, or the number of an identity card, fit for a
//! cloud; such a policy is refused, and told what would leak.

use super::problem::Problems;
use super::range;
use super::raw::RawPrivacy;
use super::rule::nearest;
use crate::class::{DataClass, Tier};
use crate::privacy::detect::Family;
use crate::privacy::{LIKELY, kinds};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What it takes to call a text without a label harmless.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Names {
    /// Patterns that find nothing are enough, though no pattern knows the names of people.
    #[default]
    #[serde(rename = "patterns suffice")]
    PatternsSuffice,
    /// A model that knows names must have looked too. There is none yet, so nothing without a label
    /// clears.
    #[serde(rename = "model required")]
    ModelRequired,
}

/// The compiled section.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Privacy {
    names: Names,
    /// In percent.
    min_score: u8,
    families: BTreeMap<Family, DataClass>,
    kinds: BTreeMap<String, DataClass>,
}

impl Default for Privacy {
    fn default() -> Self {
        Self {
            names: Names::default(),
            min_score: LIKELY,
            families: BTreeMap::new(),
            kinds: BTreeMap::new(),
        }
    }
}

impl Privacy {
    /// Whether everything is as shipped.
    #[must_use]
    pub fn is_shipped(&self) -> bool {
        *self == Self::default()
    }

    /// What it takes to call a text without a label harmless.
    #[must_use]
    pub fn names(&self) -> Names {
        self.names
    }

    /// Likelihood from which on a finding counts, in percent.
    #[must_use]
    pub fn min_score(&self) -> u8 {
        self.min_score
    }

    /// Families and kinds that have another class than the shipped one, or are named with theirs.
    pub fn changed(&self) -> impl Iterator<Item = (&str, DataClass)> {
        let families = self.families.iter().map(|(family, class)| (family.name(), *class));
        families.chain(self.kinds.iter().map(|(kind, class)| (kind.as_str(), *class)))
    }

    /// The class of findings of a kind: the kind's own, else its family's, else as shipped.
    #[must_use]
    pub fn class_of(&self, kind: &str, family: Family) -> DataClass {
        let own = self.kinds.get(kind).or_else(|| self.families.get(&family));
        own.copied().unwrap_or_else(|| family.shipped_class())
    }

    pub(super) fn compile(raw: &RawPrivacy, problems: &mut Problems) -> Self {
        let mut compiled = Self { names: raw.names.unwrap_or_default(), ..Self::default() };
        let range = LOWEST_SCORE..=HIGHEST_SCORE;
        let score =
            range::checked(raw.min_score, range, "a likelihood", "privacy.min_score", problems);
        if let Some(score) = score {
            compiled.min_score = percent(score);
        }
        for (name, class) in &raw.classes {
            compiled.add(name, *class, problems);
        }
        compiled
    }

    fn add(&mut self, name: &str, class: DataClass, problems: &mut Problems) {
        let path = format!("privacy.classes.{name}");
        let kind = kinds().into_iter().find(|detector| detector.kind == name);
        let family = Family::of_name(name).or(kind.map(|detector| detector.family));
        let Some(family) = family else {
            let known: Vec<&str> = kinds()
                .into_iter()
                .map(|detector| detector.kind)
                .chain(Family::ALL.map(Family::name))
                .collect();
            let nearest = nearest::of(name, &known);
            let reason = format!("is no kind and no family of findings; did you mean {nearest}?");
            return problems.add(path, reason);
        };
        if class < family.lowest_class() {
            let reason = format!(
                "would let a {family} labelled {class} go as far as content of class {class} may, to \
                 tier {}: {} at least",
                Tier::Cloud,
                family.lowest_class(),
                family = family.name(),
            );
            return problems.add(path, reason);
        }
        match kind {
            Some(_) => self.kinds.insert(name.to_owned(), class),
            None => self.families.insert(family, class),
        };
    }
}

/// Below this, ordinary numbers are findings.
const LOWEST_SCORE: f64 = 0.2;
/// Above this, what is right by its check digits alone would be none.
const HIGHEST_SCORE: f64 = 0.6;

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the range is checked: 20 to 60"
)]
fn percent(share: f64) -> u8 {
    (share * 100.0).round() as u8
}
