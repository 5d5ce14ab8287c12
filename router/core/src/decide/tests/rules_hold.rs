//! What holds for every set of rules, on every request and fleet.

use super::properties::{candidates, pools, run, thorough, through_json};
use super::random::{compiled, facts, fleet, raw_policy};
use super::*;
use crate::policy::raw::RawRule;
use proptest::prelude::*;
use proptest::sample::select;

const CONDITIONS: &[&str] = &[
    "request.class >= 'personal'",
    "!request.labelled",
    "request.prompt_tokens > 500",
    "request.prompt_tokens in [7, 8] || request.prompt_tokens < 900",
    "request.max_output_tokens > 700",
    "request.needs.tools && request.mode != 'policy_default'",
    "request.model == 'm0'",
    "principal.application == 'chat' && !principal.loopback",
    "target.tier >= 'edge'",
    "target.tier == 'cloud' && request.class != 'public'",
    "target.group in ['g0', '']",
    "target.region != 'eu'",
    "target.provider == 'p' || target.model == 'm1'",
    "device.battery_fraction < 0.5",
    "device.on_battery && !(device.battery_fraction > 0.6)",
    "device.memory_available_bytes < 1500 || target.tier == 'cloud'",
    "device.thermal_fraction > 0.7 && request.prompt_tokens > 100",
];

/// Conditions that say nothing of a device, so that a draw of workers does not change.
fn without_device() -> impl Strategy<Value = RawRule> {
    rule().prop_filter("names a device", |rule| {
        !rule.when.as_deref().unwrap_or_default().contains("device.")
    })
}

fn rule() -> impl Strategy<Value = RawRule> {
    let effect = prop_oneof![
        1 => Just(RawRule { deny: Some(true), ..RawRule::default() }),
        2 => select(Tier::ALL.to_vec())
            .prop_map(|tier| RawRule { max_tier: Some(tier), ..RawRule::default() }),
        1 => (1_u64..5_000)
            .prop_map(|ms| RawRule { max_first_token_ms: Some(ms), ..RawRule::default() }),
        1 => (0_u64..500)
            .prop_map(|cost| RawRule { max_cost_usd_micros: Some(cost), ..RawRule::default() }),
    ];
    (select(CONDITIONS.to_vec()), effect).prop_map(|(when, effect)| RawRule {
        name: Some("added".into()),
        when: Some(when.into()),
        ..effect
    })
}

fn rules() -> impl Strategy<Value = Vec<RawRule>> {
    prop::collection::vec(rule(), 0..6).prop_map(|mut rules| {
        for (index, rule) in rules.iter_mut().enumerate() {
            rule.name = Some(format!("r{index}"));
        }
        rules
    })
}

proptest! {
    #![proptest_config(thorough())]

    #[test]
    fn adding_a_rule_never_adds_a_pool(
        raw in raw_policy(), rules in rules(), added in rule(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut raw = raw;
        raw.rule = rules;
        let before = pools(&run(&compiled(raw.clone()), &facts, &fleet, seed));
        raw.rule.push(added);
        let after = pools(&run(&compiled(raw), &facts, &fleet, seed));
        prop_assert!(after.is_subset(&before), "{after:?} is not within {before:?}");
    }

    #[test]
    fn adding_a_rule_that_judges_whole_pools_never_adds_a_candidate(
        raw in raw_policy(), added in without_device(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut added = added;
        // A ceiling judges workers one by one, which changes the draw among them.
        added.max_first_token_ms = None;
        added.max_cost_usd_micros = None;
        added.deny = added.max_tier.is_none().then_some(true);
        let mut raw = raw;
        let before = candidates(&run(&compiled(raw.clone()), &facts, &fleet, seed));
        raw.rule.push(added);
        let after = candidates(&run(&compiled(raw), &facts, &fleet, seed));
        prop_assert!(after.is_subset(&before), "{after:?} is not within {before:?}");
    }

    #[test]
    fn decisions_with_rules_are_total_repeatable_and_replay(
        raw in raw_policy(), rules in rules(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut raw = raw;
        raw.rule = rules;
        let mut facts = facts;
        facts.hints.min_quality = facts.hints.min_quality.filter(|quality| quality.is_finite());
        facts.hints.max_energy_joules = facts.hints.max_energy_joules.filter(|j| j.is_finite());
        let policy = compiled(raw);
        let decision = run(&policy, &facts, &fleet, seed);
        prop_assert_eq!(&decision, &run(&policy, &facts, &fleet, seed));
        prop_assert_eq!(&decision, &through_json(&decision));
        prop_assert_eq!(&decision, &run(&policy, &through_json(&facts), &through_json(&fleet), seed));
        prop_assert!(decision.rejected.iter().all(|row| !row.reason().is_empty()));
        prop_assert!(!explain_text(&decision).is_empty());
        let mut turned = fleet;
        turned.pools.reverse();
        for pool in &mut turned.pools {
            if let Site::Workers(site) = &mut pool.site {
                site.workers.reverse();
            }
        }
        prop_assert_eq!(&decision, &run(&policy, &facts, &turned, seed));
    }

    #[test]
    fn an_unknown_fact_acts_like_a_match(
        raw in raw_policy(), effect in rule(), facts in facts(), fleet in fleet(), seed: u64
    ) {
        let mut facts = facts;
        facts.max_output_tokens = None;
        let with = |when: &str| {
            let mut raw = raw.clone();
            raw.rule = vec![RawRule { when: Some(when.into()), ..effect.clone() }];
            run(&compiled(raw), &facts, &fleet, seed)
        };
        let unknown = with("request.max_output_tokens == 5");
        let matching = with("principal.tenant == 'acme'");
        prop_assert_eq!(candidates(&unknown), candidates(&matching));
        prop_assert_eq!(unknown.plan(), matching.plan());
    }
}
