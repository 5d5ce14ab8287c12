//! What a finished request teaches, whom it concerns, and how much is kept.

use super::{at, prior};
use crate::estimate::{Estimates, Observation, TargetEstimates, TargetPriors};
use std::time::Duration;

fn seen<'a>(target: &'a str, alias: &'a str) -> Observation<'a> {
    Observation {
        target,
        pool: "m",
        alias,
        tenant: "acme",
        prompt_tokens: 100,
        output_tokens: 101,
        cut_short: false,
        first_token_ms: Some(250.0),
        total_ms: 2_250.0,
        queued: false,
        sharers: 1,
        energy_joules: Some(50.5),
    }
}

/// Expected length of a chat's next answer.
fn tokens(estimates: &Estimates, now: Duration) -> f64 {
    estimates.lengths("chat", "acme").unwrap().tokens(now).mid()
}

#[test]
fn an_observation_teaches_speed_by_target_and_length_by_alias() {
    let mut estimates = Estimates::default();
    for second in 0..40_u32 {
        estimates.observe(&seen("phone", "chat"), at(f64::from(second)));
    }
    let now = at(40.0);
    let phone = estimates.target("phone", "m").unwrap();
    let near =
        |found: f64, wanted: f64| assert!((found / wanted - 1.0).abs() < 0.05, "{found} {wanted}");
    near(phone.gap_ms(now).mid(), 20.0);
    near(phone.first_token_ms(100, now).mid(), 250.0);
    near(phone.joules_per_token(now).unwrap().mid(), 0.5);
    near(phone.slow_gap_ms().unwrap(), 20.0);
    near(tokens(&estimates, now), 101.0);
    assert!(estimates.target("laptop", "m").is_none());
    assert!(estimates.lengths("chat", "other").is_none());
    assert_eq!(estimates.len(), (1, 1));
}

#[test]
fn a_request_that_waited_in_a_queue_says_nothing_of_speed() {
    let mut estimates = Estimates::default();
    estimates.observe(&Observation { queued: true, ..seen("phone", "chat") }, at(1.0));
    let phone = estimates.target("phone", "m").unwrap();
    let unseen = TargetEstimates::new(&TargetPriors::default());
    assert_eq!(phone.first_token_ms(100, at(1.0)), unseen.first_token_ms(100, at(1.0)));
    assert_eq!(phone.gap_ms(at(1.0)), unseen.gap_ms(at(1.0)));
    assert!(
        phone.joules_per_token(at(1.0)).is_some() && unseen.joules_per_token(at(1.0)).is_none()
    );
    assert!(estimates.lengths("chat", "acme").unwrap().samples(at(1.0)) > 0.9);
}

#[test]
fn a_gap_is_that_of_a_request_alone_and_few_tokens_weigh_little() {
    let now = at(1.0);
    let learnt = |observation: Observation<'_>| {
        let mut estimates = Estimates::default();
        for _ in 0..50 {
            estimates.observe(&observation, now);
        }
        estimates.target("phone", "m").unwrap().gap_ms(now)
    };
    let shared = learnt(Observation { sharers: 4, ..seen("phone", "chat") });
    assert!((shared.mid() / 5.0 - 1.0).abs() < 0.05, "{shared:?}");
    let short = learnt(Observation { output_tokens: 2, total_ms: 270.0, ..seen("phone", "chat") });
    let long = learnt(seen("phone", "chat"));
    assert!(short.high() / short.low() > 1.05 * long.high() / long.low(), "{short:?} {long:?}");
    let one = learnt(Observation { output_tokens: 1, ..seen("phone", "chat") });
    assert_eq!(one, TargetEstimates::new(&TargetPriors::default()).gap_ms(now));
}

#[test]
fn a_cut_answer_tells_only_that_answers_are_at_least_that_long() {
    let mut estimates = Estimates::default();
    let cut = |output_tokens| Observation { output_tokens, cut_short: true, ..seen("p", "chat") };
    estimates.observe(&seen("p", "chat"), at(0.0));
    let before = tokens(&estimates, at(0.0));
    estimates.observe(&cut(8), at(0.0));
    assert_eq!(tokens(&estimates, at(0.0)), before);
    estimates.observe(&cut(900), at(0.0));
    assert!(tokens(&estimates, at(0.0)) > before);
}

#[test]
fn a_full_store_drops_whom_it_has_not_heard_of_for_longest() {
    let mut estimates = Estimates::new(3);
    for (second, target) in ["a", "b", "c", "a", "d", "e"].into_iter().enumerate() {
        estimates.observe(&seen(target, target), at(second as f64));
    }
    let held = ["a", "b", "c", "d", "e"].map(|name| {
        (estimates.target(name, "m").is_some(), estimates.lengths(name, "acme").is_some())
    });
    let (yes, no) = ((true, true), (false, false));
    assert_eq!(held, [yes, no, no, yes, yes]);
    assert_eq!(estimates.len(), (3, 3));
}

#[test]
fn the_catalogues_word_replaces_the_shipped_priors() {
    let mut estimates = Estimates::default();
    let priors = TargetPriors {
        gap_ms: prior(8.0, 2.0),
        joules_per_token: Some(prior(0.1, 2.0)),
        ..TargetPriors::default()
    };
    estimates.expect("cloud", "m", &priors, at(0.0));
    let cloud = estimates.target("cloud", "m").unwrap();
    assert!((cloud.gap_ms(at(0.0)).mid() - 8.0).abs() < 1e-9);
    assert!((cloud.joules_per_token(at(0.0)).unwrap().high() - 0.2).abs() < 1e-9);
}

#[test]
fn how_slow_a_gap_can_be_is_known_after_twenty_answers_and_is_above_the_mean() {
    let mut estimates = Estimates::default();
    for second in 0..60_u32 {
        let slow = second % 10 == 0;
        let total_ms = if slow { 8_250.0 } else { 2_250.0 };
        estimates
            .observe(&Observation { total_ms, ..seen("phone", "chat") }, at(f64::from(second)));
        let known = estimates.target("phone", "m").unwrap().slow_gap_ms().is_some();
        assert_eq!(known, second >= 20, "after {} answers", second + 1);
    }
    let slow_gap_ms = estimates.target("phone", "m").unwrap().slow_gap_ms().unwrap();
    assert!((76.0..84.0).contains(&slow_gap_ms), "{slow_gap_ms}");
}
