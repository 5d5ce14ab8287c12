//! Random numbers of a simulation: SplitMix64 (Steele, Lea and Flood, 2014), one stream a purpose.
//!
//! Policies are compared on common random numbers: who asks when and for what is drawn from streams that no
//! decision touches, and what depends on a decision (how long a cloud takes for a request) is drawn
//! by the names of the request and of the target, so that it is the same whoever asked before.

use std::f64::consts::TAU;

/// A stream of random numbers.
#[derive(Clone, Debug)]
pub(crate) struct Draws(u64);

impl Draws {
    /// The stream of this seed and purpose.
    pub const fn new(seed: u64, purpose: u64) -> Self {
        Self(mix(seed.wrapping_add(GOLDEN)) ^ purpose.wrapping_mul(0xd1b5_4a32_d192_ed03))
    }

    /// The stream of one thing among many: a machine, or a request at a target.
    pub const fn of(seed: u64, purpose: u64, one: u64, other: u64) -> Self {
        let thing = mix(one.wrapping_mul(GOLDEN) ^ mix(other.wrapping_add(GOLDEN)));
        Self(mix(seed.wrapping_add(purpose.wrapping_mul(GOLDEN))) ^ thing)
    }

    /// The next 64 bits.
    pub const fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// Evenly from 0 to just below 1, from 53 bits.
    pub fn unit(&mut self) -> f64 {
        (self.number() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below `bound`, evenly; 0 where there is none.
    pub fn below(&mut self, bound: usize) -> usize {
        let wide = u128::from(self.number()) * bound as u128;
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// Of the exponential distribution, by inversion.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// Of the normal distribution around 0 with deviation 1 (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// Of the log-normal distribution: half below `median`, `sigma` the deviation of the logarithm.
    pub fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        if sigma == 0.0 { median } else { median * (sigma * self.normal()).exp() }
    }
}

const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

const fn mix(state: u64) -> u64 {
    let z = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_have_the_mean_and_the_spread_that_they_are_named_for() {
        let mut draws = Draws::new(3, 1);
        let count = 200_000;
        let mut mean = |draw: &mut dyn FnMut(&mut Draws) -> f64| {
            (0..count).map(|_| draw(&mut draws)).sum::<f64>() / f64::from(count)
        };
        assert!((mean(&mut |draws| draws.exponential(5.0)) - 5.0).abs() < 0.05);
        assert!(mean(&mut Draws::normal).abs() < 0.01);
        assert!((mean(&mut |draws| draws.normal().powi(2)) - 1.0).abs() < 0.02);
        let below_median =
            |draws: &mut Draws| f64::from(u8::from(draws.log_normal(7.0, 0.5) < 7.0));
        assert!((mean(&mut { below_median }) - 0.5).abs() < 0.01);
        assert!((mean(&mut |draws| draws.below(9) as f64) - 4.0).abs() < 0.03);
    }

    #[test]
    fn streams_of_different_things_and_purposes_differ() {
        let mut seen = std::collections::BTreeSet::new();
        for (purpose, one, other) in (0..4_000).map(|at| (at % 5, at / 5 % 40, at / 200)) {
            assert!(seen.insert(Draws::of(1, purpose, one, other).number()));
        }
        assert_eq!(Draws::of(1, 2, 3, 4).number(), Draws::of(1, 2, 3, 4).number());
    }
}
