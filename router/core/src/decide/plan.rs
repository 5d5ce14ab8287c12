//! From ordered candidates to the plan, and a reason for each candidate that is left over.

use super::ask::Ask;
use super::candidate::Candidate;
use super::{bounds, limits, order};
use crate::fleet::Site;
use crate::plan::{Attempt, Gate, Place, Plan, Rejection, Target, Why};
use std::sync::Arc;

/// The plan of the best candidates; the others get a row each. `ordered` must not be empty.
pub(super) fn build(
    ask: &Ask<'_>,
    ordered: &[&Candidate<'_>],
    left_over: &mut Vec<Rejection>,
) -> Plan {
    let most = if ask.failover { ask.policy.fallback().max_attempts as usize } else { 1 };
    let (chosen, rest) = ordered.split_at(most.min(ordered.len()));
    let mut attempts = Vec::with_capacity(chosen.len());
    for (index, candidate) in chosen.iter().enumerate() {
        let ahead = index.checked_sub(1).and_then(|ahead| chosen.get(ahead));
        let later = chosen.get(index + 1..).unwrap_or_default();
        attempts.push(attempt(ask, candidate, ahead.copied(), later));
    }
    let best = chosen.first().filter(|_| !ask.failover).map(|best| &best.pool.id);
    left_over.extend(rest.iter().map(|candidate| Rejection {
        pool: Arc::clone(&candidate.pool.id),
        worker_id: candidate.worker.map(|worker| Arc::clone(&worker.worker_id)),
        tier: Some(candidate.tier),
        gate: if best.is_some() { Gate::Failover } else { Gate::PlanLength },
        why: best.map_or(Why::PlanFull(ask.policy.fallback().max_attempts), |best| {
            Why::SecondBest(Arc::clone(best))
        }),
        more_workers: None,
    }));
    let hedge_after_ms = chosen
        .first()
        .filter(|_| chosen.len() > 1)
        .and_then(|first| limits::hedge_after_ms(ask, first));
    Plan { attempts, deadline_ms: ask.deadline_ms, hedge_after_ms }
}

fn attempt(
    ask: &Ask<'_>,
    candidate: &Candidate<'_>,
    ahead: Option<&Candidate<'_>>,
    later: &[&Candidate<'_>],
) -> Attempt {
    Attempt {
        target: target(candidate),
        tier: candidate.tier,
        predicted: candidate.predicted,
        bounds: bounds::of(ask, candidate),
        limits: limits::of(ask, candidate, ahead.is_none() && later.is_empty(), later),
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
