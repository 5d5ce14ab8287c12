//! What a rule does where it applies.
//!
//! Restrictions apply where the condition is true or unknown, and those of all rules meet. Everything
//! else applies only where the condition is true: a preference or a right is never given for want of
//! a fact. What is not set is left out of the form that is hashed, so that an effect which a policy
//! does not use cannot change its hash.

mod table;
mod written;

pub(super) use table::TABLE;
pub(super) use written::{compile, once};

use crate::class::Tier;
use crate::device::Accelerator;
use crate::policy::{PredictedLimits, Preset, Ranking};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// What a rule does; at least one is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Effects {
    /// What it forbids, where its condition is true or unknown.
    #[serde(skip_serializing_if = "Restrictions::is_empty")]
    pub restricts: Restrictions,
    /// What it would like, where its condition is true.
    #[serde(skip_serializing_if = "Preferences::is_empty")]
    pub prefers: Preferences,
    /// Names that the record carries where the condition is true, sorted.
    #[serde(skip_serializing_if = "Vec::is_empty", serialize_with = "texts")]
    pub tags: Vec<Arc<str>>,
    /// Lets the caller's label stand below what a scan found, where the condition is true. The
    /// ceilings of the classes stay.
    #[serde(skip_serializing_if = "is_off")]
    pub lower_label: bool,
}

/// Limits, each of which only narrows who may answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Restrictions {
    /// Nobody answers.
    #[serde(skip_serializing_if = "is_off")]
    pub deny: bool,
    /// Highest tier that may answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_tier: Option<Tier>,
    /// The asker's own devices alone may answer.
    #[serde(skip_serializing_if = "is_off")]
    pub own_device: bool,
    /// Regions of clouds that may answer, sorted; a cloud of unknown region may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regions: Option<Vec<String>>,
    /// Longest time for which a cloud that may answer keeps what it is sent, in days; unknown fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retention_days: Option<u32>,
    /// What the model of a worker that may answer runs on, sorted; unknown fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accelerators: Option<Vec<Accelerator>>,
    /// Limits on what is predicted.
    #[serde(flatten)]
    pub predicted: PredictedLimits,
}

impl Restrictions {
    /// Whether nothing is restricted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Wishes about the order among those who may answer.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Preferences {
    /// Named objective, with its ranking.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Exchange rates over those of the preset, or of the policy.
    #[serde(skip_serializing_if = "Weights::is_empty")]
    pub weights: Weights,
    /// Tiers to try first, in this order; all are in use.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prefer: Vec<Tier>,
    /// What has the first word, over that of the preset or the policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ranking: Option<Ranking>,
    /// Whether a second target may be asked while the first is late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hedge: Option<bool>,
}

/// What rules can differ over; for each, one rule wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    /// The exchange rates: `preset` and `weights`.
    Objective,
    /// What has the first word: `ranking`, or that of a `preset`.
    Ranking,
    /// The tiers that come first: `prefer`.
    Prefer,
    /// Whether a second target may be asked early: `hedge`.
    Hedge,
}

impl Wish {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Objective, Self::Ranking, Self::Prefer, Self::Hedge];

    /// The name used in texts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Objective => "objective",
            Self::Ranking => "ranking",
            Self::Prefer => "prefer",
            Self::Hedge => "hedge",
        }
    }
}

impl Preferences {
    /// Whether it says anything of this.
    #[must_use]
    pub fn sets(&self, wish: Wish) -> bool {
        match wish {
            Wish::Objective => self.preset.is_some() || !self.weights.is_empty(),
            Wish::Ranking => self.ranking.is_some() || self.preset.is_some(),
            Wish::Prefer => !self.prefer.is_empty(),
            Wish::Hedge => self.hedge.is_some(),
        }
    }

    /// Whether nothing is preferred.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// Single exchange rates, each finite and at least 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Weights {
    /// Micro-dollars for a second until the first token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_token_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a second until the last token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a joule on a device.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_usd_micros_per_joule: Option<f64>,
    /// Micro-dollars that a bad answer costs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad_answer_usd_micros: Option<f64>,
}

impl Weights {
    /// Whether no rate is set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_off(flag: &bool) -> bool {
    !flag
}

fn texts<S: Serializer>(texts: &[Arc<str>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(texts.iter().map(|text| &**text))
}
