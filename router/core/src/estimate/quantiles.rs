//! Streaming quantiles that forget, in one kilobyte.
//!
//! A hedge waits for the p95 of the first token and a stall is ten times the p95 gap: tails that a
//! mean and a variance do not know. Values fall into buckets that grow by a tenth each, so the middle
//! of a bucket is at most 4.8 % from anything in it (DDSketch: Masson, Rim and Lee 2019). Old samples
//! fade without any sweep: a new one enters with weight `2^(age of the sketch / half-life)` (forward
//! decay: Cormode et al. 2009), and all weights are scaled down every sixteen half-lives.
//!
//! P-squared and t-digest were rejected: the first cannot forget, the second sorts and allocates.

use super::forgetting::HalfLife;
use std::time::Duration;

const BUCKETS: usize = 256;
/// Each bucket ends this factor above its start: (g - 1) / (g + 1) is the relative error, 4.8 %.
const GROWTH: f64 = 1.1;
/// `1 / ln(GROWTH)`.
const PER_LOG: f64 = 10.492_058_687_257_06;
/// Where the first bucket ends. Smaller values, zero too, count as this small.
const SMALLEST: f64 = 1e-3;
/// Half-lives after which the weights are scaled down.
const RESCALE: f64 = 16.0;

/// Quantiles of what is not negative, from 0.001 to 3e7 in its unit.
#[derive(Clone, Debug)]
pub struct Quantiles {
    half_life: HalfLife,
    /// The moment whose samples have weight 1.
    origin: Duration,
    total: f64,
    ignored: u64,
    buckets: [f32; BUCKETS],
}

impl Quantiles {
    /// A sketch without samples.
    #[must_use]
    pub const fn new(half_life: HalfLife) -> Self {
        Self { half_life, origin: Duration::ZERO, total: 0.0, ignored: 0, buckets: [0.0; BUCKETS] }
    }

    /// Takes a sample seen at `now`. What is not finite or negative is ignored.
    pub fn update(&mut self, value: f64, now: Duration) {
        if !(value.is_finite() && value >= 0.0) {
            self.ignored = self.ignored.saturating_add(1);
            return;
        }
        let mut age = self.half_life.between(self.origin, now);
        if age > RESCALE {
            self.rescale(age, now);
            age = 0.0;
        }
        let weight = age.exp2();
        if let Some(bucket) = self.buckets.get_mut(bucket_of(value)) {
            *bucket += weight as f32;
            self.total += weight;
        }
    }

    /// The value that the share `q` (0 to 1) of samples is at or below, to 5 %. Nothing where less
    /// than half a sample is left.
    #[must_use]
    pub fn quantile(&self, q: f64, now: Duration) -> Option<f64> {
        if !(0.0..=1.0).contains(&q) || self.samples(now) < 0.5 {
            return None;
        }
        // The buckets' own sum, because single precision adds up to a little less than `total`.
        let held: f64 = self.buckets.iter().map(|weight| f64::from(*weight)).sum();
        let wanted = q * held;
        let mut seen = 0.0;
        let mut last = None;
        for (index, weight) in self.buckets.iter().enumerate() {
            if *weight > 0.0 {
                seen += f64::from(*weight);
                last = Some(index);
                if seen >= wanted {
                    break;
                }
            }
        }
        last.map(middle_of)
    }

    /// Samples, each counted by what is left of its weight.
    #[must_use]
    pub fn samples(&self, now: Duration) -> f64 {
        self.total * (-self.half_life.between(self.origin, now).max(0.0)).exp2()
    }

    /// Samples that were no number or negative.
    #[must_use]
    pub const fn ignored(&self) -> u64 {
        self.ignored
    }

    fn rescale(&mut self, age: f64, now: Duration) {
        let kept = (-age).exp2();
        for bucket in &mut self.buckets {
            *bucket = (f64::from(*bucket) * kept) as f32;
        }
        self.total *= kept;
        self.origin = now;
    }
}

/// Bucket `i` holds what is over `SMALLEST * GROWTH^(i - 1)` and at most `SMALLEST * GROWTH^i`.
fn bucket_of(value: f64) -> usize {
    // A cast saturates: below zero is zero.
    ((value / SMALLEST).ln() * PER_LOG).ceil().min((BUCKETS - 1) as f64) as usize
}

/// The value with the same relative distance to both ends of a bucket.
fn middle_of(bucket: usize) -> f64 {
    SMALLEST * (bucket as f64 / PER_LOG).exp() * 2.0 / (1.0 + GROWTH)
}
