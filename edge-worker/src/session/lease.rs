//! The worker's side of the lease.
//!
//! The router forgets a worker `lease_ms` after its last message; in the same way the worker gives
//! up a router that has said nothing for so long, which catches a half-open connection that pings
//! cannot see. Time is the monotonic clock's, so a changed wall clock loses nobody.
//!
//! A process that was stopped or starved finds its own deadline long past when it wakes, with the
//! router's messages still unread in the socket. So a check that itself comes late by more than
//! [`LATE`] extends the lease once by its own lateness and looks again.

use std::time::Duration;
use tokio::time::Instant;

/// A check later than this was delayed on our side.
const LATE: Duration = Duration::from_secs(1);

/// When the router counts as gone.
#[derive(Debug)]
pub(super) struct Lease {
    length: Duration,
    ends: Instant,
}

impl Lease {
    /// A lease of `length` from `now`.
    pub(super) fn new(length: Duration, now: Instant) -> Self {
        Self { length, ends: now + length }
    }

    /// The router was heard.
    pub(super) fn renew(&mut self, now: Instant) {
        self.ends = now + self.length;
    }

    /// When to look again.
    pub(super) fn ends(&self) -> Instant {
        self.ends
    }

    /// True if the router has been silent too long and the check itself is not to blame.
    pub(super) fn expired(&mut self, now: Instant) -> bool {
        let Some(late) = now.checked_duration_since(self.ends) else { return false };
        if late > LATE {
            self.ends = now + late.min(self.length);
            return false;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LENGTH: Duration = Duration::from_secs(15);

    #[test]
    fn silence_for_the_whole_lease_ends_it_and_a_message_renews_it() {
        let start = Instant::now();
        let mut lease = Lease::new(LENGTH, start);
        assert!(!lease.expired(start + LENGTH - Duration::from_millis(1)));
        lease.renew(start + Duration::from_secs(14));
        assert!(!lease.expired(start + LENGTH));
        assert!(lease.expired(start + Duration::from_secs(29)));
    }

    #[test]
    fn a_check_that_comes_late_extends_the_lease_by_its_lateness_and_at_most_once_its_length() {
        let start = Instant::now();
        let mut lease = Lease::new(LENGTH, start);
        let woken = start + LENGTH + Duration::from_secs(4);
        assert!(!lease.expired(woken));
        assert_eq!(lease.ends(), woken + Duration::from_secs(4));
        assert!(lease.expired(woken + Duration::from_secs(4)));

        let mut lease = Lease::new(LENGTH, start);
        let day = start + Duration::from_secs(86_400);
        assert!(!lease.expired(day));
        assert_eq!(lease.ends(), day + LENGTH);
    }
}
