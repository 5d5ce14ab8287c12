//! The workers of a pool: each through its own gates, then a draw among those that pass.
//!
//! A suspect worker is drawn only where its pool has no other. The trace names each worker that
//! failed, up to a bound, and counts the rest: a pool may have a million.

use super::ask::Ask;
use super::candidate::{Candidate, Field, Loss, Lost};
use super::rules::{Bounds, Unknowns};
use super::tier::Zone;
use super::{device, pick, predict, promise};
use crate::fleet::{Pool, WorkerSite, WorkerStatus, WorkerView};
use crate::plan::{Gate, Rejection};

/// Workers of one pool that a trace names; the others are counted.
const NAMED_WORKERS: usize = 8;

/// Judges every worker of a pool and draws the candidates.
pub(super) fn contend<'a>(
    ask: &Ask<'a>,
    bounds: Bounds<'a>,
    pool: &'a Pool,
    site: &'a WorkerSite,
    zone: Zone,
    seed: u64,
    field: &mut Field<'a>,
) -> Result<(), Lost> {
    if site.workers.is_empty() {
        return Err(Lost::at(Gate::Ready, "no worker is connected"));
    }
    let mut eligible = std::mem::take(&mut field.eligible);
    eligible.clear();
    let mut unnamed = Unnamed::default();
    let first_loss = field.losses.len();
    let mut lose = |field: &mut Field<'a>, worker: &WorkerView, lost: Lost| {
        if field.losses.len() - first_loss < NAMED_WORKERS {
            field.lose(&pool.id, Some(&worker.worker_id), Some(zone.tier), lost);
        } else {
            unnamed.count(lost);
        }
    };
    for worker in &site.workers {
        match judge(ask, bounds, pool, worker, zone, &mut field.unknowns) {
            Ok(candidate) => eligible.push(candidate),
            Err(lost) => lose(field, worker, lost),
        }
    }
    if eligible.iter().any(|candidate| !candidate.suspect) {
        for suspect in eligible.iter().filter(|candidate| candidate.suspect) {
            if let Some(worker) = suspect.worker {
                let why = "its heartbeat is late and others of its pool are well";
                lose(field, worker, Lost::at(Gate::Ready, why));
            }
        }
        eligible.retain(|candidate| !candidate.suspect);
    }
    unnamed.tell(pool, zone, field);
    pick::draw(&mut eligible, seed, &mut field.candidates);
    field.eligible = eligible;
    Ok(())
}

/// One worker through its gates.
fn judge<'a>(
    ask: &Ask<'a>,
    bounds: Bounds<'a>,
    pool: &'a Pool,
    worker: &'a WorkerView,
    zone: Zone,
    unknowns: &mut Unknowns<'a>,
) -> Result<Candidate<'a>, Lost> {
    let bounds = bounds.for_worker(ask, pool, zone.tier, worker, unknowns);
    bounds.admit(zone.tier)?;
    if worker.status == WorkerStatus::Draining {
        return Err(Lost::at(Gate::Ready, "is draining"));
    }
    device::affordable(&worker.device, ask.policy.device())?;
    let forecast = predict::worker(ask, pool, worker);
    queue(worker, forecast.wait_ms)?;
    promise::kept(ask, &bounds, &forecast.predicted)?;
    Ok(Candidate::new(ask, pool, Some(worker), zone.tier, forecast))
}

/// A slot or a place in the queue is free.
fn queue(worker: &WorkerView, wait_ms: Option<f64>) -> Result<(), Lost> {
    let (slots, active) = (worker.slots, worker.active);
    if slots == 0 {
        return Err(Lost::at(Gate::Queue, "has no slot for this model"));
    }
    if active < slots || worker.queued < worker.queue_limit {
        return Ok(());
    }
    let (queued, limit) = (worker.queued, worker.queue_limit);
    Err(Lost {
        gate: Gate::Queue,
        why: format!("all {slots} slots taken, {queued} of {limit} queue places taken"),
        retry_after_ms: wait_ms.map(|wait| wait_until_a_place(wait, queued)),
    })
}

/// Time until one of the waiting has moved up, in milliseconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and the wait is not negative"
)]
fn wait_until_a_place(wait_ms: f64, queued: u32) -> u64 {
    (wait_ms / (f64::from(queued) + 1.0)).ceil() as u64
}

/// Workers that a trace counts and does not name.
#[derive(Default)]
struct Unnamed {
    candidates: u32,
    furthest: Option<Lost>,
}

impl Unnamed {
    fn count(&mut self, lost: Lost) {
        self.candidates = self.candidates.saturating_add(1);
        if self.furthest.as_ref().is_none_or(|known| known.gate < lost.gate) {
            self.furthest = Some(lost);
        }
    }

    fn tell(self, pool: &Pool, zone: Zone, field: &mut Field<'_>) {
        let Some(lost) = self.furthest else { return };
        field.losses.push(Loss {
            obstacle: lost.gate,
            candidates: self.candidates,
            retry_after_ms: lost.retry_after_ms,
            rejection: Rejection {
                pool: pool.id.clone(),
                worker_id: None,
                tier: Some(zone.tier),
                gate: lost.gate,
                why: format!(
                    "and {} more workers; the one that came furthest: {}",
                    self.candidates, lost.why
                ),
            },
        });
    }
}
