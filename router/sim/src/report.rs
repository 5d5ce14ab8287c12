//! What came of a simulation.

use littoral_core::class::Tier;
use littoral_core::reason::Reason;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// The outcome of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Report {
    /// Requests that came.
    pub requests: u32,
    /// Who answered, by tier of the target.
    pub answered: BTreeMap<Tier, TierReport>,
    /// Requests that nobody could answer, by reason.
    pub refused: BTreeMap<Reason, u32>,
    /// Virtual time from the start to the last event, in milliseconds.
    pub lasted_ms: f64,
}

/// What one tier answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct TierReport {
    /// Requests answered.
    pub requests: u32,
    /// Time from arrival to the first token.
    pub first_token_ms: Quantiles,
    /// Time from arrival to the last token.
    pub total_ms: Quantiles,
    /// Money spent, in millionths of a US dollar, unrounded. Targets without a price add nothing.
    pub cost_usd_micros: f64,
    /// Energy of the devices, in joules. Devices that report none add nothing.
    pub energy_joules: f64,
}

/// Mean and quantiles of times, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Quantiles {
    /// Arithmetic mean.
    pub mean: f64,
    /// Half are at most this.
    pub p50: f64,
    /// 95 % are at most this.
    pub p95: f64,
    /// 99 % are at most this.
    pub p99: f64,
    /// The longest.
    pub max: f64,
}

impl Quantiles {
    /// Exact quantiles of all samples (nearest rank); zeros where there are none.
    pub(crate) fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        let Some(max) = samples.last().copied() else { return Self::default() };
        let len = samples.len();
        let rank = |percent: usize| {
            let index = (len * percent).div_ceil(100).saturating_sub(1);
            samples.get(index).copied().map_or(0.0, millis)
        };
        Self {
            mean: samples.iter().copied().map(millis).sum::<f64>() / len as f64,
            p50: rank(50),
            p95: rank(95),
            p99: rank(99),
            max: millis(max),
        }
    }
}

/// A duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e3
}
