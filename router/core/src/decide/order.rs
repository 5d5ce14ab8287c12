//! The order of candidates that passed every gate.
//!
//! Who is well comes before who is suspect; then the caller's preferred tier; then the order of tiers,
//! the alias's order of models and the objective, in the ranking in force. Equals are spread by the
//! seed, and the names decide what is left, so the order never depends on the order of the input.
//! A device that would have to load its model first lets the edge answer; a cloud never overtakes it for that.
//!
//! What is sorted is a small key beside each candidate. Lots are drawn only among equals: a lot takes as
//! long as all the rest of a key, and most candidates have none.

use super::ask::Ask;
use super::candidate::{Candidate, FEW};
use super::seed;
use super::version::Version;
use crate::class::Tier;
use crate::fleet::WorkerStatus;
use crate::plan::Because;
use crate::policy::Ranking;
use smallvec::SmallVec;
use std::cmp::Ordering;
use std::sync::Arc;

/// A candidate in its place.
#[derive(Clone, Copy)]
pub(super) struct Ranked<'a> {
    /// Who is well, who is preferred, tier and model, then the objective, packed so that nearly every
    /// comparison is one of two numbers.
    main: u128,
    /// The pool's own number under the request's seed; 0 where nobody is equal.
    lot: u64,
    pub candidate: &'a Candidate<'a>,
}

/// Bits of the place of a model, below that of its tier.
const VERSION_BITS: u32 = 48;

/// The candidates in order, best first.
pub(super) fn ranked<'a>(
    ask: &Ask<'_>,
    candidates: &'a [Candidate<'a>],
) -> SmallVec<[Ranked<'a>; FEW]> {
    let leads = Leads::of(ask);
    let rank = |candidate| Ranked { main: leads.main(candidate), lot: 0, candidate };
    let mut ranked: SmallVec<[Ranked<'a>; FEW]> = candidates.iter().map(rank).collect();
    ranked.sort_unstable_by_key(|one| one.main);
    for equals in ranked.chunk_by_mut(|a, b| a.main == b.main).filter(|equals| equals.len() > 1) {
        for one in &mut *equals {
            one.lot = seed::of_name(ask.seed, &one.candidate.pool.id);
        }
        equals.sort_unstable_by(|a, b| among_equals(ask, a, b));
    }
    ranked
}

/// What is the same for all candidates of a tier: who is preferred, and the place of the tier where it
/// comes before the objective.
struct Leads<'a> {
    version: Version<'a>,
    of_tier: [u64; Tier::ALL.len()],
    /// The place of a device that loads its model while somebody waits: behind the edge.
    of_cold_device: u64,
}

impl<'a> Leads<'a> {
    fn of(ask: &Ask<'a>) -> Self {
        let preferred = ask.preferred_tier();
        let lead = |tier: Tier, place: u64| {
            let place = match ask.wishes.ranking {
                Ranking::TierFirst => place << VERSION_BITS,
                Ranking::ObjectiveFirst => 0,
            };
            u64::from(preferred.is_some_and(|preferred| preferred != tier)) << 62 | place
        };
        // Doubled, so that somebody can stand right behind a tier.
        let place = |tier| u64::from(ask.wishes.place(tier)) * 2;
        let of_tier = Tier::ALL.map(|tier| lead(tier, place(tier)));
        Self {
            version: ask.version,
            of_tier,
            of_cold_device: lead(Tier::Device, cold_place(place)),
        }
    }

    fn main(&self, candidate: &Candidate<'_>) -> u128 {
        let version = self.version.place(&candidate.pool.model.name).min((1 << VERSION_BITS) - 1);
        let of_tier = if candidate.cold {
            self.of_cold_device
        } else {
            self.of_tier.get(candidate.tier as usize).copied().unwrap_or(u64::MAX)
        };
        let lead = u64::from(candidate.suspect) << 63 | of_tier | version;
        // Scores are finite and not negative, where the order of the bits is the order of the numbers.
        u128::from(lead) << 64 | u128::from(candidate.rank.to_bits())
    }
}

/// The place of a device that loads first: right behind the edge, where that comes before the cloud.
fn cold_place(place: impl Fn(Tier) -> u64) -> u64 {
    let (device, behind_edge) = (place(Tier::Device), place(Tier::Edge) + 1);
    if behind_edge < place(Tier::Cloud) { device.max(behind_edge) } else { device }
}

/// The tier, where it is not settled yet, then the lot; then names, and in a pool the order in which
/// its workers were drawn.
#[inline]
fn among_equals(ask: &Ask<'_>, a: &Ranked<'_>, b: &Ranked<'_>) -> Ordering {
    let (one, other) = (a.candidate, b.candidate);
    let tier = |one: &Candidate<'_>| ask.wishes.place(one.tier);
    (tier(one).cmp(&tier(other)))
        .then_with(|| a.lot.cmp(&b.lot))
        .then_with(|| one.pool.id.cmp(&other.pool.id))
        .then_with(|| one.draw.cmp(&other.draw))
        .then_with(|| one.worker_id().cmp(other.worker_id()))
}

/// Why `behind` comes after `ahead`: the first thing in which their keys differ.
pub(super) fn because(ask: &Ask<'_>, ahead: &Candidate<'_>, behind: &Candidate<'_>) -> Because {
    if behind.suspect && !ahead.suspect {
        return match behind.worker.map(|worker| worker.status) {
            None => Because::Slow,
            Some(WorkerStatus::Suspect) => Because::Late,
            Some(_) => Because::Throttled,
        };
    }
    if let Some(tier) = ask.preferred_tier()
        && ahead.tier == tier
        && behind.tier != tier
    {
        return Because::Mode(tier);
    }
    let tier = (ahead.tier != behind.tier).then(|| {
        let overtaken = behind.cold && ask.wishes.place(ahead.tier) > ask.wishes.place(behind.tier);
        if overtaken { Because::Cold } else { Because::Tier(ahead.tier) }
    });
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
