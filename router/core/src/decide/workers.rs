//! The workers of a pool: each through its own gates, then a draw among those that pass.
//!
//! A suspect worker is drawn only where its pool has no other. The trace names each worker that
//! failed, up to a bound, and counts the rest: a pool may have a million.

use super::ask::Ask;
use super::candidate::{Candidate, Field, Loss, Lost};
use super::pick::Urn;
use super::rules::{Bounds, Unknowns};
use super::tier::Zone;
use super::{device, predict, promise};
use crate::class::Tier;
use crate::fleet::{Pool, WorkerSite, WorkerStatus, WorkerView};
use crate::plan::{Gate, Rejection, Why};
use std::sync::Arc;

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
        return Err(Lost::at(Gate::Ready, Why::NoWorker));
    }
    let mut losers = Losers { pool, tier: zone.tier, first: field.losses.len(), unnamed: None };
    let (mut well, mut suspect) = (Urn::new(seed, &pool.id), Urn::new(seed, &pool.id));
    field.suspects.clear();
    for worker in &site.workers {
        match judge(ask, bounds, pool, worker, zone, &mut field.unknowns) {
            Ok(candidate) if candidate.suspect => {
                suspect.add(candidate);
                field.suspects.push(worker);
            }
            Ok(candidate) => well.add(candidate),
            Err(lost) => losers.add(field, worker, lost),
        }
    }
    if well.is_empty() {
        suspect.draw(&mut field.candidates);
    } else {
        well.draw(&mut field.candidates);
        for worker in std::mem::take(&mut field.suspects) {
            losers.add(field, worker, Lost::at(Gate::Ready, Why::Suspect));
        }
    }
    losers.tell(field);
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
        return Err(Lost::at(Gate::Ready, Why::Draining));
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
        return Err(Lost::at(Gate::Queue, Why::NoSlot));
    }
    if active < slots || worker.queued < worker.queue_limit {
        return Ok(());
    }
    let (queued, limit) = (worker.queued, worker.queue_limit);
    Err(Lost {
        gate: Gate::Queue,
        why: Why::Full { slots, queued, limit },
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

/// The workers of one pool that failed: the first few have a row each, the rest one together.
struct Losers<'a> {
    pool: &'a Pool,
    tier: Tier,
    /// Rows that were there before.
    first: usize,
    unnamed: Option<(u32, Lost)>,
}

impl<'a> Losers<'a> {
    fn add(&mut self, field: &mut Field<'a>, worker: &'a WorkerView, lost: Lost) {
        if field.losses.len() - self.first < NAMED_WORKERS {
            return field.lose(self.pool, Some(worker), Some(self.tier), lost);
        }
        self.unnamed = Some(match self.unnamed.take() {
            Some((count, furthest)) if furthest.gate >= lost.gate => {
                (count.saturating_add(1), furthest)
            }
            known => (known.map_or(1, |(count, _)| count.saturating_add(1)), lost),
        });
    }

    fn tell(self, field: &mut Field<'_>) {
        let Some((count, lost)) = self.unnamed else { return };
        field.losses.push(Loss {
            obstacle: lost.gate,
            candidates: count,
            retry_after_ms: lost.retry_after_ms,
            rejection: Rejection {
                pool: Arc::clone(&self.pool.id),
                worker_id: None,
                tier: Some(self.tier),
                gate: lost.gate,
                why: lost.why,
                more_workers: Some(count),
            },
        });
    }
}
