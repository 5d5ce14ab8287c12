//! Verdicts, waits and shares.

use super::*;
use crate::flight::event::{Blame, Fault};
use proptest::prelude::*;
use std::time::Duration;

fn verdict(kind: Kind) -> Verdict {
    named(kind.blame(), kind.name())
}

fn named(blame: Blame, kind: &'static str) -> Verdict {
    Verdict::of(&Fault { blame, kind, detail: "a test".into(), retry_after_ms: None })
}

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn a_status_says_whose_fault_it_is_and_what_helps() {
    // Status, blame, the same again, another key, the target's health.
    let table = [
        (301, Blame::Target, false, false, true),
        (400, Blame::Client, false, false, false),
        (401, Blame::Target, false, true, true),
        (402, Blame::Target, false, true, true),
        (403, Blame::Target, false, true, true),
        (404, Blame::Target, false, false, true),
        (407, Blame::Network, false, false, true),
        (408, Blame::Target, true, false, true),
        (409, Blame::Target, true, false, true),
        (413, Blame::Target, false, false, false),
        (418, Blame::Target, false, false, true),
        (422, Blame::Client, false, false, false),
        (425, Blame::Target, true, false, true),
        (429, Blame::Target, true, true, true),
        (500, Blame::Target, true, false, true),
        (501, Blame::Target, false, false, true),
        (502, Blame::Target, true, false, true),
        (503, Blame::Target, true, false, true),
        (504, Blame::Target, true, false, true),
        (529, Blame::Target, true, false, true),
        (999, Blame::Target, false, false, true),
    ];
    for (status, blame, retryable, key_at_fault, counts) in table {
        let expected = Verdict { blame, retryable, key_at_fault, counts };
        assert_eq!(verdict(Kind::of_status(status)), expected, "{status}");
    }
}

#[test]
fn a_fault_of_the_transport_passes_unless_a_certificate_is_wrong() {
    for (kind, retryable) in
        [(Kind::Connect, true), (Kind::Timeout, true), (Kind::Cut, true), (Kind::Tls, false)]
    {
        let verdict = named(Blame::Network, kind.name());
        assert_eq!((verdict.blame, verdict.retryable), (Blame::Network, retryable), "{kind:?}");
        assert!(verdict.counts && !verdict.key_at_fault);
    }
}

#[test]
fn a_refused_prompt_is_taken_to_nobody_else_and_held_against_nobody() {
    let refused = verdict(Kind::ContentFilter);
    assert_eq!(refused.blame, Blame::Client);
    assert!(!refused.retryable && !refused.counts && !refused.key_at_fault);
}

#[test]
fn the_blame_of_the_one_who_saw_it_is_kept() {
    assert_eq!(named(Blame::Target, "cut").blame, Blame::Target);
    let ours = named(Blame::Router, "timeout");
    assert!(!ours.retryable && !ours.counts);
    let void = named(Blame::Gate, "egress_off");
    assert!(!void.retryable && !void.counts && !void.key_at_fault);
}

#[test]
fn the_flights_own_words_for_silence_are_time_outs_and_an_unknown_word_is_not_tried_again() {
    assert!(named(Blame::Target, "stalled").retryable);
    assert!(named(Blame::Target, "first_token_timeout").retryable);
    let unknown = named(Blame::Target, "lost");
    assert!(!unknown.retryable && unknown.counts);
}

#[test]
fn every_kind_of_every_status_has_its_name_back() {
    for status in 0..1_000 {
        let kind = Kind::of_status(status);
        assert_eq!(Kind::named(kind.name()), Some(kind));
    }
    assert_eq!(Kind::named("nobody_says_this"), None);
}

#[test]
fn a_wait_that_the_target_asked_for_is_kept_or_there_is_no_retry() {
    let backoff = Backoff::default();
    let after = |retry_after, latest| backoff.next(0, retry_after, 7, ms(1_000), ms(latest));
    let at = after(Some(ms(3_000)), 60_000).unwrap();
    assert!((ms(4_000)..ms(4_200)).contains(&at), "{at:?}");
    assert_eq!(after(Some(ms(3_000)), 4_000), None);
    assert_eq!(after(None, 1_000), None);
}

#[test]
fn who_failed_together_does_not_come_back_together() {
    let backoff = Backoff { base: ms(1_000), most: ms(60_000) };
    let waits = (0..1_000).map(|seed| backoff.next(0, None, seed, ms(0), ms(2_000)).unwrap());
    let mut tenths = [0_u32; 10];
    waits.for_each(|wait| tenths[usize::try_from(wait.as_millis() / 100).unwrap()] += 1);
    assert!(tenths.iter().all(|tenth| (60..150).contains(tenth)), "{tenths:?}");
}

#[test]
fn a_quiet_system_can_retry_and_an_idle_hour_is_no_storm() {
    let mut retries = Allowance::for_retries();
    assert!(retries.spend(ms(0)));
    assert!(!retries.spend(ms(0)));
    assert!(!retries.spend(ms(999)));
    assert!(retries.spend(ms(1_000)));
    let after_an_hour = (0..1_000).filter(|_| retries.spend(ms(3_600_000))).count();
    assert_eq!(after_an_hour, 100);
}

#[test]
fn when_everything_fails_the_load_grows_by_the_share_and_not_by_a_multiple() {
    let mut retries = Allowance::for_retries();
    let mut spent = 0_u32;
    // Ten seconds at 200 a second, each failing and asking for three retries.
    for first in 0..2_000_u64 {
        retries.save();
        spent += (0..3).map(|_| u32::from(retries.spend(ms(first * 5)))).sum::<u32>();
    }
    assert!((200..=211).contains(&spent), "{spent} of 2000");
}

proptest! {
    #[test]
    fn a_wait_is_below_its_ceiling_and_before_the_latest(
        tries in any::<u32>(),
        seed in any::<u64>(),
        now_ms in 0_u64..1 << 40,
        left_ms in 0_u64..20_000,
        retry_after_ms in proptest::option::of(0_u64..1 << 40),
    ) {
        let backoff = Backoff::default();
        let (now, retry_after) = (ms(now_ms), retry_after_ms.map(ms));
        let latest = now + ms(left_ms);
        let at = backoff.next(tries, retry_after, seed, now, latest);
        let earliest = now + retry_after.unwrap_or_default();
        let ceiling = backoff.ceiling(tries);
        prop_assert!(ceiling <= backoff.most);
        prop_assert!(at.is_none_or(|at| at < latest && earliest <= at && at <= earliest + ceiling));
        prop_assert!(at.is_some() || earliest + ceiling >= latest);
        let half = backoff.at_least_half(tries, seed);
        prop_assert!(ceiling / 2 <= half && half <= ceiling);
    }

    /// Never more than the share, the floor, and what it began with.
    #[test]
    fn repeats_stay_a_share_of_traffic(
        per_mille in 0_u32..500,
        floor in 0_u32..5,
        most in 1_u32..200,
        steps in proptest::collection::vec((any::<bool>(), 0_u64..400), 0..300),
    ) {
        let mut allowance = Allowance::new(per_mille, floor, most);
        let (mut now_ms, mut firsts, mut repeats) = (0_u64, 0_u64, 0_u64);
        for (first, passed) in steps {
            now_ms += passed;
            if first {
                allowance.save();
                firsts += 1;
            } else {
                repeats += u64::from(allowance.spend(ms(now_ms)));
            }
            let earned = firsts * u64::from(per_mille) + (now_ms + 1_000) * u64::from(floor);
            prop_assert!(repeats * 1_000 <= earned);
        }
    }
}
