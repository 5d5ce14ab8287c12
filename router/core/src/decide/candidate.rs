//! What the gates leave behind: candidates that passed, and losses with the gate that stopped them.

use super::ask::Ask;
use super::predict::Forecast;
use super::rules::Unknowns;
use super::score;
use crate::class::Tier;
use crate::fleet::{Pool, WorkerStatus, WorkerView};
use crate::plan::{Gate, Prediction, Rejection};

/// A target that passed every gate. Borrows everything: no allocation for a candidate.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub pool: &'a Pool,
    /// The worker, or none for a cloud.
    pub worker: Option<&'a WorkerView>,
    pub tier: Tier,
    /// A heartbeat is late: comes after everyone who is not.
    pub suspect: bool,
    /// Predicted wait for a slot, in milliseconds; `None` is unknown.
    pub wait_ms: Option<f64>,
    /// Expected time between two tokens, in milliseconds; `None` is unknown.
    pub gap_ms: Option<f64>,
    pub predicted: Prediction,
    /// Objective, in micro-dollars; finite.
    pub score: f64,
    /// Score to order by: never better than that of an earlier draw from the same pool, so that the
    /// order inside a pool stays the one that was drawn.
    pub rank: f64,
    /// Which draw from its pool, 0 first.
    pub draw: u8,
    /// How many of the pool's workers could have been drawn.
    pub of: u32,
}

impl<'a> Candidate<'a> {
    pub fn new(
        ask: &Ask<'_>,
        pool: &'a Pool,
        worker: Option<&'a WorkerView>,
        tier: Tier,
        forecast: Forecast,
    ) -> Self {
        let score = score::of(ask, &forecast.predicted);
        Self {
            pool,
            worker,
            tier,
            suspect: worker.is_some_and(|worker| worker.status == WorkerStatus::Suspect),
            wait_ms: forecast.wait_ms,
            gap_ms: forecast.gap_ms,
            predicted: forecast.predicted,
            score,
            rank: score,
            draw: 0,
            of: 1,
        }
    }

    /// The worker's id, or nothing for a cloud; for stable order.
    pub fn worker_id(&self) -> &'a str {
        self.worker.map_or("", |worker| worker.worker_id.as_str())
    }
}

/// A gate that was not passed.
pub(super) struct Lost {
    pub gate: Gate,
    pub why: String,
    /// When trying again makes sense, in milliseconds, where it can be told.
    pub retry_after_ms: Option<u64>,
}

impl Lost {
    pub fn at(gate: Gate, why: impl Into<String>) -> Self {
        Self { gate, why: why.into(), retry_after_ms: None }
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

/// Everything found so far.
#[derive(Default)]
pub(super) struct Field<'a> {
    pub candidates: Vec<Candidate<'a>>,
    pub losses: Vec<Loss>,
    /// Room for the eligible workers of one pool, kept from pool to pool.
    pub eligible: Vec<Candidate<'a>>,
    /// Rules that applied because a fact was unknown.
    pub unknowns: Unknowns<'a>,
}

/// How much the field held at some moment.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    candidates: usize,
    losses: usize,
}

impl Field<'_> {
    pub fn mark(&self) -> Mark {
        Mark { candidates: self.candidates.len(), losses: self.losses.len() }
    }

    /// Records that a pool, or one of its workers, did not pass a gate.
    pub fn lose(&mut self, pool: &str, worker_id: Option<&str>, tier: Option<Tier>, lost: Lost) {
        self.losses.push(Loss {
            obstacle: lost.gate,
            candidates: 1,
            retry_after_ms: lost.retry_after_ms,
            rejection: Rejection {
                pool: pool.to_owned(),
                worker_id: worker_id.map(str::to_owned),
                tier,
                gate: lost.gate,
                why: lost.why,
            },
        });
    }

    /// Takes back what a pool left since `mark` and records that the class stopped it, remembering
    /// whether anything else would have.
    pub fn lose_to_class(&mut self, mark: Mark, pool: &str, tier: Tier, lost: Lost) {
        let ready = self.candidates.len() > mark.candidates;
        let later = self.losses.iter().skip(mark.losses).map(|loss| loss.obstacle).max();
        self.candidates.truncate(mark.candidates);
        self.losses.truncate(mark.losses);
        self.lose(pool, None, Some(tier), lost);
        if let (false, Some(later), Some(loss)) = (ready, later, self.losses.last_mut()) {
            loss.obstacle = later;
        }
    }

    /// Makes the order of losses independent of the order in which pools came.
    pub fn sort_losses(&mut self) {
        self.losses.sort_by(|a, b| {
            let (a, b) = (&a.rejection, &b.rejection);
            (&a.pool, &a.worker_id, a.gate, &a.why).cmp(&(&b.pool, &b.worker_id, b.gate, &b.why))
        });
    }
}
