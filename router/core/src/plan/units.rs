//! Numbers as people read them.

use std::fmt;

/// A time in milliseconds, shown in seconds: three places below a tenth of a second, two below ten
/// seconds, one above.
#[derive(Clone, Copy)]
pub(crate) struct Seconds(pub f64);

impl Seconds {
    /// Of whole milliseconds; exact below 2^53.
    pub fn of(ms: u64) -> Self {
        Self(whole(ms))
    }
}

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let s = self.0 / 1e3;
        if s < 0.1 {
            write!(f, "{s:.3} s")
        } else if s < 10.0 {
            write!(f, "{s:.2} s")
        } else {
            write!(f, "{s:.1} s")
        }
    }
}

/// A share of 1, shown in whole percent.
#[derive(Clone, Copy)]
pub(crate) struct Percent(pub f64);

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", (self.0 * 100.0).round())
    }
}

/// A whole number as a float; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "285,000 years of milliseconds are exact")]
#[inline]
pub(crate) fn whole(ms: u64) -> f64 {
    ms as f64
}
