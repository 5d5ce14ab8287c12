//! How far observations fall from what was expected, in logarithms.
//!
//! Two things are learned, because each alone breaks its promise:
//!
//! - The variance, by the conjugate rule for a normal with a scaled-inverse-chi-square prior (Murphy
//!   2007, "Conjugate Bayesian analysis of the Gaussian distribution", sections 4 and 9): with prior
//!   variance `s0` worth `f` samples, `s = (f s0 + sum e^2) / (f + n)`, and the next observation is
//!   Student-t with `f + n` degrees of freedom. `e` is the miss divided by the root of 1 + leverage,
//!   where leverage is the variance of the expected value in units of `s`. Right from the first sample
//!   on, but only where logarithms are normal.
//! - A factor on each side, by tracking the 5 % quantile of misses (Gibbs and Candes 2021, "Adaptive
//!   conformal inference under distribution shift"): up by `RATE x 0.95` on a miss, down by
//!   `RATE x 0.05` otherwise. It needs no distribution at all: while the factor is inside its limits,
//!   misses over any stretch of `T` samples are 5 % up to a term in `1 / T`. Heavy tails, two modes
//!   and dependence are covered by it, slowly.
//!
//! The prior's word on the noise fades as samples come (`f` becomes `f^2 / (f + n)`): it is there for
//! the first few, and a wide prior would otherwise hold a steady target's interval open for dozens.
//!
//! Memory is bounded by number as well as by time, so that a busy target does not become so sure that
//! it cannot follow. Three misses in a row on one side (without a change, once in four thousand
//! samples) mean that the level changed: the level starts anew from the newest sample, and the noise
//! is taken to be what it was before the first of the three.

use super::normal::t95;
use super::prior::Prior;

/// Most samples that evidence counts for: the middle is then known to an eighth of the noise, and a
/// shift of any size is half followed after 44 samples.
const MEMORY: f64 = 64.0;
/// Misses in a row, on one side, that mean a change.
const RUN: i8 = 3;
/// Step of the quantile tracker. For a normal, `RATE` x 0.17 of an error is corrected by a sample, so
/// a tenth follows over about `MEMORY` samples and jitters by 12 % of the width.
const RATE: f64 = 0.1;
/// Share of misses on each side that is aimed at.
const MISSES: f64 = 0.05;
/// Largest logarithm of a side's factor: five times wider or narrower than Student's t says.
const FARTHEST: f64 = 1.609_437_912_434_1;
/// Largest distance of a bound: a factor of 1e12, as far as two believable values can lie apart.
const WIDEST: f64 = 2.0 * BEYOND_BELIEF;
/// Least weight of a sample. Less is that of one that is twenty half-lives late.
const LEAST_WEIGHT: f64 = 1e-6;
/// A miss counts for at most this many half-widths, so that one timeout does not widen all that
/// follows (Huber's bounded influence).
const INFLUENCE: f64 = 3.0;

/// Logarithm of a million. No catalogue is that wrong: what is farther from the prior is a mistake.
pub(super) const BEYOND_BELIEF: f64 = 13.815_510_557_964_27;

/// The noise around an expected logarithm.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    prior_variance: f64,
    prior_weight: f64,
    /// Samples behind the owner's expected level.
    level_count: f64,
    noise: Noise,
    /// The noise before the misses of this run, and how many they are; negative where below.
    before_run: Noise,
    run: i8,
    /// Logarithms of the factors on both sides.
    down: f64,
    up: f64,
}

/// What was learned of the noise.
#[derive(Clone, Copy, Debug)]
struct Noise {
    count: f64,
    variance: f64,
}

/// What an owner adds to its own averages for a sample.
pub(super) struct Learnt {
    /// The miss, its influence bounded.
    pub miss: f64,
    /// Share of the sample in an average over the evidence.
    pub step: f64,
}

impl Spread {
    /// Noise such that a first observation, expected with leverage `1 / weight`, is within the prior's
    /// spread nine times of ten.
    pub(super) fn new(prior: Prior) -> Self {
        let prior_weight = prior.weight.max(2.0);
        let scale = prior.spread.ln() / t95(prior_weight);
        let prior_variance = scale * scale / (1.0 + 1.0 / prior.weight);
        let noise = Noise { count: 0.0, variance: prior_variance };
        Self {
            prior_variance,
            prior_weight,
            level_count: 0.0,
            noise,
            before_run: noise,
            run: 0,
            down: 0.0,
            up: 0.0,
        }
    }

    /// Samples that the evidence of the level counts for.
    pub(super) const fn count(&self) -> f64 {
        self.level_count
    }

    /// Lets the share `kept` of the evidence stay.
    pub(super) fn fade(&mut self, kept: f64) {
        self.level_count *= kept;
        self.noise.count *= kept;
        self.before_run.count *= kept;
    }

    /// Distance from the expected logarithm to the lower and to the upper bound, with the share `kept`
    /// of the evidence left. Less evidence never makes it smaller.
    pub(super) fn sides(&self, kept: f64, leverage: f64) -> (f64, f64) {
        let Noise { count, variance } = self.noise;
        let prior = self.prior_weight_beside(count);
        let learnt = (prior * self.prior_variance + count * variance) / (prior + count);
        // Old evidence of calm fades, old evidence of noise stays: age only widens.
        let variance = learnt + (1.0 - kept) * (self.prior_variance - learnt).max(0.0);
        let count = count * kept;
        let freedom = self.prior_weight_beside(count) + count;
        let half = t95(freedom) * (variance * (1.0 + leverage)).sqrt();
        let trust = count / (count + self.prior_weight);
        let side = |factor: f64| {
            let factor = if factor < 0.0 { factor * trust } else { factor };
            (half * factor.exp()).min(WIDEST)
        };
        (side(self.down), side(self.up))
    }

    /// Learns from a sample that fell `miss` beside its expected logarithm. `leverage` is that of the
    /// expectation, `weight` (0 to 1) what the sample is worth.
    pub(super) fn learn(&mut self, miss: f64, leverage: f64, weight: f64) -> Learnt {
        if weight < LEAST_WEIGHT {
            return Learnt { miss: 0.0, step: 0.0 };
        }
        let (down, up) = self.sides(1.0, leverage);
        let (below, above) = (miss < -down, miss > up);
        self.down = track(self.down, below, weight);
        self.up = track(self.up, above, weight);
        if self.changed(below, above, weight) {
            self.noise = self.before_run;
            self.run = 0;
            self.level_count = weight;
            return Learnt { miss, step: 1.0 };
        }
        let noise = &mut self.noise;
        let miss = miss.clamp(-INFLUENCE * down, INFLUENCE * up);
        let square = miss * miss / (1.0 + leverage);
        noise.variance += (square - noise.variance) * (weight / (noise.count + weight));
        noise.count = (noise.count + weight).min(MEMORY);
        let step = weight / (self.level_count + weight);
        self.level_count = (self.level_count + weight).min(MEMORY);
        Learnt { miss, step }
    }

    /// Counts misses in a row; true at the last one of a run. A sample that is worth little, being late
    /// or short, neither counts nor ends a run.
    fn changed(&mut self, below: bool, above: bool, weight: f64) -> bool {
        if weight < 0.5 {
            return false;
        }
        let side = i8::from(above) - i8::from(below);
        if side == 0 {
            self.run = 0;
        } else if self.run.signum() == side {
            self.run += side;
        } else {
            self.before_run = self.noise;
            self.run = side;
        }
        self.run.abs() >= RUN
    }

    fn prior_weight_beside(&self, count: f64) -> f64 {
        self.prior_weight * self.prior_weight / (self.prior_weight + count)
    }
}

fn track(factor: f64, missed: bool, weight: f64) -> f64 {
    let missed = if missed { 1.0 } else { 0.0 };
    (factor + RATE * weight * (missed - MISSES)).clamp(-FARTHEST, FARTHEST)
}
