//! A request of the past under two policies: what is said to change, and what is not.

use super::*;
use crate::record::{Change, CloudChange, Record};

fn recorded(facts: &Facts, pools: Vec<Pool>) -> Record {
    Record::decide(&Policy::shipped(), facts, &FleetView::of(pools), Duration::ZERO, 1)
}

fn public() -> Record {
    recorded(&asks(DataClass::Public), everybody())
}

fn change(record: &Record, before: &Policy, after: &Policy) -> Option<Change> {
    Change::between(&record.under(before), &record.under(after))
}

/// What `after` changes against the shipped policy.
fn changed(record: &Record, after: &str) -> Option<Change> {
    change(record, &Policy::shipped(), &policy(after))
}

#[test]
fn a_policy_that_leads_to_the_same_targets_changes_nothing() {
    assert_eq!(change(&public(), &Policy::shipped(), &Policy::shipped()), None);
    // Another name, other limits: another hash, and the same route.
    assert_eq!(changed(&public(), "[deadlines]\nmax_ms = 300000"), None);
    // A rule that stops somebody who was not in the plan anyway.
    let near = recorded(&asks(DataClass::Restricted), everybody());
    let rule = "[[rule]]\nname = 'r'\nwhen = 'target.tier == \"cloud\"'\ndeny = true";
    assert_eq!(changed(&near, rule), None);
}

#[test]
fn a_target_that_is_lost_is_named_with_the_rule_that_stops_it() {
    let rule = "[[rule]]\nname = 'night'\nwhen = 'request.class == \"public\"'\nmax_tier = 'edge'";
    let change = changed(&public(), rule).unwrap();
    assert_eq!(
        change,
        Change {
            before: "smollm2 on laptop, then qwen on box, then openai/gpt-4o-mini".into(),
            after: "smollm2 on laptop, then qwen on box".into(),
            why: "openai/gpt-4o-mini lost at rule: rule night: tier edge at most".into(),
            cloud: CloudChange::Disappears,
        }
    );
}

#[test]
fn a_cloud_that_comes_into_the_plan_is_flagged_and_what_no_longer_stops_it_is_told() {
    let strict = policy("[[rule]]\nname = 'home'\nwhen = 'target.tier == \"cloud\"'\ndeny = true");
    let change = change(&public(), &strict, &Policy::shipped()).unwrap();
    assert_eq!(change.cloud, CloudChange::Appears);
    assert_eq!(change.before, "smollm2 on laptop, then qwen on box");
    assert_eq!(change.why, "openai/gpt-4o-mini lost at rule: rule home: denied, and no longer");
}

#[test]
fn a_plan_that_becomes_a_refusal_says_what_stops_the_first_target() {
    let change =
        changed(&public(), "[[rule]]\nname = 'stop'\nfor = { application = 'chat' }\ndeny = true");
    let change = change.unwrap();
    assert!(change.after.starts_with("refused: "), "{change:?}");
    assert_eq!(change.why, "smollm2 on laptop lost at rule: rule stop: denied");
    assert_eq!(change.cloud, CloudChange::Disappears);
}

#[test]
fn a_target_that_comes_first_is_told_with_the_wish_that_put_it_there() {
    let rule = "[[rule]]\nname = 'lab'\nfor = { tenant = 'acme' }\nprefer = ['edge']";
    let change = changed(&public(), rule).unwrap();
    assert!(change.after.starts_with("qwen on box, then smollm2 on laptop"), "{change:?}");
    assert!(change.why.starts_with("now first: qwen on box; rule lab sets"), "{change:?}");
    assert_eq!(change.cloud, CloudChange::Same);
    // Where no rule wishes it, the order of the plan tells.
    let change = changed(&public(), "[tiers]\norder = ['edge', 'device', 'cloud']").unwrap();
    assert_eq!(
        change.why,
        "now first: qwen on box; smollm2 on laptop stands behind it: edge comes first"
    );
}

#[test]
fn another_named_refusal_is_a_change_and_another_wording_is_none() {
    let nobody = recorded(&asks(DataClass::Public), vec![cloud()]);
    let deny = |name: &str| {
        policy(&format!("[[rule]]\nname = '{name}'\nfor = {{ tenant = 'acme' }}\ndeny = true"))
    };
    assert_eq!(change(&nobody, &deny("one"), &deny("two")), None);
    let change = change(&nobody, &deny("one"), &policy("[tiers]\norder = ['device']")).unwrap();
    assert_eq!(change.cloud, CloudChange::Same);
    assert_eq!(change.before, "refused: NO_CAPABLE_TARGET");
    assert_eq!(change.after, "refused: NO_READY_TARGET");
    assert!(change.why.contains("lost at tier: the policy does not use tier cloud"), "{change:?}");
}
