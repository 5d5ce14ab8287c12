//! A breaker as a decision sees it.

use super::{Breaker, Standing};
use crate::fleet::Resting;
use std::time::Duration;

/// When to look again at a target that is being probed, in milliseconds.
const PROBED_MS: u64 = 1_000;

impl Breaker {
    /// Why its target is left alone at `now`; nothing where it is not.
    #[must_use]
    pub fn resting(&self, now: Duration) -> Option<Resting> {
        match self.standing(now) {
            Standing::Closed => None,
            Standing::HalfOpen { probes: 1.. } => None,
            _ if self.is_merely_slow() => Some(Resting::Slow),
            Standing::HalfOpen { probes: 0 } => Some(Resting::Failing { left_ms: PROBED_MS }),
            Standing::Open { until, .. } => Some(Resting::Failing { left_ms: left_ms(until, now) }),
        }
    }
}

/// Milliseconds until a moment; 0 once it is there.
pub(crate) fn left_ms(until: Duration, now: Duration) -> u64 {
    u64::try_from(until.saturating_sub(now).as_millis()).unwrap_or(u64::MAX)
}
