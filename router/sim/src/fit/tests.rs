//! What a known world would have left in a router's records gives that world back.

mod known;

use super::*;
use crate::scenario::{Arrivals, Latency, Length, RawScenario, Scenario, compile};
use crate::tests::worlds::world;
use known::*;
use littoral_core::class::DataClass;
use littoral_core::fleet::WorkerView;
use std::time::Duration;

const NAMES: Names<'static> = Names { name: "Fitted", policy: "p.toml", latency: "l.csv" };
/// Standard errors within which an estimate has to lie.
const ERRORS: f64 = 5.0;

fn read_back(written: &Written) -> Scenario {
    println!("{}", written.scenario);
    let raw: RawScenario = toml::from_str(&written.scenario).unwrap();
    let latency = written.latency.clone();
    compile(&raw, false, &|_| latency.clone().ok_or_else(|| "no such file".into())).unwrap()
}

#[test]
fn a_known_world_comes_back_from_its_records_within_the_error_of_so_many() {
    for seed in [3, 11] {
        println!("seed {seed}");
        let known = world(KNOWN);
        let fit = observed(seed);
        let found = read_back(&fit.written(&NAMES).unwrap());
        let count = fit.requests() as f64;
        let (Arrivals::Diurnal { per_s: was, hours: wanted }, Arrivals::Diurnal { per_s, hours }) =
            (&known.arrivals, &found.arrivals)
        else {
            panic!("{:?}", found.arrivals);
        };
        assert!((per_s / was - 1.0).abs() < ERRORS / count.sqrt(), "{per_s} of {was}");
        let all: f64 = wanted.iter().sum();
        for hour in 0..24 {
            // Requests an hour on four days, each hour a Poisson count.
            let mean = wanted[hour] / all * was * 86_400.0;
            let off = (hours[hour] - mean).abs();
            assert!(
                off < ERRORS * (mean / 4.0).sqrt() + 0.3,
                "hour {hour}: {} of {mean}",
                hours[hour]
            );
        }
        assert!((7 * 60..8 * 60).contains(&found.start_minute), "{}", found.start_minute);
        assert_eq!(found.askers, 9);
        for (wanted, found) in known.requests.iter().zip(&found.requests) {
            assert_eq!((&wanted.application, wanted.class), (&found.application, found.class));
            assert_eq!(wanted.max_output_tokens, found.max_output_tokens);
            let off = (wanted.share - found.share).abs();
            assert!(off < ERRORS * (wanted.share * (1.0 - wanted.share) / count).sqrt());
            let of_kind = count * wanted.share;
            near(wanted.tokens_in, found.tokens_in, of_kind);
            near(wanted.tokens_out, found.tokens_out, of_kind);
        }
    }
}

fn near(wanted: Length, found: Length, count: f64) {
    let (Length::LogNormal { median, sigma }, Length::LogNormal { median: m, sigma: s }) =
        (wanted, found)
    else {
        panic!("{found:?}");
    };
    // Lengths are whole tokens, and four digits are written.
    let off = (m / median).ln().abs();
    assert!(off < ERRORS * sigma / count.sqrt() + 2e-3, "{found:?} of {wanted:?}");
    let off = (s - sigma).abs();
    assert!(off < ERRORS * sigma / (2.0 * count).sqrt() + 2e-3, "{found:?} of {wanted:?}");
}

#[test]
fn machines_have_the_speeds_that_workers_reported_and_clouds_the_waits_and_prices_that_were_seen() {
    let fit = observed(5);
    let written = fit.written(&NAMES).unwrap();
    let found = read_back(&written);
    let group = &found.machines[0];
    assert_eq!((group.count, group.slots, group.queue_limit), (3, 2, 8));
    assert_eq!((group.prefill_tokens_per_s, group.decode_tokens_per_s), (600.0, 30.0));
    assert!((group.spread - 0.348).abs() < 0.01, "{}", group.spread);
    assert_eq!((group.network.round_trip_ms, group.network.metered), (6.0, true));
    assert_eq!(found.clouds[0].price.input_usd_micros_per_mtok, 900_000);
    assert_eq!(found.clouds[0].price.output_usd_micros_per_mtok, 2_500_000);
    let Latency::Measured(rows) = &found.clouds[0].latency else { panic!("no rows") };
    let firsts: Vec<f64> = rows.rows.iter().map(|row| row.0).collect();
    let first = numbers::LogNormal::of(&firsts).unwrap();
    assert!((first.median / 500.0).ln().abs() < ERRORS * first.median_error(), "{first:?}");
    assert!((first.sigma - 0.5).abs() < ERRORS * first.sigma_error(), "{first:?}");
}

/// So many requests a minute apart, without a known end.
fn few(count: u64, workers: &[WorkerView]) -> Fit {
    let mut fit = Fit::default();
    for at in 0..count {
        let at = Duration::from_secs(60 * at);
        let pools = vec![shared(workers.to_vec())];
        let record = record(principal("chat", 1), DataClass::Internal, at, 100, pools);
        fit.add(START_MS + at.as_millis() as u64, &record, None);
    }
    fit
}

#[test]
fn too_few_requests_are_said_and_not_guessed_from() {
    let told = few(19, &[]).written(&NAMES);
    assert_eq!(told, Err(TooFew { observed: 19, needed: FEWEST }));
    assert_eq!(Fit::default().written(&NAMES), Err(TooFew { observed: 0, needed: FEWEST }));
}

#[test]
fn what_was_not_observed_is_left_out_with_a_comment_that_says_so() {
    let workers = [worker("a", Some(20.0))];
    let written = few(30, &workers).written(&NAMES).unwrap();
    let found = read_back(&written);
    assert!(
        matches!(found.arrivals, Arrivals::Poisson { per_s } if (per_s - 1.0 / 60.0).abs() < 1e-4)
    );
    for said in [
        "Less than a day was observed",
        "tokens_in: 0 prompts whose tokens were counted, and 20 are the fewest",
        "tokens_out: 0 answers",
        "only bytes are known",
        "assumption: one worker says nothing of others",
    ] {
        assert!(written.scenario.contains(said), "{said} is missing");
    }
    assert_eq!(written.latency, None);
}

#[test]
fn workers_that_never_told_their_speed_are_no_machines() {
    let workers = [worker("a", None)];
    let written = few(30, &workers).written(&NAMES).unwrap();
    assert!(written.scenario.contains("which never reported their speed"), "{}", written.scenario);
    assert!(!written.scenario.contains("[[machines]]"));
}

#[test]
fn names_cannot_write_into_the_file() {
    let mut fit = Fit::default();
    let evil = "chat\"\nlasts = \"9d";
    for at in 0..40 {
        let at = Duration::from_secs(60 * at);
        let pools = vec![shared(vec![worker("a", Some(20.0))])];
        let record = record(principal(evil, 1), DataClass::Internal, at, 100, pools);
        fit.add(START_MS + at.as_millis() as u64, &record, None);
    }
    let found = read_back(&fit.written(&NAMES).unwrap());
    assert_eq!(found.requests[0].application, evil);
}
