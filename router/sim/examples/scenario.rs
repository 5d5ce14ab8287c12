//! Plays a scenario file and prints its report as JSON, without anything but the pure simulator.
//!
//! `cargo run --release -p littoral-sim --example scenario -- SCENARIO [reduced] [POLICY..]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::expect_used,
    reason = "a tool for those who work on the simulator"
)]

use littoral_core::policy::{Policy, RawPolicy};
use littoral_sim::comparison::{Named, Options, compare};
use littoral_sim::scenario::{RawScenario, compile};
use std::path::{Path, PathBuf};

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let path = PathBuf::from(arguments.remove(0));
    let reduced = arguments.first().is_some_and(|word| word == "reduced");
    let mut policies: Vec<PathBuf> =
        arguments.iter().skip(usize::from(reduced)).map(PathBuf::from).collect();
    let folder = path.parent().unwrap_or(Path::new(""));
    let text = std::fs::read_to_string(&path).expect("the scenario can be read");
    let raw: RawScenario = toml::from_str(&text).expect("the scenario is TOML");
    let beside =
        |name: &str| std::fs::read_to_string(folder.join(name)).map_err(|it| it.to_string());
    let scenario = compile(&raw, reduced, &beside).expect("the scenario compiles");
    if policies.is_empty() {
        policies.push(folder.join(&scenario.policy));
    }
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).expect("the policy can be read");
        let raw: RawPolicy = toml::from_str(&text).expect("the policy is TOML");
        (path.display().to_string(), Policy::compile(raw).expect("the policy compiles"))
    };
    let read: Vec<(String, Policy)> = policies.iter().map(read).collect();
    let named: Vec<Named<'_>> = read.iter().map(|(name, policy)| Named { name, policy }).collect();
    let report = compare(&scenario, &named, &Options { threads: 2, ..Options::default() });
    println!("{}", report.to_json().expect("a report is JSON"));
    for (contender, checked) in report.broken() {
        eprintln!("{}: {} {:?}", contender.name, checked.assertion, checked.seeds);
    }
}
