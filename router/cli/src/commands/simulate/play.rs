//! `simulate SCENARIO`: a policy is tried on a world of requests before it touches one. No router is asked, and
//! nobody is answered: the simulator plays machines, clouds and people on a clock of its own.

use super::progress::Progress;
use super::{page, refused, words};
use crate::arguments::Globals;
use crate::commands::policy::shown;
use crate::failure::{Exit, Failure};
use crate::{json, screen};
use clap::Args;
use littoral_core::policy::Policy;
use littoral_router::{policy_files, simulation};
use littoral_sim::Scenario;
use littoral_sim::comparison::{Named, Options, Report, compare};
use std::fs;
use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::thread;

/// What it takes to try policies.
#[derive(Debug, Args)]
pub struct Play {
    /// The scenario
    #[arg(value_name = "SCENARIO")]
    scenario: PathBuf,
    /// A policy to try; can be given again [default: the one that the scenario names]
    #[arg(long = "policy", value_name = "PATH")]
    policies: Vec<PathBuf>,
    /// Write a report with plots, one file that needs no network
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// The small form that the scenario states
    #[arg(long)]
    reduced: bool,
    /// So many times as many people, their machines and their requests
    #[arg(long, value_name = "FACTOR")]
    population: Option<f64>,
    /// So many times as many requests of the same people
    #[arg(long, value_name = "FACTOR")]
    rate: Option<f64>,
    /// Seeds 1 to N instead of the scenario's
    #[arg(long, value_name = "N")]
    seeds: Option<std::num::NonZeroU64>,
    /// Runs at a time; the report is the same whatever it is [default: one a core]
    #[arg(long, value_name = "N")]
    threads: Option<NonZeroUsize>,
    /// Leave the baselines out
    #[arg(long)]
    no_baselines: bool,
}

/// A policy from a file.
struct Tried {
    name: String,
    policy: Policy,
}

impl Play {
    /// Plays the scenario and tells what came of it.
    pub fn run(self, globals: &Globals) -> Result<(), Failure> {
        let file = simulation::load(&self.scenario, self.reduced)
            .map_err(|problems| refused("nothing was simulated", &problems))?;
        let scenario = self.resized(file.scenario)?;
        let paths =
            if self.policies.is_empty() { vec![file.policy] } else { self.policies.clone() };
        let tried = policies(&paths)?;
        let named: Vec<Named<'_>> =
            tried.iter().map(|tried| Named { name: &tried.name, policy: &tried.policy }).collect();
        let cores = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let bar = Progress::new();
        let tell = |share: f64| bar.tell(share);
        let options = Options {
            threads: self.threads.map_or(cores, NonZeroUsize::get),
            baselines: !self.no_baselines,
            progress: Some(&tell),
            ..Options::default()
        };
        let report = compare(&scenario, &named, &options);
        bar.finish();
        if let Some(path) = &self.report {
            write(path, &page::page(&report))?;
            screen::say(format!("the report is in {}", path.display()));
        }
        if globals.json {
            let told = serde_json::to_value(&report);
            json::print(&told.map_err(|error| Failure::new(error.to_string()))?)?;
        } else {
            let mut out = screen::out();
            write!(out, "{}", words::words(&report))?;
            out.flush()?;
        }
        verdict(&report)
    }

    fn resized(&self, mut scenario: Scenario) -> Result<Scenario, Failure> {
        for (flag, factor) in [("--population", self.population), ("--rate", self.rate)] {
            if factor.is_some_and(|factor| !(1e-6..=1e3).contains(&factor)) {
                let message = format!("{flag} is no number from 0.000001 to 1000");
                return Err(Failure::new(message).exit(Exit::Usage));
            }
        }
        if let Some(factor) = self.population {
            scenario = scenario.with_population(factor);
        }
        if let Some(factor) = self.rate {
            scenario = scenario.with_rate(factor);
        }
        if let Some(seeds) = self.seeds {
            scenario.seeds = (1..=seeds.get()).collect();
        }
        Ok(scenario)
    }
}

fn policies(paths: &[PathBuf]) -> Result<Vec<Tried>, Failure> {
    let (mut tried, mut problems) = (Vec::new(), Vec::new());
    for path in paths {
        match policy_files::load(Some(path)) {
            Ok(loaded) => {
                tried.push(Tried { name: name_of(path, &loaded.policy), policy: loaded.policy });
            }
            Err(more) => problems.extend(more),
        }
    }
    // Two files may give one name; then their paths tell them apart.
    let twice = |at: usize| tried.iter().filter(|other| other.name == tried[at].name).count() > 1;
    let ambiguous: Vec<usize> = (0..tried.len()).filter(|at| twice(*at)).collect();
    for at in ambiguous {
        tried[at].name = paths[at].display().to_string();
    }
    if problems.is_empty() { Ok(tried) } else { Err(refused("nothing was simulated", &problems)) }
}

/// The name that a policy gives itself, else its path.
fn name_of(path: &Path, policy: &Policy) -> String {
    let name = policy.name();
    if name.is_empty() { path.display().to_string() } else { name.to_owned() }
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("failed to write {}: {error}", path.display()));
    fs::write(path, text).map_err(failed)
}

fn verdict(report: &Report) -> Result<(), Failure> {
    let broken: Vec<String> = report
        .broken()
        .map(|(contender, checked)| {
            let seeds: Vec<String> = checked.seeds.iter().map(|it| words::number(*it)).collect();
            format!("{}: {} (by seed: {})", contender.name, checked.assertion, seeds.join(", "))
        })
        .collect();
    if broken.is_empty() {
        return Ok(());
    }
    let count = shown::count(broken.len(), "assertion");
    let mut failure = Failure::new(format!("{count} did not hold")).exit(Exit::Failed);
    failure.details = broken;
    Err(failure)
}
