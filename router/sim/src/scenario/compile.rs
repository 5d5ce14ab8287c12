//! From a scenario as written to one that can be run, with every problem told at once.

mod changes;
mod clouds;
mod machines;
mod requests;

use super::fields::Problems;
use super::raw::RawScenario;
use super::{Arrivals, Assertion, Scenario, text};
use crate::trace::Trace;
use littoral_core::policy::PolicyProblem;
use std::sync::Arc;
use std::time::Duration;

/// Longest scenario, in seconds: two years.
const LONGEST_S: u64 = 2 * 366 * 86_400;

/// Checks a scenario as written. `read` gives the text of a file that it names; `reduced` takes the
/// small form that the scenario states.
///
/// # Errors
/// Every problem, each with its path in the file.
pub fn compile(
    raw: &RawScenario,
    reduced: bool,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<PolicyProblem>> {
    let mut problems = Problems::default();
    let scenario = whole(raw, read, &mut problems);
    let lasts = problems.duration("reduced.lasts", raw.reduced.lasts.as_ref());
    let population =
        problems.number("reduced.population", raw.reduced.population, 1.0, [1e-6, 1.0]);
    if !problems.0.is_empty() {
        return Err(problems.0);
    }
    if !reduced {
        return Ok(scenario);
    }
    let mut small = scenario.with_population(population);
    small = match lasts {
        Some(lasts) => small.with_length(lasts),
        None => small,
    };
    if let Some(seeds) = &raw.reduced.seeds {
        small.seeds.clone_from(seeds);
    }
    Ok(small)
}

fn whole(
    raw: &RawScenario,
    read: &dyn Fn(&str) -> Result<String, String>,
    problems: &mut Problems,
) -> Scenario {
    let trace = raw.trace.as_ref().and_then(|path| {
        let read = read(path).and_then(|text| Trace::parse(&text));
        read.map_err(|reason| problems.add("trace", format!("{path}: {reason}"))).ok()
    });
    let machines = machines::compile(raw, problems);
    let clouds = clouds::compile(raw, read, problems);
    let owned: u32 = machines.iter().filter(|group| group.owned).map(|group| group.count).sum();
    let people = owned.saturating_add(raw.askers.unwrap_or(0));
    if people == 0 {
        problems.add("askers", "is missing: nobody asks, for no machine is owned by one who does");
    }
    let tenants = trace.as_ref().map_or(0, |trace: &Trace| trace.tenants.len());
    if tenants > people as usize {
        let reason = format!("names {tenants} tenants, and only {people} people ask: add askers");
        problems.add("trace", reason);
    }
    if machines.is_empty() && clouds.is_empty() {
        problems.add("machines", "is missing: nobody answers, for there is no cloud either");
    }
    let changes = changes::compile(raw, &machines, &clouds, problems);
    Scenario {
        name: problems.text("name", raw.name.as_ref()),
        about: raw.about.clone().unwrap_or_default(),
        policy: problems.text("policy", raw.policy.as_ref()),
        start_minute: start(raw, problems),
        lasts: lasts(raw, problems),
        most_requests: raw.most_requests,
        seeds: seeds(raw, problems),
        arrivals: arrivals(raw, people, problems),
        requests: requests::compile(raw, problems),
        askers: raw.askers.unwrap_or(0),
        budgets: budgets(raw, problems),
        assertions: assertions(raw, problems),
        trace: trace.map(Arc::new),
        machines,
        clouds,
        changes,
    }
}

fn start(raw: &RawScenario, problems: &mut Problems) -> u32 {
    let Some(written) = &raw.start else { return 0 };
    text::minute_of_week(written).unwrap_or_else(|| {
        let reason = format!("{written:?} is no moment of the week: write it like \"mon 07:00\"");
        problems.add("start", reason);
        0
    })
}

fn lasts(raw: &RawScenario, problems: &mut Problems) -> Duration {
    let seconds = problems.seconds("lasts", raw.lasts.as_ref());
    if seconds > LONGEST_S as f64 {
        problems.add("lasts", "is longer than two years");
    }
    Duration::from_secs_f64(seconds)
}

fn seeds(raw: &RawScenario, problems: &mut Problems) -> Vec<u64> {
    let seeds = raw.seeds.clone().unwrap_or_else(|| (1..=5).collect());
    let mut different = seeds.clone();
    different.sort_unstable();
    different.dedup();
    if seeds.is_empty() || different.len() != seeds.len() {
        problems.add("seeds", "are not different numbers, at least one");
    }
    seeds
}

fn budgets(raw: &RawScenario, problems: &mut Problems) -> Vec<littoral_core::budget::Budget> {
    if let Err(twice) = littoral_core::budget::Budgets::new(raw.budget.clone()) {
        problems.add("budget", twice.to_string());
    }
    raw.budget.clone()
}

fn assertions(raw: &RawScenario, problems: &mut Problems) -> Vec<Assertion> {
    let read =
        raw.assert.iter().enumerate().filter_map(|(at, text)| match Assertion::parse(text) {
            Ok(assertion) if crate::metrics::is_metric(&assertion.metric) => Some(assertion),
            Ok(Assertion { metric, .. }) => {
                let reason = format!("{metric:?} is no metric: a report lists them all");
                problems.add(format!("assert[{at}]"), reason);
                None
            }
            Err(reason) => {
                problems.add(format!("assert[{at}]"), reason);
                None
            }
        });
    read.collect()
}

/// When requests come.
fn arrivals(raw: &RawScenario, people: u32, problems: &mut Problems) -> Arrivals {
    let written = &raw.arrivals;
    let per_s = |problems: &mut Problems| {
        let each = written.per_person_per_hour.map(|each| each * f64::from(people) / 3_600.0);
        if written.per_s.is_some() == each.is_some() {
            problems.add("arrivals.per_s", "state it, or per_person_per_hour, and not both");
        }
        problems.number("arrivals.per_s", written.per_s.or(each), 1.0, [1e-9, 1e7])
    };
    match written.kind.as_deref() {
        Some("poisson") => Arrivals::Poisson { per_s: per_s(problems) },
        Some("diurnal") => {
            let hours = written.hours.clone().unwrap_or_else(|| vec![1.0; 24]);
            let sound = hours.iter().all(|hour| hour.is_finite() && *hour >= 0.0);
            let hours: [f64; 24] = hours.try_into().unwrap_or([0.0; 24]);
            if !sound || hours.iter().sum::<f64>() <= 0.0 {
                problems.add("arrivals.hours", "are not 24 numbers of at least 0, one above it");
            }
            Arrivals::Diurnal { per_s: per_s(problems), hours }
        }
        Some("bursty") => Arrivals::Bursty {
            per_s: per_s(problems),
            factor: problems.number("arrivals.factor", written.factor, 10.0, [1.0, 1e6]),
            burst_s: problems.seconds("arrivals.burst", written.burst.as_ref()),
            calm_s: problems.seconds("arrivals.calm", written.calm.as_ref()),
        },
        Some("closed") => {
            Arrivals::Closed { think_s: problems.seconds("arrivals.think", written.think.as_ref()) }
        }
        Some("trace") => {
            if raw.trace.is_none() {
                problems.add("trace", "is missing: arrivals are to come from it");
            }
            let speed = problems.number("arrivals.speed", written.speed, 1.0, [1e-6, 1e6]);
            Arrivals::Trace { speed }
        }
        other => {
            let kinds = "poisson, diurnal, bursty, closed or trace";
            problems.add(
                "arrivals.kind",
                match other {
                    None => format!("is missing: it is {kinds}"),
                    Some(other) => format!("is {other:?}, expected {kinds}"),
                },
            );
            Arrivals::Poisson { per_s: 1.0 }
        }
    }
}
