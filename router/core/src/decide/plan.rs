//! From ordered candidates to the plan, and a reason for each candidate that is left over.

use super::ask::Ask;
use super::candidate::Candidate;
use super::limits;
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
    let alone = chosen.len() == 1;
    let attempts = chosen.iter().map(|candidate| attempt(ask, candidate, alone)).collect();
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
    Plan { attempts, deadline_ms: ask.deadline_ms }
}

fn attempt(ask: &Ask<'_>, candidate: &Candidate<'_>, alone: bool) -> Attempt {
    Attempt {
        target: target(candidate),
        tier: candidate.tier,
        predicted: candidate.predicted,
        limits: limits::of(ask, candidate, alone),
        score: candidate.score,
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
