//! What was measured next to what was predicted, and whether that is near enough.

use super::client::Measured;
use crate::screen;
use crate::table::{Head, Table};
use crate::units;
use littoral_sim::Metrics;
use littoral_sim::histogram::Histogram;
use serde::Serialize;
use std::collections::BTreeMap;

/// Lateness from which on the machine was too busy to measure on, in milliseconds: a tenth of an answer of 50 ms.
const TOO_LATE_MS: f64 = 5.0;

/// How far a prediction may be off, as shares of what was measured.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Bounds {
    /// Of medians.
    pub p50: f64,
    /// Of 95th percentiles.
    pub p95: f64,
}

/// One quantile of one wait.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// `first token` or `whole answer`.
    pub wait: &'static str,
    /// `p50` or `p95`.
    pub quantile: &'static str,
    /// In milliseconds.
    pub measured_ms: f64,
    /// In milliseconds.
    pub predicted_ms: f64,
    /// Predicted over measured.
    pub ratio: f64,
    /// How far it may be from 1.
    pub bound: f64,
    /// It is as near.
    pub holds: bool,
}

/// A validation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Verdict {
    /// Name of the scenario.
    pub scenario: String,
    /// Seed of both sides.
    pub seed: u64,
    /// Requests that came.
    pub requests: u64,
    /// Answered by the live router, and by the simulated one.
    pub answered: [u64; 2],
    /// Those that the live router did not answer, by reason.
    pub unanswered: BTreeMap<String, u64>,
    /// How late requests were sent, 95th percentile in milliseconds: the machine's part in what was measured.
    pub late_p95_ms: f64,
    /// The table.
    pub lines: Vec<Line>,
    /// Every line is within its bounds, and as many were answered.
    pub holds: bool,
}

impl Verdict {
    /// Compares.
    pub fn of(
        (scenario, seed): (&str, u64),
        measured: &Measured,
        predicted: &Metrics,
        bounds: Bounds,
    ) -> Self {
        let waits = [
            ("first token", &measured.first_ms, &predicted.all.first_ms),
            ("whole answer", &measured.total_ms, &predicted.all.total_ms),
        ];
        let quantiles = [("p50", 0.5, bounds.p50), ("p95", 0.95, bounds.p95)];
        let lines: Vec<Line> = waits
            .into_iter()
            .flat_map(|(wait, measured, predicted)| {
                quantiles.map(|(quantile, share, bound)| {
                    let both = [measured, predicted].map(|of: &Histogram| of.quantile(share));
                    line(wait, quantile, both, bound)
                })
            })
            .collect();
        let answered = [measured.total_ms.count(), predicted.answered()];
        // As a share of all, answers may differ by the bound of medians.
        let apart = answered[0].abs_diff(answered[1]) as f64;
        let as_many = apart <= bounds.p50 * predicted.requests as f64;
        Self {
            scenario: scenario.to_owned(),
            seed,
            requests: predicted.requests,
            answered,
            unanswered: measured.unanswered.clone(),
            late_p95_ms: measured.late_ms.quantile(0.95),
            holds: as_many && answered[0] > 0 && lines.iter().all(|line| line.holds),
            lines,
        }
    }

    /// For a terminal.
    pub fn text(&self) -> String {
        let (bold, dim, plain) = (screen::BOLD, screen::DIM, screen::PLAIN);
        let [live, simulated] = self.answered.map(units::count);
        let mut text = format!(
            "{bold}{}{plain}\n{dim}{} requests, seed {}; answered live {live}, simulated {simulated}{plain}\n",
            screen::printable(&self.scenario),
            units::count(self.requests),
            self.seed,
        );
        let mut say = |line: &str| text.push_str(&[dim, line, plain, "\n"].concat());
        for (reason, count) in &self.unanswered {
            say(&format!("not answered live: {count} {}", screen::printable(reason)));
        }
        if self.late_p95_ms > TOO_LATE_MS {
            let late = units::time(self.late_p95_ms);
            say(&format!("this machine was busy: requests were sent up to {late} late (p95)"));
        }
        let heads = [Head::Left("wait"), Head::Left("quantile"), Head::Right("measured")];
        let more = [Head::Right("predicted"), Head::Right("ratio"), Head::Right("within")];
        let mut table = Table::new(&[&heads[..], &more, &[Head::Left("verdict")]].concat());
        for line in &self.lines {
            let verdict = match line.holds {
                true => format!("{}holds{plain}", screen::GREEN),
                false => format!("{}fails{plain}", screen::RED),
            };
            table.row([
                line.wait.into(),
                line.quantile.into(),
                units::time(line.measured_ms),
                units::time(line.predicted_ms),
                format!("{:.3}", line.ratio),
                format!("{:.0} %", 100.0 * line.bound),
                verdict,
            ]);
        }
        format!("{text}\n{}\n", table.render(screen::width()))
    }
}

fn line(
    wait: &'static str,
    quantile: &'static str,
    [measured_ms, predicted_ms]: [f64; 2],
    bound: f64,
) -> Line {
    let ratio = if measured_ms > 0.0 { predicted_ms / measured_ms } else { 0.0 };
    let holds = (ratio - 1.0).abs() <= bound;
    Line { wait, quantile, measured_ms, predicted_ms, ratio, bound, holds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prediction_holds_within_its_bound_on_both_sides_and_without_an_answer_never() {
        for (predicted, holds) in [(89.0, false), (91.0, true), (109.0, true), (111.0, false)] {
            assert_eq!(line("first token", "p50", [100.0, predicted], 0.1).holds, holds);
        }
        assert!(!line("first token", "p50", [0.0, 50.0], 0.1).holds);
    }
}
