//! What conditions come to, in three values.

use super::super::value::Value;
use super::*;
use Value::{Absent, Unknown};

fn int(low: i64, high: i64) -> Value<'static> {
    Value::Int { low, high }
}

/// The truth of a text where every fact has this value.
fn truth(text: &str, value: Value<'_>) -> Truth {
    condition(text).over(&|_| value)
}

/// The truth of `a && b` and `a || b` over two facts.
fn pair(operator: &str, a: Value<'_>, b: Value<'_>) -> Truth {
    let text = format!("request.labelled {operator} request.needs.tools");
    condition(&text).over(&|test| if test.fact.name() == "request.labelled" { a } else { b })
}

#[test]
fn logic_is_kleenes() {
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    for (a, b) in [(yes, Unknown), (Unknown, yes)] {
        assert!(matches!(pair("&&", a, b), Truth::Unknown(_)));
        assert_eq!(pair("||", a, b), Truth::True);
    }
    for (a, b) in [(no, Unknown), (Unknown, no)] {
        assert_eq!(pair("&&", a, b), Truth::False);
        assert!(matches!(pair("||", a, b), Truth::Unknown(_)));
    }
    assert_eq!((pair("&&", yes, yes), pair("&&", yes, no)), (Truth::True, Truth::False));
    assert_eq!((pair("||", no, no), pair("||", no, yes)), (Truth::False, Truth::True));
}

#[test]
fn an_unknown_fact_is_unknown_under_every_comparison_and_its_negation() {
    for text in [
        "request.prompt_tokens == 5",
        "!(request.prompt_tokens == 5)",
        "request.prompt_tokens in [5]",
        "!(request.prompt_tokens in [5])",
        "request.prompt_tokens < 5",
        "!(request.prompt_tokens < 5)",
    ] {
        assert!(matches!(truth(text, Unknown), Truth::Unknown(_)), "{text}");
    }
}

#[test]
fn what_does_not_exist_is_neither_so_nor_not_so() {
    for text in [
        "device.on_battery",
        "!device.on_battery",
        "device.battery_fraction < 0.3",
        "!(device.battery_fraction < 0.3)",
        "device.memory_available_bytes in [5]",
        "!(device.memory_available_bytes in [5])",
    ] {
        assert_eq!(truth(text, Absent), Truth::False, "{text}");
    }
}

#[test]
fn an_upper_bound_settles_what_it_can_and_leaves_the_rest_unknown() {
    let over = |value| truth("request.prompt_tokens > 100", value);
    assert_eq!(over(int(0, 100)), Truth::False);
    assert!(matches!(over(int(0, 101)), Truth::Unknown(_)));
    assert_eq!(over(int(101, 101)), Truth::True);
    let below = |value| truth("request.prompt_tokens < 100", value);
    assert_eq!(below(int(0, 99)), Truth::True);
    assert!(matches!(below(int(0, 100)), Truth::Unknown(_)));
    let is = |value| truth("request.prompt_tokens == 100", value);
    assert_eq!(is(int(0, 99)), Truth::False);
    assert!(matches!(is(int(0, 100)), Truth::Unknown(_)));
    let among = |value| truth("request.prompt_tokens in [100, 200]", value);
    assert_eq!(among(int(0, 99)), Truth::False);
    assert!(matches!(among(int(0, 150)), Truth::Unknown(_)));
    assert_eq!(among(int(200, 200)), Truth::True);
}

#[test]
fn classes_and_tiers_compare_by_their_order_and_not_by_spelling() {
    // By spelling, "public" comes after "personal".
    assert_eq!(truth("request.class >= \"personal\"", Value::Word(0)), Truth::False);
    assert_eq!(truth("request.class >= \"personal\"", Value::Word(3)), Truth::True);
    assert_eq!(truth("\"personal\" <= request.class", Value::Word(3)), Truth::True);
    assert_eq!(truth("target.tier > \"device\"", Value::Word(2)), Truth::True);
    assert_eq!(truth("target.tier < \"edge\"", Value::Word(2)), Truth::False);
}

#[test]
fn the_scope_is_that_of_the_furthest_fact() {
    assert_eq!(condition("request.labelled && principal.loopback").scope(), Scope::Request);
    assert_eq!(condition("request.labelled && target.group == 'a'").scope(), Scope::Target);
    assert_eq!(condition("device.on_battery || target.group == 'a'").scope(), Scope::Device);
}

#[test]
fn a_rule_is_in_the_hash_of_its_policy_and_the_spelling_of_its_condition_is_not() {
    let hash = |rule: &str| policy(rule).unwrap().hash().to_owned();
    let rule = |name: &str, when: &str, effect: &str| {
        hash(&format!("[[rule]]\nname = '{name}'\nwhen = '{when}'\n{effect}"))
    };
    let base = rule("a", "request.prompt_tokens > 5", "deny = true");
    assert_eq!(base, rule("a", " ( 5<request.prompt_tokens ) // so", "deny = true"));
    let others = [
        hash(""),
        rule("b", "request.prompt_tokens > 5", "deny = true"),
        rule("a", "request.prompt_tokens > 6", "deny = true"),
        rule("a", "request.prompt_tokens >= 5", "deny = true"),
        rule("a", "request.max_output_tokens > 5", "deny = true"),
        rule("a", "request.prompt_tokens > 5", "max_tier = 'edge'"),
        rule("a", "request.prompt_tokens > 5", "max_tier = 'device'"),
        rule("a", "request.prompt_tokens > 5", "max_first_token_ms = 9"),
        rule("a", "request.prompt_tokens > 5", "max_cost_usd_micros = 9"),
    ];
    let distinct: std::collections::BTreeSet<_> = others.iter().chain([&base]).collect();
    assert_eq!(distinct.len(), others.len() + 1);
}
