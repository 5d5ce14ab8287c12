//! For whom a rule is.

use super::super::value::Value;
use super::*;

/// The truth of a rule where its facts have these values, and every other is unknown.
fn truth(rule: &Rule, known: &[(&str, Value<'_>)]) -> Truth {
    rule.when.over(&|test| {
        let value = known.iter().find(|(name, _)| *name == test.fact.name());
        value.map_or(Value::Unknown, |(_, value)| *value)
    })
}

fn groups(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn all_that_for_names_must_hold_and_the_condition_too() {
    let rule = rule(
        "for = { tenant = 'acme', application = 'chat', group = 'clinicians', profile = 'work', \
         device_class = 'phone' }\nwhen = 'request.labelled'\ndeny = true",
    );
    let list = groups(&["clinicians", "staff"]);
    let matching = [
        ("principal.groups", Value::Texts(&list)),
        ("principal.application", Value::Text("chat")),
        ("principal.profile", Value::Word(2)),
        ("principal.device_class", Value::Word(0)),
        ("principal.tenant", Value::Text("acme")),
        ("request.labelled", Value::Bool(true)),
    ];
    assert_eq!(truth(&rule, &matching), Truth::True);
    let other = [
        Value::Texts(&[]),
        Value::Text("mail"),
        Value::Word(1),
        Value::Word(1),
        Value::Text("other"),
        Value::Bool(false),
    ];
    for (place, other) in other.into_iter().enumerate() {
        let mut known = matching;
        known[place].1 = other;
        assert_eq!(truth(&rule, &known), Truth::False, "{}", known[place].0);
        known[place].1 = Value::Unknown;
        let Truth::Unknown(fact) = truth(&rule, &known) else { panic!("{}", known[place].0) };
        assert_eq!(fact.name(), known[place].0);
    }
}

#[test]
fn an_asker_who_is_known_to_be_someone_else_settles_what_the_condition_leaves_unknown() {
    let rule = rule("for.group = 'clinicians'\nwhen = 'request.labelled'\ndeny = true");
    let others = groups(&["porters"]);
    assert_eq!(truth(&rule, &[("principal.groups", Value::Texts(&others))]), Truth::False);
    let theirs = groups(&["clinicians"]);
    assert!(matches!(
        truth(&rule, &[("principal.groups", Value::Texts(&theirs))]),
        Truth::Unknown(_)
    ));
}

#[test]
fn for_alone_is_enough() {
    let rule = rule("for = { tenant = 'acme' }\nmax_tier = 'edge'");
    assert_eq!(rule.when, condition("principal.tenant == 'acme'"));
    assert_eq!(rule.scope(), Scope::Request);
}

#[test]
fn the_narrowest_key_decides_the_rank_and_narrow_comes_before_wide() {
    let ranks = [
        ("for = { tenant = 't', group = 'g', application = 'a' }", Rank::Group),
        ("for = { application = 'a', profile = 'work' }", Rank::Application),
        ("for = { profile = 'work', device_class = 'pc', tenant = 't' }", Rank::Profile),
        ("for = { device_class = 'pc', tenant = 't' }", Rank::DeviceClass),
        ("for = { tenant = 't' }", Rank::Tenant),
        ("when = 'principal.tenant == \"t\"'", Rank::Global),
    ];
    for (audience, rank) in ranks {
        assert_eq!(rule(&format!("{audience}\ndeny = true")).rank(), rank, "{audience}");
    }
    assert!(ranks.is_sorted_by_key(|(_, rank)| *rank));
    let names: Vec<&str> = ranks.iter().map(|(_, rank)| rank.name()).collect();
    let json: Vec<String> =
        ranks.iter().map(|(_, rank)| serde_json::to_string(rank).unwrap()).collect();
    assert_eq!(json, names.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>());
}

#[test]
fn the_rank_is_in_the_hash_as_it_decides_among_preferences() {
    let hash = |audience: &str| {
        let body = format!("[[rule]]\nname = 'r'\n{audience}\npreset = 'fast'");
        policy(&body).unwrap().hash().to_owned()
    };
    let narrow = hash("for = { tenant = 't' }");
    assert_ne!(narrow, hash("when = 'principal.tenant == \"t\"'"));
    assert_eq!(narrow, hash("for.tenant = 't'"));
}
