//! What holds for every policy, fleet and request. The checks are written apart from the gates they
//! check, from the words of the design.

use super::random::{compiled, facts, fleet, raw_ceilings, raw_policy};
use super::*;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

pub fn thorough() -> ProptestConfig {
    ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() }
}

pub fn run(policy: &Policy, facts: &Facts, fleet: &FleetView, seed: u64) -> Decision {
    decide(policy, facts, fleet, Duration::ZERO, seed)
}

/// Everyone who passed every gate, in the plan or left over by it: pool and worker.
pub fn candidates(decision: &Decision) -> BTreeSet<(Arc<str>, Option<Arc<str>>)> {
    let planned = decision.plan().into_iter().flat_map(|plan| &plan.attempts).map(|attempt| {
        let worker = match &attempt.target.at {
            Place::Worker { worker_id, .. } => Some(worker_id.clone()),
            Place::Cloud { .. } => None,
        };
        (attempt.target.pool.clone(), worker)
    });
    let left_over = decision
        .rejected
        .iter()
        .filter(|row| matches!(row.gate, Gate::Failover | Gate::PlanLength))
        .map(|row| (row.pool.clone(), row.worker_id.clone()));
    planned.chain(left_over).collect()
}

/// Pools of workers that passed every gate; draws aside.
pub fn pools(decision: &Decision) -> BTreeSet<Arc<str>> {
    candidates(decision).into_iter().map(|(pool, _)| pool).collect()
}

/// The tier by the words of the design, or none.
fn tier_by_design(policy: &Policy, facts: &Facts, site: &Site) -> Option<Tier> {
    let Site::Workers(site) = site else { return Some(Tier::Cloud) };
    let me = &facts.principal;
    if site.tenant != me.tenant || site.nearest_tier == Tier::Cloud {
        return None;
    }
    let mine = site.owner.as_deref() == Some(me.owner.as_str());
    let named = site.group.iter().any(|group| policy.tiers().edge_groups.contains(group));
    if mine && site.nearest_tier == Tier::Device {
        Some(Tier::Device)
    } else if mine || site.owner.is_none() || named {
        Some(Tier::Edge)
    } else {
        None
    }
}

fn mode_by_design(mode: Mode, tier: Tier) -> bool {
    match mode {
        Mode::OnlyOnDevice => tier == Tier::Device,
        Mode::OnlyLocalNetwork => tier != Tier::Cloud,
        Mode::OnlyInCloud => tier == Tier::Cloud,
        _ => true,
    }
}

pub fn through_json<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// Every promise that an attempt makes, checked against the world it was made in.
fn keeps_every_rule(policy: &Policy, facts: &Facts, fleet: &FleetView, attempt: &Attempt) {
    let pool = fleet.pools.iter().find(|pool| pool.id == attempt.target.pool).unwrap();
    let tier = tier_by_design(policy, facts, &pool.site).expect("no target for this principal");
    assert_eq!(tier, attempt.tier);
    assert!(tier <= policy.ceilings().of(facts.class.class));
    if facts.class.origin == ClassOrigin::Unlabelled {
        assert_ne!(tier, Tier::Cloud);
        assert!(tier <= policy.ceilings().of(facts.class.class.max(DataClass::Personal)));
    }
    if facts.class.class >= DataClass::Personal {
        assert_ne!(tier, Tier::Cloud);
    }
    assert!(policy.tiers().order.contains(&tier));
    assert!(mode_by_design(facts.hints.mode, tier));
    let (needs, has) = (facts.needs, pool.model.abilities);
    assert!((!needs.tools || has.tools) && (!needs.json_output || has.json_output));
    assert!((!needs.image || has.image) && (!needs.audio || has.audio));
    assert!(!needs.logprobs || has.logprobs);
    assert_eq!(needs.embeddings, has.embeddings);
    let answer = facts.max_output_tokens.unwrap_or(1);
    let fits = facts.prompt_tokens.tokens.saturating_add(answer) <= pool.model.context_tokens;
    // Texts for vectors are read one by one, and how long each is nobody here knows.
    assert!(fits || needs.embeddings);
    match (&pool.site, &attempt.target.at) {
        (Site::Cloud(site), Place::Cloud { .. }) => assert!(site.configured && !site.egress_off),
        (Site::Workers(site), Place::Worker { worker_id, incarnation }) => {
            let worker = site.workers.iter().find(|worker| worker.worker_id == *worker_id).unwrap();
            assert_eq!(worker.incarnation, *incarnation);
            assert_ne!(worker.status, WorkerStatus::Draining);
            assert!(worker.active < worker.slots || worker.queued < worker.queue_limit);
            // A charge that is no share of one is no reading.
            let low = |charge| (0.0..policy.floors(None).battery_floor_fraction).contains(&charge);
            let on_battery = worker.device.on_battery != Some(false);
            assert!(!(on_battery && worker.device.battery_fraction.is_some_and(low)));
            if site.owner.as_ref().is_some_and(|owner| *owner != facts.principal.owner) {
                assert_ne!(facts.class.class, DataClass::Restricted);
            }
        }
        (site, place) => panic!("{place:?} is no place at {site:?}"),
    }
    keeps_every_number(facts, attempt);
}

fn keeps_every_number(facts: &Facts, attempt: &Attempt) {
    let (hints, predicted) = (&facts.hints, &attempt.predicted);
    let numbers = [predicted.first_token_ms, predicted.total_ms, predicted.energy_joules];
    assert!(numbers.into_iter().flatten().all(|number| number.is_finite() && number >= 0.0));
    assert!(attempt.score.is_finite() && attempt.score >= 0.0);
    if let Some(target) = hints.ttft_target_ms {
        assert!(predicted.first_token_ms.is_none_or(|ms| ms <= target as f64));
    }
    if let Some(deadline) = hints.deadline_ms {
        assert!(predicted.total_ms.is_none_or(|ms| ms <= deadline as f64));
        assert!(attempt.limits.first_token_ms <= deadline && attempt.limits.stall_ms <= deadline);
    }
    if let Some(most) = hints.max_cost_usd_micros {
        assert!(predicted.cost_usd_micros.is_some_and(|cost| cost <= most));
    }
    if let Some(most) = hints.max_energy_joules {
        assert!(predicted.energy_joules.is_some_and(|joules| joules <= most));
    }
    if let Some(least) = hints.min_quality {
        assert!(predicted.quality.is_some_and(|quality| quality >= least));
    }
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn no_plan_breaks_a_gate_or_a_ceiling(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let decision = run(&policy, &facts, &fleet, seed);
        if let Some(plan) = decision.plan() {
            prop_assert!(!plan.attempts.is_empty());
            prop_assert!(plan.attempts.len() <= policy.fallback().max_attempts as usize);
            let failover = policy.fallback().failover && facts.hints.allow_failover != Some(false);
            prop_assert!(failover || plan.attempts.len() == 1);
            let distinct: BTreeSet<String> =
                plan.attempts.iter().map(|attempt| format!("{:?}", attempt.target)).collect();
            prop_assert_eq!(distinct.len(), plan.attempts.len());
            for attempt in &plan.attempts {
                keeps_every_rule(&policy, &facts, &fleet, attempt);
            }
        }
    }

    #[test]
    fn every_decision_is_total_repeatable_and_gives_a_reason_for_everyone(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let decision = run(&policy, &facts, &fleet, seed);
        prop_assert_eq!(&decision, &run(&policy, &facts, &fleet, seed));
        prop_assert!(decision.rejected.iter().all(|row| !row.reason().is_empty()));
        prop_assert!(!explain_text(&decision).is_empty());
        match &decision.outcome {
            Outcome::Refused(refusal) => prop_assert!(!refusal.message.is_empty()),
            Outcome::Planned(plan) => prop_assert!(plan.deadline_ms > 0),
        }
        let mistaken = matches!(&decision.outcome, Outcome::Refused(refusal)
            if refusal.reason == crate::reason::Reason::InvalidRequest);
        if !mistaken {
            let told: BTreeSet<&Arc<str>> = decision.rejected.iter().map(|row| &row.pool)
                .chain(decision.plan().into_iter().flat_map(|plan| &plan.attempts)
                    .map(|attempt| &attempt.target.pool))
                .collect();
            prop_assert_eq!(told.len(), fleet.pools.len());
        }
    }

    #[test]
    fn a_stored_decision_reads_back_and_replays_to_the_same(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut facts = facts;
        // JSON has no NaN; a request with one is refused before anything is recorded.
        facts.hints.min_quality = facts.hints.min_quality.filter(|quality| quality.is_finite());
        facts.hints.max_energy_joules = facts.hints.max_energy_joules.filter(|j| j.is_finite());
        let policy = compiled(raw);
        let decision = run(&policy, &facts, &fleet, seed);
        prop_assert_eq!(&decision, &through_json(&decision));
        let replayed = run(&policy, &through_json(&facts), &through_json(&fleet), seed);
        prop_assert_eq!(decision, replayed);
    }

    #[test]
    fn the_order_of_pools_and_workers_does_not_matter(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let mut turned = fleet.clone();
        turned.pools.reverse();
        for pool in &mut turned.pools {
            if let Site::Workers(site) = &mut pool.site {
                site.workers.reverse();
            }
        }
        prop_assert_eq!(run(&policy, &facts, &fleet, seed), run(&policy, &facts, &turned, seed));
    }

    #[test]
    fn tightening_a_ceiling_never_adds_a_candidate(
        raw in raw_policy(), tight in raw_ceilings(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut tighter = raw.clone();
        let (a, b) = (&raw.ceilings, &tight);
        tighter.ceilings.public = a.public.min(b.public);
        tighter.ceilings.internal = a.internal.min(b.internal);
        tighter.ceilings.personal = a.personal.min(b.personal);
        tighter.ceilings.restricted = a.restricted.min(b.restricted);
        tighter.ceilings.restricted_edge = Some(tighter.ceilings.restricted == Some(Tier::Edge));
        let loose = candidates(&run(&compiled(raw), &facts, &fleet, seed));
        let tight = candidates(&run(&compiled(tighter), &facts, &fleet, seed));
        prop_assert!(tight.is_subset(&loose), "{tight:?} is not within {loose:?}");
    }

    #[test]
    fn a_higher_class_or_a_missing_label_never_adds_a_candidate(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let loose = candidates(&run(&policy, &facts, &fleet, seed));
        let mut stricter = facts.clone();
        stricter.class.origin = ClassOrigin::Unlabelled;
        prop_assert!(candidates(&run(&policy, &stricter, &fleet, seed)).is_subset(&loose));
        for class in DataClass::ALL.into_iter().filter(|class| *class > facts.class.class) {
            stricter.class = ClassFact { class, origin: facts.class.origin };
            prop_assert!(candidates(&run(&policy, &stricter, &fleet, seed)).is_subset(&loose));
        }
    }

    #[test]
    fn no_hint_adds_a_candidate(
        raw in raw_policy(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let policy = compiled(raw);
        let hinted = run(&policy, &facts, &fleet, seed);
        // A later deadline than the policy's own is an allowed wish; everything else only narrows.
        let hints = Hints { deadline_ms: Some(u64::MAX), ..Hints::default() };
        let plain = Facts { hints, ..facts };
        prop_assert!(pools(&hinted).is_subset(&pools(&run(&policy, &plain, &fleet, seed))));
    }

    #[test]
    fn lowering_every_battery_never_removes_a_cloud(
        raw in raw_policy(), facts in facts(), fleet in fleet(), charge in 0.0..=1.0, seed: u64
    ) {
        let policy = compiled(raw);
        let clouds = |fleet: &FleetView| -> BTreeSet<_> {
            candidates(&run(&policy, &facts, fleet, seed))
                .into_iter()
                .filter(|(_, worker)| worker.is_none())
                .collect()
        };
        let mut low = fleet.clone();
        for pool in &mut low.pools {
            if let Site::Workers(site) = &mut pool.site {
                for worker in &mut site.workers {
                    worker.device.battery_fraction =
                        worker.device.battery_fraction.map(|had| had.min(charge));
                }
            }
        }
        prop_assert_eq!(clouds(&fleet), clouds(&low));
    }

    #[test]
    fn nonsense_in_a_report_never_beats_the_truth(
        nonsense in prop::array::uniform4(prop_oneof![
            Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(-0.5),
            1e7..f64::MAX,
        ]),
        lies in any::<[bool; 4]>(),
        seed: u64,
    ) {
        prop_assume!(lies.contains(&true));
        let mut liar = edge(vec![worker("liar")]);
        liar.id = "acme/lab/liar".into();
        let lie = |field: &mut Option<f64>, index: usize| {
            if lies[index] {
                *field = Some(nonsense[index]);
            }
        };
        lie(&mut liar.model.quality, 0);
        let view = &mut workers_of(&mut liar)[0];
        lie(&mut view.prefill_tokens_per_s, 1);
        lie(&mut view.decode_tokens_per_s, 2);
        lie(&mut view.device.joules_per_token, 3);
        let fleet = FleetView::of(vec![liar, edge(vec![worker("honest")])]);
        let decision = run(&Policy::shipped(), &asks(DataClass::Public), &fleet, seed);
        prop_assert_eq!(route(&decision), ["honest", "liar"]);
    }
}
