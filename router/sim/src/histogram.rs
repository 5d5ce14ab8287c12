//! Quantiles of a million waits in bounded memory: a histogram whose buckets grow with what they hold.
//!
//! Each doubling is cut into 64 buckets, so a quantile is within 0.8 % of a true sample whatever the
//! shape. Counts are whole numbers: two histograms add up to the same one in any order, which a
//! sampling sketch would not give, and reports are to be equal to the last byte.

/// Buckets of a histogram.
pub(crate) const BUCKETS: usize = PARTS * DOUBLINGS;
/// Buckets of a doubling.
const PARTS: usize = 64;
/// The lowest exponent told apart: a thousandth of the unit.
const LOWEST: i32 = -10;
/// Doublings told apart, up to 2^30 units: milliseconds of twelve days.
const DOUBLINGS: usize = 40;

/// Counts of positive numbers, with their exact sum and the largest of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Empty until something was counted.
    counts: Vec<u64>,
    count: u64,
    sum: f64,
    max: f64,
}

impl Histogram {
    /// Counts one; what is no number is not counted.
    pub fn add(&mut self, value: f64) {
        if !value.is_finite() {
            return;
        }
        if self.counts.is_empty() {
            self.counts = vec![0; BUCKETS];
        }
        if let Some(count) = self.counts.get_mut(bucket(value)) {
            *count += 1;
        }
        self.count += 1;
        self.sum += value;
        self.max = self.max.max(value);
    }

    /// Counts all of another one too.
    pub fn merge(&mut self, other: &Self) {
        if self.counts.is_empty() {
            self.counts.clone_from(&other.counts);
        } else {
            self.counts.iter_mut().zip(&other.counts).for_each(|(count, more)| *count += more);
        }
        self.count += other.count;
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// The middles of its buckets that hold something, lowest first, with how many each holds.
    pub(crate) fn filled(&self) -> impl Iterator<Item = (f64, u64)> {
        let filled = self.counts.iter().enumerate().filter(|(_, count)| **count > 0);
        filled.map(|(at, count)| (middle(at).min(self.max), *count))
    }

    /// How many were counted.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// Their sum.
    #[must_use]
    pub const fn sum(&self) -> f64 {
        self.sum
    }

    /// The largest of them; 0 of none.
    #[must_use]
    pub const fn max(&self) -> f64 {
        self.max
    }

    /// Their mean; 0 of none.
    #[must_use]
    pub fn mean(&self) -> f64 {
        if self.count == 0 { 0.0 } else { self.sum / self.count as f64 }
    }

    /// The value that a share of them, 0 to 1, does not exceed; 0 of none.
    #[must_use]
    pub fn quantile(&self, share: f64) -> f64 {
        let rank = (self.count as f64 * share).ceil().max(1.0);
        let mut seen = 0_u64;
        for (at, count) in self.counts.iter().enumerate() {
            seen += count;
            if seen as f64 >= rank {
                // What is below the first bucket is as good as nothing.
                return if at == 0 { 0.0 } else { middle(at).min(self.max) };
            }
        }
        self.max
    }
}

/// The bucket of a number. Of two numbers the larger has no lower bucket.
pub(crate) fn bucket(value: f64) -> usize {
    let lowest = 2_f64.powi(LOWEST);
    if value < lowest {
        return 0;
    }
    // The exponent and the first six bits of the fraction are the number of the bucket.
    let bits = value.to_bits() >> 46;
    let first = lowest.to_bits() >> 46;
    usize::try_from(bits - first).unwrap_or(usize::MAX).min(BUCKETS - 1)
}

/// The middle of a bucket.
pub(crate) fn middle(bucket: usize) -> f64 {
    let first = 2_f64.powi(LOWEST).to_bits() >> 46;
    let low = f64::from_bits((first + bucket as u64) << 46);
    let high = f64::from_bits((first + bucket as u64 + 1) << 46);
    f64::midpoint(low, high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_quantile_is_within_one_percent_of_a_sample(
            mut samples in prop::collection::vec(0.01_f64..1e7, 1..400), share in 0.0_f64..1.0,
        ) {
            let mut histogram = Histogram::default();
            samples.iter().for_each(|sample| histogram.add(*sample));
            samples.sort_by(f64::total_cmp);
            let rank = (samples.len() as f64 * share).ceil().max(1.0) as usize;
            let (found, exact) = (histogram.quantile(share), samples[rank - 1]);
            prop_assert!((found / exact - 1.0).abs() < 0.01, "{found} of {exact}");
        }
    }

    proptest! {
        #[test]
        fn two_histograms_together_are_that_of_all_samples(
            samples in prop::collection::vec(0.001_f64..1e6, 0..60), at in 0_usize..60,
        ) {
            let of = |samples: &[f64]| {
                let mut histogram = Histogram::default();
                samples.iter().for_each(|sample| histogram.add(*sample));
                histogram
            };
            let (one, other) = samples.split_at(at.min(samples.len()));
            let (mut both, all) = (of(one), of(&samples));
            both.merge(&of(other));
            prop_assert!((both.sum() - all.sum()).abs() <= 1e-9 * all.sum());
            both.sum = all.sum;
            prop_assert_eq!(&both, &all);
            let held: u64 = both.filled().map(|(_, count)| count).sum();
            prop_assert_eq!(held, samples.len() as u64);
        }
    }

    #[test]
    fn an_empty_histogram_says_nothing_and_what_is_no_number_is_left_out() {
        let mut histogram = Histogram::default();
        histogram.add(f64::NAN);
        assert_eq!((histogram.count(), histogram.mean(), histogram.quantile(0.5)), (0, 0.0, 0.0));
        histogram.add(0.0);
        histogram.add(1e300);
        assert_eq!((histogram.count(), histogram.max()), (2, 1e300));
    }
}
