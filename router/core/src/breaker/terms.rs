//! When a breaker trips and how it comes back.

use super::window::Seen;
use crate::retry::Backoff;
use std::time::Duration;

/// When a breaker trips and how it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How far back shares look.
    pub window: Duration,
    /// Calls in the window before a share says anything.
    pub least_calls: u32,
    /// Percent of calls that failed at which it trips.
    pub failed_percent: u32,
    /// Failures in a row at which it trips.
    pub in_a_row: u32,
    /// An answer is slow at so many times the target's own median.
    pub slow_factor: u32,
    /// An answer whose first token comes sooner is never slow.
    pub slow_least: Duration,
    /// Percent of calls that were slow at which it trips.
    pub slow_percent: u32,
    /// How long it stays open.
    pub reopen: Backoff,
    /// Most probes at once.
    pub probes: u32,
    /// Good answers that close it.
    pub good_probes: u32,
    /// A probe not heard of for so long is lost.
    pub patience: Duration,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(10),
            least_calls: 20,
            failed_percent: 50,
            in_a_row: 5,
            slow_factor: 5,
            slow_least: Duration::from_secs(1),
            slow_percent: 50,
            reopen: Backoff { base: Duration::from_secs(1), most: Duration::from_secs(15) },
            probes: 3,
            good_probes: 2,
            patience: Duration::from_secs(30),
        }
    }
}

impl Terms {
    /// A breaker without probes would never close.
    pub(super) fn probes(&self) -> u32 {
        self.probes.max(1)
    }

    pub(super) fn too_many_failed(&self, seen: Seen) -> bool {
        self.is_share(seen.failed, seen, self.failed_percent)
    }

    pub(super) fn too_many_slow(&self, seen: Seen) -> bool {
        self.is_share(seen.slow, seen, self.slow_percent)
    }

    fn is_share(&self, part: u32, seen: Seen, percent: u32) -> bool {
        let (part, calls) = (u64::from(part) * 100, u64::from(seen.calls));
        part > 0 && seen.calls >= self.least_calls && part >= calls * u64::from(percent)
    }
}
