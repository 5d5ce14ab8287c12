//! What a rule does to a decision.

use super::*;
use crate::reason::Reason;

/// A policy with one rule.
fn with_rule(when: &str, effect: &str) -> Policy {
    policy(&format!("[[rule]]\nname = 'r'\nwhen = '''{when}'''\n{effect}"))
}

fn labelled() -> Facts {
    asks(DataClass::Public)
}

#[test]
fn a_rule_that_denies_leaves_nobody_and_says_its_name() {
    let policy = with_rule("request.class == 'public'", "deny = true");
    let decision = decided(&policy, &labelled(), everybody());
    assert!(
        losers(&decision)
            .iter()
            .all(|(_, gate, why)| (*gate, *why) == (Gate::Rule, "rule r: denied"))
    );
    assert_eq!(decision.rejected.len(), 3);
    let refusal = refusal_of(&decision);
    assert_eq!((refusal.reason, refusal.retry_after_ms), (Reason::NoCapableTarget, None));
    assert!(refusal.message.contains("rule r: denied"), "{}", refusal.message);
    assert_eq!(route(&decided(&policy, &asks(DataClass::Internal), everybody())).len(), 3);
}

#[test]
fn a_rule_that_limits_the_tier_stops_what_is_further_away() {
    let policy = with_rule("principal.application == 'chat'", "max_tier = 'edge'");
    let decision = decided(&policy, &labelled(), everybody());
    assert_eq!(route(&decision), ["laptop", "box"]);
    let lost = ("openai/gpt-4o-mini", Gate::Rule, "rule r: tier edge at most");
    assert_eq!(losers(&decision), [lost]);
}

#[test]
fn the_lowest_tier_of_all_rules_holds_in_any_order() {
    let rule = |name: &str, tier: &str| {
        format!("[[rule]]\nname = '{name}'\nwhen = 'request.labelled'\nmax_tier = '{tier}'\n")
    };
    for (a, b) in [("edge", "device"), ("device", "edge")] {
        let policy = policy(&(rule("a", a) + &rule("b", b)));
        assert_eq!(route(&decided(&policy, &labelled(), everybody())), ["laptop"]);
    }
}

#[test]
fn a_rule_on_a_target_stops_that_target_alone() {
    let stops = |when: &str| {
        let decision = decided(&with_rule(when, "deny = true"), &labelled(), everybody());
        losers(&decision).into_iter().map(|(who, ..)| who.to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(stops("target.group == 'lab'"), ["acme/lab/qwen"]);
    assert_eq!(stops("target.model == 'smollm2'"), ["acme/alice/smollm2"]);
    assert_eq!(stops("target.provider == 'openai'"), ["openai/gpt-4o-mini"]);
    assert_eq!(stops("target.tier == 'edge'"), ["acme/lab/qwen"]);
}

#[test]
fn a_rule_on_a_device_stops_that_worker_alone_and_never_a_cloud() {
    let mut pools = everybody();
    pools[1] = edge(vec![worker("full"), worker("low")]);
    workers_of(&mut pools[1])[1].device.battery_fraction = Some(0.25);
    let policy = with_rule("device.on_battery && device.battery_fraction < 0.3", "deny = true");
    let decision = decided(&policy, &labelled(), pools.clone());
    assert_eq!(losers(&decision), [("low", Gate::Rule, "rule r: denied")]);
    let turned = with_rule("!(device.battery_fraction > 0.95)", "deny = true");
    assert_eq!(route(&decided(&turned, &labelled(), pools)), ["openai"]);
}

#[test]
fn a_ceiling_of_a_rule_meets_the_hint_and_the_smaller_one_wins() {
    let mut facts = labelled();
    facts.hints.max_cost_usd_micros = Some(200);
    let tight = with_rule("request.labelled", "max_cost_usd_micros = 100");
    let decision = decided(&tight, &facts, everybody());
    let why = "predicted cost 169 over the ceiling of 100 micro-dollars of rule r";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Cost, why)]);
    let loose = with_rule("request.labelled", "max_cost_usd_micros = 300");
    assert_eq!(route(&decided(&loose, &facts, everybody())).len(), 3);
    facts.hints.max_cost_usd_micros = Some(100);
    let why = "predicted cost 169 over the ceiling of 100 micro-dollars";
    let decision = decided(&loose, &facts, everybody());
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Cost, why)]);
}

#[test]
fn a_rule_bounds_the_first_token_of_the_targets_it_is_about() {
    let policy = with_rule("target.tier == 'cloud'", "max_first_token_ms = 300");
    let decision = decided(&policy, &labelled(), everybody());
    let why = "predicted first token 0.40 s over the 0.30 s ceiling of rule r";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Latency, why)]);
    let policy = with_rule("target.tier == 'edge'", "max_first_token_ms = 300");
    assert_eq!(route(&decided(&policy, &labelled(), everybody())).len(), 3);
}

#[test]
fn an_unknown_fact_restricts_and_the_record_says_which() {
    let policy = with_rule("request.max_output_tokens > 500", "max_tier = 'edge'");
    let decision = decided(&policy, &labelled(), everybody());
    assert_eq!(route(&decision), ["laptop", "box"]);
    let why = "rule r: tier edge at most, as request.max_output_tokens is unknown";
    assert_eq!(losers(&decision), [("openai/gpt-4o-mini", Gate::Rule, why)]);
    let note = "rule r applied because request.max_output_tokens is unknown";
    assert!(decision.notes.iter().any(|told| told.to_string() == note), "{:?}", decision.notes);
    let mut known = labelled();
    known.max_output_tokens = Some(500);
    let decision = decided(&policy, &known, everybody());
    assert_eq!(route(&decision).len(), 3);
    assert!(
        !decision.notes.iter().any(|told| told.to_string().contains("rule r")),
        "{:?}",
        decision.notes
    );
}

#[test]
fn a_region_nobody_stated_is_unknown_and_a_device_without_readings_too() {
    let region = with_rule("target.tier == 'cloud' && target.region != 'eu'", "deny = true");
    let mut pools = everybody();
    assert_eq!(route(&decided(&region, &labelled(), pools.clone())), ["laptop", "box"]);
    cloud_of(&mut pools[2]).region = Some("eu".into());
    assert_eq!(route(&decided(&region, &labelled(), pools.clone())).len(), 3);
    workers_of(&mut pools[0])[0].device.battery_fraction = Some(f64::NAN);
    let low = with_rule("device.battery_fraction < 0.3", "deny = true");
    let decision = decided(&low, &labelled(), pools);
    let why = "rule r: denied, as device.battery_fraction is unknown";
    assert_eq!(losers(&decision), [("laptop", Gate::Rule, why)]);
}

#[test]
fn a_reading_that_a_record_cannot_hold_is_unknown() {
    let policy = with_rule("device.thermal_fraction > 0.9", "deny = true");
    let mut pools = everybody();
    workers_of(&mut pools[0])[0].device.thermal_fraction = Some(f64::INFINITY);
    let decision = decided(&policy, &labelled(), pools);
    let why = "rule r: denied, as device.thermal_fraction is unknown";
    assert_eq!(losers(&decision), [("laptop", Gate::Rule, why)]);
}

#[test]
fn a_prompt_that_was_not_counted_may_be_as_short_as_a_rule_says() {
    let policy = with_rule("request.prompt_tokens < 50", "max_tier = 'edge'");
    let mut facts = labelled();
    assert_eq!(route(&decided(&policy, &facts, everybody())).len(), 3);
    facts.prompt_tokens.estimated = true;
    assert_eq!(route(&decided(&policy, &facts, everybody())), ["laptop", "box"]);
    let long = with_rule("request.prompt_tokens > 100", "deny = true");
    assert_eq!(route(&decided(&long, &facts, everybody())).len(), 3);
}

#[test]
fn a_class_is_not_blamed_for_what_a_rule_would_stop_too() {
    let policy = with_rule("target.tier == 'cloud'", "deny = true");
    let decision = decided(&policy, &asks(DataClass::Restricted), vec![cloud()]);
    assert_eq!(refusal_of(&decision).reason, Reason::NoCapableTarget);
    let decision = decided(&Policy::shipped(), &asks(DataClass::Restricted), vec![cloud()]);
    assert_eq!(refusal_of(&decision).reason, Reason::EgressDenied);
}

#[test]
fn a_row_of_the_rule_gate_is_stored_as_rule() {
    let json = serde_json::to_string(&Gate::Rule).unwrap();
    assert_eq!((json.as_str(), Gate::Rule.name()), ("\"rule\"", "rule"));
    assert_eq!(serde_json::from_str::<Gate>("\"rule\"").unwrap(), Gate::Rule);
}
