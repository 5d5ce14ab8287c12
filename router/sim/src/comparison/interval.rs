//! Mean over seeds with its 95 % confidence interval (Student's t; each seed is one independent sample).

use serde::Serialize;

/// Student's t for 95 %, two-sided, by degrees of freedom from 1.
const T: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160,
    2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056,
    2.052, 2.048, 2.045, 2.042,
];

/// Student's t for 95 %, two-sided, with so many degrees of freedom; 0 of none.
pub(crate) fn student(freedom: usize) -> f64 {
    if freedom == 0 { 0.0 } else { T.get(freedom - 1).copied().unwrap_or(1.96) }
}

/// A mean with its interval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Interval {
    /// Mean over seeds.
    pub mean: f64,
    /// Lower end; the mean where there is one seed.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// The value of each seed, in the order of the scenario.
    pub seeds: Vec<f64>,
}

impl Interval {
    /// Of the values of some seeds.
    #[must_use]
    pub fn of(seeds: Vec<f64>) -> Self {
        let count = seeds.len() as f64;
        let mean = if seeds.is_empty() { 0.0 } else { seeds.iter().sum::<f64>() / count };
        let freedom = seeds.len().saturating_sub(1);
        let half = if freedom == 0 {
            0.0
        } else {
            let squares: f64 = seeds.iter().map(|value| (value - mean).powi(2)).sum();
            student(freedom) * (squares / freedom as f64 / count).sqrt()
        };
        Self { mean, low: mean - half, high: mean + half, seeds }
    }

    /// Whether two intervals have nothing in common.
    #[must_use]
    pub fn is_apart_from(&self, other: &Self) -> bool {
        self.high < other.low || other.high < self.low
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_is_that_of_student() {
        let interval = Interval::of(vec![1.0, 2.0, 3.0]);
        // Deviation 1, three samples: 4.303 / sqrt(3).
        assert!((interval.high - 2.0 - 2.484).abs() < 1e-3, "{interval:?}");
        assert!((interval.low + interval.high - 4.0).abs() < 1e-12);
        let one = Interval::of(vec![7.0]);
        assert_eq!((one.mean, one.low, one.high), (7.0, 7.0, 7.0));
        assert!(one.is_apart_from(&interval) && !interval.is_apart_from(&Interval::of(vec![4.0])));
    }
}
