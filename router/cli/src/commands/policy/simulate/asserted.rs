//! What must hold of a simulation over records, so that a script can rely on it. Assertions are those of scenarios, over
//! the figures of a replay.

use super::super::shown;
use crate::failure::{Exit, Failure};
use crate::screen;
use littoral_proto::v1;
use littoral_sim::replay::{Counts, Metric, assertable, is_metric};
use littoral_sim::scenario::Assertion;
use std::fmt::Write as _;

/// An assertion, and what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Asserted {
    /// As it was understood.
    pub text: String,
    /// Whether it holds. What is not known does not.
    pub holds: bool,
    /// The figure; absent where it is not known.
    pub value: Option<f64>,
}

/// Reads assertions.
///
/// # Errors
/// Every one that makes no sense.
pub fn read(texts: &[String]) -> Result<Vec<Assertion>, Failure> {
    let (mut read, mut wrong) = (Vec::new(), Vec::new());
    for text in texts {
        match Assertion::parse(text) {
            Ok(assertion) if is_metric(&assertion.metric) => read.push(assertion),
            Ok(assertion) => wrong.push(format!(
                "{text:?}: a simulation over records has no figure {:?}",
                assertion.metric
            )),
            Err(error) => wrong.push(error),
        }
    }
    if wrong.is_empty() {
        return Ok(read);
    }
    let mut failure = Failure::usage("--assert cannot be understood");
    failure.details = wrong;
    Err(failure.fix(
        "write it like 'newly_cloud == 0' or 'change.cost_usd.high <= 0'; with --json, \
         summary.metrics names every figure",
    ))
}

/// Compares.
pub fn check(assertions: &[Assertion], summary: &v1::SimulateSummary) -> Vec<Asserted> {
    let values = assertable(&counts(summary), &metrics(summary));
    let check = |assertion: &Assertion| Asserted {
        text: assertion.to_string(),
        holds: assertion.holds(&values).unwrap_or(false),
        value: values.get(&assertion.metric).copied(),
    };
    assertions.iter().map(check).collect()
}

/// A line for each.
pub fn lines(checked: &[Asserted]) -> String {
    let mut text = String::new();
    for one in checked {
        let (colour, word) =
            if one.holds { (screen::GREEN, "holds") } else { (screen::RED, "fails") };
        // Writing to a string does not fail.
        let _ = writeln!(text, "{colour}{word}{}  {}", screen::PLAIN, one.text);
    }
    text
}

/// Fails where one does not hold.
///
/// # Errors
/// Those that do not hold.
pub fn verdict(checked: &[Asserted]) -> Result<(), Failure> {
    let broken: Vec<&Asserted> = checked.iter().filter(|one| !one.holds).collect();
    if broken.is_empty() {
        return Ok(());
    }
    let count = shown::count(broken.len(), "assertion");
    let mut failure = Failure::new(format!("{count} did not hold")).exit(Exit::Failed);
    let told = |one: &&Asserted| match one.value {
        Some(value) => format!("{} (it is {value})", one.text),
        None => format!("{} (it is not known: too few requests tell)", one.text),
    };
    failure.details = broken.iter().map(told).collect();
    Err(failure)
}

fn counts(summary: &v1::SimulateSummary) -> Counts {
    Counts {
        considered: summary.considered,
        changed: summary.changed,
        unreplayable: summary.unreplayable,
        newly_cloud: summary.newly_cloud,
        no_longer_cloud: summary.no_longer_cloud,
        decided_under_compared: summary.decided_under_compared,
        not_reproduced: summary.not_reproduced,
    }
}

fn metrics(summary: &v1::SimulateSummary) -> Vec<Metric> {
    let metric = |metric: &v1::simulate_summary::Metric| Metric {
        name: metric.name.clone(),
        now: metric.compared,
        proposed: metric.proposed,
        proposed_interval: metric.proposed_low.zip(metric.proposed_high),
        difference_interval: metric.difference_low.zip(metric.difference_high),
    };
    summary.metrics.iter().map(metric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use littoral_proto::v1::simulate_summary;

    fn summary() -> v1::SimulateSummary {
        let cost = simulate_summary::Metric {
            name: "cost_usd".into(),
            compared: Some(5.0),
            proposed: Some(3.0),
            difference: Some(-2.0),
            difference_low: Some(-2.5),
            difference_high: Some(-1.5),
            ..simulate_summary::Metric::default()
        };
        v1::SimulateSummary { newly_cloud: 2, metrics: vec![cost], ..Default::default() }
    }

    fn checked(texts: &[&str]) -> Vec<Asserted> {
        let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
        check(&read(&texts).unwrap(), &summary())
    }

    #[test]
    fn assertions_are_about_counts_figures_changes_and_their_ends() {
        let texts = [
            "newly_cloud == 2",
            "cost_usd < 4",
            "now.cost_usd == 5",
            "change.cost_usd == -2",
            "change.cost_usd.high < 0",
        ];
        let checked = checked(&texts);
        assert!(checked.iter().all(|one| one.holds), "{checked:?}");
        assert!(verdict(&checked).is_ok());
    }

    #[test]
    fn what_does_not_hold_or_is_not_known_fails_with_the_figure() {
        let checked = checked(&["newly_cloud == 0", "p95_ttft_ms < 800", "cost_usd < 4"]);
        let failure = verdict(&checked).unwrap_err();
        assert_eq!(failure.message, "2 assertions did not hold");
        assert_eq!(
            failure.details,
            [
                "newly_cloud == 0 (it is 2)",
                "p95_ttft_ms < 800 (it is not known: too few requests tell)",
            ]
        );
        let lines = anstream::adapter::strip_str(&lines(&checked)).to_string();
        assert_eq!(
            lines,
            "fails  newly_cloud == 0\nfails  p95_ttft_ms < 800\nholds  cost_usd < 4\n"
        );
    }

    #[test]
    fn every_assertion_that_makes_no_sense_is_named() {
        let texts = ["newly_clout == 0".to_owned(), "cheap".to_owned(), "cost_usd < 4".to_owned()];
        let failure = read(&texts).unwrap_err();
        assert_eq!(failure.details.len(), 2, "{failure:?}");
        assert!(failure.details[0].contains("no figure \"newly_clout\""), "{failure:?}");
    }
}
