//! Distributions from samples.

use std::f64::consts::SQRT_2;

/// Fewest samples for a log-normal distribution.
pub const FEWEST: usize = 20;

/// A log-normal distribution as it was found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LogNormal {
    /// Half are below it.
    pub median: f64,
    /// Deviation of the logarithm.
    pub sigma: f64,
    /// Samples it came from.
    pub count: usize,
}

impl LogNormal {
    /// The distribution of samples above zero: mean and deviation of their logarithms, which are the most likely
    /// parameters. Nothing of fewer than [`FEWEST`].
    #[must_use]
    pub fn of(samples: &[f64]) -> Option<Self> {
        let logs = logs(samples);
        if logs.len() < FEWEST {
            return None;
        }
        let (mean, sigma) = mean_and_deviation(&logs);
        Some(Self { median: mean.exp(), sigma, count: logs.len() })
    }

    /// The error that the median is likely to have, as a share of it: one standard error.
    #[must_use]
    pub fn median_error(&self) -> f64 {
        self.sigma / (self.count as f64).sqrt()
    }

    /// The standard error of sigma.
    #[must_use]
    pub fn sigma_error(&self) -> f64 {
        self.sigma / (SQRT_2 * (self.count as f64).sqrt())
    }
}

/// Deviation of the logarithms of samples; nothing of fewer than two.
#[must_use]
pub fn spread(samples: &[f64]) -> Option<f64> {
    let logs = logs(samples);
    (logs.len() > 1).then(|| mean_and_deviation(&logs).1)
}

/// The value that a share of the samples, 0 to 1, does not exceed; nothing of none.
#[must_use]
pub fn quantile(samples: &[f64], share: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = samples.iter().copied().filter(|it| it.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let rank = (sorted.len() as f64 * share).ceil().max(1.0) as usize;
    sorted.get(rank - 1).copied()
}

fn logs(samples: &[f64]) -> Vec<f64> {
    samples.iter().filter(|it| it.is_finite() && **it > 0.0).map(|it| it.ln()).collect()
}

/// Mean, and deviation with one degree of freedom taken off.
fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0).max(1.0)).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draws::Draws;
    use proptest::prelude::*;

    /// Standard errors within which an estimate has to lie: beyond five is one of some millions.
    const ERRORS: f64 = 5.0;

    proptest! {
        #[test]
        fn a_log_normal_that_samples_were_drawn_from_comes_back(
            seed: u64, median in 1.0_f64..5e3, sigma in 0.05_f64..1.5, count in 30_usize..3_000,
        ) {
            let mut draws = Draws::new(seed, 99);
            let samples: Vec<f64> = (0..count).map(|_| draws.log_normal(median, sigma)).collect();
            let found = LogNormal::of(&samples).unwrap();
            let off = (found.median / median).ln().abs();
            let standard = sigma / (count as f64).sqrt();
            prop_assert!(off < ERRORS * standard, "seed {seed}: {found:?} of {median}");
            let off = (found.sigma - sigma).abs();
            prop_assert!(off < ERRORS * standard / SQRT_2 + 1e-9, "seed {seed}: {found:?} of {sigma}");
        }
    }

    #[test]
    fn too_few_samples_give_nothing() {
        assert_eq!(LogNormal::of(&[3.0; FEWEST - 1]), None);
        assert_eq!(LogNormal::of(&[0.0; 100]), None, "a logarithm of nothing");
        assert_eq!((spread(&[2.0]), quantile(&[], 0.5)), (None, None));
    }

    #[test]
    fn quantiles_are_samples() {
        let samples: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!((quantile(&samples, 0.5), quantile(&samples, 0.95)), (Some(50.0), Some(95.0)));
        assert_eq!((quantile(&samples, 0.0), quantile(&samples, 1.0)), (Some(1.0), Some(100.0)));
    }
}
