//! What a rule does, as compiled.

use super::*;
use crate::device::Accelerator;
use crate::policy::PredictedLimits;
use crate::policy::{Preset, Ranking};
use std::collections::BTreeSet;

#[test]
fn every_effect_arrives_as_written() {
    let rule = rule(
        "when = 'principal.administrator'\nmax_tier = 'edge'\nown_device = true\nregions = ['us', 'eu']\n\
         max_retention_days = 0\naccelerator = ['npu', 'gpu']\nmax_first_token_ms = 1\n\
         max_total_ms = 2\nmax_cost_usd_micros = 3\nmax_energy_joules = 4\nmin_quality = 0.5\n\
         preset = 'battery-saver'\nprefer = ['edge', 'device']\nranking = 'tier_first'\n\
         hedge = false\ntag = ['b', 'a']\nlower_label = true\n[rule.weights]\n\
         first_token_usd_micros_per_s = 1\ntotal_usd_micros_per_s = 2\n\
         energy_usd_micros_per_joule = 3\nbad_answer_usd_micros = 4",
    );
    let restricts = Restrictions {
        deny: false,
        max_tier: Some(Tier::Edge),
        own_device: true,
        regions: Some(vec!["eu".into(), "us".into()]),
        max_retention_days: Some(0),
        accelerators: Some(vec![Accelerator::Gpu, Accelerator::Npu]),
        predicted: PredictedLimits {
            max_first_token_ms: Some(1),
            max_total_ms: Some(2),
            max_cost_usd_micros: Some(3),
            max_energy_joules: Some(4.0),
            min_quality: Some(0.5),
        },
    };
    let prefers = Preferences {
        preset: Some(Preset::BatterySaver),
        weights: Weights {
            first_token_usd_micros_per_s: Some(1.0),
            total_usd_micros_per_s: Some(2.0),
            energy_usd_micros_per_joule: Some(3.0),
            bad_answer_usd_micros: Some(4.0),
        },
        prefer: vec![Tier::Edge, Tier::Device],
        ranking: Some(Ranking::TierFirst),
        hedge: Some(false),
    };
    let tags = vec!["a".into(), "b".into()];
    assert_eq!(*rule.effects(), Effects { restricts, prefers, tags, lower_label: true });
    assert_eq!(&**rule.name(), "r");
}

#[test]
fn an_effect_that_is_not_set_is_not_in_the_hashed_form() {
    let json = |effect: &str| {
        let rule = rule(&format!("when = 'principal.administrator'\n{effect}"));
        serde_json::to_value(rule.effects()).unwrap().to_string()
    };
    assert_eq!(json("deny = true"), r#"{"restricts":{"deny":true}}"#);
    assert_eq!(json("hedge = false"), r#"{"prefers":{"hedge":false}}"#);
    assert_eq!(json("tag = ['a']"), r#"{"tags":["a"]}"#);
    assert_eq!(json("lower_label = true"), r#"{"lower_label":true}"#);
    for row in super::super::effects::TABLE {
        let json = json(row.example);
        assert_eq!(json.matches("\":").count() - json.matches("\":{").count(), 1, "{json}");
    }
    let rule = rule("when = 'request.labelled'\ndeny = true");
    assert!(!serde_json::to_string(&rule).unwrap().contains("rank"));
}

#[test]
fn every_effect_and_every_value_of_it_is_in_the_hash() {
    let effects = [
        "deny = true",
        "max_tier = 'edge'",
        "max_tier = 'device'",
        "own_device = true",
        "regions = ['eu']",
        "regions = ['us']",
        "max_retention_days = 0",
        "max_retention_days = 30",
        "accelerator = ['gpu']",
        "accelerator = ['npu']",
        "max_first_token_ms = 9",
        "max_total_ms = 9",
        "max_cost_usd_micros = 9",
        "max_energy_joules = 9",
        "max_energy_joules = 9.5",
        "min_quality = 0.5",
        "preset = 'fast'",
        "preset = 'cheap'",
        "weights = { first_token_usd_micros_per_s = 1 }",
        "weights = { total_usd_micros_per_s = 1 }",
        "weights = { energy_usd_micros_per_joule = 1 }",
        "weights = { bad_answer_usd_micros = 1 }",
        "weights = { bad_answer_usd_micros = 2 }",
        "prefer = ['edge', 'device']",
        "prefer = ['device', 'edge']",
        "ranking = 'tier_first'",
        "hedge = true",
        "hedge = false",
        "tag = ['a']",
        "tag = ['b']",
        "lower_label = true",
    ];
    let hash = |effect: &str| {
        let body = format!("[[rule]]\nname = 'r'\nwhen = 'principal.administrator'\n{effect}");
        policy(&body).unwrap().hash().to_owned()
    };
    let hashes: BTreeSet<_> = effects.iter().map(|effect| hash(effect)).collect();
    assert_eq!(hashes.len(), effects.len());
    for (a, b) in [
        ("regions = ['eu', 'us']", "regions = ['us', 'eu']"),
        ("accelerator = ['gpu', 'npu']", "accelerator = ['npu', 'gpu']"),
        ("tag = ['a', 'b']", "tag = ['b', 'a']"),
    ] {
        assert_eq!(hash(a), hash(b), "the order of a set is not content");
    }
}

#[test]
fn a_restriction_that_needs_a_target_or_a_worker_waits_for_it() {
    let scope = |when: &str, effect: &str| rule(&format!("when = '{when}'\n{effect}")).scope();
    let request = "request.labelled";
    for effect in ["deny = true", "own_device = true", "min_quality = 0.5", "hedge = true"] {
        assert_eq!(scope(request, effect), Scope::Request, "{effect}");
    }
    assert_eq!(scope(request, "regions = ['eu']"), Scope::Target);
    assert_eq!(scope(request, "max_retention_days = 0"), Scope::Target);
    assert_eq!(scope(request, "accelerator = ['gpu']\nregions = ['eu']"), Scope::Device);
    assert_eq!(scope("device.on_battery", "regions = ['eu']"), Scope::Device);
    assert_eq!(scope("target.tier == \"edge\"", "deny = true"), Scope::Target);
    assert_eq!(scope("fleet.edge_ready == 0 && time.hour < 8", "deny = true"), Scope::Request);
}

#[test]
fn kinds_of_effects_mix_and_each_knows_whether_it_is_there() {
    let mixed = rule("when = 'request.labelled'\ndeny = true\ntag = ['a']\npreset = 'fast'");
    assert!(!mixed.effects().restricts.is_empty() && !mixed.effects().prefers.is_empty());
    let tag = rule("when = 'request.labelled'\ntag = ['a']");
    assert!(tag.effects().restricts.is_empty() && tag.effects().prefers.is_empty());
    let rate = rule("when = 'request.labelled'\nweights = { total_usd_micros_per_s = 0 }");
    assert!(!rate.effects().prefers.is_empty() && !rate.effects().prefers.weights.is_empty());
}

#[test]
fn a_restriction_alone_may_look_at_targets() {
    for when in ["target.tier == \"cloud\"", "device.queued > 3"] {
        rule(&format!("when = '{when}'\nmin_quality = 0.5"));
    }
}
