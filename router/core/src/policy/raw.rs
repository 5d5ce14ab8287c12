//! A policy as written: the shape of the file and nothing more.
//!
//! Every field is optional, so that a file with one bad line still compiles far enough to show what
//! else is wrong; what an absent field means is decided in one place, the compiler. Fields of
//! features that do not exist yet are known by name and refused, because a policy that believes its
//! prompts are masked must not load where they are not.

use crate::class::Tier;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A policy file.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawPolicy {
    /// Format version; required, [`super::Policy::VERSION`].
    pub version: Option<u32>,
    /// Name for people; required.
    pub name: Option<String>,
    /// Alias that a request without a model name asks for.
    pub default_alias: Option<String>,
    /// Highest tier of each class.
    pub ceilings: RawCeilings,
    /// Tiers in use.
    pub tiers: RawTiers,
    /// Names for models.
    pub alias: Vec<RawAlias>,
    /// Time limits.
    pub deadlines: RawDeadlines,
    /// How long an answer may get.
    pub limits: RawLimits,
    /// Exchange rates.
    pub objective: RawObjective,
    /// What to assume where a fact is unknown.
    pub assumptions: RawAssumptions,
    /// What happens on failure.
    pub fallback: RawFallback,
    /// What a device must have left.
    pub device: RawDevice,
    /// Conditions and what they restrict.
    pub rule: Vec<RawRule>,
    /// Not yet supported.
    pub masking: Option<IgnoredAny>,
    /// Not yet supported.
    pub cascade: Option<IgnoredAny>,
    /// Not yet supported.
    pub cache: Option<IgnoredAny>,
    /// Not yet supported.
    pub feedback: Option<IgnoredAny>,
    /// Not yet supported.
    pub knowledge: Option<IgnoredAny>,
}

/// `[ceilings]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawCeilings {
    /// For class `public`.
    pub public: Option<Tier>,
    /// For class `internal`.
    pub internal: Option<Tier>,
    /// For class `personal`.
    pub personal: Option<Tier>,
    /// For class `restricted`.
    pub restricted: Option<Tier>,
    /// Lets `restricted` content reach the organisation's own edge machines.
    pub restricted_edge: Option<bool>,
}

/// `[tiers]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawTiers {
    /// Tiers in use, preferred first. A tier that is not listed is not used.
    pub order: Option<Vec<Tier>>,
    /// Whether the order or the objective has the first word.
    pub ranking: Option<super::Ranking>,
    /// Groups of other people's machines that count as edge.
    pub edge_groups: Vec<String>,
}

/// `[[alias]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAlias {
    /// The name.
    pub name: Option<String>,
    /// The models it stands for; `["*"]` is any.
    pub models: Vec<String>,
}

/// `[deadlines]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDeadlines {
    /// Deadline of a request that names none, in milliseconds.
    pub default_ms: Option<u64>,
    /// Latest deadline a request may ask for, in milliseconds.
    pub max_ms: Option<u64>,
    /// Shortest first-token limit, in milliseconds.
    pub first_token_floor_ms: Option<u64>,
    /// First-token limit where no prediction exists, in milliseconds.
    pub first_token_unknown_ms: Option<u64>,
    /// Shortest limit of silence in mid-stream, in milliseconds.
    pub stall_floor_ms: Option<u64>,
    /// Limit of silence where the target's own rhythm is unknown, in milliseconds.
    pub stall_unknown_ms: Option<u64>,
}

/// `[limits]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawLimits {
    /// Longest answer of a request that sets no bound, in tokens.
    pub default_output_tokens: Option<u32>,
}

/// `[objective]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawObjective {
    /// Micro-dollars for a second until the first token.
    pub first_token_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a second until the last token.
    pub total_usd_micros_per_s: Option<f64>,
    /// Micro-dollars for a joule on a device.
    pub energy_usd_micros_per_joule: Option<f64>,
    /// Micro-dollars that a bad answer costs.
    pub bad_answer_usd_micros: Option<f64>,
}

/// `[assumptions]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawAssumptions {
    /// Length of an answer whose request sets no bound, in tokens.
    pub output_tokens: Option<u32>,
    /// Probability of a good answer of a model without a prior.
    pub quality: Option<f64>,
    /// Joules a token of a device that reports none.
    pub joules_per_token: Option<f64>,
    /// Cost of a request to a target without a price, in micro-dollars.
    pub cost_usd_micros: Option<u64>,
}

/// `[fallback]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawFallback {
    /// Most targets a plan may name.
    pub max_attempts: Option<u32>,
    /// Whether a second target may be tried at all.
    pub failover: Option<bool>,
    /// Not yet supported.
    pub hedge: Option<IgnoredAny>,
}

/// `[device]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawDevice {
    /// Lowest charge on battery, 0 to 1.
    pub battery_floor_fraction: Option<f64>,
    /// Highest heat as a share of the limit, 0 to 1.
    pub thermal_wall_fraction: Option<f64>,
    /// Least free memory, in bytes.
    pub memory_floor_bytes: Option<u64>,
    /// Whether a device that does not report charge, heat and memory is left out.
    pub require_readings: Option<bool>,
}

/// `[[rule]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RawRule {
    /// The name.
    pub name: Option<String>,
    /// The condition, in CEL syntax.
    pub when: Option<String>,
    /// Nobody answers.
    pub deny: Option<bool>,
    /// Highest tier that may answer.
    pub max_tier: Option<Tier>,
    /// Latest predicted first token, in milliseconds.
    pub max_first_token_ms: Option<u64>,
    /// Highest predicted cost, in micro-dollars.
    pub max_cost_usd_micros: Option<u64>,
}
