//! How many targets of each tier an asker could be answered by, for rules that ask.

use super::ask::Ask;
use super::tier;
use crate::class::Tier;
use crate::fleet::{FleetView, Ready, Site, WorkerStatus};

/// Ready workers and configured clouds by tier. Gates are not asked: a rule wants to know who is
/// there, not who may answer.
pub(super) fn count(ask: &Ask<'_>, fleet: &FleetView) -> Ready {
    let mut ready = Ready::default();
    for pool in &fleet.pools {
        let Ok(zone) = tier::of(ask, pool) else { continue };
        let more = match &pool.site {
            Site::Workers(site) => {
                let well = |status: WorkerStatus| status == WorkerStatus::Ready;
                site.workers.iter().filter(|worker| well(worker.status)).count()
            }
            Site::Cloud(site) => usize::from(site.configured && !site.egress_off),
        };
        let held = match zone.tier {
            Tier::Device => &mut ready.device,
            Tier::Edge => &mut ready.edge,
            Tier::Cloud => &mut ready.cloud,
        };
        *held = held.saturating_add(u32::try_from(more).unwrap_or(u32::MAX));
    }
    ready
}
