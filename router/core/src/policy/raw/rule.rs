//! A rule as written: for whom, when, and what then.

use crate::class::Tier;
use crate::device::{Accelerator, DeviceClass};
use crate::policy::{Preset, Profile, Ranking};
use schemars::JsonSchema;
use serde::Deserialize;

/// `[[rule]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawRule {
    /// The name.
    pub name: Option<String>,
    /// Whom the rule is for. It needs this, `when`, or both.
    pub r#for: Option<RawFor>,
    /// The condition, in CEL syntax.
    pub when: Option<String>,
    /// Nobody answers.
    pub deny: Option<bool>,
    /// Highest tier that may answer.
    pub max_tier: Option<Tier>,
    /// The asker's own devices alone may answer.
    pub own_device: Option<bool>,
    /// Regions of clouds that may answer.
    pub regions: Option<Vec<String>>,
    /// Longest time for which a cloud that may answer keeps what it is sent, in days.
    pub max_retention_days: Option<u32>,
    /// What the model of a worker that may answer runs on.
    pub accelerator: Option<Vec<Accelerator>>,
    /// Latest predicted first token, in milliseconds.
    pub max_first_token_ms: Option<u64>,
    /// Latest predicted end of the answer, in milliseconds.
    pub max_total_ms: Option<u64>,
    /// Highest predicted cost, in micro-dollars.
    pub max_cost_usd_micros: Option<u64>,
    /// Highest predicted energy on a device, in joules.
    pub max_energy_joules: Option<f64>,
    /// Lowest probability of a good answer, 0 to 1.
    pub min_quality: Option<f64>,
    /// Named objective and its ranking.
    pub preset: Option<Preset>,
    /// Single exchange rates.
    pub weights: Option<RawWeights>,
    /// Tiers to try first, in this order.
    pub prefer: Option<Vec<Tier>>,
    /// Whether the order of tiers or the objective has the first word.
    pub ranking: Option<Ranking>,
    /// Whether a second target may be asked while the first is late.
    pub hedge: Option<bool>,
    /// Names that the record carries.
    pub tag: Option<Vec<String>>,
    /// Lets the caller's label stand where a scan found more.
    pub lower_label: Option<bool>,
}

/// `for`: all that is written must hold of the asker.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawFor {
    /// Organisation.
    pub tenant: Option<String>,
    /// Application.
    pub application: Option<String>,
    /// Group of people.
    pub group: Option<String>,
    /// Kind of assistant.
    pub profile: Option<Profile>,
    /// Kind of the asker's device.
    pub device_class: Option<DeviceClass>,
}

/// `weights`: exchange rates that replace the policy's, or those of a preset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawWeights {
    /// Micro-dollars for a second until the first token.
    pub first_token_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a second until the last token.
    pub total_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a joule on a device.
    pub energy_usd_micros_per_joule: Option<f64>,
    /// Micro-dollars that a bad answer costs.
    pub bad_answer_usd_micros: Option<f64>,
}
