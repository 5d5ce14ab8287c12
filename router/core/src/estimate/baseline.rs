//! How fast a worker decodes next to how fast it usually does.
//!
//! A device under heat or a power cap says "nominal" and runs at half its speed. So what counts is its
//! own past: the usual speed follows faster answers quickly and slower ones hardly at all, the recent
//! speed follows every answer within a few. Below [`THROTTLED_BELOW`] of the usual the worker is
//! throttled, and it is well again above [`WELL_ABOVE`]; between the two it stays what it was. A machine
//! that is slow for good (a new power plan, a model on another accelerator) becomes its own usual in a
//! day.

use super::forgetting::HalfLife;
use std::time::Duration;

/// Share of its usual speed below which a worker is throttled.
pub const THROTTLED_BELOW: f64 = 0.6;
/// Share of its usual speed above which it is well again.
pub const WELL_ABOVE: f64 = 0.8;
/// Answers before which nothing is said.
const ENOUGH: u32 = 4;
/// Weight of an answer in the recent speed: three of them tell nearly all.
const RECENT: f64 = 0.4;
/// Weight of an answer that is faster than usual in the usual speed.
const RISE: f64 = 0.2;
/// The decode speed of one worker with one model, in tokens a second of a request alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Baseline {
    usual: f64,
    recent: f64,
    samples: u32,
    at: Duration,
    throttled: bool,
}

impl Baseline {
    /// An answer was decoded at so many tokens a second. What is no speed is ignored.
    pub fn observe(&mut self, tokens_per_s: f64, now: Duration) {
        if !tokens_per_s.is_finite() || tokens_per_s <= 0.0 {
            return;
        }
        if self.samples == 0 {
            (self.usual, self.recent) = (tokens_per_s, tokens_per_s);
        } else {
            self.recent += RECENT * (tokens_per_s - self.recent);
            let weight = if self.recent > self.usual { RISE } else { self.fall(now) };
            self.usual += weight * (self.recent - self.usual);
        }
        self.at = self.at.max(now);
        self.samples = self.samples.saturating_add(1);
        let share = self.recent / self.usual;
        let limit = if self.throttled { WELL_ABOVE } else { THROTTLED_BELOW };
        self.throttled = self.samples >= ENOUGH && share < limit;
    }

    /// How much of the way down the time since the last answer allows: half of it in a day.
    fn fall(&self, now: Duration) -> f64 {
        1.0 - HalfLife::HABIT.kept(self.at, now)
    }

    /// The usual speed, in tokens a second; unknown before enough answers.
    #[must_use]
    pub fn usual(&self) -> Option<f64> {
        (self.samples >= ENOUGH).then_some(self.usual)
    }

    /// The speed of the last few answers, in tokens a second; unknown before the first.
    #[must_use]
    pub fn recent(&self) -> Option<f64> {
        (self.samples > 0).then_some(self.recent)
    }

    /// Of a throttled worker: its recent speed as a share of its usual one.
    #[must_use]
    pub fn throttled(&self) -> Option<f64> {
        self.throttled.then(|| self.recent / self.usual)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(speeds: impl IntoIterator<Item = f64>) -> (Baseline, Duration) {
        let mut baseline = Baseline::default();
        let mut now = Duration::ZERO;
        for speed in speeds {
            now += Duration::from_secs(1);
            baseline.observe(speed, now);
        }
        (baseline, now)
    }

    #[test]
    fn a_worker_at_a_third_of_its_own_speed_is_throttled_and_a_slow_one_is_not() {
        let (slow, _) = after([2.0; 20]);
        assert_eq!(slow.throttled(), None);
        let (hot, _) = after([30.0; 20].into_iter().chain([10.0; 3]));
        assert!(hot.throttled().is_some_and(|share| share < 0.6), "{hot:?}");
        assert!(hot.usual().is_some_and(|usual| usual > 29.0), "{hot:?}");
    }

    #[test]
    fn it_comes_back_above_a_higher_mark_than_it_went_below() {
        let (mut worker, mut now) = after([30.0; 20].into_iter().chain([10.0; 6]));
        for _ in 0..20 {
            now += Duration::from_secs(1);
            worker.observe(21.0, now);
        }
        assert!(worker.throttled().is_some(), "70 % is between the marks: {worker:?}");
        for _ in 0..20 {
            now += Duration::from_secs(1);
            worker.observe(26.0, now);
        }
        assert_eq!(worker.throttled(), None);
        for _ in 0..20 {
            now += Duration::from_secs(1);
            worker.observe(21.0, now);
        }
        assert_eq!(worker.throttled(), None, "70 % is between the marks: {worker:?}");
    }

    #[test]
    fn one_slow_answer_is_no_throttling() {
        let (worker, _) = after([30.0; 20].into_iter().chain([5.0]));
        assert_eq!(worker.throttled(), None);
    }

    #[test]
    fn what_stays_slow_for_days_is_the_new_usual() {
        let (mut worker, mut now) = after([30.0; 20]);
        for _ in 0..400 {
            now += Duration::from_secs(3600);
            worker.observe(10.0, now);
        }
        assert_eq!(worker.throttled(), None, "{worker:?}");
    }

    #[test]
    fn what_is_no_speed_is_ignored() {
        let (worker, _) = after([f64::NAN, -1.0, 0.0, f64::INFINITY]);
        assert_eq!(worker, Baseline::default());
    }
}
