//! The order of candidates that passed every gate.
//!
//! Who is well comes before who is suspect; then the caller's preferred tier; then the policy's order
//! of tiers and the objective, in the policy's ranking. Equals are spread by the seed, and the names
//! decide what is left, so the order never depends on the order of the input.
//!
//! What is sorted is a small key with an index, not the candidates: they are large, and moving them
//! was half of the time of a decision over a thousand pools.

use super::ask::Ask;
use super::candidate::Candidate;
use super::seed;
use crate::policy::Ranking;
use std::cmp::Ordering;

/// What candidates are compared by, most important first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    suspect: bool,
    not_preferred: bool,
    first: u64,
    second: u64,
    /// The seeded spread between pools that are equal.
    lot: u64,
}

/// The candidates in order, best first.
pub(super) fn ranked<'c, 'a>(
    ask: &Ask<'_>,
    seed: u64,
    candidates: &'c [Candidate<'a>],
) -> Vec<&'c Candidate<'a>> {
    let mut keyed: Vec<(Key, &Candidate<'a>)> =
        candidates.iter().map(|candidate| (key(ask, seed, candidate), candidate)).collect();
    keyed.sort_unstable_by(|(a_key, a), (b_key, b)| a_key.cmp(b_key).then_with(|| by_name(a, b)));
    keyed.into_iter().map(|(_, candidate)| candidate).collect()
}

fn key(ask: &Ask<'_>, seed: u64, candidate: &Candidate<'_>) -> Key {
    let tiers = ask.policy.tiers();
    let place = tiers.rank(candidate.tier).map_or(u64::MAX, |place| place as u64);
    // Scores are finite and not negative, where the order of the bits is the order of the numbers.
    let objective = candidate.rank.to_bits();
    let (first, second) = match tiers.ranking {
        Ranking::TierFirst => (place, objective),
        Ranking::ObjectiveFirst => (objective, place),
    };
    Key {
        suspect: candidate.suspect,
        not_preferred: ask.preferred_tier().is_some_and(|tier| tier != candidate.tier),
        first,
        second,
        lot: seed::of_name(seed, &candidate.pool.id),
    }
}

/// Names, and in a pool the order in which its workers were drawn.
fn by_name(a: &Candidate<'_>, b: &Candidate<'_>) -> Ordering {
    (a.pool.id.cmp(&b.pool.id))
        .then_with(|| a.draw.cmp(&b.draw))
        .then_with(|| a.worker_id().cmp(b.worker_id()))
}
