//! Limits: what renews them, what ends them, and what the deadline leaves for whom.

use super::*;

fn progress(dispatch: u32, done: u32, of: u32) -> Event {
    Event::Progress { dispatch: DispatchId(dispatch), done, of }
}

#[test]
fn progress_that_advances_is_told_and_renews_the_first_token_limit() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    let actions = rig.at(1_500).on(progress(0, 128, 512));
    let told = Action::Emit(Emission::Progress { done: 128, of: 512 });
    assert_eq!(actions, [told, Action::WakeAt(ms(3_500))]);
}

#[test]
fn progress_that_repeats_goes_back_or_is_impossible_renews_nothing() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(1_000).on(progress(0, 128, 512));
    assert_eq!(rig.at(1_500).on(progress(0, 128, 512)), []);
    assert_eq!(rig.on(progress(0, 64, 512)), []);
    assert_eq!(rig.on(progress(0, 513, 512)), []);
    assert_eq!(rig.on(progress(3, 256, 512)), [], "another dispatch's progress");
    assert_eq!(rig.wake(), ms(3_000));
    rig.text(0, "x");
    assert_eq!(rig.on(progress(0, 512, 512)), [], "after the first token it says nothing");
}

#[test]
fn acceptance_alone_renews_nothing() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(1_999).on(Event::Accepted(DispatchId(0))), []);
    assert_eq!(rig.at(2_000).on(Event::Timer)[0], Action::Cancel(DispatchId(0)));
}

#[test]
fn with_nobody_else_left_the_deadline_rules_before_the_first_token() {
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    assert_eq!(rig.wake(), ms(120_000));
    let actions = rig.at(120_000).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(
        rig.failure(),
        (
            "DEADLINE_EXCEEDED",
            "no complete answer within the deadline of 120000 ms: a (device): had not finished"
        )
    );
    assert_eq!(rig.ending().dispatches[0].fault, None);
}

#[test]
fn the_deadline_counts_from_arrival() {
    let (mut flight, actions) = Flight::start(plan([worker("a")]), OPTIONS, ms(5_000));
    assert!(actions.contains(&Action::WakeAt(ms(125_000))));
    assert!(flight.on(Event::Timer, ms(124_999)).len() == 1 && !flight.ended());
    flight.on(Event::Timer, ms(125_000));
    assert!(flight.ended());
}

#[test]
fn a_short_deadline_is_shared_among_the_attempts() {
    let short = Plan { deadline_ms: 3_000, ..plan([worker("a"), worker("b"), worker("c")]) };
    let mut rig = Rig::new(short, OPTIONS);
    assert_eq!(rig.wake(), ms(1_000), "a third of the time");
    rig.at(1_000).on(Event::Timer);
    assert_eq!(rig.wake(), ms(2_000), "half of what is left");
    rig.at(2_000).on(Event::Timer);
    assert_eq!(rig.wake(), ms(3_000), "all of it");
}

#[test]
fn an_attempt_gets_twice_its_predicted_first_token_however_short_its_share() {
    let slow = |first_token_ms| {
        let predicted = Prediction { first_token_ms: Some(first_token_ms), ..Default::default() };
        Plan { deadline_ms: 3_000, ..plan([Attempt { predicted, ..worker("a") }, worker("b")]) }
    };
    assert_eq!(Rig::new(slow(900.0), OPTIONS).wake(), ms(1_800));
    assert_eq!(Rig::new(slow(5_000.0), OPTIONS).wake(), ms(2_000), "never above its own limit");
    for broken in [f64::NAN, f64::INFINITY, -1.0] {
        assert_eq!(Rig::new(slow(broken), OPTIONS).wake(), ms(1_500));
    }
}

#[test]
fn silence_in_mid_stream_is_a_stall_counted_from_the_last_token() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(100).text(0, "one");
    rig.at(900).text(0, " two");
    assert_eq!(rig.wake(), ms(1_900));
    rig.at(1_899).on(Event::Timer);
    assert_eq!(rig.flight.attempt(), Some(0));
    let actions = rig.at(1_900).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 7)));
    rig.finish(1);
    assert_eq!(rig.ending().dispatches[0].fault.as_ref().map(|f| f.kind), Some("stalled"));
}

#[test]
fn the_last_target_gets_ten_stall_limits_and_then_fails_in_seconds() {
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    rig.at(100).text(0, "one");
    assert_eq!(rig.wake(), ms(10_100));
    let actions = rig.at(10_100).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(
        rig.failure(),
        ("ATTEMPTS_FAILED", "no attempt is left: a (device): silent in mid-stream for 10000 ms")
    );
}

#[test]
fn a_token_that_comes_after_its_limit_but_before_the_timer_still_counts() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(2_500).text(0, "x"), [told(0, 0, "x"), Action::WakeAt(ms(3_500))]);
}

#[test]
fn silence_is_judged_only_when_no_event_waits() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(2_500).on(Event::Accepted(DispatchId(0))), [], "the token may be behind it");
    assert_eq!(rig.text(0, "x"), [told(0, 0, "x"), Action::WakeAt(ms(3_500))]);
    assert_eq!(rig.at(4_000).on(Event::Accepted(DispatchId(0))), []);
    assert_eq!(rig.on(Event::Timer)[0], Action::Cancel(DispatchId(0)));
}

#[test]
fn the_deadline_is_judged_at_every_event() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(120_000).on(Event::Accepted(DispatchId(0)));
    assert_eq!(rig.failure().0, "DEADLINE_EXCEEDED");
}

#[test]
fn a_wake_up_that_is_already_due_is_asked_for_now() {
    let mut rig = Rig::new(plan([worker("a"), cloud("c"), worker("b")]), OPTIONS);
    let actions = rig.at(50_000).on(Event::EgressCut);
    assert_eq!(actions, [], "the wake-up at 2 s stands");
    let mut rig = Rig::new(
        Plan { deadline_ms: 3_000, ..plan([worker("a"), cloud("c"), worker("b")]) },
        OPTIONS,
    );
    assert_eq!(rig.wake(), ms(1_000));
    assert_eq!(
        rig.at(2_000).on(Event::EgressCut),
        [Action::WakeAt(ms(2_000))],
        "a half, not a third"
    );
}

#[test]
fn an_answer_that_finishes_at_the_deadline_is_an_answer_and_a_failure_then_is_the_deadline() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(120_000).finish(0);
    assert!(rig.ending().result.is_ok());

    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    assert_eq!(rig.at(120_000).fail(0, Blame::Target).len(), 1, "no dispatch, no cancel");
    assert_eq!(rig.failure().0, "DEADLINE_EXCEEDED");
}

#[test]
fn text_at_the_deadline_is_told_and_then_the_flight_ends() {
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    let actions = rig.at(120_000).text(0, "x");
    assert_eq!(actions[..2], [told(0, 0, "x"), Action::Cancel(DispatchId(0))]);
    assert_eq!(rig.failure().0, "DEADLINE_EXCEEDED");
}

#[test]
fn a_deadline_of_0_ends_before_anything_is_awaited() {
    let rig = Rig::new(Plan { deadline_ms: 0, ..plan([worker("a")]) }, OPTIONS);
    assert_eq!(rig.failure().0, "DEADLINE_EXCEEDED");
    assert!(!rig.all.iter().any(|action| matches!(action, Action::Dispatch { .. })));
}

#[test]
fn limits_of_0_and_without_end_neither_spin_nor_overflow() {
    let zero = Attempt {
        limits: Limits { first_token_ms: 0, stall_ms: 0, output_tokens: 0 },
        ..worker("a")
    };
    assert_eq!(Rig::new(plan([zero, worker("b")]), OPTIONS).wake(), ms(1));
    let max = Limits { first_token_ms: u64::MAX, stall_ms: u64::MAX, output_tokens: u32::MAX };
    let endless = Attempt { limits: max, ..worker("a") };
    let endless = Plan { deadline_ms: u64::MAX, ..plan([endless]) };
    let late = Duration::MAX.saturating_sub(ms(1));
    let (mut flight, actions) = Flight::start(endless, OPTIONS, late);
    assert_eq!(actions, [sent_on(0, 0, None, u32::MAX), Action::WakeAt(Duration::MAX)]);
    flight.on(Event::Timer, Duration::MAX);
    assert!(flight.ended());
}

#[test]
fn a_clock_that_goes_back_is_taken_as_standing_still() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.at(1_000).text(0, "x");
    rig.at(400).text(0, "y");
    assert_eq!(rig.wake(), ms(2_000));
}

#[test]
fn a_wait_before_the_flight_counts_against_the_deadline_and_not_against_the_first_target() {
    let (now, waited) = (ms(20_000), ms(8_000));
    let plan = plan([worker("a"), worker("b")]);
    let deadline = now - waited + ms(plan.deadline_ms);
    let (mut flight, actions) = Flight::start(plan, FlightOptions { waited, ..OPTIONS }, now);
    let wakes = |actions: &[Action]| {
        actions.iter().find_map(|action| match action {
            Action::WakeAt(at) => Some(*at),
            _ => None,
        })
    };
    // It would be overdue already if its time had begun with the request's.
    assert_eq!(wakes(&actions), Some(now + ms(2_000)));
    let actions = flight.on(Event::Timer, now);
    assert!(!actions.iter().any(|action| matches!(action, Action::Cancel(_))));
    let actions = flight.on(Event::Timer, deadline);
    assert!(matches!(actions.last(), Some(Action::End(Ending { result: Err(_), .. }))));
}
