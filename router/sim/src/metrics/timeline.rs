//! What happened when, in slices of equal length.

use crate::histogram::Histogram;
use std::time::Duration;

/// Slices of a run.
pub const SLICES: usize = 96;

/// A slice of a run. What belongs to a request counts in the slice in which it was asked.
#[derive(Clone, Debug, Default)]
pub struct Slice {
    /// Requests that came.
    pub requests: u64,
    /// Answers, by tier in the order of `Tier::ALL`.
    pub answered: [u64; 3],
    /// Refused or failed.
    pub unanswered: u64,
    /// Time to the first token, in milliseconds.
    pub first_ms: Histogram,
    /// Money paid, in micro-dollars.
    pub usd_micros: u64,
    /// Mean charge of batteries, where there are any.
    pub charge: Option<f64>,
}

/// From moments to slices.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    slice_s: f64,
}

impl Timeline {
    pub fn of(lasts: Duration) -> Self {
        Self { slice_s: (lasts.as_secs_f64() / SLICES as f64).max(1e-9) }
    }

    /// The slice of a moment; what comes after the end belongs to the last.
    pub fn place(self, at: Duration) -> usize {
        ((at.as_secs_f64() / self.slice_s) as usize).min(SLICES - 1)
    }
}
