//! Which workers of a pool are used: power of two choices on the predicted wait.
//!
//! Two workers are drawn, and the one with the shorter wait is taken. Always taking the shortest wait
//! of all would send every router's next request to the same worker, because all of them see the same
//! slightly old state; two choices spread the load almost as well as full knowledge would
//! (Mitzenmacher, "The power of two choices in randomized load balancing", 2001). A second worker of
//! the pool is drawn the same way, so that a plan survives the loss of the first.

use super::candidate::Candidate;
use super::seed;
use std::cmp::Ordering;

/// Workers of one pool that a plan may name. More would crowd out the other pools, and workers that
/// are alike tend to fail alike.
const WORKERS_PER_POOL: u8 = 2;

/// Draws from the eligible workers of one pool into `drawn`. Leaves `eligible` in any state.
pub(super) fn draw<'a>(
    eligible: &mut Vec<Candidate<'a>>,
    seed: u64,
    drawn: &mut Vec<Candidate<'a>>,
) {
    let Some(pool) = eligible.first().map(|candidate| candidate.pool) else { return };
    eligible.sort_by(|a, b| a.worker_id().cmp(b.worker_id()));
    let of = u32::try_from(eligible.len()).unwrap_or(u32::MAX);
    let mut number = seed::of_name(seed, &pool.id);
    let mut rank = 0.0_f64;
    for draw in 0..WORKERS_PER_POOL {
        if eligible.is_empty() {
            return;
        }
        let mut taken = eligible.remove(better_of_two(eligible, &mut number));
        rank = rank.max(taken.score);
        taken.rank = rank;
        taken.draw = draw;
        taken.of = of;
        drawn.push(taken);
    }
}

/// Index of the better of two different candidates; the first drawn wins a tie.
fn better_of_two(eligible: &[Candidate<'_>], number: &mut u64) -> usize {
    let len = eligible.len();
    *number = seed::mix(*number);
    let first = seed::index(*number, len);
    if len < 2 {
        return first;
    }
    *number = seed::mix(*number);
    let second = (first + 1 + seed::index(*number, len - 1)) % len;
    match (eligible.get(first), eligible.get(second)) {
        (Some(a), Some(b)) if sooner(b, a) == Ordering::Less => second,
        _ => first,
    }
}

/// Shorter wait first, then the shorter answer; unknown last.
fn sooner(a: &Candidate<'_>, b: &Candidate<'_>) -> Ordering {
    let key = |ms: Option<f64>| ms.unwrap_or(f64::INFINITY);
    key(a.wait_ms)
        .total_cmp(&key(b.wait_ms))
        .then(key(a.predicted.total_ms).total_cmp(&key(b.predicted.total_ms)))
}
