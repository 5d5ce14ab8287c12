//! Trying the same cloud again: only where the fault passes, after a pause, while there is time.

use super::*;

fn failed(dispatch: u32, kind: &'static str, retry_after_ms: Option<u64>) -> Event {
    let fault = Fault { kind, retry_after_ms, ..fault(Blame::Target) };
    Event::Failed { dispatch: DispatchId(dispatch), fault }
}

/// The moment that is waited for after this event, with nothing sent and nothing told.
fn pause(actions: &[Action]) -> Duration {
    match actions {
        [Action::WakeAt(at)] => *at,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_fault_that_passes_is_followed_by_a_pause_and_a_repeat_once() {
    let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
    let first = pause(&rig.at(100).on(failed(0, "overloaded", None)));
    assert!(first >= ms(100) && first < ms(300), "{first:?}");
    rig.now = first;
    let actions = rig.on(Event::Timer);
    let Action::Dispatch { dispatch, attempt: 0, purpose, .. } = actions[0] else {
        panic!("{actions:?}")
    };
    assert_eq!((dispatch, purpose), (DispatchId(1), Purpose::Repeat));
    assert_eq!(failover(&actions), Some((0, 0, FailoverKind::Continued, 0, 0)));
    rig.on(failed(1, "server", None));
    assert_eq!(rig.failure().0, "ATTEMPTS_FAILED");
    assert_eq!(rig.ending().dispatches.len(), 2);
}

#[test]
fn a_target_that_asks_to_be_left_alone_is_left_alone_for_so_long_or_the_asker_is_told() {
    let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
    let until = pause(&rig.on(failed(0, "rate_limited", Some(3_000))));
    assert!(until >= ms(3_000) && until < ms(3_200), "{until:?}");
    let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
    rig.on(failed(0, "rate_limited", Some(10_001)));
    assert_eq!(rig.failure().0, "ATTEMPTS_FAILED");
    assert_eq!(rig.ending().result.as_ref().unwrap_err().retry_after_ms, Some(10_001));
    let short = Plan { deadline_ms: 2_000, ..plan([cloud("a")]) };
    let mut rig = Rig::new(short, OPTIONS);
    rig.on(failed(0, "rate_limited", Some(3_000)));
    assert_eq!(rig.failure().0, "ATTEMPTS_FAILED");
}

#[test]
fn what_does_not_pass_is_not_repeated_and_others_go_first() {
    for kind in ["auth", "quota", "invalid_request", "stalled", "garbage", "redirect"] {
        let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
        rig.on(failed(0, kind, None));
        assert_eq!(rig.ending().dispatches.len(), 1, "{kind}");
    }
    let mut rig = Rig::new(plan([cloud("a"), cloud("b")]), OPTIONS);
    let actions = rig.on(failed(0, "overloaded", None));
    assert_eq!(failover(&actions).map(|told| told.1), Some(1));
}

#[test]
fn a_pause_ends_with_the_client_with_egress_and_with_the_deadline() {
    let paused = || {
        let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
        rig.on(failed(0, "rate_limited", Some(9_000)));
        rig
    };
    let mut rig = paused();
    rig.on(Event::ClientGone);
    assert_eq!(rig.failure().0, "CANCELLED");
    let mut rig = paused();
    rig.on(Event::EgressCut);
    assert_eq!(rig.failure().0, "ATTEMPTS_FAILED");
    let mut rig = paused();
    rig.at(120_000).on(Event::Timer);
    assert_eq!(rig.failure().0, "DEADLINE_EXCEEDED");
}

#[test]
fn who_joins_the_plan_in_a_pause_goes_first() {
    let mut rig = Rig::new(plan([cloud("a")]), OPTIONS);
    let until = pause(&rig.on(failed(0, "rate_limited", Some(1_000))));
    rig.flight.revise(|_| false, vec![worker("b")]);
    rig.now = until;
    let actions = rig.on(Event::Timer);
    assert_eq!(failover(&actions).map(|told| told.1), Some(1));
}
