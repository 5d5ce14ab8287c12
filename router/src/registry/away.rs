//! Workers without a session of which something is still remembered: those that sleep, and those that
//! were lost.
//!
//! A phone's connection does not outlive its sleep, and the phone is not lost for that. What is kept is
//! small and bounded: who it is, where it stands, and how often it went without a word.

use super::session::Session;
use crate::join_token::Claims;
use littoral_core::lease::LeaseTerms;
use littoral_core::membership::{Flaps, Membership, Phase};
use std::collections::BTreeMap;
use std::time::Duration;

/// Workers that are remembered at most.
const MOST: usize = 65_536;
/// How long a lost worker is listed.
const LISTED: Duration = Duration::from_secs(600);

/// A worker that has no session.
#[derive(Clone, Debug)]
pub struct Absent {
    /// What its last token proved.
    pub claims: Claims,
    /// Its last session.
    pub incarnation: u64,
    /// Kind of machine, as it said.
    pub device_class: String,
    /// Its standing when it left.
    pub membership: Membership,
    flaps: Flaps,
    left: Duration,
}

impl Absent {
    /// Where it stands: asleep as announced, or lost.
    #[must_use]
    pub fn phase(&self, terms: LeaseTerms, now: Duration) -> Phase {
        match self.membership.phase(terms, now) {
            asleep @ Phase::Sleeping(_) => asleep,
            _ => Phase::Lost,
        }
    }

    fn is_forgotten(&self, terms: LeaseTerms, now: Duration) -> bool {
        let lost = self.phase(terms, now) == Phase::Lost;
        let listed = now.saturating_sub(self.left) < LISTED;
        lost && !listed && self.flaps.is_forgotten(now)
    }
}

/// All of them, by name.
#[derive(Default)]
pub struct Away(BTreeMap<String, Absent>);

impl Away {
    /// A worker's session is over. `expected` where it was an orderly end, which is no flap.
    pub fn left(&mut self, session: &Session, expected: bool, now: Duration) {
        let membership = session.heard(|heard| heard.membership);
        let expected = expected || membership.is_draining();
        let flaps = if expected { membership.flaps() } else { membership.left(now) };
        if expected && flaps.is_forgotten(now) && membership.asleep_until().is_none() {
            return;
        }
        if self.0.len() >= MOST && !self.0.contains_key(&session.claims.worker_id) {
            self.0.pop_first();
        }
        let absent = Absent {
            claims: session.claims.clone(),
            incarnation: session.incarnation,
            device_class: session.device_class.clone(),
            membership,
            flaps,
            left: now,
        };
        self.0.insert(absent.claims.worker_id.clone(), absent);
    }

    /// A worker is back: what its new session begins with.
    pub fn back(&mut self, worker_id: &str) -> Flaps {
        self.0.remove(worker_id).map_or_else(Flaps::default, |absent| absent.flaps)
    }

    /// Forgets who has been away for long; true if anybody's standing may have changed.
    pub fn prune(&mut self, terms: LeaseTerms, now: Duration) -> bool {
        let before = self.0.len();
        self.0.retain(|_, absent| !absent.is_forgotten(terms, now));
        before != self.0.len()
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Absent> {
        self.0.values()
    }
}
