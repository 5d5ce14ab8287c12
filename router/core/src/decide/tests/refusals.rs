//! The most useful error where nobody can answer.

use super::*;
use crate::reason::Reason;

fn refused(facts: &Facts, pools: Vec<Pool>) -> (Reason, String, Option<u64>) {
    let decision = shipped(facts, pools);
    let refusal = refusal_of(&decision);
    (refusal.reason, refusal.message.clone(), refusal.retry_after_ms)
}

fn unconfigured() -> Pool {
    let mut pool = cloud();
    cloud_of(&mut pool).configured = false;
    pool
}

fn draining() -> Pool {
    let mut pool = device_of("alice", vec![worker("laptop")]);
    workers_of(&mut pool)[0].status = WorkerStatus::Draining;
    pool
}

#[test]
fn content_that_only_a_cloud_could_answer_is_denied_egress() {
    for (facts, message) in [
        (
            asks(DataClass::Restricted),
            "class restricted stays on the device, and no target there is ready; \
             openai/gpt-4o-mini lost by class alone; start a worker on the device, or label the \
             content lower if it is less sensitive than that",
        ),
        (
            asks(DataClass::Personal),
            "class personal stays on device or edge, and no target there is ready; \
             openai/gpt-4o-mini lost by class alone; start a worker on device or edge, or label the \
             content lower if it is less sensitive than that",
        ),
        (
            unlabelled(),
            "content without a label counts as personal and stays on device or edge, and no target \
             there is ready; openai/gpt-4o-mini lost by class alone; start a worker on device or \
             edge, or label every part public or internal if it may leave",
        ),
    ] {
        assert_eq!(refused(&facts, vec![cloud()]), (Reason::EgressDenied, message.into(), None));
    }
}

#[test]
fn a_denial_says_if_a_near_target_may_be_ready_soon() {
    let (reason, message, retry) = refused(&asks(DataClass::Restricted), vec![cloud(), draining()]);
    assert_eq!((reason, retry), (Reason::EgressDenied, Some(5_000)));
    assert!(message.contains("no target there is ready (acme/alice/smollm2: is draining);"));
}

#[test]
fn a_denial_promises_nothing_of_a_target_that_the_class_excludes_too() {
    let mut away = edge(vec![worker("box")]);
    workers_of(&mut away)[0].status = WorkerStatus::Draining;
    let (reason, message, retry) = refused(&asks(DataClass::Restricted), vec![cloud(), away]);
    assert_eq!((reason, retry), (Reason::EgressDenied, None), "{message}");
}

#[test]
fn restricted_content_beside_a_ready_edge_machine_is_denied_egress() {
    let (reason, message, _) =
        refused(&asks(DataClass::Restricted), vec![edge(vec![worker("box")]), cloud()]);
    assert_eq!(reason, Reason::EgressDenied);
    assert!(message.contains("acme/lab/qwen and 1 more lost by class alone"), "{message}");
}

#[test]
fn with_nobody_there_at_all_nobody_is_ready_whatever_the_class() {
    for facts in [asks(DataClass::Public), asks(DataClass::Restricted), unlabelled()] {
        let (reason, message, retry) = refused(&facts, Vec::new());
        assert_eq!((reason, retry), (Reason::NoReadyTarget, Some(5_000)));
        assert!(message.starts_with("no worker is connected and no cloud is configured"));
    }
}

#[test]
fn a_cloud_without_a_key_is_not_denied_to_restricted_content_but_not_ready() {
    for facts in [asks(DataClass::Public), asks(DataClass::Restricted)] {
        let (reason, message, _) = refused(&facts, vec![unconfigured()]);
        assert_eq!(reason, Reason::NoReadyTarget, "{message}");
    }
}

#[test]
fn content_that_only_a_cloud_could_answer_is_denied_egress_while_that_is_off() {
    for facts in [asks(DataClass::Public), asks(DataClass::Restricted), unlabelled()] {
        let mut pool = cloud();
        cloud_of(&mut pool).egress_off = true;
        let (reason, message, retry) = refused(&facts, vec![pool]);
        assert_eq!((reason, retry), (Reason::EgressDenied, None), "{message}");
        assert!(message.contains("have egress switched on"), "{message}");
    }
}

#[test]
fn a_cloud_that_the_mode_excludes_too_is_not_lost_by_class_alone() {
    let facts = in_mode(DataClass::Restricted, Mode::OnlyLocalNetwork);
    let (reason, message, _) = refused(&facts, vec![cloud()]);
    assert_eq!(reason, Reason::NoReadyTarget, "{message}");
}

#[test]
fn a_mode_that_nobody_can_serve_is_named() {
    let facts = in_mode(DataClass::Public, Mode::OnlyOnDevice);
    assert_eq!(
        refused(&facts, vec![cloud(), edge(vec![worker("box")])]),
        (
            Reason::NoReadyTarget,
            "2 of 2 candidates failed at mode, for example acme/lab/qwen: mode only_on_device \
             excludes tier edge; ask in another mode, or start a worker there"
                .into(),
            None
        )
    );
}

#[test]
fn who_asks_for_a_cloud_alone_is_told_of_the_cloud_and_not_of_the_workers() {
    let mut cloud = cloud();
    cloud_of(&mut cloud).egress_off = true;
    let near = [edge(vec![worker("box")]), device_of("alice", vec![worker("laptop")])];
    let facts = in_mode(DataClass::Public, Mode::OnlyInCloud);
    let (reason, message, _) = refused(&facts, [&near[..], &[cloud]].concat());
    assert_eq!(reason, Reason::EgressDenied, "{message}");
    assert!(message.starts_with("1 of 3 candidates failed at egress"), "{message}");
}

#[test]
fn a_denial_does_not_call_for_a_worker_where_the_mode_left_out_the_one_that_is_there() {
    let facts = in_mode(DataClass::Restricted, Mode::OnlyInCloud);
    let pools = vec![cloud(), device_of("alice", vec![worker("laptop")])];
    assert_eq!(
        refused(&facts, pools),
        (
            Reason::EgressDenied,
            "class restricted stays on the device, and mode only_in_cloud leaves out who is there; \
             openai/gpt-4o-mini lost by class alone; ask in another mode, or label the content lower if \
             it is less sensitive than that"
                .into(),
            None
        )
    );
}

#[test]
fn the_gate_that_most_candidates_failed_is_named() {
    let mut facts = asks(DataClass::Public);
    facts.needs.image = true;
    let pools =
        vec![draining(), edge(vec![worker("box")]), device_of("alice", vec![worker("laptop")])];
    assert_eq!(
        refused(&facts, pools),
        (
            Reason::NoCapableTarget,
            "3 of 3 candidates failed at capability, for example acme/alice/smollm2: lacks image \
             input; ask without it, or add a model that has it"
                .into(),
            None
        )
    );
}

#[test]
fn what_stopped_two_is_named_before_what_stopped_one_later() {
    let mut facts = asks(DataClass::Public);
    facts.needs.image = true;
    let mut sighted = draining();
    sighted.model.abilities.image = true;
    let pools = vec![sighted, edge(vec![worker("box")]), device_of("alice", vec![worker("b")])];
    let (reason, message, _) = refused(&facts, pools);
    assert_eq!(reason, Reason::NoCapableTarget, "{message}");
    assert!(message.starts_with("2 of 3 candidates failed at capability"), "{message}");
}

#[test]
fn a_pool_with_one_ready_worker_is_lost_by_class_alone_though_another_drains() {
    let mut tired = worker("tired");
    tired.status = WorkerStatus::Draining;
    let pools = vec![edge(vec![worker("box"), tired])];
    assert_eq!(refused(&asks(DataClass::Restricted), pools).0, Reason::EgressDenied);
}

#[test]
fn each_gate_has_its_own_reason() {
    let mut long = asks(DataClass::Public);
    long.prompt_tokens.tokens = 9_000;
    let laptop = || device_of("alice", vec![worker("laptop")]);
    assert_eq!(refused(&long, vec![laptop()]).0, Reason::ContextTooLong);
    let ready = refused(&asks(DataClass::Public), vec![draining()]);
    assert_eq!((ready.0, ready.2), (Reason::NoReadyTarget, Some(5_000)));
    let mut tired = laptop();
    workers_of(&mut tired)[0].device.battery_fraction = Some(0.0);
    assert_eq!(refused(&asks(DataClass::Public), vec![tired]).0, Reason::NoReadyTarget);
    let mut good = asks(DataClass::Public);
    good.hints.min_quality = Some(1.0);
    assert_eq!(refused(&good, vec![laptop()]).0, Reason::NoCapableTarget);
}

#[test]
fn a_full_fleet_sheds_and_says_when_a_place_will_be_free() {
    let mut full = device_of("alice", vec![worker("laptop")]);
    let view = &mut workers_of(&mut full)[0];
    (view.slots, view.active, view.queued) = (1, 1, 8);
    let (reason, _, retry) = refused(&asks(DataClass::Public), vec![full]);
    // One request like this one: 0.1 s to read, 2.56 s to write.
    assert_eq!((reason, retry), (Reason::Shed, Some(2_660)));
}

#[test]
fn other_peoples_devices_count_only_if_there_was_nothing_else() {
    let bobs = || device_of("bob", vec![worker("bobs")]);
    let (reason, message, _) = refused(&asks(DataClass::Public), vec![bobs(), bobs(), draining()]);
    assert_eq!(reason, Reason::NoReadyTarget);
    assert!(message.contains("failed at ready"), "{message}");
    let (_, message, _) = refused(&asks(DataClass::Public), vec![bobs()]);
    assert!(message.contains("another person's device"), "{message}");
}

#[test]
fn a_model_that_nobody_knows_is_named_and_cut_to_a_bearable_length() {
    let mut facts = asks(DataClass::Public);
    facts.alias = "x".repeat(10_000);
    let (reason, message, _) = refused(&facts, everybody());
    assert_eq!(reason, Reason::NoCapableTarget);
    assert!(message.starts_with("no model and no alias is called \"xxx") && message.len() < 250);
}

#[test]
fn an_alias_whose_models_are_away_may_come_back() {
    let policy = policy("[[alias]]\nname = 'default'\nmodels = ['elsewhere']");
    let decision = decided(&policy, &asks(DataClass::Public), everybody());
    let refusal = refusal_of(&decision);
    assert_eq!((refusal.reason, refusal.retry_after_ms), (Reason::NoReadyTarget, Some(5_000)));
}

#[test]
fn only_on_device_needs_a_request_over_loopback() {
    let mut facts = in_mode(DataClass::Public, Mode::OnlyOnDevice);
    facts.principal.loopback = false;
    let (reason, message, _) = refused(&facts, everybody());
    assert_eq!(reason, Reason::InvalidRequest);
    assert!(message.contains("over loopback"));
}

#[test]
fn hints_that_no_answer_could_satisfy_are_mistakes_of_the_request() {
    type Change = fn(&mut Facts);
    let cases: [(&str, Change); 7] = [
        ("deadline_ms", |f| f.hints.deadline_ms = Some(0)),
        ("ttft_target_ms", |f| f.hints.ttft_target_ms = Some(0)),
        ("max_output_tokens", |f| f.max_output_tokens = Some(0)),
        ("min_quality", |f| f.hints.min_quality = Some(1.1)),
        ("min_quality", |f| f.hints.min_quality = Some(f64::NAN)),
        ("max_energy_joules", |f| f.hints.max_energy_joules = Some(-1.0)),
        ("max_energy_joules", |f| f.hints.max_energy_joules = Some(f64::INFINITY)),
    ];
    for (field, change) in cases {
        let mut facts = asks(DataClass::Public);
        change(&mut facts);
        let (reason, message, _) = refused(&facts, everybody());
        assert_eq!(reason, Reason::InvalidRequest);
        assert!(message.starts_with(field), "{message}");
    }
}
