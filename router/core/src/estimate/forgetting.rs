//! How fast evidence loses its weight.
//!
//! Time, not the number of requests, makes a measurement old: a worker that was asked an hour ago may
//! have throttled since, however many requests it had answered before. The weight of a sample is
//! `2^(-age / half-life)`. A sample that comes late (its time is before the newest one's) enters with
//! the weight it would have by now, so the order of arrival does not matter.

use std::time::Duration;

/// Time after which a sample counts half. At least a millisecond.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HalfLife {
    per_s: f64,
}

impl HalfLife {
    /// For what a machine does: heat, load and networks change within a quarter of an hour.
    pub const SPEED: Self = Self { per_s: 1.0 / 900.0 };
    /// For what people ask and what silicon draws: a day.
    pub const HABIT: Self = Self { per_s: 1.0 / 86_400.0 };

    /// A half-life; less than a millisecond is a millisecond.
    #[must_use]
    pub fn new(half_life: Duration) -> Self {
        Self { per_s: 1.0 / half_life.as_secs_f64().max(1e-3) }
    }

    /// Half-lives between two moments, negative where `to` is before `from`.
    pub(super) fn between(self, from: Duration, to: Duration) -> f64 {
        (to.as_secs_f64() - from.as_secs_f64()) * self.per_s
    }

    /// What is left, 0 to 1, of the weight of something seen at `from`; all of it where `to` is earlier.
    pub(super) fn kept(self, from: Duration, to: Duration) -> f64 {
        let halvings = self.between(from, to);
        if halvings > 0.0 { (-halvings).exp2() } else { 1.0 }
    }
}
