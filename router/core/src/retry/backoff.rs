//! How long to wait before the next try.
//!
//! Full jitter: a time drawn evenly from zero to a ceiling that doubles with each try. It spreads those
//! who failed together best, for the least work in all (Brooker, "Exponential backoff and jitter", AWS
//! Architecture Blog, 2015).

use crate::decide::seed::mix;
use std::time::Duration;

/// Waits that grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// Ceiling of the first wait.
    pub base: Duration,
    /// Highest ceiling.
    pub most: Duration,
}

impl Default for Backoff {
    /// For one request: up to 200 ms first, and 5 s at most.
    fn default() -> Self {
        Self { base: Duration::from_millis(200), most: Duration::from_secs(5) }
    }
}

impl Backoff {
    /// The longest wait after `tries` waits before it.
    #[must_use]
    pub fn ceiling(&self, tries: u32) -> Duration {
        let doubled = 1_u32.checked_shl(tries).unwrap_or(u32::MAX);
        self.base.saturating_mul(doubled).min(self.most)
    }

    /// The moment of the next try, after `tries` tries that failed and so many waits before this one;
    /// never before the target's own `retry_after`, which is jittered too, because others were told
    /// the same. Nothing where it would not be before `latest`: the deadline less the time that an
    /// answer takes.
    #[must_use]
    pub fn next(
        &self,
        tries: u32,
        retry_after: Option<Duration>,
        seed: u64,
        now: Duration,
        latest: Duration,
    ) -> Option<Duration> {
        let wait = part(self.ceiling(tries), mix(seed ^ u64::from(tries)));
        let at = now.saturating_add(retry_after.unwrap_or_default()).saturating_add(wait);
        (at < latest).then_some(at)
    }

    /// A wait from half the ceiling to all of it, for what is tried by one alone: it spreads the many
    /// and still has a least length.
    #[must_use]
    pub(crate) fn at_least_half(&self, tries: u32, seed: u64) -> Duration {
        let half = self.ceiling(tries) / 2;
        half.saturating_add(part(half, mix(seed ^ u64::from(tries))))
    }
}

/// A part of a time, evenly by a drawn number: never all of it.
fn part(of: Duration, drawn: u64) -> Duration {
    let nanos = u128::from(u64::try_from(of.as_nanos()).unwrap_or(u64::MAX));
    Duration::from_nanos(u64::try_from((nanos * u128::from(drawn)) >> 64).unwrap_or(u64::MAX))
}
