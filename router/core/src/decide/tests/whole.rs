//! What holds for whole policies, whatever stands in them: limits, wishes, aliases, kinds of devices.

use super::properties::{pools, run, thorough, through_json};
use super::random::{compiled, facts, fleet};
use super::random_rich::{restriction, rich_policy};
use super::*;
use crate::fleet::Ready;
use crate::money::Rate;
use crate::policy::raw::RawRule;
use crate::record::{Record, ReplayError};
use proptest::prelude::*;

/// Hints that a record can hold: JSON has no infinity.
fn storable(mut facts: Facts) -> Facts {
    facts.hints.min_quality = facts.hints.min_quality.filter(|quality| quality.is_finite());
    facts.hints.max_energy_joules = facts.hints.max_energy_joules.filter(|j| j.is_finite());
    facts
}

/// A fleet that a record can hold.
fn storable_fleet(fleet: &FleetView) -> FleetView {
    through_json(fleet)
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn every_attempt_keeps_the_limits_of_the_policy(
        raw in rich_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let limits = raw.limits.clone();
        let decision = run(&compiled(raw), &facts, &fleet, seed);
        for attempt in decision.plan().iter().flat_map(|plan| &plan.attempts) {
            let predicted = &attempt.predicted;
            let over = |value: Option<f64>, most: Option<u64>| {
                value.zip(most).is_some_and(|(value, most)| value > most as f64)
            };
            prop_assert!(!over(predicted.first_token_ms, limits.max_first_token_ms));
            prop_assert!(!over(predicted.total_ms, limits.max_total_ms));
            if let Some(most) = limits.max_cost_usd_micros {
                prop_assert!(predicted.cost_usd_micros.unwrap() <= most);
            }
            if let Some(most) = limits.max_energy_joules {
                prop_assert!(predicted.energy_joules.unwrap() <= most);
            }
            if let Some(least) = limits.min_quality {
                prop_assert!(predicted.quality.unwrap() >= least);
            }
        }
    }

    #[test]
    fn a_restriction_that_holds_for_everyone_is_kept_by_every_attempt(
        raw in rich_policy(), effect in restriction(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut raw = raw;
        let always = RawRule { when: Some("principal.tenant == 'acme'".into()), r#for: None, ..effect };
        raw.rule.push(always.clone());
        let decision = run(&compiled(raw), &facts, &fleet, seed);
        for attempt in decision.plan().iter().flat_map(|plan| &plan.attempts) {
            prop_assert!(always.deny.is_none());
            prop_assert!(always.max_tier.is_none_or(|most| attempt.tier <= most));
            prop_assert!(always.own_device.is_none() || attempt.tier == Tier::Device);
            let pool = fleet.pools.iter().find(|pool| pool.id == attempt.target.pool).unwrap();
            match (&pool.site, &attempt.target.at) {
                (Site::Cloud(site), _) => {
                    let region = site.region.as_deref();
                    prop_assert!(always.regions.is_none() || region == Some("eu"));
                    let most = always.max_retention_days;
                    prop_assert!(most.is_none_or(|most| site.retention_days.unwrap() <= most));
                }
                (Site::Workers(site), Place::Worker { worker_id, .. }) => {
                    let is_it = |worker: &&WorkerView| worker.worker_id == *worker_id;
                    let worker = site.workers.iter().find(is_it).unwrap();
                    let kinds = always.accelerator.as_ref();
                    prop_assert!(kinds.is_none_or(|kinds| kinds.contains(&worker.accelerator.unwrap())));
                }
                (Site::Workers(_), Place::Cloud { .. }) => prop_assert!(false, "a cloud in a pool"),
            }
        }
    }

    #[test]
    fn adding_a_restriction_to_any_policy_never_adds_a_pool(
        raw in rich_policy(), added in restriction(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut raw = raw;
        let before = pools(&run(&compiled(raw.clone()), &facts, &fleet, seed));
        raw.rule.push(added);
        let after = pools(&run(&compiled(raw), &facts, &fleet, seed));
        prop_assert!(after.is_subset(&before), "{after:?} is not within {before:?}");
    }

    #[test]
    fn a_record_replays_to_the_same_decision_after_it_was_stored(
        raw in rich_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let (facts, fleet) = (storable(facts), storable_fleet(&fleet));
        let record = Record::decide(&policy, &facts, &fleet, Duration::from_nanos(1_234_567_890), seed);
        prop_assert_eq!(&record.decision, &run(&policy, &facts, &fleet, seed));
        let stored = through_json(&record);
        prop_assert_eq!(&stored, &record);
        prop_assert_eq!(stored.under(&policy), record.decision);
        prop_assert_eq!(stored.replay(&policy), Ok(()));
        for pool in &stored.fleet.pools {
            if let Site::Workers(site) = &pool.site {
                prop_assert!(site.workers.len() <= 12);
            }
        }
        let other = compiled(RawPolicy { name: Some("other".into()), version: Some(1), ..RawPolicy::default() });
        let refused = matches!(stored.replay(&other), Err(ReplayError::OtherPolicy { .. }));
        prop_assert!(refused);
    }

    #[test]
    fn nothing_depends_on_the_order_of_a_fleet(
        raw in rich_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let decision = run(&policy, &facts, &fleet, seed);
        let mut turned = fleet;
        turned.pools.reverse();
        prop_assert_eq!(&decision, &run(&policy, &facts, &turned, seed));
        prop_assert!(decision.rejected.iter().all(|row| !row.reason().is_empty()));
        prop_assert!(decision.notes.iter().all(|note| !note.to_string().is_empty()));
        for attempt in decision.plan().iter().flat_map(|plan| &plan.attempts) {
            prop_assert!(attempt.score.is_finite());
            prop_assert!(attempt.limits.first_token_ms >= 1);
        }
    }

    #[test]
    fn a_better_target_never_makes_the_answer_worse(
        raw in rich_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut raw = raw;
        for alias in &mut raw.alias {
            (alias.pick, alias.weights, alias.canary) = (None, None, None);
        }
        let policy = compiled(raw);
        // A rule may ask who is there; one more is a different question.
        let mut fleet = fleet;
        fleet.ready = Some(Ready::default());
        let before = run(&policy, &facts, &fleet, seed);
        let Some(first) = before.plan().map(|plan| plan.attempts[0].clone()) else { return Ok(()) };
        let mut better = fleet.pools.iter().find(|pool| pool.id == first.target.pool).unwrap().clone();
        better.id = "better".into();
        match (&mut better.site, &first.target.at) {
            (Site::Workers(site), Place::Worker { worker_id, .. }) => {
                site.workers.retain(|worker| worker.worker_id == *worker_id);
                let worker = &mut site.workers[0];
                worker.active = 0;
                worker.queued = 0;
                worker.round_trip_ms = Some(0.0);
                let doubled = |rate: Option<f64>| rate.map(|rate| (rate * 2.0).clamp(0.0, 1e6));
                worker.prefill_tokens_per_s = doubled(worker.prefill_tokens_per_s);
                worker.decode_tokens_per_s = doubled(worker.decode_tokens_per_s);
            }
            (Site::Cloud(site), _) => {
                site.first_token_ms = site.first_token_ms.map(|ms| ms / 2.0);
                if let Some(price) = &mut site.price {
                    price.completion = price.completion.map(|_| Rate::FREE);
                }
            }
            (Site::Workers(_), Place::Cloud { .. }) => prop_assert!(false, "a cloud in a pool"),
        }
        fleet.pools.push(better);
        let after = run(&policy, &facts, &fleet, seed);
        let best = &after.plan().unwrap().attempts[0];
        prop_assert_eq!(best.tier, first.tier);
        prop_assert!(best.score <= first.score, "{best:?} after {first:?}");
    }
}

#[test]
fn a_record_of_another_build_says_which_it_needs() {
    let fleet = FleetView::of(everybody());
    let policy = Policy::shipped();
    let mut record = Record::decide(&policy, &asks(DataClass::Public), &fleet, Duration::ZERO, 1);
    record.way += 1;
    let error = record.replay(&policy).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the record is of format 1, decided in way {}; this build has format 1 and way {}: \
             replay it with a build that has both",
            Record::WAY + 1,
            Record::WAY
        )
    );
}

#[test]
fn a_record_whose_facts_were_changed_does_not_replay() {
    let fleet = FleetView::of(everybody());
    let policy = Policy::shipped();
    let mut record = Record::decide(&policy, &asks(DataClass::Public), &fleet, Duration::ZERO, 1);
    record.facts.class.class = DataClass::Restricted;
    assert!(matches!(record.replay(&policy), Err(ReplayError::Differs(_))));
}

#[test]
fn a_record_keeps_nobody_of_pools_that_were_not_judged() {
    let mut fleet = FleetView::of(everybody());
    fleet.pools.push(device_of("bob", vec![worker("bobs")]));
    let record =
        Record::decide(&Policy::shipped(), &asks(DataClass::Public), &fleet, Duration::ZERO, 1);
    let text = serde_json::to_string(&record).unwrap();
    assert!(!text.contains("bobs") && text.contains("laptop"), "{text}");
}
