//! How long an attempt is waited for, and how long its answer may get.
//!
//! Three times the prediction, and never less than the policy's floor: shorter limits punish the
//! ordinary scatter of a busy machine. A target without rivals gets all the time there is, because
//! giving up on it could only end in an error.
//!
//! The bound of the answer is the caller's, else the policy's, and never more than the context leaves.

use super::ask::Ask;
use super::candidate::Candidate;
use crate::plan::Limits;

/// A first token later than this many predictions is no scatter any more.
const FIRST_TOKEN_PREDICTIONS: f64 = 3.0;
/// A silence of this many gaps between tokens is a stall.
const STALL_GAPS: f64 = 10.0;

/// The limits of one attempt; `alone` says that the plan has no other.
pub(super) fn of(ask: &Ask<'_>, candidate: &Candidate<'_>, alone: bool) -> Limits {
    let deadlines = ask.policy.deadlines();
    let first_token_ms = if alone {
        ask.deadline_ms
    } else {
        candidate.predicted.first_token_ms.map_or(deadlines.first_token_unknown_ms, |predicted| {
            deadlines.first_token_floor_ms.max(ceil_ms(FIRST_TOKEN_PREDICTIONS * predicted))
        })
    };
    let stall_ms = candidate.gap_ms.map_or(deadlines.stall_unknown_ms, |gap| {
        deadlines.stall_floor_ms.max(ceil_ms(STALL_GAPS * gap))
    });
    Limits {
        first_token_ms: first_token_ms.min(ask.deadline_ms),
        stall_ms: stall_ms.min(ask.deadline_ms),
        output_tokens: output_tokens(ask, candidate),
    }
}

fn output_tokens(ask: &Ask<'_>, candidate: &Candidate<'_>) -> u32 {
    let wanted = ask.facts.max_output_tokens;
    let wanted = wanted.unwrap_or(ask.policy.limits().default_output_tokens);
    let context = candidate.pool.model.context_tokens;
    wanted.min(context.saturating_sub(ask.facts.prompt_tokens.tokens)).max(1)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and predictions are not negative"
)]
fn ceil_ms(ms: f64) -> u64 {
    ms.ceil() as u64
}
