//! Whether the asker sits on a network that costs money, as the asker's own devices say.

use super::ask::Ask;
use super::tier;
use crate::class::Tier;
use crate::fleet::{FleetView, Site};

/// Every own device that says anything of its network says that it is metered. One that is on a free
/// network may be the one that asks, and then a cloud is no less of a target for the others.
pub(super) fn is_metered(ask: &Ask<'_>, fleet: &FleetView) -> bool {
    let mut metered = false;
    for pool in &fleet.pools {
        let Site::Workers(site) = &pool.site else { continue };
        if !tier::of(ask, pool).is_ok_and(|zone| zone.tier == Tier::Device) {
            continue;
        }
        for said in site.workers.iter().filter_map(|worker| worker.device.metered_network) {
            if !said {
                return false;
            }
            metered = true;
        }
    }
    metered
}
