//! From ordered candidates to the plan, and a reason for each candidate that is left over.

use super::ask::Ask;
use super::candidate::Candidate;
use super::limits;
use crate::fleet::Site;
use crate::plan::{Attempt, Gate, Place, Plan, Rejection, Target};

/// The plan of the best candidates, and the rows of the others. `ordered` must not be empty.
pub(super) fn build(ask: &Ask<'_>, ordered: &[&Candidate<'_>]) -> (Plan, Vec<Rejection>) {
    let most = if ask.failover { ask.policy.fallback().max_attempts as usize } else { 1 };
    let (chosen, rest) = ordered.split_at(most.min(ordered.len()));
    let alone = chosen.len() == 1;
    let attempts = chosen.iter().map(|candidate| attempt(ask, candidate, alone)).collect();
    let (gate, why) = if ask.failover {
        (Gate::PlanLength, format!("better candidates fill the plan of {most}"))
    } else {
        let best = chosen.first().map_or("", |candidate| candidate.pool.id.as_str());
        (Gate::Failover, format!("failover is off and {best} was better"))
    };
    let left_over = rest
        .iter()
        .map(|candidate| Rejection {
            pool: candidate.pool.id.clone(),
            worker_id: candidate.worker.map(|worker| worker.worker_id.clone()),
            tier: Some(candidate.tier),
            gate,
            why: why.clone(),
        })
        .collect();
    (Plan { attempts, deadline_ms: ask.deadline_ms }, left_over)
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
        (Some(worker), _) => {
            Place::Worker { worker_id: worker.worker_id.clone(), incarnation: worker.incarnation }
        }
        (None, Site::Cloud(site)) => Place::Cloud { provider: site.provider.clone() },
        // A pool of workers yields candidates with a worker; a nameless place reaches nobody.
        (None, Site::Workers(_)) => Place::Worker { worker_id: String::new(), incarnation: 0 },
    };
    Target {
        pool: pool.id.clone(),
        model: pool.model.name.clone(),
        at,
        accepts_prefix: pool.model.accepts_prefix,
    }
}
