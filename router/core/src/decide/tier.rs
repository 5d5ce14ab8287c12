//! Which trust zone a pool is in, for this principal.
//!
//! A tier is a relation, not a property: the same laptop is `device` for its owner, no target at all
//! for a colleague, and `edge` for everybody where the policy names its group. The join token can
//! only hold a worker further away than its relation would put it. An empty tenant or owner equals
//! nothing, itself included: a principal without a name owns nothing.

use super::ask::Ask;
use super::candidate::Lost;
use crate::class::Tier;
use crate::fleet::{Pool, Site, WorkerSite};
use crate::plan::{Gate, Why};
use crate::policy::Policy;
use crate::principal::Principal;

/// A tier, and whether the machine is another person's.
#[derive(Clone, Copy)]
pub(super) struct Zone {
    pub tier: Tier,
    /// Another person's device that the policy counts as edge.
    pub borrowed: bool,
}

/// The zone of a pool, or why it is no target for this principal.
#[inline]
pub(super) fn of(ask: &Ask<'_>, pool: &Pool) -> Result<Zone, Lost> {
    between(&ask.facts.principal, ask.policy, pool)
}

fn between(principal: &Principal, policy: &Policy, pool: &Pool) -> Result<Zone, Lost> {
    match &pool.site {
        Site::Cloud(_) => Ok(Zone { tier: Tier::Cloud, borrowed: false }),
        Site::Workers(site) => of_workers(principal, policy, site),
    }
}

/// The tier of a pool for somebody under a policy; nothing where it is no target for them at all.
#[must_use]
pub fn tier_of(principal: &Principal, policy: &Policy, pool: &Pool) -> Option<Tier> {
    between(principal, policy, pool).ok().map(|zone| zone.tier)
}

fn of_workers(principal: &Principal, policy: &Policy, site: &WorkerSite) -> Result<Zone, Lost> {
    if site.tenant.is_empty() || site.tenant != principal.tenant {
        return Err(Lost::at(Gate::Owner, Why::OtherTenant));
    }
    let zone = match &site.owner {
        None => Zone { tier: Tier::Edge, borrowed: false },
        Some(owner) if !owner.is_empty() && *owner == principal.owner => {
            Zone { tier: Tier::Device, borrowed: false }
        }
        Some(_) if in_edge_group(policy, site) => Zone { tier: Tier::Edge, borrowed: true },
        Some(_) => return Err(Lost::at(Gate::Owner, Why::OtherOwner)),
    };
    let tier = zone.tier.max(site.nearest_tier);
    if tier == Tier::Cloud {
        return Err(Lost::at(Gate::Owner, Why::NoTier));
    }
    Ok(Zone { tier, ..zone })
}

fn in_edge_group(policy: &Policy, site: &WorkerSite) -> bool {
    let groups = &policy.tiers().edge_groups;
    site.group.as_ref().is_some_and(|group| groups.binary_search(group).is_ok())
}
