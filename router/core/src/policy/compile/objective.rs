//! The sections that weigh: exchange rates, named or single, and what is assumed of the unknown.

use super::limits::LONGEST_ANSWER_TOKENS;
use crate::policy::preset::Preset;
use crate::policy::problem::Problems;
use crate::policy::range::{DEAREST_USD_MICROS, share, within};
use crate::policy::raw::{RawAssumptions, RawObjective};
use crate::policy::settings::{Assumptions, Objective};

/// Highest exchange rate, a million dollars in micro-dollars.
const DEAREST_RATE: f64 = 1e12;
/// Most joules a token that can be assumed: a large server for ten seconds.
const MOST_JOULES_PER_TOKEN: f64 = 10_000.0;

pub(super) fn objective(raw: &RawObjective, problems: &mut Problems) -> Objective {
    let named = raw.preset.map_or_else(Objective::default, Preset::objective);
    let mut rate = |key: &str, written: Option<f64>, named: f64| {
        let path = format!("objective.{key}");
        within(written, named, 0.0..=DEAREST_RATE, "micro-dollars", path, problems)
    };
    Objective {
        first_token_usd_micros_per_s: rate(
            "first_token_usd_micros_per_s",
            raw.first_token_usd_micros_per_s,
            named.first_token_usd_micros_per_s,
        ),
        total_usd_micros_per_s: rate(
            "total_usd_micros_per_s",
            raw.total_usd_micros_per_s,
            named.total_usd_micros_per_s,
        ),
        energy_usd_micros_per_joule: rate(
            "energy_usd_micros_per_joule",
            raw.energy_usd_micros_per_joule,
            named.energy_usd_micros_per_joule,
        ),
        bad_answer_usd_micros: rate(
            "bad_answer_usd_micros",
            raw.bad_answer_usd_micros,
            named.bad_answer_usd_micros,
        ),
    }
}

pub(super) fn assumptions(raw: &RawAssumptions, problems: &mut Problems) -> Assumptions {
    let shipped = Assumptions::default();
    Assumptions {
        output_tokens: within(
            raw.output_tokens,
            shipped.output_tokens,
            1..=LONGEST_ANSWER_TOKENS,
            "tokens",
            "assumptions.output_tokens",
            problems,
        ),
        quality: share(raw.quality, "a probability", "assumptions.quality", problems)
            .unwrap_or(shipped.quality),
        joules_per_token: within(
            raw.joules_per_token,
            shipped.joules_per_token,
            0.0..=MOST_JOULES_PER_TOKEN,
            "joules",
            "assumptions.joules_per_token",
            problems,
        ),
        cost_usd_micros: within(
            raw.cost_usd_micros,
            shipped.cost_usd_micros,
            0..=DEAREST_USD_MICROS,
            "micro-dollars",
            "assumptions.cost_usd_micros",
            problems,
        ),
    }
}
