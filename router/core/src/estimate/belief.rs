//! A positive quantity, learned from what is seen of it.
//!
//! Its logarithm is taken as normal with a normal-inverse-gamma prior (Murphy 2007, "Conjugate
//! Bayesian analysis of the Gaussian distribution", section 3): with a prior mean worth `k` samples
//! and evidence worth `n`, the mean is their weighted mean and its leverage `1 / (k + n)`. The noise
//! is that of `spread`. One departure from the book: misses enter the variance when they happen and
//! then fade, where the batch formula would hold a wrong catalogue against the target for ever.
//!
//! With age, evidence fades towards the prior: the middle moves back to the catalogue and the interval
//! widens. With samples it shrinks, unless the quantity proves noisier than the prior said.

use super::forgetting::HalfLife;
use super::interval::Estimate;
use super::prior::Prior;
use super::spread::{BEYOND_BELIEF, Spread};
use std::time::Duration;

/// What is known of a positive quantity: a rate, a time, a length, an energy.
#[derive(Clone, Copy, Debug)]
pub struct Belief {
    half_life: HalfLife,
    prior_log: f64,
    prior_weight: f64,
    /// Mean of the evidence, as a logarithm relative to the prior.
    mean: f64,
    spread: Spread,
    newest: Duration,
    ignored: u64,
}

impl Belief {
    /// What the catalogue says, before anything was seen.
    #[must_use]
    pub fn new(prior: Prior, half_life: HalfLife) -> Self {
        Self {
            half_life,
            prior_log: prior.mid.ln(),
            prior_weight: prior.weight,
            mean: 0.0,
            spread: Spread::new(prior),
            newest: Duration::ZERO,
            ignored: 0,
        }
    }

    /// Takes an observation seen at `now`. Zero, less, no number, and a millionth or a million times
    /// of what the prior says are counted as ignored.
    pub fn update(&mut self, value: f64, now: Duration) {
        self.weigh(value, 1.0, now);
    }

    /// Takes an observation that is worth the share `weight` of a whole one.
    pub fn weigh(&mut self, value: f64, weight: f64, now: Duration) {
        let log = value.ln() - self.prior_log;
        // No range holds NaN.
        if !((-BEYOND_BELIEF..=BEYOND_BELIEF).contains(&log) && weight > 0.0) {
            self.ignored = self.ignored.saturating_add(1);
            return;
        }
        self.spread.fade(self.half_life.kept(self.newest, now));
        let weight = weight.min(1.0) * self.half_life.kept(now, self.newest);
        self.newest = self.newest.max(now);
        let (mean, leverage) = self.level(1.0);
        let learnt = self.spread.learn(log - mean, leverage, weight);
        self.mean += (mean + learnt.miss - self.mean) * learnt.step;
    }

    /// The next observation, as expected at `now`.
    #[must_use]
    pub fn predict(&self, now: Duration) -> Estimate {
        let kept = self.half_life.kept(self.newest, now);
        let (mean, leverage) = self.level(kept);
        let (down, up) = self.spread.sides(kept, leverage);
        let mid = (self.prior_log + mean).exp();
        Estimate::ordered(mid, mid * (-down).exp(), mid * up.exp())
    }

    /// Samples that the evidence counts for at `now`.
    #[must_use]
    pub fn samples(&self, now: Duration) -> f64 {
        self.spread.count() * self.half_life.kept(self.newest, now)
    }

    /// Observations that could not be believed.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    /// Expected logarithm relative to the prior, and its leverage.
    fn level(&self, kept: f64) -> (f64, f64) {
        let count = self.spread.count() * kept;
        let total = self.prior_weight + count;
        (self.mean * count / total, 1.0 / total)
    }
}
