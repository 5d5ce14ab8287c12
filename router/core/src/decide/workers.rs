//! The workers of a pool: each through its own gates, then a draw among those that pass.
//!
//! A suspect worker is drawn only where its pool has no other. The trace names each worker that
//! failed, up to a bound, and counts the rest: a pool may have a million.

use super::ask::Ask;
use super::candidate::{Candidate, Field, Loss, Lost, last_resort};
use super::keep::{Crowd, KEPT_WORKERS};
use super::pick::{Lot, Urn};
use super::rules::Bounds;
use super::tier::Zone;
use super::unknowns::Unknowns;
use super::{device, predict, promise, seed};
use crate::class::Tier;
use crate::fleet::{Pool, Residency, Rest, RestLost, WorkerSite, WorkerStatus, WorkerView};
use crate::plan::{Gate, Rejection, Why};
use crate::policy::FactName;
use std::cmp::Reverse;
use std::sync::Arc;

/// Workers of one pool that a trace names; the others are counted.
const NAMED_WORKERS: usize = 8;

/// Judges every worker of a pool and draws the candidates.
pub(super) fn contend<'a>(
    ask: &Ask<'a>,
    bounds: &Bounds<'a>,
    pool: &'a Pool,
    site: &'a WorkerSite,
    zone: Zone,
    field: &mut Field<'a>,
) -> Result<(), Lost> {
    if site.workers.is_empty() {
        return Err(Lost::at(Gate::Ready, Why::NoWorker));
    }
    if let ([worker], None) = (site.workers.as_slice(), &site.rest) {
        alone(ask, bounds, pool, worker, zone, field);
        return Ok(());
    }
    let unknown_before = field.unknowns.mark();
    for (rule, fact) in site.rest.iter().flat_map(|rest| &rest.unknown) {
        field.unknowns.add_named(rule, *fact);
    }
    let mut losers = Losers::of(pool, site, zone.tier, field);
    let number = seed::of_name(ask.seed, &pool.id);
    let (mut well, mut suspect) = (Urn::new(number), Urn::new(number));
    field.suspects.clear();
    for worker in &site.workers {
        match judge(ask, bounds, pool, worker, zone, &mut field.unknowns) {
            Ok(lot) if lot.candidate.suspect => {
                suspect.add(lot);
                field.suspects.push(worker);
            }
            Ok(lot) => well.add(lot),
            Err(lost) => losers.add(field, worker, lost),
        }
    }
    let urn = if well.is_empty() { &mut suspect } else { &mut well };
    if !urn.is_suspect() {
        for worker in std::mem::take(&mut field.suspects) {
            let why = last_resort(ask, worker).unwrap_or(Why::Suspect);
            losers.add(field, worker, Lost::at(Gate::Ready, why));
        }
    }
    urn.add_unkept(site.rest.as_ref().map_or(0, |rest| rest.eligible));
    if site.workers.len() > KEPT_WORKERS {
        let unknown = field.unknowns.since(unknown_before);
        field.crowds.push(losers.crowd(urn, field, unknown));
    }
    urn.draw(&mut field.candidates);
    losers.tell(field);
    Ok(())
}

/// The only worker of a pool, as that of most people's devices is: it is drawn from nobody.
fn alone<'a>(
    ask: &Ask<'a>,
    bounds: &Bounds<'a>,
    pool: &'a Pool,
    worker: &'a WorkerView,
    zone: Zone,
    field: &mut Field<'a>,
) {
    match judge(ask, bounds, pool, worker, zone, &mut field.unknowns) {
        Ok(lot) => field.candidates.push(lot.candidate),
        Err(lost) => field.lose(pool, Some(worker), Some(zone.tier), lost),
    }
}

/// One worker through its gates.
fn judge<'a>(
    ask: &Ask<'a>,
    bounds: &Bounds<'a>,
    pool: &'a Pool,
    worker: &'a WorkerView,
    zone: Zone,
    unknowns: &mut Unknowns,
) -> Result<Lot<'a>, Lost> {
    let narrower = bounds.for_worker(ask, pool, zone.tier, worker, unknowns);
    let bounds = narrower.as_ref().unwrap_or(bounds);
    bounds.admit(pool, zone.tier, Some(worker))?;
    ready(worker)?;
    let floors = ask.policy.floors(worker.device_class);
    device::affordable(&worker.device, floors, zone)?;
    let forecast = predict::worker(ask, pool, worker);
    device::affordable_to_the_end(&worker.device, floors, &forecast.predicted)?;
    queue(worker, forecast.wait_ms)?;
    promise::kept(ask, bounds, zone.tier, &forecast.predicted)?;
    let candidate = Candidate::new(ask, pool, Some(worker), zone.tier, &forecast);
    Ok(Lot::of(candidate, &forecast))
}

/// It takes work, and the model is in its memory or can be brought there.
#[inline]
fn ready(worker: &WorkerView) -> Result<(), Lost> {
    let why = match (worker.status, worker.residency) {
        (WorkerStatus::Draining, _) => Why::Draining,
        (WorkerStatus::Joining, _) => Why::Joining,
        (WorkerStatus::Sleeping, _) => Why::Sleeping,
        (_, Residency::Loadable { fits: false, .. }) => Why::WillNotFit,
        (WorkerStatus::Ready | WorkerStatus::Suspect, _) => return Ok(()),
    };
    Err(Lost::at(Gate::Ready, why))
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
    unnamed: Option<Unnamed>,
}

/// Workers that failed and have no row of their own.
struct Unnamed {
    count: u32,
    /// How the one that came furthest failed; of several, the one whose name comes first.
    furthest: Lost,
    order: (Reverse<Gate>, Arc<str>),
}

impl<'a> Losers<'a> {
    /// Nobody yet, but for those that a record counts.
    fn of(pool: &'a Pool, site: &WorkerSite, tier: Tier, field: &Field<'_>) -> Self {
        let lost = site.rest.as_ref().and_then(|rest| rest.lost.clone());
        let unnamed = lost.map(|lost| {
            let RestLost { workers, gate, why, retry_after_ms } = lost;
            let order = (Reverse(gate), "".into());
            Unnamed { count: workers, furthest: Lost { gate, why, retry_after_ms }, order }
        });
        Self { pool, tier, first: field.losses.len(), unnamed }
    }

    /// One more failed. Named are those whose names come first, whatever the order in which they came.
    fn add(&mut self, field: &mut Field<'a>, worker: &'a WorkerView, lost: Lost) {
        field.lose(self.pool, Some(worker), Some(self.tier), lost);
        let rows = field.losses.get(self.first..).unwrap_or_default();
        if rows.len() <= NAMED_WORKERS {
            return;
        }
        let name = |row: &Loss| row.rejection.worker_id.clone();
        let last =
            (self.first..field.losses.len()).max_by_key(|at| field.losses.get(*at).map(name));
        let Some(loss) = last.map(|at| field.losses.swap_remove(at)) else { return };
        let Loss { rejection: Rejection { gate, why, worker_id, .. }, retry_after_ms, .. } = loss;
        let lost = (Reverse(gate), worker_id.unwrap_or_else(|| Arc::clone(&self.pool.id)));
        let (count, furthest) = match self.unnamed.take() {
            Some(Unnamed { count, furthest, order }) => (count, Some((order, furthest))),
            None => (0, None),
        };
        let (order, furthest) = match furthest {
            Some((order, furthest)) if order <= lost => (order, furthest),
            _ => (lost, Lost { gate, why, retry_after_ms }),
        };
        self.unnamed = Some(Unnamed { count: count.saturating_add(1), furthest, order });
    }

    /// What a record keeps of the pool.
    fn crowd(
        &self,
        urn: &Urn<'a>,
        field: &Field<'a>,
        unknown: Vec<(Arc<str>, FactName)>,
    ) -> Crowd<'a> {
        let rows = field.losses.get(self.first..).unwrap_or_default();
        let named = rows.iter().filter_map(|loss| loss.rejection.worker_id.clone());
        Crowd {
            pool: &self.pool.id,
            kept: urn.lowest().map(|worker| Arc::clone(&worker.worker_id)).chain(named).collect(),
            rest: Rest {
                eligible: urn.unsampled(),
                lost: self.unnamed.as_ref().map(|Unnamed { count, furthest, .. }| RestLost {
                    workers: *count,
                    gate: furthest.gate,
                    why: furthest.why.clone(),
                    retry_after_ms: furthest.retry_after_ms,
                }),
                unknown,
            },
        }
    }

    fn tell(self, field: &mut Field<'_>) {
        let Some(Unnamed { count, furthest: lost, .. }) = self.unnamed else { return };
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
