//! A rival beside a target that is late: when it starts, who wins, and what becomes of the other.

use super::*;

/// Of two clouds the second may be started beside the first after 500 ms.
fn hedged(attempts: impl Into<Vec<Attempt>>) -> Rig {
    Rig::new(Plan { hedge_after_ms: Some(500), ..plan(attempts) }, OPTIONS)
}

fn beside(dispatch: u32, attempt: usize) -> Action {
    let remainder = Remainder { assistant_prefix: None, max_output_tokens: 256 };
    let purpose = Purpose::Hedge;
    Action::Dispatch { dispatch: DispatchId(dispatch), attempt, remainder, purpose }
}

#[test]
fn a_rival_starts_when_the_first_is_late_and_not_before() {
    let mut rig = hedged([cloud("a"), cloud("b")]);
    assert_eq!(rig.wake(), ms(500));
    assert_eq!(rig.at(499).on(Event::Timer), [Action::WakeAt(ms(500))]);
    let actions = rig.at(500).on(Event::Timer);
    assert_eq!(actions, [beside(1, 1), Action::WakeAt(ms(2_000))]);
}

#[test]
fn a_first_that_speaks_in_time_has_no_rival() {
    let mut rig = hedged([cloud("a"), cloud("b")]);
    rig.at(400).text(0, "x");
    rig.at(500).on(Event::Timer);
    rig.at(600).finish(0);
    assert_eq!(rig.ending().dispatches.len(), 1);
}

#[test]
fn the_first_word_ends_the_other_at_once_whoever_says_it() {
    let mut rig = hedged([cloud("a"), cloud("b")]);
    rig.at(500).on(Event::Timer);
    let actions = rig.at(600).text(1, "b speaks");
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 0)));
    assert_eq!(actions[2], told(0, 0, "b speaks"));
    assert_eq!(rig.text(0, "too late"), []);
    rig.at(700).finish(1);
    assert_eq!(rig.ending().result.as_ref().unwrap().attempt, 1);
    let rows = &rig.ending().dispatches;
    assert_eq!((rows[0].ended_at, rows[0].first_token_at), (ms(600), None));
    assert_eq!(rows[0].fault, None, "to be beaten is no fault");

    let mut rig = hedged([cloud("a"), cloud("b")]);
    rig.at(500).on(Event::Timer);
    let actions = rig.at(600).text(0, "a speaks");
    assert_eq!(actions[..2], [Action::Cancel(DispatchId(1)), told(0, 0, "a speaks")]);
    rig.at(700).finish(0);
    assert_eq!((rig.ending().failovers, rig.ending().dispatches.len()), (0, 2));
}

#[test]
fn an_empty_answer_and_a_tool_call_win_too() {
    for tool_call in [false, true] {
        let mut rig = hedged([cloud("a"), cloud("b")]);
        rig.at(500).on(Event::Timer);
        let actions = if tool_call { rig.on(fragment(1, "{")) } else { rig.finish(1) };
        assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
        assert_eq!(failover(&actions).map(|told| told.1), Some(1));
    }
}

#[test]
fn the_rival_takes_over_when_the_first_fails_and_the_first_goes_on_when_the_rival_does() {
    let mut rig = hedged([cloud("a"), cloud("b"), cloud("c")]);
    rig.at(500).on(Event::Timer);
    let actions = rig.at(550).fail(0, Blame::Target);
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 0)));
    assert!(!actions.iter().any(|action| matches!(action, Action::Dispatch { .. })));

    let mut rig = hedged([cloud("a"), cloud("b"), cloud("c")]);
    rig.at(500).on(Event::Timer);
    assert_eq!(rig.at(550).fail(1, Blame::Target), [], "nobody hears of it");
    let actions = rig.at(600).fail(0, Blame::Target);
    assert_eq!(failover(&actions).map(|told| (told.0, told.1)), Some((0, 2)), "b had its turn");
}

#[test]
fn a_rival_that_a_limit_refused_still_goes_on_when_the_first_fails() {
    let mut rig = hedged([cloud("a"), cloud("b")]);
    rig.at(500).on(Event::Timer);
    rig.fail(1, Blame::Limit);
    assert_eq!(rig.wake(), ms(2_000), "a has its own limit, for b can still go on");
    let actions = rig.at(2_000).on(Event::Timer);
    assert_eq!(failover(&actions).map(|told| (told.0, told.1)), Some((0, 1)));
    rig.at(2_100).text(2, "b speaks");
    rig.at(2_200).finish(2);
    assert_eq!(rig.ending().result.as_ref().unwrap().attempt, 1);
}

#[test]
fn whoever_is_late_beyond_its_limit_is_given_up_and_the_other_is_waited_for() {
    let mut rig = hedged([cloud("a"), cloud("b")]);
    rig.at(500).on(Event::Timer);
    let actions = rig.at(2_000).on(Event::Timer);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions).map(|told| told.1), Some(1));
    assert_eq!(rig.wake(), ms(120_000), "nobody else is left");
}

#[test]
fn there_is_one_rival_and_none_where_failover_is_off_or_nobody_is_there() {
    let mut rig = hedged([cloud("a"), cloud("b"), cloud("c")]);
    rig.at(500).on(Event::Timer);
    rig.at(550).fail(1, Blame::Target);
    rig.at(1_000).on(Event::Timer);
    assert_eq!(rig.flight.rows().len(), 2);
    let off = FlightOptions { failover: false, ..OPTIONS };
    let hedged = Plan { hedge_after_ms: Some(500), ..plan([cloud("a"), cloud("b")]) };
    let mut alone = Rig::new(hedged, off);
    alone.at(500).on(Event::Timer);
    assert_eq!(alone.flight.rows().len(), 1);
}

#[test]
fn whoever_ends_the_flight_ends_both() {
    for event in [Event::ClientGone, Event::Shutdown] {
        let mut rig = hedged([cloud("a"), cloud("b")]);
        rig.at(500).on(Event::Timer);
        let actions = rig.on(event);
        assert_eq!(actions[..2], [0, 1].map(|id| Action::Cancel(DispatchId(id))));
    }
    let mut rig = hedged([cloud("a"), worker("b")]);
    rig.at(500).on(Event::Timer);
    let actions = rig.on(Event::EgressCut);
    assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
    assert_eq!(failover(&actions).map(|told| told.1), Some(1), "the one at home goes on");
}
