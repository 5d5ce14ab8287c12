//! The exponentially weighted mean of samples that come at any time.
//!
//! The usual recurrence `v += a (x - v)` with a fixed `a` forgets by count: after a pause it still
//! trusts what is old. With `a = 1 - 2^(-gap / half-life)` it gives no weight to a second sample of
//! the same moment. So this keeps the weighted sum and the sum of the weights, each decayed to the
//! newest moment: `value = sum(w x) / sum(w)`, `w = 2^(-age / half-life)`. It has no bias at the start,
//! and any order of the same samples gives the same value.

use super::forgetting::HalfLife;
use std::time::Duration;

/// A mean that forgets by time.
#[derive(Clone, Copy, Debug)]
pub struct Ewma {
    half_life: HalfLife,
    mean: f64,
    weight: f64,
    newest: Duration,
}

impl Ewma {
    /// A mean without samples.
    #[must_use]
    pub const fn new(half_life: HalfLife) -> Self {
        Self { half_life, mean: 0.0, weight: 0.0, newest: Duration::ZERO }
    }

    /// Takes a sample seen at `now`. What is not finite, or beyond 1e150, is ignored.
    pub fn update(&mut self, value: f64, now: Duration) {
        if value.is_nan() || value.abs() > 1e150 {
            return;
        }
        self.weight *= self.half_life.kept(self.newest, now);
        let weight = self.half_life.kept(now, self.newest);
        self.newest = self.newest.max(now);
        let total = self.weight + weight;
        if total > 0.0 {
            self.mean += (value - self.mean) * (weight / total);
            self.weight = total;
        }
    }

    /// The mean, where there was a sample.
    #[must_use]
    pub fn value(&self) -> Option<f64> {
        (self.weight > 0.0).then_some(self.mean)
    }
}
