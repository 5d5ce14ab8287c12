//! From ordered candidates to the plan, and a reason for each candidate that is left over.

use super::ask::Ask;
use super::candidate::Candidate;
use super::order::Ranked;
use super::predict::Forecast;
use super::{bounds, limits, meanwhile, order, predict};
use crate::fleet::Site;
use crate::plan::{Attempt, Gate, Place, Plan, Rejection, Target, Why};
use smallvec::SmallVec;
use std::sync::Arc;

/// Attempts that plans usually have.
const USUAL: usize = 4;

/// A candidate that comes into the plan, with what is predicted of it.
pub(super) struct Chosen<'a> {
    pub candidate: &'a Candidate<'a>,
    pub forecast: Forecast,
}

impl<'a> Chosen<'a> {
    fn of(ask: &Ask<'_>, candidate: &'a Candidate<'a>) -> Self {
        let forecast = predict::of(ask, candidate.pool, candidate.worker);
        Self { candidate, forecast }
    }
}

/// Most attempts of a plan.
pub(super) fn most(ask: &Ask<'_>) -> usize {
    if ask.failover { ask.policy.fallback().max_attempts as usize } else { 1 }
}

/// The plan of the best candidates, with its attempts in an empty list; the others get a row each. `ordered`
/// must not be empty.
pub(super) fn build(
    ask: &Ask<'_>,
    ordered: &[Ranked<'_>],
    mut attempts: Vec<Attempt>,
    left_over: &mut Vec<Rejection>,
) -> Plan {
    let (chosen, rest) = ordered.split_at(most(ask).min(ordered.len()));
    let best = chosen.first().filter(|_| !ask.failover).map(|best| &best.candidate.pool.id);
    left_over.extend(rest.iter().map(|Ranked { candidate, .. }| Rejection {
        pool: Arc::clone(&candidate.pool.id),
        worker_id: candidate.worker.map(|worker| Arc::clone(&worker.worker_id)),
        tier: Some(candidate.tier),
        gate: if best.is_some() { Gate::Failover } else { Gate::PlanLength },
        why: best.map_or(Why::PlanFull(ask.policy.fallback().max_attempts), |best| {
            Why::SecondBest(Arc::clone(best))
        }),
        more_workers: None,
    }));
    let chosen: SmallVec<[Chosen<'_>; USUAL]> =
        chosen.iter().map(|ranked| Chosen::of(ask, ranked.candidate)).collect();
    let (mut ahead, mut later) = (None, chosen.as_slice());
    while let Some((next, behind)) = later.split_first() {
        attempts.push(attempt(ask, next, ahead, behind));
        (ahead, later) = (Some(next.candidate), behind);
    }
    let hedge_after_ms = attempts
        .first()
        .filter(|_| attempts.len() > 1)
        .and_then(|first| limits::hedge_after_ms(ask, first));
    let meanwhile = meanwhile::of(&chosen);
    Plan { attempts, deadline_ms: ask.deadline_ms, hedge_after_ms, meanwhile }
}

fn attempt(
    ask: &Ask<'_>,
    chosen: &Chosen<'_>,
    ahead: Option<&Candidate<'_>>,
    later: &[Chosen<'_>],
) -> Attempt {
    let candidate = chosen.candidate;
    Attempt {
        target: target(candidate),
        tier: candidate.tier,
        predicted: chosen.forecast.predicted,
        bounds: bounds::of(ask, chosen),
        limits: limits::of(ask, chosen, ahead.is_none() && later.is_empty(), later),
        score: candidate.score,
        because: ahead.map(|ahead| order::because(ask, ahead, candidate)),
    }
}

fn target(candidate: &Candidate<'_>) -> Target {
    let pool = candidate.pool;
    let at = match (candidate.worker, &pool.site) {
        (Some(worker), _) => Place::Worker {
            worker_id: Arc::clone(&worker.worker_id),
            incarnation: worker.incarnation,
        },
        (None, Site::Cloud(site)) => Place::Cloud { provider: Arc::clone(&site.provider) },
        // A pool of workers yields candidates with a worker; a nameless place reaches nobody.
        (None, Site::Workers(_)) => Place::Worker { worker_id: "".into(), incarnation: 0 },
    };
    Target {
        pool: Arc::clone(&pool.id),
        model: Arc::clone(&pool.model.name),
        at,
        accepts_prefix: pool.model.accepts_prefix,
    }
}
