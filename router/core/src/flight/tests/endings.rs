//! How flights end, and what the last action says about them.

use super::*;
use crate::flight::event::Usage;

#[test]
fn a_finished_answer_reports_who_finished_it_with_what() {
    let mut rig = Rig::new(plan([worker("a"), cloud("b")]), OPTIONS);
    rig.at(100).fail(0, Blame::Target);
    rig.at(250).text(1, "ans");
    rig.at(260).text(1, "wer");
    let usage = Some(Usage { prompt_tokens: 9, completion_tokens: 1, ..Usage::default() });
    let (dispatch, finish) = (DispatchId(1), Finish::Length);
    let actions = rig.at(300).on(Event::Finished { dispatch, finish, usage });
    assert_eq!(actions.len(), 1, "a finished dispatch is not cancelled");
    let ending = rig.ending();
    let answered = ending.result.clone().expect("an answer");
    assert_eq!((answered.attempt, answered.finish, answered.epoch), (1, Finish::Length, 0));
    assert_eq!(answered.usage, usage);
    assert_eq!(ending.failovers, 1);
    let [failed, served] = &ending.dispatches[..] else { panic!("two dispatches") };
    assert_eq!((failed.attempt, failed.at, failed.ended_at), (0, ms(0), ms(100)));
    assert_eq!(failed.fault.as_ref().map(|f| f.blame), Some(Blame::Target));
    assert_eq!((served.attempt, served.at, served.ended_at), (1, ms(100), ms(300)));
    assert_eq!((served.first_token_at, served.text_bytes), (Some(ms(250)), 6));
    assert_eq!(served.fault, None);
}

#[test]
fn an_empty_answer_is_an_answer() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.finish(0);
    assert!(rig.ending().result.is_ok());
    assert_eq!(rig.ending().dispatches[0].first_token_at, None);
}

#[test]
fn a_client_that_is_gone_and_a_shutdown_cancel_the_dispatch_and_nobody_goes_on() {
    for (event, reason) in [(Event::ClientGone, "CANCELLED"), (Event::Shutdown, "SHUTTING_DOWN")] {
        let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
        rig.text(0, "x");
        let actions = rig.on(event);
        assert_eq!(actions.len(), 2);
        assert_eq!(actions[0], Action::Cancel(DispatchId(0)));
        assert_eq!(rig.failure().0, reason);
        assert_eq!(rig.ending().dispatches[0].fault, None, "a cancel is nobody's fault");
    }
}

#[test]
fn after_the_end_nothing_comes_out() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.finish(0);
    assert!(rig.flight.ended());
    for event in [
        Event::Timer,
        Event::ClientGone,
        Event::Shutdown,
        Event::EgressCut,
        delta(0, Channel::Content, None, "x"),
        fragment(0, "{"),
    ] {
        assert_eq!(rig.at(500_000).on(event), []);
    }
    assert_eq!(rig.finish(0), []);
    assert_eq!(rig.fail(0, Blame::Target), []);
}

#[test]
fn an_empty_plan_is_a_fault_of_the_router() {
    let rig = Rig::new(plan([]), OPTIONS);
    assert_eq!(rig.failure(), ("INTERNAL", "the plan has no attempt"));
}

#[test]
fn when_the_router_alone_failed_it_says_so() {
    let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
    rig.fail(0, Blame::Router);
    rig.fail(1, Blame::Router);
    assert_eq!(rig.failure().0, "INTERNAL");
}

#[test]
fn what_every_target_said_of_the_request_is_the_reason() {
    let ended = |kinds: [&'static str; 2]| {
        let mut rig = Rig::new(plan([worker("a"), worker("b")]), OPTIONS);
        for (dispatch, kind) in kinds.into_iter().enumerate() {
            let fault = Fault { kind, ..fault(Blame::Target) };
            rig.on(Event::Failed { dispatch: DispatchId(dispatch as u32), fault });
        }
        rig.failure().0
    };
    assert_eq!(ended(["too_long", "too_long"]), "CONTEXT_TOO_LONG");
    assert_eq!(ended(["unsupported", "unsupported"]), "NO_CAPABLE_TARGET");
    assert_eq!(ended(["deadline", "deadline"]), "DEADLINE_EXCEEDED");
    assert_eq!(ended(["too_long", "unsupported"]), "ATTEMPTS_FAILED");
    assert_eq!(ended(["engine", "engine"]), "ATTEMPTS_FAILED");
}

#[test]
fn the_soonest_retry_that_a_target_offered_is_handed_to_the_client() {
    let mut rig = Rig::new(plan([cloud("c"), cloud("d"), worker("a")]), OPTIONS);
    for (dispatch, retry_after_ms) in [(0, Some(9_000)), (1, Some(4_000)), (2, None)] {
        let fault = Fault { retry_after_ms, ..fault(Blame::Target) };
        rig.on(Event::Failed { dispatch: DispatchId(dispatch), fault });
    }
    let failure = rig.ending().result.clone().expect_err("a failure");
    assert_eq!(failure.retry_after_ms, Some(4_000));
}
