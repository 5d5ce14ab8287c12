//! A distribution of waits that is partly measured and partly predicted: weights over the buckets of the histogram.

use crate::histogram::{BUCKETS, Histogram, bucket, middle};

/// Weights by wait.
#[derive(Clone, Debug, Default)]
pub(super) struct Spread {
    /// Empty until there is something.
    weights: Vec<f64>,
    sum: f64,
    max: f64,
}

impl Spread {
    /// Adds what was measured.
    pub fn measured(&mut self, waits: &Histogram) {
        for (wait, count) in waits.filled() {
            self.put(wait, count as f64);
        }
    }

    /// Adds what was predicted, each prediction spread as these ratios of measured to predicted are; as it is
    /// where there are none. Prediction and ratio are taken as independent of each other.
    pub fn predicted(&mut self, waits: &Histogram, ratios: Option<&Histogram>) {
        let Some(ratios) = ratios else { return self.measured(waits) };
        let all = ratios.count() as f64;
        for (wait, count) in waits.filled() {
            for (ratio, of_all) in ratios.filled() {
                self.put(wait * ratio, count as f64 * of_all as f64 / all);
            }
        }
    }

    fn put(&mut self, wait: f64, weight: f64) {
        if self.weights.is_empty() {
            self.weights = vec![0.0; BUCKETS];
        }
        if let Some(place) = self.weights.get_mut(bucket(wait)) {
            *place += weight;
            self.sum += weight;
            self.max = self.max.max(wait);
        }
    }

    /// The wait that a share of all, 0 to 1, does not exceed; absent of none.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        // A hair less, because weights that are parts of a whole do not quite add up to it.
        let wanted = self.sum * share * (1.0 - 1e-12);
        let mut seen = 0.0;
        let at = self.weights.iter().position(|weight| {
            seen += weight;
            *weight > 0.0 && seen >= wanted
        })?;
        Some(middle(at).min(self.max))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(waits: &[f64]) -> Histogram {
        let mut histogram = Histogram::default();
        waits.iter().for_each(|wait| histogram.add(*wait));
        histogram
    }

    fn near(found: Option<f64>, wanted: f64) -> bool {
        found.is_some_and(|found| (found / wanted - 1.0).abs() < 0.02)
    }

    #[test]
    fn what_was_measured_has_the_quantiles_of_its_histogram() {
        let waits = of(&(1..=1_000).map(f64::from).collect::<Vec<_>>());
        let mut spread = Spread::default();
        assert_eq!(spread.quantile(0.5), None);
        spread.measured(&waits);
        for share in [0.01, 0.5, 0.95, 1.0] {
            assert!(near(spread.quantile(share), waits.quantile(share)), "{share}");
        }
    }

    #[test]
    fn predictions_are_spread_as_their_ratios_are() {
        let mut spread = Spread::default();
        spread.predicted(&of(&[100.0, 100.0]), Some(&of(&[1.0, 1.0, 3.0, 9.0])));
        for (share, wait) in [(0.4, 100.0), (0.6, 300.0), (0.9, 900.0)] {
            assert!(near(spread.quantile(share), wait), "{share}: {:?}", spread.quantile(share));
        }
        let mut plain = Spread::default();
        plain.predicted(&of(&[100.0]), None);
        assert!(near(plain.quantile(0.99), 100.0));
    }
}
