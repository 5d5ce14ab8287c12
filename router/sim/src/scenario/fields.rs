//! Reading single fields, with every problem noted at its path.

use super::text;
use littoral_core::policy::PolicyProblem;
use std::time::Duration;

/// Problems found so far.
#[derive(Default)]
pub(super) struct Problems(pub Vec<PolicyProblem>);

impl Problems {
    /// Notes a problem.
    pub fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.0.push(PolicyProblem { path: path.into(), offset: None, reason: reason.into() });
    }

    /// A number within bounds, both included; the usual one where nothing is stated.
    pub fn number(&mut self, path: &str, stated: Option<f64>, usual: f64, bounds: [f64; 2]) -> f64 {
        let [low, high] = bounds;
        match stated {
            None => usual,
            Some(number) if (low..=high).contains(&number) => number,
            Some(number) => {
                self.add(path, format!("is {number}, expected a number from {low} to {high}"));
                usual
            }
        }
    }

    /// As [`Self::number`], where nothing is usual.
    pub fn needed(&mut self, path: &str, stated: Option<f64>, bounds: [f64; 2]) -> f64 {
        if stated.is_none() {
            self.add(
                path,
                format!("is missing: state a number from {} to {}", bounds[0], bounds[1]),
            );
        }
        self.number(path, stated, bounds[0].max(1.0).min(bounds[1]), bounds)
    }

    /// A share or a probability.
    pub fn share(&mut self, path: &str, stated: Option<f64>, usual: f64) -> f64 {
        self.number(path, stated, usual, [0.0, 1.0])
    }

    /// A text that cannot be left out.
    pub fn text(&mut self, path: &str, stated: Option<&String>) -> String {
        match stated {
            Some(text) if !text.trim().is_empty() => text.clone(),
            _ => {
                self.add(path, "is missing");
                String::new()
            }
        }
    }

    /// A length of time.
    pub fn duration(&mut self, path: &str, stated: Option<&String>) -> Option<Duration> {
        let written = stated?;
        let read = text::duration(written);
        if read.is_none() {
            self.add(path, format!("{written:?} is no length of time: write it like \"20m\""));
        }
        read
    }

    /// A length of time above zero, in seconds, that cannot be left out.
    pub fn seconds(&mut self, path: &str, stated: Option<&String>) -> f64 {
        if stated.is_none() {
            self.add(path, "is missing: write a length of time like \"20m\"");
        }
        let read = self.duration(path, stated);
        if read == Some(Duration::ZERO) {
            self.add(path, "is no time at all: write a length of time like \"20m\"");
        }
        read.filter(|read| !read.is_zero()).map_or(1.0, |read| read.as_secs_f64())
    }

    /// Hours of the day.
    pub fn hours(&mut self, path: &str, stated: Option<&String>) -> Option<(f64, f64)> {
        let written = stated?;
        let read = text::hours(written);
        if read.is_none() {
            let reason = format!("{written:?} are no hours: write them like \"07:30-18:00\"");
            self.add(path, reason);
        }
        read
    }
}
