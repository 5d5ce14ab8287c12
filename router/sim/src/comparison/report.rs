//! The report of a comparison, as data. Every map is sorted and every sum is taken in the order of seeds,
//! so that the same comparison is the same text.

use super::Interval;
use crate::metrics::{Metrics, SLICES};
use crate::scenario::Scenario;
use crate::world::Outcome;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Points of the curve of waits.
const CURVE: usize = 60;

/// What came of a comparison.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// The world.
    pub world: World,
    /// Policies in the order in which they were named, then baselines.
    pub contenders: Vec<Contender>,
}

/// The world in which policies were compared.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct World {
    /// Name of the scenario.
    pub name: String,
    /// What it is about.
    pub about: String,
    /// How long requests came, in seconds.
    pub lasts_s: f64,
    /// Minute of the week at which it began.
    pub start_minute: u32,
    /// People who ask.
    pub people: usize,
    /// Machines.
    pub machines: usize,
    /// Seeds.
    pub seeds: Vec<u64>,
    /// Moments at which something changed, in seconds from the start.
    pub changes_s: Vec<f64>,
}

/// A policy or a baseline.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Contender {
    /// Its name.
    pub name: String,
    /// Hash of the policy; absent for a baseline.
    pub policy_hash: Option<String>,
    /// Every metric by name.
    pub metrics: BTreeMap<String, Interval>,
    /// Wait for the first token, in milliseconds, by share of answers: mean over seeds.
    pub first_token_curve: Vec<(f64, f64)>,
    /// What happened when: mean over seeds.
    pub timeline: Vec<Moment>,
    /// What had to hold; nothing for a baseline.
    pub assertions: Vec<Checked>,
}

/// A slice of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Moment {
    /// Its beginning, in seconds from the start.
    pub at_s: f64,
    /// Requests that came.
    pub requests: f64,
    /// Answers by device, edge, cloud.
    pub answered: [f64; 3],
    /// Refused or failed.
    pub unanswered: f64,
    /// Wait for the first token that 95 % stayed below, in milliseconds.
    pub p95_ttft_ms: f64,
    /// Money, in dollars.
    pub usd: f64,
    /// Mean charge of batteries, where there are any.
    pub charge: Option<f64>,
}

/// An assertion, and whether it held.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Checked {
    /// As written.
    pub assertion: String,
    /// With every seed.
    pub holds: bool,
    /// The value of each seed.
    pub seeds: Vec<f64>,
}

impl Report {
    /// Assertions that did not hold, with the contender they are of.
    pub fn broken(&self) -> impl Iterator<Item = (&Contender, &Checked)> {
        self.contenders.iter().flat_map(|contender| {
            contender.assertions.iter().filter(|it| !it.holds).map(move |it| (contender, it))
        })
    }

    /// The report as JSON, the same bytes whenever it is made.
    ///
    /// # Errors
    /// A number has no form in JSON; none of a report has.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

pub(super) fn report(
    scenario: &Scenario,
    named: &[(String, Option<String>)],
    outcomes: &[Outcome],
) -> Report {
    let each = outcomes.chunks(scenario.seeds.len().max(1));
    let contenders = named.iter().zip(each);
    Report {
        version: 1,
        world: World {
            name: scenario.name.clone(),
            about: scenario.about.clone(),
            lasts_s: scenario.lasts.as_secs_f64(),
            start_minute: scenario.start_minute,
            people: scenario.people(),
            machines: scenario.machines.iter().map(|group| group.count as usize).sum(),
            seeds: scenario.seeds.clone(),
            changes_s: scenario.changes.iter().map(|change| change.at.as_secs_f64()).collect(),
        },
        contenders: contenders
            .map(|((name, hash), outcomes)| contender(scenario, name, hash.clone(), outcomes))
            .collect(),
    }
}

fn contender(
    scenario: &Scenario,
    name: &str,
    policy_hash: Option<String>,
    outcomes: &[Outcome],
) -> Contender {
    let runs: Vec<&Metrics> = outcomes.iter().map(|outcome| &outcome.metrics).collect();
    let values: Vec<BTreeMap<String, f64>> = runs.iter().map(|run| run.values()).collect();
    let names: BTreeSet<&String> = values.iter().flat_map(BTreeMap::keys).collect();
    // What did not happen with a seed happened no times.
    let value = |name: &str| -> Vec<f64> {
        values.iter().map(|values| values.get(name).copied().unwrap_or_default()).collect()
    };
    let metrics = names.into_iter().map(|name| (name.clone(), Interval::of(value(name)))).collect();
    let holds = |assertion: &crate::scenario::Assertion| {
        let none = |values: &BTreeMap<String, f64>| {
            // A reason that never came has no entry; it came no times.
            assertion.holds(values).unwrap_or_else(|| {
                assertion.holds(&BTreeMap::from([(assertion.metric.clone(), 0.0)])) == Some(true)
            })
        };
        values.iter().all(none)
    };
    let checked = scenario.assertions.iter().map(|assertion| Checked {
        assertion: assertion.to_string(),
        holds: holds(assertion),
        seeds: value(&assertion.metric),
    });
    Contender {
        name: name.to_owned(),
        assertions: if policy_hash.is_some() { checked.collect() } else { Vec::new() },
        policy_hash,
        metrics,
        first_token_curve: curve(&runs),
        timeline: timeline(scenario, &runs),
    }
}

fn mean(runs: &[&Metrics], of: impl Fn(&Metrics) -> f64) -> f64 {
    runs.iter().map(|run| of(run)).sum::<f64>() / runs.len().max(1) as f64
}

fn curve(runs: &[&Metrics]) -> Vec<(f64, f64)> {
    let shares = (0..=CURVE).map(|at| {
        // Denser towards the end, where people get impatient.
        let left = 1.0 - at as f64 / CURVE as f64;
        (1.0 - left * left).clamp(0.005, 0.999)
    });
    shares.map(|share| (share, mean(runs, |run| run.all.first_ms.quantile(share)))).collect()
}

fn timeline(scenario: &Scenario, runs: &[&Metrics]) -> Vec<Moment> {
    let slice_s = scenario.lasts.as_secs_f64() / SLICES as f64;
    let moments = (0..SLICES).map(|at| {
        let of = |of: &dyn Fn(&crate::metrics::Slice) -> f64| {
            mean(runs, |run| run.timeline.get(at).map_or(0.0, of))
        };
        let tier = |tier: usize| of(&|slice| slice.answered[tier] as f64);
        let charges: Vec<f64> =
            runs.iter().filter_map(|run| run.timeline.get(at)?.charge).collect();
        let charge = charges.iter().sum::<f64>() / charges.len().max(1) as f64;
        Moment {
            at_s: at as f64 * slice_s,
            requests: of(&|slice| slice.requests as f64),
            answered: [tier(0), tier(1), tier(2)],
            unanswered: of(&|slice| slice.unanswered as f64),
            p95_ttft_ms: of(&|slice| slice.first_ms.quantile(0.95)),
            usd: of(&|slice| slice.usd_micros as f64 / 1e6),
            charge: (!charges.is_empty()).then_some(charge),
        }
    });
    moments.collect()
}
