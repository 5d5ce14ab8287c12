//! A plan is brought up to date while its flight runs.

use super::*;

fn is(name: &'static str) -> impl Fn(&Target) -> bool {
    move |target| matches!(&target.at, Place::Worker { worker_id, .. } if **worker_id == *name)
}

fn nobody(_: &Target) -> bool {
    false
}

#[test]
fn a_target_that_came_since_goes_on_where_the_plan_has_nobody_left() {
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    rig.text(0, "half ");
    rig.flight.revise(nobody, vec![worker("a"), worker("b")]);
    assert_eq!(rig.flight.plan().attempts.len(), 2, "what the plan has does not join again");
    let actions = rig.fail(0, Blame::Target);
    assert_eq!(actions[0], sent_on(1, 1, Some("half "), 255));
    assert_eq!(failover(&actions), Some((0, 1, FailoverKind::Continued, 0, 5)));
    rig.finish(1);
    assert_eq!(rig.ending().result.as_ref().map(|answered| answered.attempt), Ok(1));
}

#[test]
fn a_slow_target_is_not_given_up_for_one_that_is_gone() {
    let mut rig = Rig::new(plan([worker("slow"), worker("gone")]), OPTIONS);
    rig.flight.revise(is("gone"), Vec::new());
    assert_eq!(rig.at(2_000).on(Event::Timer).len(), 1, "only a later wake-up");
    assert_eq!(rig.wake(), ms(120_000), "nobody else can go on: the deadline counts");
    assert_eq!(rig.text(0, "late")[0], told(0, 0, "late"));
}

#[test]
fn an_attempt_that_is_gone_is_passed_over() {
    let mut rig = Rig::new(plan([worker("a"), worker("gone"), worker("c")]), OPTIONS);
    rig.flight.revise(is("gone"), Vec::new());
    assert_eq!(rig.fail(0, Blame::Target)[0], sent(1, 2));
}

#[test]
fn the_running_attempt_is_not_ended_by_a_revision() {
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    rig.flight.revise(is("a"), Vec::new());
    assert_eq!(rig.text(0, "still ")[0], told(0, 0, "still "));
}

#[test]
fn no_more_join_than_the_limit_says_and_none_where_failover_is_off() {
    let more = || vec![worker("b"), worker("c"), worker("d")];
    let mut rig = Rig::new(plan([worker("a")]), OPTIONS);
    rig.flight.revise(nobody, more());
    rig.flight.revise(nobody, more());
    assert_eq!(rig.flight.plan().attempts.len(), 3);
    let mut alone = Rig::new(plan([worker("a")]), FlightOptions { failover: false, ..OPTIONS });
    alone.flight.revise(nobody, more());
    assert_eq!(alone.flight.plan().attempts.len(), 1);
}
