//! The compiled sections of a policy, with the shipped values and where they come from.

use super::PredictedLimits;
use crate::class::Tier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Tiers in use, their order, and whose machines count as edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Tiers {
    /// Tiers in use, preferred first. Never empty, no tier twice.
    pub order: Vec<Tier>,
    /// Whether the order or the objective has the first word.
    pub ranking: Ranking,
    /// Groups of other people's machines that count as edge, sorted.
    pub edge_groups: Vec<String>,
}

impl Tiers {
    /// Place of a tier in the order, 0 first; `None` where it is not in use.
    #[must_use]
    pub fn rank(&self, tier: Tier) -> Option<usize> {
        self.order.iter().position(|used| *used == tier)
    }
}

impl Default for Tiers {
    fn default() -> Self {
        Self { order: Tier::ALL.to_vec(), ranking: Ranking::default(), edge_groups: Vec::new() }
    }
}

/// What has the first word among targets that pass every gate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// The order of tiers; the objective chooses inside a tier.
    #[default]
    TierFirst,
    /// The objective; the order of tiers breaks ties.
    ObjectiveFirst,
}

/// Time limits, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deadlines {
    /// Deadline of a request that names none.
    pub default_ms: u64,
    /// Latest deadline a request may ask for; a later one is cut to it.
    pub max_ms: u64,
    /// Shortest first-token limit.
    pub first_token_floor_ms: u64,
    /// First-token limit where no prediction exists.
    pub first_token_unknown_ms: u64,
    /// Shortest limit of silence in mid-stream.
    pub stall_floor_ms: u64,
    /// Limit of silence where the target's own rhythm is unknown.
    pub stall_unknown_ms: u64,
}

impl Default for Deadlines {
    /// Two minutes; a first token within 2 s or three times the prediction; silence of a second or
    /// ten gaps. The `unknown` values are generous because a cold target is slow, not broken.
    fn default() -> Self {
        Self {
            default_ms: 120_000,
            max_ms: 600_000,
            first_token_floor_ms: 2_000,
            first_token_unknown_ms: 10_000,
            stall_floor_ms: 1_000,
            stall_unknown_ms: 10_000,
        }
    }
}

/// How long an answer may get, and what it may take at most.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct AnswerLimits {
    /// Longest answer of a request that sets no bound, in tokens. Cut to what the model's context
    /// leaves.
    pub default_output_tokens: u32,
    /// Limits on what is predicted.
    #[serde(flatten)]
    pub predicted: PredictedLimits,
}

impl Default for AnswerLimits {
    /// 1,024 tokens are two pages: more than most answers, and the end of a small model that has
    /// begun to repeat itself.
    fn default() -> Self {
        Self { default_output_tokens: 1_024, predicted: PredictedLimits::default() }
    }
}

/// Exchange rates: everything is weighed in millionths of a US dollar.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Objective {
    /// For a second until the first token.
    pub first_token_usd_micros_per_s: f64,
    /// For a second until the last token.
    pub total_usd_micros_per_s: f64,
    /// For a joule on a device.
    pub energy_usd_micros_per_joule: f64,
    /// What a bad answer costs; the risk of one is one minus quality.
    pub bad_answer_usd_micros: f64,
}

impl Default for Objective {
    /// A person's waiting at 20 USD an hour is 5,556 micro-dollars a second; while text flows they
    /// read, which is worth a tenth. 0.20 USD a kilowatt-hour is 0.056 micro-dollars a joule. A bad
    /// answer costs about ten seconds of that person.
    fn default() -> Self {
        Self {
            first_token_usd_micros_per_s: 5_556.0,
            total_usd_micros_per_s: 556.0,
            energy_usd_micros_per_joule: 0.056,
            bad_answer_usd_micros: 55_560.0,
        }
    }
}

/// What is assumed where a fact is unknown. Pessimistic on purpose: reporting nothing, or nonsense,
/// must be no way to be preferred. An unknown time is assumed to be the deadline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Assumptions {
    /// Length of an answer whose request sets no bound, in tokens.
    pub output_tokens: u32,
    /// Probability of a good answer of a model without a prior.
    pub quality: f64,
    /// Joules a token of a device that reports none.
    pub joules_per_token: f64,
    /// Cost of a request to a target without a price, in micro-dollars.
    pub cost_usd_micros: u64,
}

impl Default for Assumptions {
    /// 256 tokens is a long paragraph. Five joules a token is a laptop at 50 W that makes ten tokens
    /// a second. Ten cents is a long prompt to the dearest models on sale.
    fn default() -> Self {
        Self { output_tokens: 256, quality: 0.3, joules_per_token: 5.0, cost_usd_micros: 100_000 }
    }
}

/// What happens when an attempt fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Fallback {
    /// Most targets a plan may name, 1 to [`Fallback::MAX_ATTEMPTS`].
    pub max_attempts: u32,
    /// Whether a second target may be tried at all. A request can only forbid it.
    pub failover: bool,
    /// Whether a second target may be asked while the first is still silent, the faster one answering.
    /// Left out of what is hashed where it is false, as shipped: it costs a second answer.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub hedge: bool,
    /// Whether an answer is kept back until it is whole where a door cannot take back what it has sent. Left
    /// out of what is hashed where it is false, as shipped: it makes people wait.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub buffer: bool,
}

impl Fallback {
    /// Highest `max_attempts`. More attempts than this would outlive any deadline.
    pub const MAX_ATTEMPTS: u32 = 16;
}

impl Default for Fallback {
    fn default() -> Self {
        Self { max_attempts: 4, failover: true, hedge: false, buffer: false }
    }
}

/// What a device must have left to be used.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct DeviceFloors {
    /// Lowest charge on battery, 0 to 1.
    pub battery_floor_fraction: f64,
    /// Heat at which the device is left alone, as a share of its limit, 0 to 1.
    pub thermal_wall_fraction: f64,
    /// Least free memory, in bytes.
    pub memory_floor_bytes: u64,
    /// Whether a device that does not report charge, heat and memory is left out. Off as shipped: a
    /// desktop has no battery and many machines show no thermal zone.
    pub require_readings: bool,
}

impl Default for DeviceFloors {
    /// Below a fifth a phone asks for its charger; at 95 % of the thermal limit throttling has begun;
    /// 128 MiB is what an operating system needs to breathe.
    fn default() -> Self {
        Self {
            battery_floor_fraction: 0.2,
            thermal_wall_fraction: 0.95,
            memory_floor_bytes: 128 * 1024 * 1024,
            require_readings: false,
        }
    }
}
