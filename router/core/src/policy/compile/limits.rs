//! The sections that bound a request: deadlines, length of the answer, ceilings for everybody.

use crate::policy::problem::Problems;
use crate::policy::range::{DEAREST_USD_MICROS, LONGEST_MS, checked, share, within};
use crate::policy::raw::{RawDeadlines, RawLimits};
use crate::policy::settings::{AnswerLimits, Deadlines};

/// Longest answer that can be assumed or allowed, in tokens.
pub(super) const LONGEST_ANSWER_TOKENS: u32 = 1_000_000;
/// Highest energy ceiling, in joules: more than a car's battery.
const MOST_JOULES: f64 = 1e9;

pub(super) fn deadlines(raw: &RawDeadlines, problems: &mut Problems) -> Deadlines {
    let shipped = Deadlines::default();
    let mut ms = |key: &str, written: Option<u64>, shipped: u64| {
        let path = format!("deadlines.{key}");
        within(written, shipped, 1..=LONGEST_MS, "milliseconds", path, problems)
    };
    let compiled = Deadlines {
        default_ms: ms("default_ms", raw.default_ms, shipped.default_ms),
        max_ms: ms("max_ms", raw.max_ms, shipped.max_ms),
        first_token_floor_ms: ms(
            "first_token_floor_ms",
            raw.first_token_floor_ms,
            shipped.first_token_floor_ms,
        ),
        first_token_unknown_ms: ms(
            "first_token_unknown_ms",
            raw.first_token_unknown_ms,
            shipped.first_token_unknown_ms,
        ),
        stall_floor_ms: ms("stall_floor_ms", raw.stall_floor_ms, shipped.stall_floor_ms),
        stall_unknown_ms: ms("stall_unknown_ms", raw.stall_unknown_ms, shipped.stall_unknown_ms),
    };
    let (default_ms, max_ms) = (compiled.default_ms, compiled.max_ms);
    if default_ms > max_ms {
        // The shipped default is not the author's; the maximum that cuts it is.
        let (path, reason) = match raw.default_ms {
            Some(_) => (
                "deadlines.default_ms",
                format!(
                    "{default_ms} is later than deadlines.max_ms = {max_ms}: lower one or raise the other"
                ),
            ),
            None => (
                "deadlines.max_ms",
                format!(
                    "{max_ms} is earlier than the shipped deadlines.default_ms = {default_ms}: also \
                     set deadlines.default_ms, to {max_ms} or less"
                ),
            ),
        };
        problems.add(path, reason);
    }
    compiled
}

pub(super) fn limits(raw: &RawLimits, problems: &mut Problems) -> AnswerLimits {
    let shipped = AnswerLimits::default();
    let day = 1..=LONGEST_MS;
    let ms = "milliseconds";
    AnswerLimits {
        default_output_tokens: within(
            raw.default_output_tokens,
            shipped.default_output_tokens,
            1..=LONGEST_ANSWER_TOKENS,
            "tokens",
            "limits.default_output_tokens",
            problems,
        ),
        max_first_token_ms: checked(
            raw.max_first_token_ms,
            day.clone(),
            ms,
            "limits.max_first_token_ms",
            problems,
        ),
        max_total_ms: checked(raw.max_total_ms, day, ms, "limits.max_total_ms", problems),
        max_cost_usd_micros: checked(
            raw.max_cost_usd_micros,
            0..=DEAREST_USD_MICROS,
            "micro-dollars",
            "limits.max_cost_usd_micros",
            problems,
        ),
        max_energy_joules: checked(
            raw.max_energy_joules,
            0.0..=MOST_JOULES,
            "joules",
            "limits.max_energy_joules",
            problems,
        ),
        min_quality: share(raw.min_quality, "a probability", "limits.min_quality", problems),
    }
}
