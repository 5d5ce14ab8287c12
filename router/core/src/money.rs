//! What an answer costs, in whole micro-dollars.
//!
//! Money is counted in integers: a sum of fractions that were rounded one by one is wrong by as much
//! as there are parts, and floats lose cents where sums are large. So prices are [`Rate`]s, a bill is
//! added up in millionths of a micro-dollar, and it is rounded once, at its end, upwards: never in
//! favour of the one who pays. What does not fit is the largest number there is, which no budget
//! admits.
//!
//! How it is called: before a dispatch the owner asks [`ModelPrice::worst_case`] and
//! [`ModelPrice::most_tokens`] and reserves both in [`crate::budget`]; after it [`ModelPrice::settled`] says what it cost, at the price that
//! was in force at the dispatch ([`in_force`]).

mod dated;
mod price;
mod usage;

pub use dated::{Dated, in_force};
pub use price::{Media, ModelPrice, Unpriced};
pub use usage::{Asked, Used};

use serde::{Deserialize, Serialize};

/// Units that a rate is for.
const MILLION: u64 = 1_000_000;

/// Price of one unit (a token, an image, a second of audio), in micro-dollars per million units.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Rate(u64);

impl Rate {
    /// Costs nothing.
    pub const FREE: Self = Self(0);

    /// A rate as catalogues give it: micro-dollars per million units. A dollar per million tokens is
    /// 1,000,000.
    #[must_use]
    pub const fn usd_micros_per_million(usd_micros: u64) -> Self {
        Self(usd_micros)
    }

    /// A price of single things: micro-dollars each, saturating.
    #[must_use]
    pub const fn usd_micros_each(usd_micros: u64) -> Self {
        Self(usd_micros.saturating_mul(MILLION))
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde asks for")]
    const fn is_free(&self) -> bool {
        self.0 == 0
    }
}

/// What so many units at such rates cost together: micro-dollars, rounded up once, saturating.
#[must_use]
#[inline]
pub fn total_usd_micros<const PARTS: usize>(parts: [(u64, Rate); PARTS]) -> u64 {
    let ordinary = parts.iter().try_fold(0_u64, |sum, (units, rate)| {
        units.checked_mul(rate.0).and_then(|part| sum.checked_add(part))
    });
    // Wider numbers take a division of their own, which is as dear as all the rest of a prediction.
    ordinary.map_or_else(|| wide_total(&parts), |sum| sum.div_ceil(MILLION))
}

#[cold]
fn wide_total(parts: &[(u64, Rate)]) -> u64 {
    let sum = parts.iter().fold(0_u128, |sum, (units, rate)| {
        sum.saturating_add(u128::from(*units) * u128::from(rate.0))
    });
    u64::try_from(sum.div_ceil(MILLION.into())).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
