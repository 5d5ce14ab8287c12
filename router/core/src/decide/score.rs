//! One number for what a target would cost the asker: waiting, money, energy and the risk of a bad
//! answer, in micro-dollars at the policy's exchange rates. Lower is better.
//!
//! Unknown is assumed to be bad, never to be free: an unknown time is the deadline, the others are
//! the policy's assumptions. So reporting nothing, or nonsense, is no way to be preferred.

use super::ask::Ask;
use crate::plan::Prediction;
use crate::plan::units::whole;

/// Scores stay below this, in micro-dollars, so that sums and comparisons stay exact enough.
const WORST: f64 = 1e18;

/// Money counts so many times over where a soft limit is reached: what is cheaper is then taken unless it
/// is much worse.
const THRIFT: f64 = 10.0;

/// The objective of a prediction, finite and at least 0.
#[inline]
pub(super) fn of(ask: &Ask<'_>, predicted: &Prediction, over_soft: bool) -> f64 {
    let (rates, assumed) = (&ask.wishes.objective, ask.policy.assumptions());
    let deadline_ms = whole(ask.deadline_ms);
    let first_s = predicted.first_token_ms.unwrap_or(deadline_ms) / 1e3;
    let total_s = predicted.total_ms.unwrap_or(deadline_ms) / 1e3;
    let money = whole(predicted.cost_usd_micros.unwrap_or(assumed.cost_usd_micros));
    let money = if over_soft { money * THRIFT } else { money };
    let joules = predicted
        .energy_joules
        .unwrap_or(assumed.joules_per_token * f64::from(predicted.output_tokens));
    let risk = 1.0 - predicted.quality.unwrap_or(assumed.quality);
    let score = first_s * rates.first_token_usd_micros_per_s
        + total_s * rates.total_usd_micros_per_s
        + money
        + joules * rates.energy_usd_micros_per_joule
        + risk * rates.bad_answer_usd_micros;
    score.clamp(0.0, WORST)
}
