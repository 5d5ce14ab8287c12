//! Whether a decision over a drawn part of the fleet may have missed somebody.

use crate::fleet::{FleetView, Pool, Site};
use crate::plan::{Decision, Gate};

/// A pool of which not everybody was looked at had nobody who could answer, and nothing was in the way
/// of the pool itself: somebody among the others may be able to.
#[must_use]
pub fn is_blind(decision: &Decision, fleet: &FleetView) -> bool {
    fleet.pools.iter().any(|pool| missed(decision, pool))
}

fn missed(decision: &Decision, pool: &Pool) -> bool {
    let Site::Workers(site) = &pool.site else { return false };
    if site.unseen == 0 || site.workers.is_empty() {
        return false;
    }
    let planned = decision
        .plan()
        .is_some_and(|plan| plan.attempts.iter().any(|attempt| attempt.target.pool == pool.id));
    let mut rows = decision.rejected.iter().filter(|row| row.pool == pool.id);
    let settled = rows.any(|row| {
        let of_the_pool = row.worker_id.is_none() && row.more_workers.is_none();
        of_the_pool || matches!(row.gate, Gate::PlanLength | Gate::Failover)
    });
    !planned && !settled
}
