//! Failures before anything was told: the next attempt starts afresh, the epoch stays.

use super::*;

#[test]
fn the_first_attempt_is_dispatched_at_the_start_and_its_first_token_limit_is_watched() {
    let rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.all, [sent(0, 0), Action::WakeAt(ms(2_000))]);
}

#[test]
fn a_failed_attempt_hands_over_in_plan_order_with_the_same_epoch_at_offset_0() {
    let mut rig = Rig::new(plan([worker("a"), cloud("b"), worker("c")]), OPTIONS);
    let actions = rig.at(500).fail(0, Blame::Target);
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 0)));
    assert_eq!(actions[0], sent(1, 1), "sent first, told then");
    assert_eq!(actions[2..], [Action::WakeAt(ms(2_500))]);
    assert_eq!(failover(&rig.fail(1, Blame::Router)), Some((1, 2, FailoverKind::Continued, 0, 0)));
}

#[test]
fn a_silent_target_is_cancelled_at_its_first_token_limit_and_the_next_one_goes_on() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(1_999).on(Event::Timer), [Action::WakeAt(ms(2_000))]);
    let actions = rig.at(2_000).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 0)));
    assert_eq!(actions[1], sent(1, 1));
    rig.finish(1);
    let row = &rig.ending().dispatches[0];
    assert_eq!(
        row.fault.as_ref().map(|f| (f.kind, f.blame)),
        Some(("first_token_timeout", Blame::Target))
    );
}

#[test]
fn a_late_event_of_a_cancelled_dispatch_is_dropped() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(2_000).on(Event::Timer);
    assert_eq!(rig.text(0, "late"), []);
    assert_eq!(rig.finish(0), []);
    assert_eq!(rig.fail(0, Blame::Target), []);
    assert_eq!(rig.text(7, "never dispatched"), []);
    assert_eq!(rig.text(1, "hi"), [told(0, 0, "hi"), Action::WakeAt(ms(12_000))]);
}

#[test]
fn an_empty_delta_is_no_token() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(1_900).text(0, ""), []);
    assert_eq!(rig.on(fragment(0, "")), []);
    let actions = rig.at(2_000).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
}

#[test]
fn without_failover_there_is_one_dispatch_and_the_failure_says_so() {
    let options = FlightOptions { failover: false, ..OPTIONS };
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), options);
    assert_eq!(rig.wake(), ms(120_000));
    rig.at(10).fail(0, Blame::Network);
    assert_eq!(
        rig.failure(),
        ("ATTEMPTS_FAILED", "no attempt is left: a (device): Network failed")
    );
    assert_eq!(rig.ending().failovers, 0);
}

#[test]
fn a_broken_connection_is_retried_once_when_nobody_else_is_left() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(failover(&rig.at(1).fail(0, Blame::Network)).map(|f| f.1), Some(1));
    assert_eq!(failover(&rig.at(2).fail(1, Blame::Target)).map(|f| f.1), Some(0));
    rig.at(3).fail(2, Blame::Network);
    assert_eq!(rig.failure().0, "ATTEMPTS_FAILED");
    assert_eq!(rig.ending().dispatches.len(), 3);
}

#[test]
fn a_target_that_failed_by_itself_or_asked_to_be_left_alone_is_not_retried() {
    for (blame, retry_after_ms) in [
        (Blame::Target, None),
        (Blame::Router, None),
        (Blame::Gate, None),
        (Blame::Network, Some(700)),
    ] {
        let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
        let fault = Fault { retry_after_ms, ..fault(blame) };
        rig.on(Event::Failed { dispatch: DispatchId(0), fault });
        let failure = rig.ending().result.clone().expect_err("a failure");
        assert_eq!(rig.ending().dispatches.len(), 1, "{blame:?}");
        assert_eq!(failure.retry_after_ms, retry_after_ms);
    }
}

#[test]
fn a_hung_target_is_not_retried() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(2_000).on(Event::Timer);
    rig.at(2_001).fail(1, Blame::Target);
    assert_eq!(rig.ending().dispatches.len(), 2);
    assert_eq!(
        rig.failure().1,
        "no attempt is left: a (device): no first token within 2000 ms; b (device): Target failed"
    );
}

#[test]
fn what_the_gate_voids_goes_on_elsewhere_and_is_egress_denied_if_nobody_else_is_left() {
    let mut rig = Rig::new(plan([cloud("c"), worker("a")]), OPTIONS);
    assert_eq!(failover(&rig.fail(0, Blame::Gate)).map(|f| f.1), Some(1));
    rig.finish(1);
    assert!(rig.ending().result.is_ok());

    let mut rig = Rig::new(plan([cloud("c"), cloud("d")]), OPTIONS);
    rig.fail(0, Blame::Gate);
    rig.fail(1, Blame::Gate);
    assert_eq!(rig.failure().0, "EGRESS_DENIED");
}

#[test]
fn a_bad_request_ends_the_flight_at_once() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    let actions = rig.fail(0, Blame::Client);
    assert_eq!(actions.len(), 1);
    assert_eq!(rig.failure(), ("INVALID_REQUEST", "Client failed"));
}

#[test]
fn after_egress_is_cut_a_cloud_is_cancelled_and_no_other_cloud_is_tried() {
    let mut rig = Rig::new(plan([cloud("c"), cloud("d"), worker("a")]), OPTIONS);
    let actions = rig.on(Event::EgressCut);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions), Some((0, 2, FailoverKind::Continued, 0, 0)));
    rig.fail(1, Blame::Target);
    assert_eq!(rig.ending().dispatches.len(), 2);

    let mut rig = Rig::new(plan([cloud("c"), cloud("d")]), OPTIONS);
    rig.on(Event::EgressCut);
    assert_eq!(
        rig.failure(),
        ("EGRESS_DENIED", "no attempt is left: c (cloud): egress is switched off")
    );
}

#[test]
fn cutting_egress_leaves_a_local_dispatch_alone_and_voids_the_clouds_behind_it() {
    let mut rig = Rig::new(plan([worker("a"), cloud("c")]), OPTIONS);
    let actions = rig.on(Event::EgressCut);
    assert_eq!(actions, [Action::WakeAt(ms(120_000))], "nobody else is left: the deadline rules");
    rig.fail(0, Blame::Target);
    assert_eq!(rig.ending().dispatches.len(), 1);
}

#[test]
fn a_cloud_place_counts_as_egress_whatever_tier_the_plan_gives_it() {
    let mislabelled = Attempt { tier: Tier::Edge, ..cloud("c") };
    let mut rig = Rig::new(plan([mislabelled, worker("a")]), OPTIONS);
    assert_eq!(failover(&rig.on(Event::EgressCut)).map(|f| f.1), Some(1));
}
