//! The sections that bound a request: deadlines, length of the answer, ceilings for everybody.

use crate::policy::PredictedLimits;
use crate::policy::problem::Problems;
use crate::policy::range::{LONGEST_MS, within};
use crate::policy::raw::{RawDeadlines, RawLimits};
use crate::policy::settings::{AnswerLimits, Deadlines};

/// Longest answer that can be assumed or allowed, in tokens.
pub(super) const LONGEST_ANSWER_TOKENS: u32 = 1_000_000;

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
    AnswerLimits {
        default_output_tokens: within(
            raw.default_output_tokens,
            shipped.default_output_tokens,
            1..=LONGEST_ANSWER_TOKENS,
            "tokens",
            "limits.default_output_tokens",
            problems,
        ),
        predicted: PredictedLimits {
            max_first_token_ms: raw.max_first_token_ms,
            max_total_ms: raw.max_total_ms,
            max_cost_usd_micros: raw.max_cost_usd_micros,
            max_energy_joules: raw.max_energy_joules,
            min_quality: raw.min_quality,
        }
        .checked("limits", problems),
    }
}
