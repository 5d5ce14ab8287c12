//! A number with the bounds that nine of ten next observations keep.
//!
//! Times, rates, lengths and energies are positive and skewed: twice as long is as usual as half as
//! long. So an estimate is read as a log-normal whose two sides may differ, with its median in the
//! middle, 5 % below `low` and 5 % above `high`. The fields are private: an estimate that exists is
//! finite, not negative and in order, also after it was read from a file.
//!
//! Products add their sides in logarithms by the root of the squares, which is exact for independent
//! log-normals. Sums add theirs in the same way without logarithms (Zou and Donner 2008,
//! "Construction of confidence limits about effect measures": the MOVER rule). Fenton and Wilkinson's
//! single log-normal for a sum was rejected: it keeps mean and variance and so puts the lower bound of
//! a long first token with a short answer far below anything that can happen.

use super::normal::{Z95, below};
use super::swift;
use serde::{Deserialize, Serialize};

/// Largest number that an estimate may hold; the product of two of them is still finite.
const LARGEST: f64 = 1e150;

/// A middle (median) with its central 90 % interval for the next observation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct Estimate {
    mid: f64,
    low: f64,
    high: f64,
}

/// Three numbers that are no estimate.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error(
    "no estimate from mid {mid}, low {low}, high {high}: \
     they must be finite and 0 <= low <= mid <= high <= 1e150"
)]
pub struct NotAnEstimate {
    mid: f64,
    low: f64,
    high: f64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    mid: f64,
    low: f64,
    high: f64,
}

impl TryFrom<Bounds> for Estimate {
    type Error = NotAnEstimate;

    fn try_from(bounds: Bounds) -> Result<Self, NotAnEstimate> {
        Self::new(bounds.mid, bounds.low, bounds.high)
    }
}

impl From<Estimate> for Bounds {
    fn from(estimate: Estimate) -> Self {
        Self { mid: estimate.mid, low: estimate.low, high: estimate.high }
    }
}

impl Estimate {
    /// Exactly nothing: the wait where a slot is free, the price of one's own machine.
    pub const ZERO: Self = Self { mid: 0.0, low: 0.0, high: 0.0 };

    /// An estimate from its three numbers.
    ///
    /// # Errors
    /// Where one is not finite, negative, beyond 1e150 or out of order.
    pub fn new(mid: f64, low: f64, high: f64) -> Result<Self, NotAnEstimate> {
        if 0.0 <= low && low <= mid && mid <= high && high <= LARGEST {
            Ok(Self { mid, low, high })
        } else {
            Err(NotAnEstimate { mid, low, high })
        }
    }

    /// Something known.
    ///
    /// # Errors
    /// Where it is not finite, negative or beyond 1e150.
    pub fn certain(value: f64) -> Result<Self, NotAnEstimate> {
        Self::new(value, value, value)
    }

    /// `mid` with bounds the factor `spread` >= 1 below and above.
    ///
    /// # Errors
    /// Where `spread` is below 1 or a bound is no number that an estimate may hold.
    pub fn within_factor(mid: f64, spread: f64) -> Result<Self, NotAnEstimate> {
        Self::new(mid, mid / spread, mid * spread)
    }

    /// An estimate from numbers that are right up to rounding and range: brought in order.
    pub(super) fn ordered(mid: f64, low: f64, high: f64) -> Self {
        let mid = if mid > 0.0 { mid.min(LARGEST) } else { 0.0 };
        let low = if low > 0.0 { low.min(mid) } else { 0.0 };
        let high = if high > mid { high.min(LARGEST) } else { mid };
        Self { mid, low, high }
    }

    /// As likely above as below.
    #[must_use]
    pub const fn mid(self) -> f64 {
        self.mid
    }

    /// One in twenty observations is below.
    #[must_use]
    pub const fn low(self) -> f64 {
        self.low
    }

    /// One in twenty observations is above.
    #[must_use]
    pub const fn high(self) -> f64 {
        self.high
    }

    /// The bounds hold `value`.
    #[must_use]
    pub fn holds(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// In another unit, or of several alike. What is no positive number counts as 0.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self::ordered(self.mid * factor, self.low * factor, self.high * factor)
    }

    /// With something known added, or taken away where it is negative; never below 0.
    #[must_use]
    pub fn shifted(self, by: f64) -> Self {
        Self::ordered(self.mid + by, self.low + by, self.high + by)
    }

    /// One over it: seconds a token from tokens a second. Zero becomes the largest number.
    #[must_use]
    pub fn inverse(self) -> Self {
        Self::ordered(1.0 / self.mid, 1.0 / self.high, 1.0 / self.low)
    }

    /// Cut at `most`, as the length of an answer is cut by the request's limit.
    #[must_use]
    pub fn at_most(self, most: f64) -> Self {
        Self::ordered(self.mid.min(most), self.low.min(most), self.high.min(most))
    }

    /// The sum of two independent things.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let mid = self.mid + other.mid;
        let down = root_of_squares(self.mid - self.low, other.mid - other.low);
        let up = root_of_squares(self.high - self.mid, other.high - other.mid);
        Self::ordered(mid, mid - down, mid + up)
    }

    /// The product of two independent things.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        let mid = self.mid * other.mid;
        let down = root_of_squares(log_ratio(self.mid, self.low), log_ratio(other.mid, other.low));
        let up = root_of_squares(log_ratio(self.high, self.mid), log_ratio(other.high, other.mid));
        Self::ordered(mid, mid * swift::exp(-down), mid * swift::exp(up))
    }

    /// Chance, 0 to 1, that the next observation is at most `limit`. No number has no chance.
    #[must_use]
    pub fn chance_below(self, limit: f64) -> f64 {
        if limit >= self.mid {
            // Without width above the middle everything is below the limit.
            return if self.high > self.mid {
                below(Z95 * log_ratio(limit, self.mid) / log_ratio(self.high, self.mid))
            } else {
                1.0
            };
        }
        if !(limit > 0.0 && self.low < self.mid) {
            return 0.0;
        }
        below(-Z95 * log_ratio(self.mid, limit) / log_ratio(self.mid, self.low))
    }
}

/// Logarithm of `larger / smaller`; no more than the range of estimates spans, so zero is allowed.
fn log_ratio(larger: f64, smaller: f64) -> f64 {
    if larger <= smaller { 0.0 } else { swift::ln(larger / smaller.max(1e-150)).min(345.0) }
}

/// Without the care for overflow that `f64::hypot` pays for: no estimate is beyond 1e150.
fn root_of_squares(one: f64, other: f64) -> f64 {
    (one * one + other * other).sqrt()
}
