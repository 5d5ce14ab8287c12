//! Which key is whose turn, and for how long one rests.

use super::*;
use littoral_core::flight::event::Blame;
use proptest::prelude::*;

fn fault(kind: &'static str, retry_after_ms: Option<u64>) -> Fault {
    Fault { blame: Blame::Target, kind, detail: String::new(), retry_after_ms }
}

fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn keys(keys: &[&str]) -> Option<Keys> {
    let keys: Vec<SecretString> = keys.iter().map(|key| (*key).to_owned().into()).collect();
    Keys::new(KeyHeader { name: "authorization", scheme: "Bearer " }, &keys)
}

fn taken(keys: &Keys, now: Instant) -> String {
    let mut headers = HeaderMap::new();
    keys.show(keys.turn(now, |_| true), &mut headers);
    headers["authorization"].to_str().unwrap().to_owned()
}

#[test]
fn keys_are_taken_in_turns_without_the_space_around_them_and_each_once() {
    let keys = keys(&["a", " b\n", "a"]).unwrap();
    let now = Instant::now();
    let taken: Vec<String> = (0..4).map(|_| taken(&keys, now)).collect();
    assert_eq!(taken, ["Bearer a", "Bearer b", "Bearer a", "Bearer b"]);
}

#[test]
fn no_key_and_keys_that_no_header_can_carry_are_none() {
    for bad in [&[][..], &[""], &["a", "  "], &["a", "b\nX-Evil: 1"]] {
        assert!(keys(bad).is_none(), "{bad:?}");
    }
}

#[test]
fn a_key_rests_where_the_key_is_at_fault_and_as_long_as_it_is_asked_to() {
    assert_eq!(rest(&fault("auth", None)), Some(REFUSED_REST));
    assert_eq!(rest(&fault("quota", None)), Some(REFUSED_REST));
    assert_eq!(rest(&fault("rate_limited", None)), Some(RATE_REST));
    assert_eq!(rest(&fault("rate_limited", Some(20_000))), Some(seconds(20)));
    for kind in ["overloaded", "server", "connect", "invalid_request", "content_filter", "cut"] {
        assert_eq!(rest(&fault(kind, Some(20_000))), None, "{kind}");
    }
}

#[test]
fn a_key_that_failed_rests_alone_and_comes_back() {
    let keys = keys(&["a", "b", "c"]).unwrap();
    let start = Instant::now();
    let first = keys.turn(start, |_| true);
    assert_eq!(keys.rests(first, start), None);
    keys.failed(first, &fault("rate_limited", Some(10_000)), start);
    assert_eq!(keys.rests(first, start), Some(seconds(10)));
    let taken = |now| taken(&keys, now);
    let during = [taken(start), taken(start), taken(start), taken(start)];
    assert_eq!(during, ["Bearer b", "Bearer c", "Bearer b", "Bearer c"]);
    assert_eq!(taken(start + seconds(10)), "Bearer a");
}

#[test]
fn where_all_keys_rest_the_one_that_is_back_first_is_tried_and_an_answer_wakes_it() {
    let keys = keys(&["a", "b"]).unwrap();
    let start = Instant::now();
    keys.failed(KeyId(0), &fault("rate_limited", Some(30_000)), start);
    keys.failed(KeyId(1), &fault("rate_limited", Some(20_000)), start);
    assert_eq!([taken(&keys, start), taken(&keys, start)], ["Bearer b", "Bearer b"]);
    keys.answered(KeyId(0));
    assert_eq!(taken(&keys, start), "Bearer a");
}

#[test]
fn a_later_and_shorter_rest_does_not_cut_a_longer_one() {
    let keys = keys(&["a", "b"]).unwrap();
    let start = Instant::now();
    keys.failed(KeyId(0), &fault("auth", None), start);
    keys.failed(KeyId(0), &fault("rate_limited", Some(0)), start);
    assert_eq!([taken(&keys, start), taken(&keys, start)], ["Bearer b", "Bearer b"]);
}

#[test]
fn a_key_that_may_not_be_used_is_passed_over_even_for_one_that_rests() {
    let keys = keys(&["a", "b", "c"]).unwrap();
    let start = Instant::now();
    keys.failed(KeyId(1), &fault("rate_limited", Some(10_000)), start);
    let turn = |may: fn(usize) -> bool| keys.turn(start, may).0;
    assert_eq!([turn(|key| key != 0), turn(|key| key != 0)], [2, 2]);
    assert_eq!(turn(|key| key == 1), 1);
}

proptest! {
    /// However keys fail: a resting one is never taken while another is awake, and those that are awake
    /// are taken equally often.
    #[test]
    fn only_keys_that_are_awake_are_taken_and_all_of_them_alike(
        count in 1_usize..6,
        rests in prop::collection::vec((0_usize..6, 1_u64..50), 0..8),
        now in 0_u64..60,
    ) {
        let start = Instant::now();
        let mut rotation = Rotation::new(count);
        for (key, rest) in &rests {
            rotation.rest(*key, start + seconds(*rest));
        }
        let ends_by = |key: usize| {
            rests.iter().filter(|(at, _)| *at == key).all(|(_, rest)| *rest <= now)
        };
        let awake: Vec<usize> = (0..count).filter(|key| ends_by(*key)).collect();
        let mut taken = vec![0; count];
        for _ in 0..3 * awake.len() {
            taken[rotation.next(start + seconds(now), |_| true)] += 1;
        }
        for (key, taken) in taken.into_iter().enumerate() {
            prop_assert_eq!(taken, if awake.contains(&key) { 3 } else { 0 });
        }
        prop_assert!(rotation.next(start + seconds(now), |_| true) < count);
    }
}
