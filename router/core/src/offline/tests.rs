//! When the clouds are out of reach, and how they come back.

use super::*;
use proptest::prelude::*;

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Two providers that could not be reached at `now`.
fn offline(now: Duration) -> Connectivity {
    let mut network = Connectivity::new(3, 42);
    network.on(Reached::NoWay("openai"), now);
    network.on(Reached::NoWay("anthropic"), now);
    assert_eq!(network.offline_since(), Some(now));
    network
}

#[test]
fn two_providers_out_of_reach_are_the_network_and_one_is_not() {
    let mut network = Connectivity::new(2, 42);
    for at in 0..100 {
        network.on(Reached::NoWay("openai"), s(at));
        assert!(!network.is_offline());
    }
    network.on(Reached::NoWay("anthropic"), s(100));
    assert!(network.is_offline());
}

#[test]
fn an_answer_in_between_or_a_long_time_makes_them_two_stories() {
    let mut network = Connectivity::new(2, 42);
    network.on(Reached::NoWay("openai"), s(0));
    network.on(Reached::Answered, s(1));
    network.on(Reached::NoWay("anthropic"), s(2));
    assert!(!network.is_offline());
    network.on(Reached::NoWay("openai"), s(13));
    assert!(!network.is_offline());
}

#[test]
fn where_there_is_one_provider_a_run_of_its_failures_has_to_do() {
    let mut network = Connectivity::new(1, 42);
    for at in 0..4 {
        network.on(Reached::NoWay("openai"), s(at));
        assert!(!network.is_offline());
    }
    network.on(Reached::NoWay("openai"), s(4));
    assert!(network.is_offline());
}

#[test]
fn the_first_answer_brings_all_of_them_back() {
    let mut network = offline(s(100));
    network.on(Reached::Answered, s(101));
    assert!(!network.is_offline());
    assert_eq!(network.probe_at(), None);
    network.on(Reached::NoWay("openai"), s(102));
    assert!(!network.is_offline(), "what was before the answer is forgotten");
}

#[test]
fn probes_back_off_and_late_failures_of_old_calls_do_not_delay_them() {
    let mut network = offline(s(100));
    let mut last = s(100);
    for ceiling in [1, 2, 4, 8, 16, 30, 30] {
        let at = network.probe_at().unwrap();
        let wait = at - last;
        assert!(s(ceiling) / 2 <= wait && wait <= s(ceiling), "{wait:?} of {ceiling} s");
        network.on(Reached::NoWay("mistral"), at - Duration::from_millis(1));
        assert_eq!(network.probe_at(), Some(at));
        network.on(Reached::NoWay("openai"), at);
        last = at;
    }
    assert_eq!(network.offline_since(), Some(s(100)));
}

#[test]
fn without_an_interface_it_is_offline_at_once_and_a_new_one_is_tried_at_once() {
    let mut network = Connectivity::new(3, 42);
    network.hint(Hint::Changed, s(1));
    assert!(!network.is_offline());
    network.hint(Hint::NoneUp, s(2));
    let first = network.probe_at().unwrap();
    network.hint(Hint::NoneUp, s(3));
    assert_eq!((network.offline_since(), network.probe_at()), (Some(s(2)), Some(first)));
    for _ in 0..6 {
        let at = network.probe_at().unwrap();
        network.on(Reached::NoWay("openai"), at);
    }
    network.hint(Hint::Changed, s(500));
    assert_eq!(network.probe_at(), Some(s(500)));
    network.on(Reached::NoWay("openai"), s(500));
    assert!(network.probe_at().unwrap() <= s(502), "the waits begin anew");
}

proptest! {
    /// Offline always has a next probe within the longest wait, and any answer ends it.
    #[test]
    fn it_is_never_offline_without_a_way_back(
        steps in proptest::collection::vec((0_u8..6, 0_u64..20_000), 0..200),
        providers in 0_usize..4,
        seed in any::<u64>(),
    ) {
        let mut network = Connectivity::new(providers, seed);
        let mut now = Duration::ZERO;
        for (what, passed) in steps {
            now += Duration::from_millis(passed);
            match what {
                0 => network.on(Reached::Answered, now),
                1 => network.on(Reached::NoWay("a"), now),
                2 => network.on(Reached::NoWay("b"), now),
                3 => network.on(Reached::NoWay("c"), now),
                4 => network.hint(Hint::NoneUp, now),
                _ => network.hint(Hint::Changed, now),
            }
            prop_assert_eq!(network.is_offline(), network.probe_at().is_some());
            prop_assert!(network.probe_at().is_none_or(|at| at <= now + PROBES.most));
            prop_assert!(what != 0 || !network.is_offline());
        }
    }
}
