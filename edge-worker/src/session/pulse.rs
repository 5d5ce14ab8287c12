//! When the next State is due: every heartbeat, and soon after something changed.
//!
//! A change is told at once, unless a State went out less than [`GAP`] ago; then the changes since
//! are told together at the end of the gap. So a burst of short requests costs at most fifty
//! States a second, and the router's view is at most 20 ms old.
//!
//! A slot is free a token or a prefill chunk after its request ended, not at once, so an end is told
//! a second time [`SETTLED`] later.

use std::time::Duration;
use tokio::time::Instant;

/// Least time between two States.
const GAP: Duration = Duration::from_millis(20);

/// When a slot that was let go is free for certain: longer than a prefill chunk takes.
const SETTLED: Duration = Duration::from_millis(250);

/// The rhythm of the heartbeat.
#[derive(Debug)]
pub(super) struct Pulse {
    heartbeat: Duration,
    last: Instant,
    due: Instant,
    settled: Option<Instant>,
}

impl Pulse {
    /// The first State is due `now`.
    pub(super) fn new(heartbeat: Duration, now: Instant) -> Self {
        Self { heartbeat, last: now.checked_sub(GAP).unwrap_or(now), due: now, settled: None }
    }

    /// Something the router should know has changed.
    pub(super) fn changed(&mut self, now: Instant) {
        self.due = self.due.min(now.max(self.last + GAP));
    }

    /// A request ended.
    pub(super) fn ended(&mut self, now: Instant) {
        self.changed(now);
        self.settled = Some(now + SETTLED);
    }

    /// When to send the next State.
    pub(super) fn due(&self) -> Instant {
        self.settled.map_or(self.due, |settled| settled.min(self.due))
    }

    /// A State is on its way.
    pub(super) fn sent(&mut self, now: Instant) {
        self.last = now;
        self.due = now + self.heartbeat;
        self.settled = self.settled.filter(|settled| *settled > now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_changes_a_state_is_due_every_heartbeat() {
        let start = Instant::now();
        let mut pulse = Pulse::new(Duration::from_secs(5), start);
        assert_eq!(pulse.due(), start);
        pulse.sent(start);
        assert_eq!(pulse.due(), start + Duration::from_secs(5));
    }

    #[test]
    fn a_change_is_told_at_once_and_a_burst_of_changes_together() {
        let start = Instant::now();
        let mut pulse = Pulse::new(Duration::from_secs(5), start);
        pulse.sent(start);
        let later = start + Duration::from_secs(1);
        pulse.changed(later);
        assert_eq!(pulse.due(), later);
        pulse.sent(later);
        pulse.changed(later + Duration::from_millis(1));
        pulse.changed(later + Duration::from_millis(19));
        assert_eq!(pulse.due(), later + GAP);
    }

    #[test]
    fn the_end_of_a_request_is_told_at_once_and_again_when_its_slot_is_free() {
        let start = Instant::now();
        let mut pulse = Pulse::new(Duration::from_secs(5), start);
        pulse.sent(start);
        let end = start + Duration::from_secs(1);
        pulse.ended(end);
        assert_eq!(pulse.due(), end);
        pulse.sent(end);
        assert_eq!(pulse.due(), end + SETTLED);
        pulse.sent(end + SETTLED);
        assert_eq!(pulse.due(), end + SETTLED + Duration::from_secs(5));
    }

    #[test]
    fn a_change_never_puts_a_heartbeat_off() {
        let start = Instant::now();
        let mut pulse = Pulse::new(Duration::from_millis(10), start);
        pulse.sent(start);
        pulse.changed(start);
        assert_eq!(pulse.due(), start + Duration::from_millis(10));
    }
}
