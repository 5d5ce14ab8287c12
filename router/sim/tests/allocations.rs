//! What a simulated event allocates once the world is warm, and how memory grows with time: not at all.
//!
//! Decisions and flights are made in the memory of those that are over. What remains is what grows to its
//! largest size once: more flights at a time than ever before, a machine's first request.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may end at the first thing that is not as it should be, and prints its seeds"
)]

use littoral_core::policy::{Policy, RawPolicy};
use littoral_sim::scenario::{Arrivals, RawScenario, compile};
use littoral_sim::{Outcome, Run, Scenario};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/scenarios")
}

/// The office, and the policy that it is tried with.
fn office() -> (Scenario, Policy) {
    let text = fs::read_to_string(folder().join("office.toml")).unwrap();
    let raw: RawScenario = toml::from_str(&text).unwrap();
    let beside = |file: &str| fs::read_to_string(folder().join(file)).map_err(|it| it.to_string());
    let scenario = compile(&raw, false, &beside).unwrap();
    let text = fs::read_to_string(folder().join(&scenario.policy)).unwrap();
    let policy: RawPolicy = toml::from_str(&text).unwrap();
    (scenario, Policy::compile(policy).unwrap())
}

/// Plays a world and counts what was allocated, and how much was alive at most.
fn counted(scenario: &Scenario, policy: &Policy) -> (Outcome, allocation_counter::AllocationInfo) {
    let mut outcome = None;
    let info = allocation_counter::measure(|| {
        outcome = Some(Run::of(scenario, policy, 1).play());
    });
    (outcome.unwrap(), info)
}

#[test]
fn no_event_of_a_warm_world_allocates() {
    let (office, policy) = office();
    println!("seed 1");
    let of = |requests: u64| {
        let scenario = Scenario { most_requests: Some(requests), ..office.clone() };
        let (outcome, info) = counted(&scenario, &policy);
        assert_eq!(outcome.metrics.requests, requests);
        (outcome.events, info.count_total)
    };
    // Both begin alike, so what differs is what the later requests took.
    let ((begun, warm), (events, all)) = (of(4_000), of(8_000));
    let (events, allocations) = (events - begun, all - warm);
    let per_thousand = allocations * 1_000 / events;
    println!("{allocations} allocations in {events} events of 4,000 requests");
    assert!(per_thousand < MOST_PER_THOUSAND, "{per_thousand} in 1,000 events");
}

/// Allocations in a thousand events, for what has yet to grow.
const MOST_PER_THOUSAND: u64 = 40;

#[test]
fn a_month_holds_no_more_memory_than_a_week() {
    let (office, policy) = office();
    // At all hours: a slice of the timeline without an answer holds no histogram, and nights have few.
    let arrivals = Arrivals::Poisson { per_s: 0.05 };
    let office = Scenario { arrivals, ..office.with_population(0.1) };
    println!("seed 1");
    let [week, month] = [7, 30].map(|days| {
        let (outcome, info) = counted(&office.clone().with_length(DAY * days), &policy);
        println!(
            "{days} days: {} requests, at most {} bytes",
            outcome.metrics.requests, info.bytes_max
        );
        assert!(outcome.metrics.requests > 1_000 * u64::from(days));
        info.bytes_max
    });
    assert!(month as f64 <= 1.05 * week as f64, "{month} {week}");
}
