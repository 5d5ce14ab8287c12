//! Every shipped scenario, in its small form: its assertions hold, they notice what the harness breaks, and a
//! policy that somebody would write badly is worse where it should be.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may end at the first thing that is not as it should be, and prints its seeds"
)]

use littoral_core::policy::{Policy, RawPolicy};
use littoral_sim::comparison::{Named, Options, Report, compare};
use littoral_sim::scenario::{RawScenario, compile};
use littoral_sim::{Breakage, Scenario};
use std::fs;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/scenarios")
}

fn names() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .filter_map(|entry| {
            entry.unwrap().file_name().to_str()?.strip_suffix(".toml").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

fn scenario(name: &str, reduced: bool) -> Scenario {
    let text = fs::read_to_string(folder().join(format!("{name}.toml"))).unwrap();
    let raw: RawScenario = toml::from_str(&text).unwrap();
    let beside = |file: &str| fs::read_to_string(folder().join(file)).map_err(|it| it.to_string());
    compile(&raw, reduced, &beside).unwrap_or_else(|problems| panic!("{name}: {problems:#?}"))
}

fn policy(path: &Path) -> Policy {
    let raw: RawPolicy = toml::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    Policy::compile(raw).unwrap()
}

fn play(name: &str, breakage: Option<Breakage>) -> Report {
    let scenario = scenario(name, true);
    let policy = policy(&folder().join(&scenario.policy));
    let named = [Named { name, policy: &policy }];
    let options = Options { threads: 2, baselines: false, breakage, ..Options::default() };
    println!("{name}, seeds {:?}, broken: {breakage:?}", scenario.seeds);
    compare(&scenario, &named, &options)
}

fn broken(report: &Report) -> Vec<String> {
    report.broken().map(|(_, it)| format!("{} {:?}", it.assertion, it.seeds)).collect()
}

#[test]
fn every_shipped_scenario_holds_in_its_small_form() {
    let names = names();
    for needed in
        ["office", "phones", "vehicles", "clinic", "cloud-outage", "price-war", "evening-battery"]
    {
        assert!(names.iter().any(|name| name == needed), "{needed} is missing");
    }
    for name in names {
        let report = play(&name, None);
        assert_eq!(broken(&report), Vec::<String>::new(), "{name}");
        let [only] = &report.contenders[..] else { panic!("one policy was played") };
        assert!(!only.assertions.is_empty(), "{name} asserts nothing");
        assert!(only.metrics["requests"].mean > 500.0, "{name} is too small to say anything");
    }
}

#[test]
fn what_the_harness_breaks_fails_a_scenario() {
    for (name, breakage, assertion) in [
        ("clinic", Breakage::PrivacyGate, "egress_bytes.restricted == 0"),
        ("price-war", Breakage::Budget, "budget_overrun_usd == 0"),
        ("cloud-outage", Breakage::FirstTokenLimit, "failed.DEADLINE_EXCEEDED == 0"),
    ] {
        let broken = broken(&play(name, Some(breakage)));
        println!("{name}: {broken:?}");
        assert!(broken.iter().any(|it| it.starts_with(assertion)), "{name}: {broken:?}");
    }
}

#[test]
fn a_policy_that_somebody_would_write_badly_is_worse_beyond_chance() {
    let mut scenario = scenario("evening-battery", true);
    scenario.seeds = (1..=5).collect();
    let shipped = policy(&folder().join(&scenario.policy));
    let bad = policy(&folder().join("policies/cloud-first.toml"));
    let named = [Named { name: "shipped", policy: &shipped }, Named { name: "bad", policy: &bad }];
    let options = Options { threads: 2, baselines: false, ..Options::default() };
    let report = compare(&scenario, &named, &options);
    let [shipped, bad] = &report.contenders[..] else { panic!("two policies were played") };
    for (metric, factor) in [("cost_usd", 3.0), ("egress_bytes", 2.0)] {
        let (shipped, bad) = (&shipped.metrics[metric], &bad.metrics[metric]);
        println!("{metric}: shipped {shipped:?}, bad {bad:?}, seeds {:?}", scenario.seeds);
        assert!(bad.low > shipped.high, "{metric} overlaps");
        assert!(bad.mean > factor * shipped.mean, "{metric}");
    }
}
