//! Prices change. A bill is made at the price of its day.

use super::ModelPrice;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A price with the moment from which it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dated {
    /// In force from here on, in milliseconds since 1970 (UTC).
    pub since_unix_ms: u64,
    /// Where it was read: an address, or the user's own file.
    pub source: Arc<str>,
    /// The price.
    pub price: ModelPrice,
}

/// The price in force at a moment: the latest that had begun by then; of two of the same moment the
/// later in the list, so that a user's own entries go behind the shipped ones. Nothing before the
/// first: a price is not assumed to reach into the past.
#[must_use]
pub fn in_force(prices: &[Dated], unix_ms: u64) -> Option<&Dated> {
    let begun = prices.iter().filter(|dated| dated.since_unix_ms <= unix_ms);
    begun.max_by_key(|dated| dated.since_unix_ms)
}
