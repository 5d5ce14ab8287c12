//! What the gates leave behind: candidates that passed, and losses with the gate that stopped them.

use super::ask::Ask;
use super::keep::Crowd;
use super::pick::WORKERS_PER_POOL;
use super::predict::{self, Forecast};
use super::score;
use super::unknowns::Unknowns;
use crate::class::Tier;
use crate::fleet::{FleetView, Pool, Resting, Site, WorkerStatus, WorkerView};
use crate::plan::{Gate, Rejection, Why};
use smallvec::SmallVec;
use std::sync::Arc;

/// So many of a kind an ordinary fleet leaves behind; they need no memory of their own.
pub(super) const FEW: usize = 8;
/// A load that is waited for as part of the answer, in milliseconds.
const SHORT_LOAD_MS: f64 = 5_000.0;

/// A target that passed every gate. Borrows everything: no allocation for a candidate. What was
/// predicted of it is not kept, because it would be most of what is moved about: the few that come
/// into the plan are predicted again.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub pool: &'a Pool,
    /// The worker, or none for a cloud.
    pub worker: Option<&'a WorkerView>,
    /// Objective, in micro-dollars; finite.
    pub score: f64,
    /// Score to order by: never better than that of an earlier draw from the same pool, so that the
    /// order inside a pool stays the one that was drawn.
    pub rank: f64,
    /// How many of the pool's workers could have been drawn.
    pub of: u32,
    /// Which draw from its pool, 0 first.
    pub draw: u8,
    pub tier: Tier,
    /// A heartbeat is late, or it is throttled: comes after everyone who is well.
    pub suspect: bool,
    /// A device that loads its model first, for longer than somebody who waits should.
    pub cold: bool,
}

impl<'a> Candidate<'a> {
    #[inline]
    pub fn new(
        ask: &Ask<'_>,
        pool: &'a Pool,
        worker: Option<&'a WorkerView>,
        tier: Tier,
        forecast: &Forecast,
    ) -> Self {
        let over_soft = matches!(&pool.site, Site::Cloud(site) if site.left.over_soft);
        let score = score::of(ask, &forecast.predicted, over_soft);
        Self {
            pool,
            worker,
            score,
            rank: score,
            of: 1,
            draw: 0,
            tier,
            suspect: is_suspect(ask, pool, worker),
            cold: tier == Tier::Device && worker.is_some_and(|worker| is_cold(ask, worker)),
        }
    }

    /// The worker's id, or nothing for a cloud; for stable order.
    pub fn worker_id(&self) -> &'a str {
        self.worker.map_or("", |worker| &worker.worker_id)
    }
}

/// Whether it is used only where nobody else is left.
#[inline]
fn is_suspect(ask: &Ask<'_>, pool: &Pool, worker: Option<&WorkerView>) -> bool {
    match (worker, &pool.site) {
        (Some(worker), _) => last_resort(ask, worker).is_some(),
        (None, Site::Cloud(site)) => site.resting == Some(Resting::Slow),
        (None, Site::Workers(_)) => false,
    }
}

/// Whether somebody would wait for the worker to load its model, and not only for a moment.
#[inline]
fn is_cold(ask: &Ask<'_>, worker: &WorkerView) -> bool {
    let load_ms = predict::load_ms(worker);
    ask.waits()
        && load_ms.is_some_and(|load_ms| load_ms.is_none_or(|load_ms| load_ms > SHORT_LOAD_MS))
}

/// Why a worker is used only where nobody else is left: its heartbeat is late, or it is throttled and
/// somebody waits for the answer.
#[inline]
pub(super) fn last_resort(ask: &Ask<'_>, worker: &WorkerView) -> Option<Why> {
    if worker.status == WorkerStatus::Suspect {
        return Some(Why::Suspect);
    }
    let throttled = worker.learned.as_ref().and_then(|learned| learned.throttled);
    throttled.filter(|_| ask.waits()).map(Why::Throttled)
}

/// A gate that was not passed.
pub(super) struct Lost {
    pub gate: Gate,
    pub why: Why,
    /// When trying again makes sense, in milliseconds, where it can be told.
    pub retry_after_ms: Option<u64>,
}

impl Lost {
    pub fn at(gate: Gate, why: Why) -> Self {
        Self { gate, why, retry_after_ms: None }
    }
}

/// A row of the trace, with what the refusal needs to know of it.
pub(super) struct Loss {
    pub rejection: Rejection,
    /// What was really in the way: for a row of the class gate, the next gate that would have
    /// stopped it too, or `Class` where the class was all there was.
    pub obstacle: Gate,
    /// How many candidates the row speaks for.
    pub candidates: u32,
    pub retry_after_ms: Option<u64>,
}

/// Candidates, in the order in which they were found.
pub(super) type Candidates<'a> = SmallVec<[Candidate<'a>; FEW]>;

/// Everything found so far.
#[derive(Default)]
pub(super) struct Field<'a> {
    /// How many pools there are.
    pools: usize,
    pub candidates: Candidates<'a>,
    pub losses: SmallVec<[Loss; FEW]>,
    /// Room for the suspects of one pool, kept from pool to pool.
    pub suspects: Vec<&'a WorkerView>,
    /// Pools of which a record keeps a part.
    pub crowds: Vec<Crowd<'a>>,
    /// Rules that applied because a fact was unknown.
    pub unknowns: Unknowns,
}

/// How much the field held at some moment.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    candidates: usize,
    losses: usize,
}

impl Field<'_> {
    /// An empty field that grows once at most for a fleet of this size: two draws and, where any
    /// fail, one row a pool.
    pub fn with_room_for(fleet: &FleetView) -> Self {
        let pools = fleet.pools.len();
        Self {
            pools,
            candidates: SmallVec::with_capacity(WORKERS_PER_POOL * pools),
            ..Self::default()
        }
    }

    pub fn mark(&self) -> Mark {
        Mark { candidates: self.candidates.len(), losses: self.losses.len() }
    }

    /// Records that a pool, or one of its workers, did not pass a gate.
    pub fn lose(
        &mut self,
        pool: &Pool,
        worker: Option<&WorkerView>,
        tier: Option<Tier>,
        lost: Lost,
    ) {
        if self.losses.is_empty() {
            self.losses.reserve(self.pools);
        }
        self.losses.push(Loss {
            obstacle: lost.gate,
            candidates: 1,
            retry_after_ms: lost.retry_after_ms,
            rejection: Rejection {
                pool: Arc::clone(&pool.id),
                worker_id: worker.map(|worker| Arc::clone(&worker.worker_id)),
                tier,
                gate: lost.gate,
                why: lost.why,
                more_workers: None,
            },
        });
    }

    /// Takes back what a pool left since `mark` and records that the class stopped it, remembering
    /// whether anything else would have.
    pub fn lose_to_class(&mut self, mark: Mark, pool: &Pool, tier: Tier, lost: Lost) {
        let ready = self.candidates.len() > mark.candidates;
        let later = self.losses.iter().skip(mark.losses).map(|loss| loss.obstacle).max();
        self.candidates.truncate(mark.candidates);
        self.losses.truncate(mark.losses);
        self.lose(pool, None, Some(tier), lost);
        if let (false, Some(later), Some(loss)) = (ready, later, self.losses.last_mut()) {
            loss.obstacle = later;
        }
    }

    /// Makes the order of losses independent of the order in which pools came. A pool has one row of
    /// its own, or one for each worker and one for the rest of them.
    pub fn sort_losses(&mut self) {
        self.losses.sort_unstable_by(|a, b| {
            let (a, b) = (&a.rejection, &b.rejection);
            (&a.pool, &a.worker_id, a.gate).cmp(&(&b.pool, &b.worker_id, b.gate))
        });
    }
}
