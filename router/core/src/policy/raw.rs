//! A policy as written: the shape of the file and nothing more.
//!
//! Every field is optional, so that a file with one bad line still compiles far enough to show what
//! else is wrong; what an absent field means is decided in one place, the compiler. Fields of
//! features that do not exist yet are known by name and refused, because a policy that believes its
//! prompts are masked must not load where they are not.

mod alias;
mod device;
mod privacy;
mod rule;

pub use alias::{RawAlias, RawCanary, RawTarget};
pub use device::{RawDevice, RawDeviceClass, RawDeviceClasses};
pub use privacy::RawPrivacy;
pub use rule::{RawFor, RawRule, RawWeights};

use super::{Policy, PolicyProblem, Preset, Ranking};
use crate::class::Tier;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

/// A policy of Littoral: who may go where, what matters most, and what to do when it fails. One file,
/// or one of several in a folder.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["version"]))]
pub struct RawPolicy {
    /// Format version; every file states it.
    #[schemars(extend("const" = Policy::VERSION))]
    pub version: Option<u32>,
    /// Name for people; exactly one file of a policy gives it.
    pub name: Option<String>,
    /// Alias that a request without a model name asks for.
    pub default_alias: Option<String>,
    /// Highest tier of each class.
    pub ceilings: RawCeilings,
    /// Tiers in use, their order, and whose machines count as edge.
    pub tiers: RawTiers,
    /// Names for models.
    pub alias: Vec<RawAlias>,
    /// What is stated of models.
    pub target: Vec<RawTarget>,
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
    /// What a device must have left to be used.
    pub device: RawDevice,
    /// What differs for a kind of device.
    pub device_class: RawDeviceClasses,
    /// Which application is which kind of assistant.
    pub profiles: RawProfiles,
    /// Which class a finding has.
    pub privacy: RawPrivacy,
    /// Conditions and what they restrict.
    pub rule: Vec<RawRule>,
    /// Not yet supported.
    #[schemars(skip)]
    pub masking: Option<IgnoredAny>,
    /// Not yet supported.
    #[schemars(skip)]
    pub cascade: Option<IgnoredAny>,
    /// Not yet supported.
    #[schemars(skip)]
    pub cache: Option<IgnoredAny>,
    /// Not yet supported.
    #[schemars(skip)]
    pub feedback: Option<IgnoredAny>,
    /// Not yet supported.
    #[schemars(skip)]
    pub knowledge: Option<IgnoredAny>,
}

/// `[ceilings]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawTiers {
    /// Tiers in use, preferred first. A tier that is not listed is not used.
    pub order: Option<Vec<Tier>>,
    /// Whether the order or the objective has the first word. Shipped: the preset's, else tier_first.
    pub ranking: Option<Ranking>,
    /// Groups of other people's machines that count as edge.
    pub edge_groups: Vec<String>,
}

/// `[deadlines]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawLimits {
    /// Longest answer of a request that sets no bound, in tokens. Shipped: 1024.
    pub default_output_tokens: Option<u32>,
    /// Latest predicted first token of any request, in milliseconds, up to one day.
    pub max_first_token_ms: Option<u64>,
    /// Latest predicted end of any answer, in milliseconds, up to one day.
    pub max_total_ms: Option<u64>,
    /// Highest predicted cost of any request, in millionths of a US dollar.
    pub max_cost_usd_micros: Option<u64>,
    /// Highest predicted energy of any request, in joules.
    pub max_energy_joules: Option<f64>,
    /// Lowest probability of a good answer, 0 to 1.
    pub min_quality: Option<f64>,
}

/// `[profiles]`: each kind of assistant with its applications. An application has one kind.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawProfiles {
    /// Applications that work the device they run on.
    pub device: Vec<String>,
    /// Applications that speak for a service to its users.
    pub service: Vec<String>,
    /// Applications that help with the organisation's work.
    pub work: Vec<String>,
}

/// `[objective]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawObjective {
    /// A named objective; single keys beside it replace its own.
    pub preset: Option<Preset>,
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawFallback {
    /// Most targets a plan may name.
    pub max_attempts: Option<u32>,
    /// Whether a second target may be tried at all.
    pub failover: Option<bool>,
    /// Whether a second target may be asked while the first is still silent. Shipped: false.
    pub hedge: Option<bool>,
    /// Whether a streamed answer over HTTP, which cannot be taken back, is kept back until it is whole, so that
    /// another target can start it anew. Shipped: false.
    pub buffer: Option<bool>,
}

impl RawPolicy {
    /// What is wrong with the version that a file states.
    #[must_use]
    pub fn version_problem(&self) -> Option<PolicyProblem> {
        let known = Policy::VERSION;
        let reason = match self.version {
            Some(version) if version == known => return None,
            Some(other) => format!("{other} is not known: this build reads version = {known}"),
            None => format!("is missing: write version = {known}"),
        };
        Some(PolicyProblem { path: "version".into(), reason, offset: None })
    }
}
