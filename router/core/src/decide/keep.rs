//! The part of a fleet that a record keeps: enough to decide the same again, and no more.
//!
//! A pool that was judged keeps the workers whose lots mattered and those that have a row of their
//! own; the others are counted as they were judged. A pool that was never judged, another person's or
//! another model's, keeps nobody: its row needs none of its workers, and they are none of the asker's
//! business.

use crate::fleet::{FleetView, Pool, Ready, Rest, Site, WorkerSite};
use crate::plan::{Decision, Gate};
use std::sync::Arc;

/// Workers of a pool that a record keeps without looking closer.
pub(super) const KEPT_WORKERS: usize = 12;

/// A pool with more workers than are kept.
pub(super) struct Crowd<'a> {
    pub pool: &'a str,
    /// Workers to keep.
    pub kept: Vec<Arc<str>>,
    /// How the others were judged.
    pub rest: Rest,
}

/// What was read off the whole fleet for the request.
#[derive(Clone, Copy)]
pub(super) struct Asked {
    /// Who is there, where a rule asks.
    pub ready: Option<Ready>,
    /// The asker's own devices are on a network that costs money.
    pub metered: bool,
}

/// The part of `fleet` that leads to `decision` again.
pub(super) fn part(
    fleet: &FleetView,
    crowds: &[Crowd<'_>],
    asked: Asked,
    decision: &Decision,
) -> FleetView {
    let part = |pool: &Pool| match &pool.site {
        Site::Cloud(_) => pool.clone(),
        Site::Workers(site) => {
            let crowd = crowds.iter().find(|crowd| *crowd.pool == *pool.id);
            Pool {
                id: Arc::clone(&pool.id),
                model: pool.model.clone(),
                site: Site::Workers(site_part(site, crowd, was_judged(pool, decision))),
            }
        }
    };
    let pools: Vec<Pool> = fleet.pools.iter().map(part).collect();
    // Those who are kept may say otherwise than all did.
    let metered = (asked.metered || pools.iter().any(says_metered)).then_some(asked.metered);
    FleetView { pools, answer_tokens: fleet.answer_tokens, ready: asked.ready, metered }
}

/// A worker of the pool sits on a network that costs money.
fn says_metered(pool: &Pool) -> bool {
    match &pool.site {
        Site::Workers(site) => {
            site.workers.iter().any(|worker| worker.device.metered_network == Some(true))
        }
        Site::Cloud(_) => false,
    }
}

fn site_part(site: &WorkerSite, crowd: Option<&Crowd<'_>>, judged: bool) -> WorkerSite {
    let workers = match crowd {
        Some(crowd) => {
            let kept = site.workers.iter().filter(|worker| crowd.kept.contains(&worker.worker_id));
            kept.cloned().collect()
        }
        // A crowd that left no note of itself was stopped before anyone in it was judged.
        None if judged && site.workers.len() <= KEPT_WORKERS => site.workers.clone(),
        None => Vec::new(),
    };
    WorkerSite {
        tenant: site.tenant.clone(),
        owner: site.owner.clone(),
        group: site.group.clone(),
        nearest_tier: site.nearest_tier,
        workers,
        rest: crowd.map(|crowd| crowd.rest.clone()).or_else(|| site.rest.clone()),
        unseen: site.unseen,
    }
}

/// Whether the workers of a pool were looked at: no row says that the pool was stopped before. The
/// class gate is asked last and does not tell.
fn was_judged(pool: &Pool, decision: &Decision) -> bool {
    let before = |gate: Gate| gate < Gate::Configured && gate != Gate::Class;
    let of_pool = |row: &&crate::plan::Rejection| row.pool == pool.id && row.worker_id.is_none();
    !decision
        .rejected
        .iter()
        .filter(of_pool)
        .any(|row| row.more_workers.is_none() && before(row.gate))
}
