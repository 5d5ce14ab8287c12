//! How often something happens, with forgetting.

use super::forgetting::HalfLife;
use std::time::Duration;

/// Events a second, each counting less as it ages: `sum of 2^(-age / half-life) × ln 2 / half-life`,
/// which is the true rate where events come evenly.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    per_s: f64,
    at: Duration,
    half_life: Duration,
}

impl Rate {
    /// Nothing has happened yet. A half-life of less than a millisecond is a millisecond.
    #[must_use]
    pub const fn new(half_life: Duration) -> Self {
        Self { per_s: 0.0, at: Duration::ZERO, half_life }
    }

    /// It happened.
    pub fn add(&mut self, now: Duration) {
        let one = std::f64::consts::LN_2 / self.half_life.as_secs_f64().max(1e-3);
        self.per_s = self.per_s(now) + one;
        self.at = self.at.max(now);
    }

    /// Events a second at `now`.
    #[must_use]
    pub fn per_s(&self, now: Duration) -> f64 {
        self.per_s * HalfLife::new(self.half_life).kept(self.at, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn even_events_give_their_rate_and_silence_halves_it() {
        let half_life = Duration::from_secs(60);
        let mut rate = Rate::new(half_life);
        assert_eq!(rate.per_s(Duration::from_secs(5)), 0.0);
        let mut now = Duration::ZERO;
        for _ in 0..6_000 {
            now += Duration::from_millis(200);
            rate.add(now);
        }
        assert!((4.9..5.1).contains(&rate.per_s(now)), "{rate:?}");
        assert!((2.4..2.6).contains(&rate.per_s(now + half_life)), "{rate:?}");
    }
}
