//! The order of candidates that passed every gate.
//!
//! Who is well comes before who is suspect; then the caller's preferred tier; then the order of tiers,
//! the alias's order of models and the objective, in the ranking in force. Equals are spread by the
//! seed, and the names decide what is left, so the order never depends on the order of the input.
//!
//! What is sorted is a small key with an index, not the candidates: they are large, and moving them
//! was half of the time of a decision over a thousand pools.

use super::ask::Ask;
use super::candidate::Candidate;
use crate::plan::Because;
use crate::policy::Ranking;
use std::cmp::Ordering;
use std::sync::Arc;

/// What candidates are compared by, packed so that nearly every comparison is one of two numbers: who
/// is well, who is preferred, tier and model, then the objective; and behind them what breaks ties.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    main: u128,
    ties: u128,
}

/// Bits of the place of a model, below that of its tier.
const VERSION_BITS: u32 = 48;

/// The candidates in order, best first.
pub(super) fn ranked<'c, 'a>(
    ask: &Ask<'_>,
    candidates: &'c [Candidate<'a>],
) -> Vec<&'c Candidate<'a>> {
    let mut keyed: Vec<(Key, &Candidate<'a>)> =
        candidates.iter().map(|candidate| (key(ask, candidate), candidate)).collect();
    keyed.sort_unstable_by(|(a_key, a), (b_key, b)| a_key.cmp(b_key).then_with(|| by_name(a, b)));
    keyed.into_iter().map(|(_, candidate)| candidate).collect()
}

fn key(ask: &Ask<'_>, candidate: &Candidate<'_>) -> Key {
    let tier = u64::from(ask.wishes.place(candidate.tier));
    let version = ask.version.place(&candidate.pool.model.name).min((1 << VERSION_BITS) - 1);
    let (lead, tie) = match ask.wishes.ranking {
        Ranking::TierFirst => (tier << VERSION_BITS | version, 0),
        Ranking::ObjectiveFirst => (version, tier),
    };
    let preferred = ask.preferred_tier().is_none_or(|tier| tier == candidate.tier);
    let lead = u64::from(candidate.suspect) << 63 | u64::from(!preferred) << 62 | lead;
    // Scores are finite and not negative, where the order of the bits is the order of the numbers.
    Key { main: pair(lead, candidate.rank.to_bits()), ties: pair(tie, candidate.lot) }
}

fn pair(high: u64, low: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

/// Names, and in a pool the order in which its workers were drawn.
fn by_name(a: &Candidate<'_>, b: &Candidate<'_>) -> Ordering {
    (a.pool.id.cmp(&b.pool.id))
        .then_with(|| a.draw.cmp(&b.draw))
        .then_with(|| a.worker_id().cmp(b.worker_id()))
}

/// Why `behind` comes after `ahead`: the first thing in which their keys differ.
pub(super) fn because(ask: &Ask<'_>, ahead: &Candidate<'_>, behind: &Candidate<'_>) -> Because {
    if behind.suspect && !ahead.suspect {
        return Because::Late;
    }
    if let Some(tier) = ask.preferred_tier()
        && ahead.tier == tier
        && behind.tier != tier
    {
        return Because::Mode(tier);
    }
    let tier = (ahead.tier != behind.tier).then_some(Because::Tier(ahead.tier));
    let place = |candidate: &Candidate<'_>| ask.version.place(&candidate.pool.model.name);
    let version = (place(ahead) < place(behind))
        .then(|| Because::Version(Arc::clone(&ahead.pool.model.name)));
    let score =
        (ahead.rank < behind.rank).then(|| Because::Score(micros(behind.rank), micros(ahead.rank)));
    let grounds = match ask.wishes.ranking {
        Ranking::TierFirst => [tier, version, score],
        Ranking::ObjectiveFirst => [version, score, tier],
    };
    let one_pool = ahead.pool.id == behind.pool.id;
    let equal = if one_pool { Because::Drawn } else { Because::Lot };
    grounds.into_iter().flatten().next().unwrap_or(equal)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and scores are not negative"
)]
fn micros(score: f64) -> u64 {
    score.round() as u64
}
