//! A breaker as a decision sees it.

use super::{Breaker, Cause, Standing};
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
            Standing::HalfOpen { probes } => {
                (probes == 0).then_some(Resting::Failing { left_ms: PROBED_MS })
            }
            Standing::Open { cause: Cause::Slow, .. } => Some(Resting::Slow),
            Standing::Open { until, cause: Cause::Failing } => {
                Some(Resting::Failing { left_ms: left_ms(until, now) })
            }
        }
    }
}

/// Milliseconds until a moment; 0 once it is there.
pub(crate) fn left_ms(until: Duration, now: Duration) -> u64 {
    u64::try_from(until.saturating_sub(now).as_millis()).unwrap_or(u64::MAX)
}
