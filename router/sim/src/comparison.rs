//! Several policies and three baselines in one world, on common random numbers, and the report of it.
//!
//! Each policy is played once for each seed of the scenario; so are the baselines: all at hand, all in
//! clouds, and a coin with as much cloud as the first policy had with that seed. Runs know nothing of
//! each other, so any number of threads gives the same report, to the last byte.

mod interval;
mod report;

pub use interval::Interval;
pub(crate) use interval::student;
pub use report::{Checked, Contender, Moment, Report, World};

use crate::scenario::Scenario;
use crate::world::{Breakage, Outcome, Rule, Run};
use littoral_core::class::Tier;
use littoral_core::policy::raw::RawTiers;
use littoral_core::policy::{Policy, RawPolicy};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

/// How a comparison is played.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// Runs at a time; at least one.
    pub threads: usize,
    /// Plays the baselines too.
    pub baselines: bool,
    /// What the harness breaks on purpose.
    pub breakage: Option<Breakage>,
    /// Told how far all of it is, 0 to 1, from any thread.
    pub progress: Option<&'a (dyn Fn(f64) + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { threads: 1, baselines: true, breakage: None, progress: None }
    }
}

/// A policy, and what it is called in the report.
#[derive(Clone, Copy, Debug)]
pub struct Named<'a> {
    /// Its name, often the path of its file.
    pub name: &'a str,
    /// The policy.
    pub policy: &'a Policy,
}

/// Names of the baselines, in the order of the report.
pub const BASELINES: [&str; 3] = ["all local", "all cloud", "random, same share"];

/// Plays everything and reports it.
#[must_use]
pub fn compare(scenario: &Scenario, policies: &[Named<'_>], options: &Options<'_>) -> Report {
    let local = only(&[Tier::Device, Tier::Edge]);
    let cloud = only(&[Tier::Cloud]);
    let mut rules: Vec<Rule<'_>> =
        policies.iter().map(|named| Rule::Policy(named.policy)).collect();
    if options.baselines {
        rules.extend([Rule::Policy(&local), Rule::Policy(&cloud)]);
    }
    let seeds = &scenario.seeds;
    let coins = if options.baselines { seeds.len() } else { 0 };
    let all = rules.len() * seeds.len() + coins;
    let watch = Watch { done: AtomicU64::new(0), all, progress: options.progress };
    let jobs: Vec<(Rule<'_>, u64)> =
        rules.iter().flat_map(|rule| seeds.iter().map(move |seed| (*rule, *seed))).collect();
    let mut outcomes = play(scenario, &jobs, options, &watch);
    if options.baselines {
        let coin = |(at, seed): (usize, &u64)| {
            let share = heads(&outcomes, at, (policies.len() + 1) * seeds.len() + at);
            (Rule::Coin { cloud: &cloud, local: &local, share }, *seed)
        };
        let jobs: Vec<(Rule<'_>, u64)> = seeds.iter().enumerate().map(coin).collect();
        outcomes.extend(play(scenario, &jobs, options, &watch));
    }
    let names = policies.iter().map(|named| named.name.to_owned());
    let baselines = BASELINES.iter().filter(|_| options.baselines).map(|name| (*name).to_owned());
    let hashes = policies.iter().map(|named| Some(named.policy.hash().to_string()));
    let named: Vec<(String, Option<String>)> =
        names.zip(hashes).chain(baselines.map(|name| (name, None))).collect();
    report::report(scenario, &named, &outcomes)
}

/// Share of heads with which a coin has as much cloud as the first policy had. Heads are in vain where the class of
/// a request keeps it at hand, so there have to be more of them: as many as clouds alone could answer.
fn heads(outcomes: &[Outcome], first: usize, all_cloud: usize) -> f64 {
    let value = |at: usize, name: &str| {
        let values = outcomes.get(at).map(|outcome| outcome.metrics.values());
        values.and_then(|values| values.get(name).copied()).unwrap_or_default()
    };
    let wanted = value(first, "share.cloud") * value(first, "answered_share");
    (wanted / value(all_cloud, "answered_share").max(1e-9)).min(1.0)
}

/// The shipped policy with some tiers alone.
fn only(tiers: &[Tier]) -> Policy {
    let raw = RawPolicy {
        version: Some(Policy::VERSION),
        name: Some("baseline".into()),
        tiers: RawTiers { order: Some(tiers.to_vec()), ..RawTiers::default() },
        ..RawPolicy::default()
    };
    // It states nothing that could be wrong.
    Policy::compile(raw).unwrap_or_else(|_| Policy::shipped())
}

/// How far all runs are.
struct Watch<'a> {
    /// Thousandths of runs.
    done: AtomicU64,
    all: usize,
    progress: Option<&'a (dyn Fn(f64) + Sync)>,
}

impl Watch<'_> {
    /// One run is a step further.
    fn add(&self, thousandths: u64) {
        let Some(progress) = self.progress else { return };
        let done = self.done.fetch_add(thousandths, Ordering::Relaxed) + thousandths;
        progress(done as f64 / 1e3 / self.all.max(1) as f64);
    }
}

/// Plays runs on some threads; the outcomes come in the order of the runs.
fn play(
    scenario: &Scenario,
    jobs: &[(Rule<'_>, u64)],
    options: &Options<'_>,
    watch: &Watch<'_>,
) -> Vec<Outcome> {
    let next = AtomicUsize::new(0);
    let outcomes: Mutex<Vec<(usize, Outcome)>> = Mutex::new(Vec::with_capacity(jobs.len()));
    thread::scope(|scope| {
        for _ in 0..options.threads.clamp(1, jobs.len().max(1)) {
            scope.spawn(|| {
                while let Some((at, (rule, seed))) = take(&next, jobs) {
                    let told = AtomicU64::new(0);
                    let progress = |share: f64| {
                        let now = (share * 1e3) as u64;
                        let before = told.fetch_max(now, Ordering::Relaxed);
                        watch.add(now.saturating_sub(before));
                    };
                    let breakage = options.breakage;
                    let run = Run { scenario, rule, seed, breakage, progress: Some(&progress) };
                    let outcome = run.play();
                    if let Ok(mut outcomes) = outcomes.lock() {
                        outcomes.push((at, outcome));
                    }
                }
            });
        }
    });
    let mut outcomes = outcomes.into_inner().unwrap_or_default();
    outcomes.sort_by_key(|(at, _)| *at);
    outcomes.into_iter().map(|(_, outcome)| outcome).collect()
}

fn take<'a>(next: &AtomicUsize, jobs: &[(Rule<'a>, u64)]) -> Option<(usize, (Rule<'a>, u64))> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(at).map(|job| (at, *job))
}

#[cfg(test)]
mod tests;
