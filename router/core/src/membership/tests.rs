//! Standings over time, and what can never be.

use super::*;
use proptest::prelude::*;

const TERMS: LeaseTerms =
    LeaseTerms { heartbeat: Duration::from_secs(5), lease: Duration::from_secs(15) };

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn joined() -> Membership {
    let mut worker = Membership::joined(Flaps::default(), s(0));
    worker.hear_state(TERMS, s(0));
    worker
}

#[test]
fn a_worker_takes_work_from_its_first_state_on() {
    let mut worker = Membership::joined(Flaps::default(), s(0));
    assert_eq!(worker.phase(TERMS, s(1)), Phase::Joining);
    worker.hear(TERMS, s(1));
    assert_eq!(worker.phase(TERMS, s(1)), Phase::Joining);
    worker.hear_state(TERMS, s(1));
    assert_eq!(worker.phase(TERMS, s(1)), Phase::Ready);
}

#[test]
fn a_late_worker_is_ready_again_after_two_heartbeats_in_time() {
    let mut worker = joined();
    assert_eq!(worker.phase(TERMS, s(9)), Phase::Suspect);
    worker.hear_state(TERMS, s(9));
    assert_eq!(worker.phase(TERMS, s(9)), Phase::Suspect);
    worker.hear_state(TERMS, s(14));
    assert_eq!(worker.phase(TERMS, s(14)), Phase::Ready);
    assert_eq!(worker.phase(TERMS, s(28)), Phase::Suspect);
    assert_eq!(worker.phase(TERMS, s(29)), Phase::Lost);
}

#[test]
fn an_announced_sleep_is_no_loss_until_a_lease_after_the_waking() {
    let mut worker = joined();
    worker.set_sleeping(Some(s(30)), s(2));
    assert_eq!(worker.phase(TERMS, s(31)), Phase::Sleeping(s(32)));
    assert_eq!(worker.phase(TERMS, s(46)), Phase::Sleeping(s(32)));
    assert_eq!(worker.phase(TERMS, s(47)), Phase::Lost);
    worker.hear_state(TERMS, s(33));
    assert_eq!(worker.phase(TERMS, s(33)), Phase::Ready);
    assert!(!worker.left(s(34)).is_forgotten(s(34)));
}

#[test]
fn a_sleep_without_end_is_bounded() {
    let mut worker = joined();
    worker.set_sleeping(None, s(0));
    assert_eq!(worker.phase(TERMS, LONGEST_SLEEP), Phase::Sleeping(LONGEST_SLEEP));
    worker.set_sleeping(Some(Duration::MAX), s(0));
    assert_eq!(worker.phase(TERMS, LONGEST_SLEEP + s(15)), Phase::Lost);
}

#[test]
fn who_comes_and_goes_too_often_is_held_back_and_comes_back() {
    let mut flaps = Flaps::default();
    for loss in 0..3 {
        let mut worker = Membership::joined(flaps, s(loss * 10));
        worker.hear_state(TERMS, s(loss * 10));
        assert_eq!(worker.phase(TERMS, s(loss * 10)), Phase::Ready, "after {loss} losses");
        flaps = worker.left(s(loss * 10 + 5));
    }
    let mut worker = Membership::joined(flaps, s(30));
    worker.hear_state(TERMS, s(30));
    assert_eq!(worker.phase(TERMS, s(30)), Phase::Suspect);
    worker.hear_state(TERMS, s(120));
    worker.hear_state(TERMS, s(125));
    assert_eq!(worker.phase(TERMS, s(125)), Phase::Ready);
}

#[test]
fn leaving_asleep_or_draining_is_no_flap() {
    let mut sleeper = joined();
    sleeper.set_sleeping(None, s(1));
    assert!(sleeper.left(s(2)).is_forgotten(s(2)));
    let mut drained = joined();
    drained.drain();
    assert_eq!(drained.phase(TERMS, s(1)), Phase::Draining);
    assert!(drained.left(s(2)).is_forgotten(s(2)));
}

#[test]
fn the_owners_own_lateness_is_not_held_against_anyone() {
    let mut worker = joined();
    worker.extend(s(20), s(20));
    assert_eq!(worker.phase(TERMS, s(21)), Phase::Ready);
}

#[test]
fn one_sweep_loses_a_tenth_of_a_fleet_or_a_few() {
    assert_eq!(lose_at_most(3), 16);
    assert_eq!(lose_at_most(16_000), 1_600);
}

/// What can happen to a worker.
#[derive(Clone, Copy, Debug)]
enum Step {
    Wait(u64),
    Hear,
    State,
    Sleep(Option<u64>),
    Rejoin,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_u64..20_000).prop_map(Step::Wait),
        2 => Just(Step::Hear),
        4 => Just(Step::State),
        1 => proptest::option::of(0_u64..60_000).prop_map(Step::Sleep),
        1 => Just(Step::Rejoin),
    ]
}

proptest! {
    /// Ready means: a State was heard within one and a half heartbeats. Silence of a whole lease means
    /// lost, unless a sleep was announced; and steady heartbeats bring everybody back in the end.
    #[test]
    fn only_who_was_heard_in_time_is_ready(steps in proptest::collection::vec(step(), 0..60)) {
        let (mut now, mut told) = (s(0), None);
        let mut asleep = false;
        let mut worker = Membership::joined(Flaps::default(), now);
        let mut heard = now;
        for step in steps {
            match step {
                Step::Wait(ms) => now += Duration::from_millis(ms),
                Step::Hear => { worker.hear(TERMS, now); heard = now; }
                Step::State => {
                    worker.hear_state(TERMS, now);
                    (told, heard, asleep) = (Some(now), now, false);
                }
                Step::Sleep(ms) => { worker.set_sleeping(ms.map(Duration::from_millis), now); asleep = true; }
                Step::Rejoin => {
                    let left = if worker.phase(TERMS, now) == Phase::Lost { now } else { heard };
                    worker = Membership::joined(worker.left(left), now);
                    (told, heard, asleep) = (None, now, false);
                }
            }
            let phase = worker.phase(TERMS, now);
            let silence = now - heard;
            match phase {
                Phase::Ready => prop_assert!(told.is_some() && silence <= s(8) && !asleep),
                Phase::Lost => prop_assert!(asleep || silence >= s(15)),
                Phase::Sleeping(_) => prop_assert!(asleep),
                Phase::Joining | Phase::Suspect | Phase::Draining => prop_assert!(!asleep),
            }
            if !asleep && silence >= s(15) {
                prop_assert_eq!(phase, Phase::Lost);
            }
        }
        for _ in 0..100 {
            now += s(5);
            worker.hear_state(TERMS, now);
        }
        prop_assert_eq!(worker.phase(TERMS, now), Phase::Ready);
    }
}
