//! Who answers: one pure function from facts, policy and fleet to a plan, with reasons.
//!
//! Each pool goes through the gates in the order of [`crate::plan::Gate`]; what passes is predicted, scored and
//! ordered; the first few become the plan, and every other candidate keeps the gate that stopped it.
//! The function is total (no input makes it fail, nothing worker-reported is trusted to be a number)
//! and deterministic (the same arguments give the same record), so a record can be replayed.
//!
//! A pool that the class gate stops still goes through the later gates, unseen: only so can a refusal
//! tell "the class alone was in the way" from "nobody was there anyway".

mod ask;
mod blind;
mod bounds;
mod candidate;
pub mod class;
mod device;
mod explain;
mod gates;
mod keep;
mod limits;
mod meanwhile;
mod memory;
mod metered;
mod notes;
mod order;
mod pick;
mod plan;
mod predict;
mod promise;
mod ready;
mod refusal;
mod rules;
mod score;
pub(crate) mod seed;
mod tier;
mod unknowns;
mod version;
mod wishes;
mod workers;

pub use blind::is_blind;
pub use explain::explain_text;
pub use memory::Memory;
pub use tier::tier_of;

use crate::facts::Facts;
use crate::fleet::{FleetView, Pool, Site};
use crate::plan::{Decision, Outcome};
use crate::policy::Policy;
use ask::Ask;
use candidate::{Candidate, Field, Lost};
use rules::Bounds;
use std::sync::Arc;
use std::time::Duration;
use tier::Zone;

/// Notes of an ordinary decision, so that their list grows once.
const NOTES: usize = 8;

/// Decides who may answer, who should, in which order and within which limits.
///
/// `now` is the time since the owner's start. Nothing in the present view ages by it; it is an
/// argument so that estimates with an age will not change the signature or the record. `seed`
/// chooses between equals and inside a pool; the record keeps it.
#[must_use]
pub fn decide(
    policy: &Policy,
    facts: &Facts,
    fleet: &FleetView,
    now: Duration,
    seed: u64,
) -> Decision {
    decide_in(&mut Memory::default(), policy, facts, fleet, now, seed)
}

/// As [`decide`], in memory that may have been used before.
#[must_use]
pub fn decide_in(
    memory: &mut Memory,
    policy: &Policy,
    facts: &Facts,
    fleet: &FleetView,
    now: Duration,
    seed: u64,
) -> Decision {
    decide_and_keep(memory, policy, facts, fleet, (now, seed), |_, _, _| ()).0
}

/// Decides, and returns with the decision the part of the fleet that leads to it again.
#[must_use]
pub fn decide_keeping(
    policy: &Policy,
    facts: &Facts,
    fleet: &FleetView,
    now: Duration,
    seed: u64,
) -> (Decision, FleetView) {
    let (decision, part) = decide_and_keep(
        &mut Memory::default(),
        policy,
        facts,
        fleet,
        (now, seed),
        |crowds, asked, decision| keep::part(fleet, crowds, asked, decision),
    );
    (decision, part.unwrap_or_default())
}

/// Decides; `keep` sees what of the fleet mattered. Nothing did where a hint was a mistake.
fn decide_and_keep<'a, T>(
    memory: &mut Memory,
    policy: &'a Policy,
    facts: &'a Facts,
    fleet: &'a FleetView,
    (now, seed): (Duration, u64),
    keep: impl FnOnce(&[keep::Crowd<'a>], keep::Asked, &Decision) -> T,
) -> (Decision, Option<T>) {
    let _ = now;
    let class = class::under(policy, facts);
    let decision = |outcome, rejected, notes| Decision {
        version: Decision::VERSION,
        policy_hash: Arc::clone(policy.hash()),
        seed,
        class: class.decided_class(),
        outcome,
        rejected,
        notes,
    };
    let ask = match Ask::resolve(policy, facts, class, fleet, seed) {
        Ok(ask) => ask,
        Err(refusal) => {
            return (decision(Outcome::Refused(refusal), Vec::new(), Vec::new()), None);
        }
    };
    let mut field = Field::with_room_for(fleet);
    let bounds = Bounds::of_request(&ask, &mut field.unknowns);
    for pool in &fleet.pools {
        consider(&ask, &bounds, pool, &mut field);
    }
    field.sort_losses();
    let mut notes = memory.notes(NOTES);
    notes::of_request(&ask, &mut notes);
    field.unknowns.tell(&mut notes);
    let mut rejected = memory.rejected(field.candidates.len() + field.losses.len());
    let outcome = if field.candidates.is_empty() {
        Outcome::Refused(refusal::most_useful(&ask, &field.losses))
    } else {
        let ranked = order::ranked(&ask, &field.candidates);
        let attempts = memory.attempts(ranked.len().min(plan::most(&ask)));
        let plan = plan::build(&ask, &ranked, attempts, &mut rejected);
        notes::of_plan(&ranked, &plan, &mut notes);
        Outcome::Planned(plan)
    };
    rejected.extend(field.losses.into_iter().map(|loss| loss.rejection));
    let decision = decision(outcome, rejected, notes);
    let asked = keep::Asked { ready: ask.there(), metered: ask.metered };
    let kept = keep(&field.crowds, asked, &decision);
    (decision, Some(kept))
}

/// Takes one pool through the gates; leaves its candidates, or its losses, in the field.
fn consider<'a>(ask: &Ask<'a>, bounds: &Bounds<'a>, pool: &'a Pool, field: &mut Field<'a>) {
    let zone = match gates::alias(ask, pool).and_then(|()| tier::of(ask, pool)) {
        Ok(zone) => zone,
        Err(lost) => return field.lose(pool, None, None, lost),
    };
    let before = field.mark();
    if let Err(lost) = contend(ask, bounds, pool, zone, field) {
        field.lose(pool, None, Some(zone.tier), lost);
    }
    if let Err(lost) = gates::class(ask, zone) {
        field.lose_to_class(before, pool, zone.tier, lost);
    }
}

/// The gates after the class gate, for the pool and then for who is in it.
fn contend<'a>(
    ask: &Ask<'a>,
    bounds: &Bounds<'a>,
    pool: &'a Pool,
    zone: Zone,
    field: &mut Field<'a>,
) -> Result<(), Lost> {
    gates::used(ask, pool)?;
    gates::mode(ask, zone.tier)?;
    gates::tier(ask, zone.tier)?;
    let narrower = bounds.for_pool(ask, pool, zone.tier, &mut field.unknowns);
    let bounds = narrower.as_ref().unwrap_or(bounds);
    bounds.admit(pool, zone.tier, None)?;
    gates::capability(ask, pool)?;
    gates::context(ask, pool)?;
    match &pool.site {
        Site::Workers(site) => workers::contend(ask, bounds, pool, site, zone, field),
        Site::Cloud(site) => {
            gates::configured(site)?;
            gates::egress(site)?;
            gates::metered(ask)?;
            gates::breaker(site)?;
            gates::budget(ask, site, limits::output_tokens(ask, pool))?;
            let forecast = predict::cloud(ask, pool, site);
            promise::kept(ask, bounds, zone.tier, &forecast.predicted)?;
            field.candidates.push(Candidate::new(ask, pool, None, zone.tier, &forecast));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests;
