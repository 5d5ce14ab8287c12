//! How long a flight waits, and for what.
//!
//! Before the first token the attempt's own limit counts, from the last sign of life. While others
//! could still go on, an attempt also takes no more than an equal share of the time that is left, so
//! that a short deadline is not spent on the first target alone; but it always gets twice the time
//! its first token was predicted to take. Once nobody else could go on, only the deadline counts:
//! giving up early would gain nothing.
//!
//! In mid-stream silence is a stall. If nobody else could go on, ten times the stall limit is
//! granted: a laptop that paused for a second is worth waiting for, a hung target must still become
//! a named error in seconds rather than at the deadline.

use super::live::Live;
use crate::plan::Attempt;
use std::time::Duration;

/// Stall limits granted in mid-stream where nobody else could go on.
const LAST_RESORT_STALL_FACTOR: u32 = 10;

/// Predicted times to the first token that an attempt gets, however short its share.
const PREDICTION_FACTOR: f64 = 2.0;

/// What is over at a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LimitKind {
    /// The request's time.
    Deadline,
    /// The wait for the attempt's first token.
    FirstToken,
    /// The wait for its next token.
    Stall,
}

/// A moment at which waiting ends.
pub(super) struct Limit {
    /// Time since the owner's start.
    pub(super) at: Duration,
    pub(super) kind: LimitKind,
}

/// The nearest limit of the live dispatch, which runs `attempt` while `others` could go on in its
/// place.
pub(super) fn nearest(live: &Live, attempt: &Attempt, others: usize, deadline: Duration) -> Limit {
    let (wait, kind) = if live.has_token {
        let factor = if others == 0 { LAST_RESORT_STALL_FACTOR } else { 1 };
        (at_least_1_ms(attempt.limits.stall_ms).saturating_mul(factor), LimitKind::Stall)
    } else if others == 0 {
        return Limit { at: deadline, kind: LimitKind::Deadline };
    } else {
        let left = deadline.saturating_sub(live.sign_at);
        (first_token_wait(attempt, others, left), LimitKind::FirstToken)
    };
    let at = live.sign_at.saturating_add(wait);
    if at < deadline {
        Limit { at, kind }
    } else {
        Limit { at: deadline, kind: LimitKind::Deadline }
    }
}

fn first_token_wait(attempt: &Attempt, others: usize, left: Duration) -> Duration {
    let sharers = u32::try_from(others).unwrap_or(u32::MAX).saturating_add(1);
    let share = left / sharers;
    let predicted = attempt
        .predicted
        .first_token_ms
        .and_then(|ms| Duration::try_from_secs_f64(ms * PREDICTION_FACTOR / 1e3).ok())
        .unwrap_or_default();
    at_least_1_ms(attempt.limits.first_token_ms).min(share.max(predicted))
}

/// A limit of 0 would end an attempt in the moment it starts.
fn at_least_1_ms(limit_ms: u64) -> Duration {
    Duration::from_millis(limit_ms.max(1))
}
