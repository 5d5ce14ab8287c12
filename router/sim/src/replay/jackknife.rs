//! How sure a figure is: 95 % intervals by the delete-a-group jackknife (Wolter, "Introduction to Variance
//! Estimation", 2007, chapter 4).
//!
//! Requests are dealt into twenty parts as they come, one each in every twenty, from a place that a seed draws
//! anew each time, so that a habit of every twentieth request does not end in one part. A figure is estimated
//! from all parts, and again with each part left out. How much those estimates differ tells how much the
//! figure would differ with other requests of the same people; calibration is done anew each time, so its
//! uncertainty is in it. Both sides are estimated from the same requests and the interval is that of
//! their difference, so what moves both does not widen it. Unlike a bootstrap it takes one pass, no
//! weights to draw, and histograms of quantiles can be left out as sums can.

use super::SEED;
use crate::comparison::student;
use crate::draws::Draws;

/// Parts into which requests are dealt.
pub(super) const PARTS: usize = 20;
/// Purpose of the draws.
const DEALING: u64 = 0x0072_6570_6c61_7900;

/// The part of the request of this number.
pub(super) fn part_of(number: u64) -> usize {
    let (round, place) = (number / PARTS as u64, number % PARTS as u64);
    let start = Draws::of(SEED, DEALING, round, 0).below(PARTS);
    (start + place as usize) % PARTS
}

/// Half of the interval, from the estimates with one part left out each; absent of fewer than two.
pub(super) fn half_width(estimates: &[f64]) -> Option<f64> {
    let count = estimates.len() as f64;
    let freedom = estimates.len().checked_sub(1).filter(|freedom| *freedom > 0)?;
    let mean = estimates.iter().sum::<f64>() / count;
    let squares: f64 = estimates.iter().map(|estimate| (estimate - mean).powi(2)).sum();
    Some(student(freedom) * ((count - 1.0) / count * squares).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_twenty_requests_are_dealt_one_to_each_part_and_not_always_in_the_same_order() {
        let mut starts = std::collections::BTreeSet::new();
        for round in 0..50 {
            let mut parts: Vec<usize> =
                (0..PARTS as u64).map(|place| part_of(round * PARTS as u64 + place)).collect();
            starts.insert(parts[0]);
            parts.sort_unstable();
            assert_eq!(parts, (0..PARTS).collect::<Vec<_>>());
        }
        assert!(starts.len() > 10, "{starts:?}");
    }

    #[test]
    fn of_a_mean_the_width_is_that_of_student() {
        // 1, 2, 3: without one of them the means are 2.5, 2 and 1.5.
        let half = half_width(&[2.5, 2.0, 1.5]).unwrap();
        assert!((half - 4.303 / 3_f64.sqrt()).abs() < 1e-3, "{half}");
        assert_eq!((half_width(&[4.0; 20]), half_width(&[4.0])), (Some(0.0), None));
    }
}
