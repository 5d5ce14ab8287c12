//! Limits on what is predicted of a target: the same five keys in `[limits]`, where they hold for every
//! request, and in a rule, where they hold for those that it matches.

use super::problem::Problems;
use super::range::{DEAREST_USD_MICROS, LONGEST_MS, checked, share};
use serde::Serialize;

/// Highest ceiling of energy, in joules.
const MOST_JOULES: f64 = 1e9;

/// Limits on predictions. What is not set is left out of the form that is hashed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct PredictedLimits {
    /// Latest predicted first token, in milliseconds; unknown passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_first_token_ms: Option<u64>,
    /// Latest predicted end of the answer, in milliseconds; unknown passes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_total_ms: Option<u64>,
    /// Highest predicted cost, in micro-dollars; unknown fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_cost_usd_micros: Option<u64>,
    /// Highest predicted energy on a device, in joules; unknown fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_energy_joules: Option<f64>,
    /// Lowest probability of a good answer, 0 to 1; unknown fails.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_quality: Option<f64>,
}

impl PredictedLimits {
    /// These as written at `path`, without those that are out of their range.
    pub(super) fn checked(self, path: &str, problems: &mut Problems) -> Self {
        let at = |key: &str| format!("{path}.{key}");
        let (times, money) = (1..=LONGEST_MS, 0..=DEAREST_USD_MICROS);
        let (first, total) = (self.max_first_token_ms, self.max_total_ms);
        let (cost, joules) = (self.max_cost_usd_micros, self.max_energy_joules);
        let ms = "milliseconds";
        Self {
            max_first_token_ms: checked(
                first,
                times.clone(),
                ms,
                at("max_first_token_ms"),
                problems,
            ),
            max_total_ms: checked(total, times, ms, at("max_total_ms"), problems),
            max_cost_usd_micros: checked(
                cost,
                money,
                "micro-dollars",
                at("max_cost_usd_micros"),
                problems,
            ),
            max_energy_joules: checked(
                joules,
                0.0..=MOST_JOULES,
                "joules",
                at("max_energy_joules"),
                problems,
            ),
            min_quality: share(self.min_quality, "a probability", at("min_quality"), problems),
        }
    }
}
