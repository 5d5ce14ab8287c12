//! What trips it, what it lets through, and how it comes back.

mod outage;

use super::*;
use proptest::prelude::*;

const SEED: u64 = 42;

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn answered(first_token_ms: u64) -> Outcome {
    Outcome::Answered(Some(ms(first_token_ms)))
}

fn call(breaker: &mut Breaker, outcome: Outcome, now: Duration) -> bool {
    let Some(pass) = breaker.admit(now) else { return false };
    breaker.on(pass, outcome, SEED, now);
    true
}

/// A breaker that tripped at `now`.
fn tripped(now: Duration) -> (Breaker, Duration) {
    let mut breaker = Breaker::new(Terms::default());
    while call(&mut breaker, Outcome::Failed, now) {}
    let Standing::Open { until, .. } = breaker.standing(now) else { panic!("{breaker:?}") };
    (breaker, until)
}

#[test]
fn a_run_of_failures_trips_it_however_many_successes_came_before() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..2_000 {
        assert!(call(&mut breaker, answered(300), ms(at * 5)));
    }
    let failed = (0..100).filter(|_| call(&mut breaker, Outcome::Failed, ms(10_000))).count();
    assert_eq!(failed, 5);
    assert!(matches!(breaker.standing(ms(10_000)), Standing::Open { cause: Cause::Failing, .. }));
}

#[test]
fn a_share_of_failures_trips_it_though_no_two_come_in_a_row() {
    let mut breaker = Breaker::new(Terms::default());
    let outcomes = [Outcome::Failed, answered(300)];
    let calls = (0..100).take_while(|at| call(&mut breaker, outcomes[at % 2], ms(0))).count();
    assert_eq!(calls, 20);
}

#[test]
fn failures_that_left_the_window_are_forgotten() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..200 {
        let outcome = if at % 3 == 0 { Outcome::Failed } else { answered(300) };
        assert!(call(&mut breaker, outcome, ms(at * 1_000)), "a third is below the share");
    }
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..19 {
        assert!(call(&mut breaker, [Outcome::Failed, answered(300)][at % 2], ms(0)));
    }
    for _ in 0..11 {
        assert!(call(&mut breaker, answered(300), ms(20_000)));
    }
    assert_eq!(breaker.standing(ms(20_000)), Standing::Closed);
}

#[test]
fn where_nothing_failed_no_share_trips_it() {
    let terms = Terms { failed_percent: 0, slow_percent: 0, probes: 0, ..Terms::default() };
    let mut breaker = Breaker::new(terms);
    assert!((0..100).all(|at| call(&mut breaker, answered(300), ms(at))));
    assert!(call(&mut breaker, Outcome::Failed, ms(100)));
    let Standing::Open { until, .. } = breaker.standing(ms(100)) else { panic!("{breaker:?}") };
    assert!(breaker.admits(until), "without a probe it would be shut for ever");
}

#[test]
fn what_is_not_the_targets_fault_never_trips_it() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..1_000 {
        assert!(call(&mut breaker, Outcome::Void, ms(at)));
    }
    use crate::flight::event::{Blame, Fault};
    let outcome = |blame, kind| {
        let fault = Fault { blame, kind, detail: "a test".into(), retry_after_ms: None };
        Outcome::from(Verdict::of(&fault))
    };
    assert_eq!(outcome(Blame::Client, "invalid_request"), Outcome::Void);
    assert_eq!(outcome(Blame::Target, "too_long"), Outcome::Void);
    assert_eq!(outcome(Blame::Router, "timeout"), Outcome::Void);
    assert_eq!(outcome(Blame::Gate, "egress_off"), Outcome::Void);
    assert_eq!(outcome(Blame::Network, "connect"), Outcome::Failed);
    assert_eq!(outcome(Blame::Target, "server"), Outcome::Failed);
}

#[test]
fn answers_far_slower_than_its_own_trip_it_and_a_slow_target_is_none() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..200 {
        assert!(call(&mut breaker, answered(3_000), ms(at * 100)), "slow is its usual");
    }
    let slow = (0..100).filter(|at| call(&mut breaker, answered(20_000), ms(60_000 + at))).count();
    assert_eq!(slow, 20);
    let standing = breaker.standing(ms(60_100));
    assert!(matches!(standing, Standing::Open { cause: Cause::Slow, .. }), "{standing:?}");
    let Standing::Open { until, .. } = standing else { panic!() };
    assert!(call(&mut breaker, answered(20_000), until), "a probe");
    assert!(!breaker.admits(until), "a slow probe is a bad one");
    let again = until + ms(15_000);
    assert!(
        call(&mut breaker, answered(2_900), again) && call(&mut breaker, answered(2_900), again)
    );
    assert_eq!(breaker.standing(again), Standing::Closed);
}

#[test]
fn an_answer_within_a_second_is_never_slow_however_fast_the_others_were() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..200 {
        assert!(call(&mut breaker, answered(1), ms(at * 10)));
    }
    // A burst: a hundred times the usual, and still nothing that anybody minds.
    assert!((0..200).all(|at| call(&mut breaker, answered(100), ms(60_000 + at))));
    assert_eq!(breaker.standing(ms(61_000)), Standing::Closed);
}

#[test]
fn a_slow_target_stays_the_last_resort_while_it_is_probed() {
    let mut breaker = Breaker::new(Terms::default());
    for at in 0..200 {
        assert!(call(&mut breaker, answered(3_000), ms(at * 100)));
    }
    while call(&mut breaker, answered(20_000), ms(60_000)) {}
    let Standing::Open { until, .. } = breaker.standing(ms(60_000)) else { panic!("{breaker:?}") };
    assert_eq!(breaker.resting(ms(60_000)), Some(crate::fleet::Resting::Slow));
    let probes: Vec<Pass> = std::iter::from_fn(|| breaker.admit(until)).collect();
    assert_eq!(probes.len(), 3);
    assert_eq!(breaker.resting(until), Some(crate::fleet::Resting::Slow), "not failing");
    assert!(breaker.is_merely_slow());
    let (mut failing, until) = tripped(ms(0));
    let probes: Vec<Pass> = std::iter::from_fn(|| failing.admit(until)).collect();
    assert_eq!(probes.len(), 3);
    assert!(!failing.is_merely_slow());
    assert!(matches!(failing.resting(until), Some(crate::fleet::Resting::Failing { .. })));
}

#[test]
fn half_open_it_admits_its_probes_and_no_more_and_a_void_one_frees_its_place() {
    let (mut breaker, until) = tripped(ms(0));
    assert!(breaker.admit(until - ms(1)).is_none());
    assert_eq!(breaker.standing(until), Standing::HalfOpen { probes: 3 });
    let mut passes: Vec<Pass> = (0..10).filter_map(|_| breaker.admit(until)).collect();
    assert_eq!(passes.len(), 3);
    assert_eq!(breaker.standing(until), Standing::HalfOpen { probes: 0 });
    breaker.on(passes.pop().unwrap(), Outcome::Void, SEED, until);
    assert!(breaker.admits(until));
    breaker.on(passes.pop().unwrap(), answered(300), SEED, until);
    assert!(matches!(breaker.standing(until), Standing::HalfOpen { .. }), "one is not enough");
    breaker.on(passes.pop().unwrap(), answered(300), SEED, until);
    assert_eq!(breaker.standing(until), Standing::Closed);
}

#[test]
fn a_failed_probe_opens_it_for_longer_until_a_limit() {
    let (mut breaker, mut until) = tripped(ms(0));
    let mut now = ms(0);
    let mut waits = Vec::new();
    for _ in 0..7 {
        waits.push((until - now).as_millis());
        now = until;
        assert!(call(&mut breaker, Outcome::Failed, now));
        let Standing::Open { until: next, .. } = breaker.standing(now) else { panic!() };
        until = next;
    }
    let ceilings = [1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000];
    for (wait, ceiling) in waits.iter().zip(ceilings) {
        assert!((ceiling / 2..=ceiling).contains(wait), "{waits:?}");
    }
}

#[test]
fn a_long_calm_forgives_and_a_short_one_does_not() {
    for (calm_ms, longest_ms) in [(1_000, 2_000), (16_000, 1_000)] {
        let (mut breaker, until) = tripped(ms(0));
        assert!(
            call(&mut breaker, answered(300), until) && call(&mut breaker, answered(300), until)
        );
        let now = until + ms(calm_ms);
        while call(&mut breaker, Outcome::Failed, now) {}
        let Standing::Open { until, .. } = breaker.standing(now) else { panic!() };
        let wait_ms = u64::try_from((until - now).as_millis()).unwrap();
        assert!((longest_ms / 2..=longest_ms).contains(&wait_ms), "{wait_ms} after {calm_ms}");
    }
}

#[test]
fn a_call_from_before_a_trip_says_nothing_of_the_time_after_it() {
    let mut breaker = Breaker::new(Terms::default());
    let early: Vec<Pass> = (0..10).filter_map(|_| breaker.admit(ms(0))).collect();
    while call(&mut breaker, Outcome::Failed, ms(0)) {}
    let Standing::Open { until, .. } = breaker.standing(ms(0)) else { panic!() };
    let probe = breaker.admit(until).unwrap();
    for pass in early {
        breaker.on(pass, Outcome::Failed, SEED, until);
    }
    assert_eq!(breaker.standing(until), Standing::HalfOpen { probes: 2 });
    breaker.on(probe, answered(300), SEED, until);
    assert!(call(&mut breaker, answered(300), until));
    assert_eq!(breaker.standing(until), Standing::Closed);
}

#[test]
fn probes_that_nobody_heard_of_do_not_shut_it_for_ever() {
    let (mut breaker, until) = tripped(ms(0));
    let lost: Vec<Pass> = (0..3).filter_map(|_| breaker.admit(until)).collect();
    assert!(!breaker.admits(until + ms(29_999)));
    assert_eq!(breaker.standing(until + ms(30_000)), Standing::HalfOpen { probes: 3 });
    assert!(call(&mut breaker, answered(300), until + ms(30_000)));
    lost.into_iter().for_each(|pass| breaker.on(pass, Outcome::Failed, SEED, until + ms(30_000)));
    assert!(call(&mut breaker, answered(300), until + ms(90_000)), "however rare the calls");
    assert_eq!(breaker.standing(until + ms(90_000)), Standing::Closed);
}

proptest! {
    /// Open means open, probes are bounded, and nothing shuts it for ever.
    #[test]
    fn it_admits_what_its_standing_says_and_always_comes_back(
        steps in proptest::collection::vec((0_u8..10, 0_usize..8, 0_u64..3_000, any::<u64>()), 0..300),
    ) {
        let terms = Terms { least_calls: 4, in_a_row: 3, ..Terms::default() };
        let mut breaker = Breaker::new(terms);
        let (mut passes, mut now) = (Vec::new(), ms(0));
        for (what, at, passed, seed) in steps {
            let before = breaker.standing(now);
            match what {
                0..=4 => {
                    let pass = breaker.admit(now);
                    match before {
                        Standing::Closed => prop_assert!(pass.is_some()),
                        Standing::HalfOpen { probes } => {
                            prop_assert_eq!(pass.is_some(), probes > 0);
                            prop_assert!(probes <= terms.probes);
                        }
                        Standing::Open { until, .. } => prop_assert!(pass.is_none() && now < until),
                    }
                    passes.extend(pass);
                }
                5..=8 if at < passes.len() => {
                    let outcome =
                        [Outcome::Failed, answered(200), answered(5_000), Outcome::Void][usize::from(what - 5)];
                    breaker.on(passes.swap_remove(at), outcome, seed, now);
                    if let Standing::Open { until, .. } = breaker.standing(now) {
                        prop_assert!(until <= now + terms.reopen.most);
                    }
                }
                _ => now += ms(passed),
            }
        }
        prop_assert!(breaker.admits(now + terms.reopen.most + terms.patience));
    }
}
