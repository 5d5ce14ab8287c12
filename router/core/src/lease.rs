//! Leases: how long a worker counts as present after its last message.
//!
//! Time is the router's monotonic clock, measured when a message *arrives*, so a wrong wall clock on
//! either side changes nothing. If the router itself was stopped (suspended, starved), its sweep
//! runs late; every worker would look lost at once although their messages are waiting in the
//! sockets. So a late sweep extends every lease by its lateness.

use std::time::Duration;

/// How long a lease lasts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeaseTerms {
    /// Expected time between two heartbeats.
    pub heartbeat: Duration,
    /// A worker is lost this long after its last message.
    pub lease: Duration,
}

impl Default for LeaseTerms {
    /// A heartbeat every 5 s, lost after 15 s.
    fn default() -> Self {
        Self { heartbeat: Duration::from_secs(5), lease: Duration::from_secs(15) }
    }
}

/// What a lease says of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Heard of in time.
    Live,
    /// One heartbeat and a half without a word: used only if nothing else is left.
    Suspect,
    /// The lease is over.
    Lost,
}

impl LeaseTerms {
    /// Standing at `now` of a worker last heard at `heard`.
    #[must_use]
    pub fn standing(&self, heard: Duration, now: Duration) -> Standing {
        let silence = now.saturating_sub(heard);
        if silence >= self.lease {
            Standing::Lost
        } else if silence > self.heartbeat.saturating_mul(3) / 2 {
            Standing::Suspect
        } else {
            Standing::Live
        }
    }
}

/// Watches how late the sweep itself runs.
#[derive(Clone, Copy, Debug)]
pub struct SweepWatch {
    last: Duration,
    period: Duration,
}

impl SweepWatch {
    /// Lateness below this is ordinary scheduling.
    pub const ALLOWANCE: Duration = Duration::from_secs(1);

    /// A watch over a sweep that should run every `period`, starting at `now`.
    #[must_use]
    pub fn new(period: Duration, now: Duration) -> Self {
        Self { last: now, period }
    }

    /// Tells that the sweep runs at `now`; returns by how much every lease must be extended.
    pub fn lateness(&mut self, now: Duration) -> Duration {
        let late = now.saturating_sub(self.last.saturating_add(self.period));
        self.last = now;
        if late > Self::ALLOWANCE { late } else { Duration::ZERO }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_silent_worker_is_suspect_before_it_is_lost() {
        let terms = LeaseTerms::default();
        assert_eq!(terms.standing(s(0), s(7)), Standing::Live);
        assert_eq!(terms.standing(s(0), s(8)), Standing::Suspect);
        assert_eq!(terms.standing(s(0), s(14)), Standing::Suspect);
        assert_eq!(terms.standing(s(0), s(15)), Standing::Lost);
    }

    #[test]
    fn a_message_from_the_future_counts_as_just_heard() {
        assert_eq!(LeaseTerms::default().standing(s(10), s(3)), Standing::Live);
    }

    #[test]
    fn a_late_sweep_extends_leases_by_its_lateness_and_an_ordinary_one_by_nothing() {
        let mut watch = SweepWatch::new(s(1), s(0));
        assert_eq!(watch.lateness(s(1)), s(0));
        assert_eq!(watch.lateness(s(3)), s(0), "one second late is allowed");
        assert_eq!(watch.lateness(s(14)), s(10));
        assert_eq!(watch.lateness(s(15)), s(0));
    }
}
