//! Which workers of a pool are used: power of two choices on the objective.
//!
//! Two workers are drawn, and the one with the better score, its wait included, is taken. Always taking
//! the best of all would send every router's next request to the same worker, because all of them see
//! the same slightly old state; two choices spread the load almost as well as full knowledge would
//! (Mitzenmacher, "The power of two choices in randomized load balancing", 2001). A second worker of
//! the pool is drawn the same way from who is left, so that a plan survives the loss of the first.
//!
//! Workers of one pool may differ tenfold in speed, and two even draws would often be two slow ones. So
//! a worker is drawn with a weight of the cube of its predicted speed, its wait counted twice, and one
//! that holds the conversation's cache is always drawn: whether that is worth its wait, the score tells.
//!
//! A worker's lot is a number made of the seed, its own name and its own weight, and the lowest lots are
//! drawn: `-ln(u) / w` for a uniform `u`, whose order is a weighted draw without replacement (Efraimidis
//! and Spirakis, "Weighted random sampling with a reservoir", 2006). So one pass without memory is
//! enough, and who is not drawn can be left out of a record without changing who is.

use super::candidate::{Candidate, Candidates};
use super::predict::Forecast;
use super::seed;
use crate::fleet::WorkerView;
use std::cmp::Ordering;

/// Workers of one pool that a plan may name. More would crowd out the other pools, and workers that
/// are alike tend to fail alike.
pub(super) const WORKERS_PER_POOL: usize = 2;
/// Lots that matter: two for the first draw, and one to stand in for who was taken.
const LOTS: usize = WORKERS_PER_POOL + 1;

/// How long an answer is taken to be of a worker of which nobody knows, in milliseconds: it is drawn, but
/// seldom before those of whom something is known.
const UNKNOWN_MS: f64 = 60_000.0;

/// One worker's part in a draw, with what the better of two is told by.
#[derive(Clone, Copy)]
pub(super) struct Lot<'a> {
    /// Lower ones are drawn; set by the urn. Not negative.
    number: f64,
    /// Predicted wait for a slot, in milliseconds; unknown is endless.
    wait_ms: f64,
    /// Predicted end, in milliseconds; unknown is endless.
    total_ms: f64,
    pub candidate: Candidate<'a>,
}

impl<'a> Lot<'a> {
    #[inline]
    pub fn of(candidate: Candidate<'a>, forecast: &Forecast) -> Self {
        let known = |ms: Option<f64>| ms.unwrap_or(f64::INFINITY);
        let (wait_ms, total_ms) = (known(forecast.wait_ms), known(forecast.predicted.total_ms));
        Self { number: 0.0, wait_ms, total_ms, candidate }
    }

    /// The lower number; equal ones by name.
    fn is_before(&self, other: &Self) -> bool {
        let names = || self.candidate.worker_id().cmp(other.candidate.worker_id());
        self.number.total_cmp(&other.number).then_with(names) == Ordering::Less
    }

    /// The better score, then the shorter wait.
    fn is_better_than(&self, other: &Self) -> bool {
        let wait = || self.wait_ms.total_cmp(&other.wait_ms);
        let score = self.candidate.score.total_cmp(&other.candidate.score);
        score.then_with(wait) == Ordering::Less
    }

    /// Its place in the order of the draw, from a number drawn for its name.
    fn place(&self, drawn: u64) -> f64 {
        if self.candidate.worker.is_some_and(|worker| worker.held_tokens > 0) {
            return 0.0;
        }
        // The upper 53 bits, in (0, 1].
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit exactly")]
        let uniform = ((drawn >> 11) + 1) as f64 * f64::EPSILON / 2.0;
        let slowness = self.total_ms + self.wait_ms;
        let slowness = if slowness.is_finite() { slowness.max(1.0) } else { UNKNOWN_MS };
        -uniform.ln() * slowness.powi(3)
    }
}

/// The lowest lots so far among the workers of one pool, and how many took part.
pub(super) struct Urn<'a> {
    number: u64,
    lowest: [Option<Lot<'a>>; LOTS],
    count: u32,
}

impl<'a> Urn<'a> {
    /// An empty urn; `number` is the pool's own under the request's seed.
    pub fn new(number: u64) -> Self {
        Self { number, lowest: [None; LOTS], count: 0 }
    }

    /// One more takes part.
    #[inline]
    pub fn add(&mut self, mut lot: Lot<'a>) {
        self.count = self.count.saturating_add(1);
        lot.number = lot.place(seed::of_name(self.number, lot.candidate.worker_id()));
        for place in &mut self.lowest {
            match place {
                None => {
                    *place = Some(lot);
                    return;
                }
                Some(held) if lot.is_before(held) => std::mem::swap(held, &mut lot),
                Some(_) => {}
            }
        }
    }

    /// So many more took part, with higher lots than all of these.
    pub fn add_unkept(&mut self, count: u32) {
        self.count = self.count.saturating_add(count);
    }

    /// The workers whose lots matter.
    pub fn lowest(&self) -> impl Iterator<Item = &'a WorkerView> {
        self.lowest.iter().flatten().filter_map(|lot| lot.candidate.worker)
    }

    /// How many took part and do not matter.
    pub fn unsampled(&self) -> u32 {
        self.count.saturating_sub(u32::try_from(self.lowest.iter().flatten().count()).unwrap_or(0))
    }

    /// Whether those who took part are suspect.
    pub fn is_suspect(&self) -> bool {
        self.lowest.iter().flatten().any(|lot| lot.candidate.suspect)
    }

    /// Whether nobody took part.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Draws into `drawn`.
    pub fn draw(&mut self, drawn: &mut Candidates<'a>) {
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
        let better = second.filter(|second| match (second.as_ref(), first.as_ref()) {
            (Some(second), Some(first)) => second.is_better_than(first),
            _ => false,
        });
        better.unwrap_or(first).take().map(|lot| lot.candidate)
    }
}
