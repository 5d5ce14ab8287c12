//! Numbers of a policy against what they may be, with the unit in the words.

use super::problem::Problems;
use std::fmt::Debug;
use std::ops::RangeInclusive;

/// Longest time that can be written, one day in milliseconds; keeps sums of times exact.
pub(super) const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;
/// Highest cost that can be written, a million dollars in micro-dollars.
pub(super) const DEAREST_USD_MICROS: u64 = 1_000_000_000_000;

/// The written value if it lies in `range` (no NaN does); else a problem, and none.
pub(super) fn checked<T: PartialOrd + Copy + Debug>(
    written: Option<T>,
    range: RangeInclusive<T>,
    unit: &str,
    path: impl Into<String>,
    problems: &mut Problems,
) -> Option<T> {
    let value = written?;
    if range.contains(&value) {
        return Some(value);
    }
    let (low, high) = (range.start(), range.end());
    problems.add(path, format!("{value:?} is out of range: {unit} from {low:?} to {high:?}"));
    None
}

/// The written value if it lies in `range`; else the shipped one, with a problem if one was written.
pub(super) fn within<T: PartialOrd + Copy + Debug>(
    written: Option<T>,
    shipped: T,
    range: RangeInclusive<T>,
    unit: &str,
    path: impl Into<String>,
    problems: &mut Problems,
) -> T {
    checked(written, range, unit, path, problems).unwrap_or(shipped)
}

/// A written share or probability, 0 to 1. A value up to 100 was most likely meant as per cent.
pub(super) fn share(
    written: Option<f64>,
    what: &str,
    path: impl Into<String>,
    problems: &mut Problems,
) -> Option<f64> {
    let value = written?;
    if (0.0..=1.0).contains(&value) {
        return Some(value);
    }
    let mut reason = format!("{value} is out of range: {what} from 0 to 1");
    if (2.0..=100.0).contains(&value) {
        reason.push_str(&format!("; {value} % is {}", value / 100.0));
    }
    problems.add(path, reason);
    None
}
