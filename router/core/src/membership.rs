//! The standing of one worker: joining, ready, suspect, sleeping, draining, lost.
//!
//! A worker is used when it is ready, and only then; a suspect one stands in where nobody else is
//! left. Who was late comes back after [`STEADY`] heartbeats in time, not after one, and who came and
//! went too often stays suspect until its [`Flaps`] have decayed: a device at the edge of its coverage
//! would else draw work on each return and drop it on each loss. A worker that announced its sleep is
//! neither late nor lost while it sleeps, even where its connection does not last.
//!
//! Time is the owner's monotonic clock, measured when a message arrives.

mod flaps;
mod losses;

pub use flaps::Flaps;
pub use losses::lose_at_most;

use crate::lease::{LeaseTerms, Standing};
use std::time::Duration;

/// Heartbeats in time after which a suspect worker is ready again.
pub const STEADY: u32 = 2;
/// Longest sleep that is believed; who says nothing of its length gets this.
pub const LONGEST_SLEEP: Duration = Duration::from_secs(12 * 3600);

/// Where a worker stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Has a session, and nothing is known of its state yet.
    Joining,
    /// Takes work.
    Ready,
    /// A heartbeat is late or was a moment ago, or it came and went too often.
    Suspect,
    /// Announced that it sleeps until about then.
    Sleeping(Duration),
    /// Finishes what it has.
    Draining,
    /// Silent for a whole lease.
    Lost,
}

/// What is remembered of one worker, over its sessions.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    heard: Duration,
    told_state: bool,
    draining: bool,
    asleep_until: Option<Duration>,
    /// Heartbeats in time since it was last late; `None` where it never was.
    steady: Option<u32>,
    flaps: Flaps,
}

impl Membership {
    /// A worker whose session begins at `now`, with what its earlier sessions left behind.
    #[must_use]
    pub fn joined(flaps: Flaps, now: Duration) -> Self {
        let (told_state, draining) = (false, false);
        Self { heard: now, told_state, draining, asleep_until: None, steady: None, flaps }
    }

    /// What earlier sessions left behind.
    pub const fn remember(&mut self, flaps: Flaps) {
        self.flaps = flaps;
    }

    /// Any message arrived.
    pub fn hear(&mut self, terms: LeaseTerms, now: Duration) {
        if terms.standing(self.heard, now) != Standing::Live && self.asleep_until.is_none() {
            self.steady = Some(0);
        }
        self.heard = self.heard.max(now);
    }

    /// A heartbeat arrived. It ends a sleep.
    pub fn hear_state(&mut self, terms: LeaseTerms, now: Duration) {
        self.hear(terms, now);
        self.told_state = true;
        self.asleep_until = None;
        self.steady = self.steady.map(|steady| steady + 1).filter(|steady| *steady <= STEADY);
    }

    /// It announced a sleep.
    pub fn set_sleeping(&mut self, expected: Option<Duration>, now: Duration) {
        let length = expected.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP);
        self.asleep_until = Some(now.saturating_add(length));
        self.steady = None;
    }

    /// It takes nothing new.
    pub fn drain(&mut self) {
        self.draining = true;
    }

    /// The owner itself was late by so much: nobody's silence counts for that time.
    pub fn extend(&mut self, by: Duration, now: Duration) {
        self.heard = self.heard.saturating_add(by).min(now);
    }

    /// Where it stands at `now`.
    #[must_use]
    pub fn phase(&self, terms: LeaseTerms, now: Duration) -> Phase {
        if let Some(until) = self.asleep_until {
            let over = now >= until.saturating_add(terms.lease);
            return if over { Phase::Lost } else { Phase::Sleeping(until) };
        }
        match terms.standing(self.heard, now) {
            Standing::Lost => Phase::Lost,
            _ if self.draining => Phase::Draining,
            Standing::Suspect => Phase::Suspect,
            Standing::Live if !self.told_state => Phase::Joining,
            Standing::Live if self.is_unsteady(now) => Phase::Suspect,
            Standing::Live => Phase::Ready,
        }
    }

    fn is_unsteady(&self, now: Duration) -> bool {
        self.steady.is_some_and(|steady| steady < STEADY) || self.flaps.suppress(now)
    }

    /// It drains or sleeps: nothing new is for it.
    #[must_use]
    pub const fn takes_nothing_new(&self) -> bool {
        self.draining || self.asleep_until.is_some()
    }

    /// When something was last heard.
    #[must_use]
    pub const fn heard(&self) -> Duration {
        self.heard
    }

    /// When it is expected to wake, while it sleeps.
    #[must_use]
    pub const fn asleep_until(&self) -> Option<Duration> {
        self.asleep_until
    }

    /// It takes nothing new because it is about to end.
    #[must_use]
    pub const fn is_draining(&self) -> bool {
        self.draining
    }

    /// How often it went without a word so far.
    #[must_use]
    pub const fn flaps(&self) -> Flaps {
        self.flaps
    }

    /// What its next session begins with. Who left asleep or draining did as it said, and that is no
    /// flap.
    #[must_use]
    pub fn left(mut self, now: Duration) -> Flaps {
        if self.asleep_until.is_none() && !self.draining {
            self.flaps.add(now);
        }
        self.flaps
    }
}

#[cfg(test)]
mod tests;
