//! How long an attempt is waited for, and how long its answer may get.
//!
//! Three times the prediction, and never less than the policy's floor: shorter limits punish the
//! ordinary scatter of a busy machine. A target without rivals gets all the time there is, because
//! giving up on it could only end in an error.
//!
//! The deadline is shared: an attempt with others behind it is given up while the quickest of them
//! could still finish, though never before its own first token is due. A device that does not wait for
//! clouds gives one up at its own limit, alone or not.
//!
//! The bound of the answer is the caller's, else the policy's, and never more than the context leaves.

use super::ask::Ask;
use super::plan::Chosen;
use super::predict::sharers;
use crate::class::Tier;
use crate::fleet::{Pool, Site};
use crate::plan::{Attempt, Limits};

/// A first token later than this many predictions is no scatter any more.
const FIRST_TOKEN_PREDICTIONS: f64 = 3.0;
/// A first token later than this many predictions is unusual, where its scatter is unknown.
const HEDGE_PREDICTIONS: f64 = 2.0;
/// A silence of this many gaps between tokens is a stall.
const STALL_GAPS: f64 = 10.0;

/// The limits of one attempt; `alone` says that the plan has no other, `later` are those behind it.
pub(super) fn of(ask: &Ask<'_>, chosen: &Chosen<'_>, alone: bool, later: &[Chosen<'_>]) -> Limits {
    let deadlines = ask.policy.deadlines();
    let predicted_ms = chosen.forecast.predicted.first_token_ms;
    let patience_ms = if alone {
        ask.deadline_ms
    } else {
        predicted_ms.map_or(deadlines.first_token_unknown_ms, |predicted| {
            deadlines.first_token_floor_ms.max(ceil_ms(FIRST_TOKEN_PREDICTIONS * predicted))
        })
    };
    let share_ms =
        ask.deadline_ms.saturating_sub(kept_back_ms(later)).max(predicted_ms.map_or(0, ceil_ms));
    let first_token_ms = match (chosen.candidate.tier, ask.cloud_first_token_ms) {
        (Tier::Cloud, Some(limit)) => patience_ms.min(share_ms).min(limit),
        _ => patience_ms.min(share_ms),
    };
    let stall_ms = slow_gap_ms(chosen).map_or(deadlines.stall_unknown_ms, |gap| {
        deadlines.stall_floor_ms.max(ceil_ms(STALL_GAPS * gap))
    });
    Limits {
        first_token_ms: first_token_ms.clamp(1, ask.deadline_ms),
        stall_ms: stall_ms.min(ask.deadline_ms),
        output_tokens: output_tokens(ask, chosen.candidate.pool),
    }
}

/// The longest ordinary gap between two tokens, in milliseconds: what 19 of 20 answers stayed below,
/// where that is known, and never less than what is expected.
fn slow_gap_ms(chosen: &Chosen<'_>) -> Option<f64> {
    let candidate = chosen.candidate;
    let (learned, sharers) = match (&candidate.pool.site, candidate.worker) {
        (Site::Cloud(site), _) => (site.learned, 1.0),
        (Site::Workers(_), worker) => {
            (worker.and_then(|worker| worker.learned), worker.map_or(1.0, sharers))
        }
    };
    // A record cannot hold an endless gap, and nobody waits for one.
    let known = learned.and_then(|learned| learned.slow_gap_ms).filter(|alone| alone.is_finite());
    let slow_ms = known.map(|alone| alone * sharers);
    Some(chosen.forecast.gap_ms?.max(slow_ms.unwrap_or_default()))
}

/// What the quickest of the attempts behind would take, in milliseconds; nothing where nobody knows.
fn kept_back_ms(later: &[Chosen<'_>]) -> u64 {
    let totals = later.iter().filter_map(|chosen| chosen.forecast.predicted.total_ms);
    totals.min_by(f64::total_cmp).map_or(0, ceil_ms)
}

/// When the second attempt may be started beside `first`, in milliseconds from its dispatch: past what
/// nine of ten first tokens of the target take.
pub(super) fn hedge_after_ms(ask: &Ask<'_>, first: &Attempt) -> Option<u64> {
    let allowed = ask.wishes.hedge && ask.facts.hints.allow_hedge.unwrap_or(true);
    let nine_of_ten_ms = first.bounds.map(|bounds| bounds.first_token_ms.high());
    let guess_ms = first.predicted.first_token_ms.map(|ms| HEDGE_PREDICTIONS * ms);
    let usual_ms = nine_of_ten_ms.or(guess_ms).map(ceil_ms);
    let unknown_ms = ask.policy.deadlines().first_token_unknown_ms;
    allowed.then(|| usual_ms.unwrap_or(unknown_ms).clamp(1, ask.deadline_ms))
}

/// The longest answer that a target of the pool is asked for, in tokens.
pub(super) fn output_tokens(ask: &Ask<'_>, pool: &Pool) -> u32 {
    let wanted = ask.facts.max_output_tokens;
    let wanted = wanted.unwrap_or(ask.policy.limits().default_output_tokens);
    let context = pool.model.context_tokens;
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
