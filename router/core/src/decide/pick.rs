//! Which workers of a pool are used: power of two choices on the predicted wait.
//!
//! Two workers are drawn, and the one with the shorter wait is taken. Always taking the shortest wait
//! of all would send every router's next request to the same worker, because all of them see the same
//! slightly old state; two choices spread the load almost as well as full knowledge would
//! (Mitzenmacher, "The power of two choices in randomized load balancing", 2001). A second worker of
//! the pool is drawn the same way from who is left, so that a plan survives the loss of the first.
//!
//! A worker's lot is a number made of the seed and its own name, and the lowest lots are drawn. So one
//! pass without memory is enough, and who is not drawn can be left out of a record without changing
//! who is.

use super::candidate::Candidate;
use super::seed;
use crate::fleet::WorkerView;
use std::cmp::Ordering;

/// Workers of one pool that a plan may name. More would crowd out the other pools, and workers that
/// are alike tend to fail alike.
pub(super) const WORKERS_PER_POOL: usize = 2;
/// Lots that matter: two for the first draw, and one to stand in for who was taken.
const LOTS: usize = WORKERS_PER_POOL + 1;

/// The lowest lots so far among the workers of one pool, and how many took part.
pub(super) struct Urn<'a> {
    number: u64,
    lowest: [Option<(u64, Candidate<'a>)>; LOTS],
    count: u32,
}

impl<'a> Urn<'a> {
    /// An empty urn; `number` is the pool's own under the request's seed.
    pub fn new(number: u64) -> Self {
        Self { number, lowest: [None; LOTS], count: 0 }
    }

    /// One more takes part.
    pub fn add(&mut self, candidate: Candidate<'a>) {
        self.count = self.count.saturating_add(1);
        let mut held = Some((seed::of_name(self.number, candidate.worker_id()), candidate));
        for place in &mut self.lowest {
            // Candidates are large: the first of a pool, often the only one, is moved once.
            if place.is_none() {
                *place = held;
                return;
            }
            if before(held.as_ref(), place.as_ref()) {
                std::mem::swap(place, &mut held);
            }
        }
    }

    /// So many more took part, with higher lots than all of these.
    pub fn add_unkept(&mut self, count: u32) {
        self.count = self.count.saturating_add(count);
    }

    /// The workers whose lots matter.
    pub fn lowest(&self) -> impl Iterator<Item = &'a WorkerView> {
        self.lowest.iter().flatten().filter_map(|(_, candidate)| candidate.worker)
    }

    /// How many took part and do not matter.
    pub fn unsampled(&self) -> u32 {
        self.count.saturating_sub(u32::try_from(self.lowest.iter().flatten().count()).unwrap_or(0))
    }

    /// Whether those who took part are suspect.
    pub fn is_suspect(&self) -> bool {
        self.lowest.iter().flatten().any(|(_, candidate)| candidate.suspect)
    }

    /// Whether nobody took part.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Draws into `drawn`.
    pub fn draw(&mut self, drawn: &mut Vec<Candidate<'a>>) {
        let mut rank = 0.0_f64;
        for draw in 0_u8.. {
            if usize::from(draw) == WORKERS_PER_POOL {
                return;
            }
            let Some(mut taken) = self.better_of_two() else { return };
            rank = rank.max(taken.score);
            taken.rank = rank;
            taken.draw = draw;
            taken.of = self.count;
            drawn.push(taken);
        }
    }

    /// Takes the better of the two lowest lots; the lowest wins a tie.
    fn better_of_two(&mut self) -> Option<Candidate<'a>> {
        let mut lots = self.lowest.iter_mut().filter(|lot| lot.is_some());
        let (first, second) = (lots.next()?, lots.next());
        let taken = match second {
            Some(second) if sooner(second.as_ref(), first.as_ref()) == Ordering::Less => second,
            _ => first,
        };
        taken.take().map(|(_, candidate)| candidate)
    }
}

/// The lower lot; equal lots by name. Nobody comes last.
fn before(a: Option<&(u64, Candidate<'_>)>, b: Option<&(u64, Candidate<'_>)>) -> bool {
    match (a, b) {
        (Some((a_lot, a)), Some((b_lot, b))) => (*a_lot, a.worker_id()) < (*b_lot, b.worker_id()),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

/// Shorter wait first, then the shorter answer; unknown last.
fn sooner(a: Option<&(u64, Candidate<'_>)>, b: Option<&(u64, Candidate<'_>)>) -> Ordering {
    let known = |ms: Option<f64>| ms.unwrap_or(f64::INFINITY);
    let (Some((_, a)), Some((_, b))) = (a, b) else { return Ordering::Equal };
    known(a.wait_ms)
        .total_cmp(&known(b.wait_ms))
        .then(known(a.predicted.total_ms).total_cmp(&known(b.predicted.total_ms)))
}
