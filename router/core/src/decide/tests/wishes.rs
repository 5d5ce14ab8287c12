//! What policies would like, and what aliases, kinds of devices and single limits do.

use super::*;
use crate::device::{Accelerator, DeviceClass};
use crate::plan::Because;

const LAB_SLOW: &str = "[tiers]\nranking = 'objective_first'\n";

/// Route and reasons of a request of class public.
fn routed(policy: &Policy, pools: Vec<Pool>) -> Decision {
    decided(policy, &asks(DataClass::Public), pools)
}

fn notes(decision: &Decision) -> Vec<String> {
    decision.notes.iter().map(ToString::to_string).collect()
}

#[test]
fn the_rule_for_the_narrowest_circle_wins_then_the_earlier_one() {
    let rule = |name: &str, circle: &str, tier: &str| {
        format!("[[rule]]\nname = '{name}'\nfor = {{ {circle} }}\nprefer = ['{tier}']\n")
    };
    let mut facts = asks(DataClass::Public);
    facts.principal.groups = vec!["night".into()];
    facts.principal.device_class = Some(DeviceClass::Pc);
    let tenant = rule("t", "tenant = 'acme'", "edge");
    let device = rule("d", "device_class = 'pc'", "cloud");
    let profile = rule("p", "profile = 'work'", "edge");
    let app = rule("a", "application = 'chat'", "cloud");
    let group = rule("g", "group = 'night'", "edge");
    let again = rule("g2", "group = 'night'", "cloud");
    let work = "[profiles]\nwork = ['chat']\n";
    let mut rules = String::new();
    for (added, first) in [
        (&tenant, "box"),
        (&device, "openai"),
        (&profile, "box"),
        (&app, "openai"),
        (&group, "box"),
        (&again, "box"),
    ] {
        rules.push_str(added);
        let decision = decided(&policy(&format!("{work}{rules}")), &facts, everybody());
        assert_eq!(route(&decision)[0], first, "{rules}");
    }
    let told = notes(&decided(&policy(&format!("{work}{rules}")), &facts, everybody()));
    assert!(told.contains(&"rule g sets edge first".to_owned()), "{told:?}");
}

#[test]
fn a_wish_is_granted_only_where_its_condition_is_true() {
    let wish = "[[rule]]\nname = 'w'\nwhen = 'request.max_output_tokens > 5'\nprefer = ['cloud']\n";
    let mut facts = asks(DataClass::Public);
    assert_eq!(route(&decided(&policy(wish), &facts, everybody()))[0], "laptop", "unknown");
    facts.max_output_tokens = Some(9);
    assert_eq!(route(&decided(&policy(wish), &facts, everybody()))[0], "openai");
}

#[test]
fn the_rates_of_a_broader_rule_are_not_mixed_into_a_narrower_preset() {
    let rules = "[[rule]]\nname = 'all'\nfor = { tenant = 'acme' }\n\
        weights = { bad_answer_usd_micros = 0.0 }\n\
        [[rule]]\nname = 'app'\nfor = { application = 'chat' }\npreset = 'balanced'\n";
    let plain = routed(&policy("[objective]\npreset = 'balanced'\n"), everybody());
    let ruled = routed(&policy(rules), everybody());
    let scores = |decision: &Decision| -> Vec<f64> {
        plan_of(decision).attempts.iter().map(|attempt| attempt.score).collect()
    };
    assert_eq!(scores(&ruled), scores(&plain));
}

#[test]
fn presets_order_the_same_fleet_as_their_names_say() {
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].decode_tokens_per_s = Some(12.0);
    workers_of(&mut pools[1])[0].decode_tokens_per_s = Some(20.0);
    cloud_of(&mut pools[2]).price = Some(ModelPrice::of_tokens(150_000, 80_000_000));
    let first = |preset: &str| {
        let policy = policy(&format!("[objective]\npreset = '{preset}'\n"));
        route(&routed(&policy, pools.clone()))[0].to_owned()
    };
    assert_eq!(first("private"), "laptop");
    assert_eq!(first("offline-first"), "laptop");
    assert_eq!(first("cheap"), "box", "the cloud's two cents buy too little");
    assert_eq!(first("fast"), "openai");
    assert_eq!(first("battery-saver"), "openai", "joules of devices are dear");
}

#[test]
fn an_ordered_alias_comes_before_the_objective_and_after_the_tiers() {
    let alias = |pick: &str| {
        format!(
            "[[alias]]\nname = 'default'\nmodels = ['qwen', 'tiny', 'gpt-4o-mini']\npick = '{pick}'\n"
        )
    };
    let mut tiny = edge(vec![worker("quick")]);
    tiny.id = "acme/lab/tiny".into();
    tiny.model.name = "tiny".into();
    tiny.model.quality = Some(0.9);
    let pools = vec![edge(vec![worker("box")]), tiny, cloud()];
    assert_eq!(route(&routed(&policy(&alias("best")), pools.clone())), ["quick", "box", "openai"]);
    let ordered = routed(&policy(&alias("ordered")), pools.clone());
    assert_eq!(route(&ordered), ["box", "quick", "openai"]);
    let because = &plan_of(&ordered).attempts[1].because;
    assert_eq!(*because, Some(Because::Version("qwen".into())));
    let objective = policy(&format!("{LAB_SLOW}{}", alias("ordered")));
    assert_eq!(route(&routed(&objective, pools)), ["box", "quick", "openai"]);
}

#[test]
fn a_weighted_alias_and_a_canary_take_their_shares() {
    let text = "[[alias]]\nname = 'default'\nmodels = ['a', 'b']\npick = 'weighted'\nweights = [3, 1]\n\
        canary = { model = 'c', share = 0.1 }\n";
    let policy = policy(text);
    let pools: Vec<Pool> = ["a", "b", "c"]
        .map(|name| {
            let mut pool = edge(vec![worker(name)]);
            pool.id = format!("acme/lab/{name}").into();
            pool.model.name = name.into();
            pool
        })
        .into();
    let fleet = FleetView::of(pools);
    let (mut first, mut with_canary) = ([0_u32; 3], 0_u32);
    for seed in 0..10_000 {
        let decision = decide(&policy, &asks(DataClass::Public), &fleet, Duration::ZERO, seed);
        let route = route(&decision);
        with_canary += u32::from(route.contains(&"c"));
        first[["a", "b", "c"].iter().position(|name| *name == route[0]).unwrap()] += 1;
    }
    assert_eq!(first[2], with_canary, "a canary answers no request outside of its share");
    assert!((880..1_120).contains(&first[2]), "{first:?}");
    assert!((6_500..7_000).contains(&first[0]), "three quarters of the rest: {first:?}");
    let asked = Facts { alias: "c".into(), ..asks(DataClass::Public) };
    let by_name = decide(&policy, &asked, &fleet, Duration::ZERO, 1);
    assert_eq!(route(&by_name), ["c"], "a model's own name always works");
}

#[test]
fn a_model_that_is_not_to_be_used_and_one_whose_quality_is_stated() {
    let text =
        "[[target]]\nmodel = 'qwen'\nuse = false\n[[target]]\nmodel = 'smollm2'\nquality = 0.25\n";
    let decision = routed(&policy(text), everybody());
    assert!(losers(&decision).contains(&(
        "acme/lab/qwen",
        Gate::Rule,
        "the policy says use = false"
    )));
    assert_eq!(plan_of(&decision).attempts[0].predicted.quality, Some(0.25));
}

#[test]
fn a_vehicle_never_waits_for_the_cloud() {
    let mut facts = asks(DataClass::Public);
    facts.principal.device_class = Some(DeviceClass::Vehicle);
    let mut pools = vec![cloud()];
    let alone = shipped(&facts, pools.clone());
    assert_eq!(plan_of(&alone).attempts[0].limits.first_token_ms, 1_000, "though it is alone");
    cloud_of(&mut pools[0]).first_token_ms = Some(1_001.0);
    let slow = "predicted first token 1.00 s, and the device waits 1.00 s for a cloud at most";
    assert_eq!(
        losers(&shipped(&facts, pools.clone())),
        [("openai/gpt-4o-mini", Gate::Latency, slow)]
    );
    cloud_of(&mut pools[0]).first_token_ms = None;
    let unknown = "first token unknown, and the device waits 1.00 s for a cloud at most";
    assert_eq!(
        losers(&shipped(&facts, pools.clone())),
        [("openai/gpt-4o-mini", Gate::Latency, unknown)]
    );
    facts.principal.device_class = Some(DeviceClass::Pc);
    assert_eq!(route(&shipped(&facts, pools)), ["openai"]);
}

#[test]
fn each_kind_of_device_has_floors_of_its_own() {
    let mut pools = vec![device_of("alice", vec![worker("it")])];
    let lost = |pools: &Vec<Pool>| losers(&shipped(&asks(DataClass::Public), pools.clone())).len();
    workers_of(&mut pools[0])[0].device.battery_fraction = Some(0.35);
    for (class, lost_at_35) in
        [(DeviceClass::Pc, 0), (DeviceClass::Phone, 0), (DeviceClass::Robot, 1)]
    {
        workers_of(&mut pools[0])[0].device_class = Some(class);
        assert_eq!(lost(&pools), lost_at_35, "{class}");
    }
    workers_of(&mut pools[0])[0].device_class = Some(DeviceClass::Phone);
    workers_of(&mut pools[0])[0].device.battery_fraction = Some(0.25);
    assert_eq!(lost(&pools), 1);
}

#[test]
fn a_device_that_a_request_would_drain_or_overheat_is_left_alone() {
    let mut pools = vec![device_of("alice", vec![worker("laptop")])];
    let device = &mut workers_of(&mut pools[0])[0].device;
    (device.battery_fraction, device.battery_capacity_joules) = (Some(0.21), Some(5_000.0));
    let why = "would leave the battery at 19 %, below the floor of 20 %";
    assert_eq!(
        losers(&shipped(&asks(DataClass::Public), pools.clone())),
        [("laptop", Gate::Device, why)]
    );
    let device = &mut workers_of(&mut pools[0])[0].device;
    device.on_battery = Some(false);
    assert_eq!(route(&shipped(&asks(DataClass::Public), pools.clone())), ["laptop"], "on mains");
    let device = &mut workers_of(&mut pools[0])[0].device;
    (device.thermal_fraction, device.heating_per_s) = (Some(0.9), Some(0.03));
    let why = "would heat it to 98 % of the limit, past the wall of 95 %";
    assert_eq!(losers(&shipped(&asks(DataClass::Public), pools)), [("laptop", Gate::Device, why)]);
}

#[test]
fn what_a_rule_requires_of_targets_names_what_they_have() {
    let rules = "[[rule]]\nname = 'home'\nfor = { tenant = 'acme' }\nregions = ['eu']\nmax_retention_days = 0\n\
        accelerator = ['npu', 'gpu']\n";
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].accelerator = Some(Accelerator::Npu);
    workers_of(&mut pools[1])[0].accelerator = Some(Accelerator::Cpu);
    cloud_of(&mut pools[2]).region = Some("us".into());
    let policy = policy(rules);
    let decision = routed(&policy, pools.clone());
    assert_eq!(route(&decision), ["laptop"]);
    assert_eq!(
        losers(&decision),
        [
            ("box", Gate::Rule, "rule home: not on cpu"),
            ("openai/gpt-4o-mini", Gate::Rule, "rule home: not in region us")
        ]
    );
    cloud_of(&mut pools[2]).region = Some("eu".into());
    let kept = "rule home: retention unknown, 0 days at most";
    assert!(losers(&routed(&policy, pools.clone())).contains(&(
        "openai/gpt-4o-mini",
        Gate::Rule,
        kept
    )));
    cloud_of(&mut pools[2]).retention_days = Some(0);
    assert_eq!(route(&routed(&policy, pools)), ["laptop", "openai"]);
}

#[test]
fn a_hedge_is_planned_only_where_policy_and_request_want_it_and_there_is_a_second() {
    let hedged = policy("[fallback]\nhedge = true\n");
    let after = |policy: &Policy, facts: &Facts, pools| {
        plan_of(&decided(policy, facts, pools)).hedge_after_ms
    };
    let mut facts = asks(DataClass::Public);
    assert_eq!(after(&hedged, &facts, everybody()), Some(222));
    assert_eq!(after(&hedged, &facts, vec![cloud()]), None);
    assert_eq!(after(&Policy::shipped(), &facts, everybody()), None);
    facts.hints.allow_hedge = Some(true);
    assert_eq!(after(&Policy::shipped(), &facts, everybody()), None, "a hint cannot widen");
    facts.hints.allow_hedge = Some(false);
    assert_eq!(after(&hedged, &facts, everybody()), None);
}

#[test]
fn tags_and_counts_of_who_is_there() {
    let rules = "[[rule]]\nname = 'bill'\nwhen = 'fleet.edge_ready == 1 && fleet.device_ready == 1'\ntag = ['lab']\n";
    let told = notes(&routed(&policy(rules), everybody()));
    assert!(told.contains(&"tag lab, by rule bill".to_owned()), "{told:?}");
    let told = notes(&routed(&policy(rules), vec![cloud()]));
    assert!(!told.iter().any(|note| note.starts_with("tag")), "{told:?}");
}
