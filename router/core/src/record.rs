//! A decision with everything it was made from, so that it can be made again: facts, the part of the
//! fleet that mattered, the moment, the seed, and the hash of the policy. It holds no content.
//!
//! Two numbers tell whether this build can make it again: the version of the format, and the version
//! of the way in which decisions are made. A change of a gate or of a formula is a new way; a record
//! of an older one is still read and shown, and a replay says which build it needs instead of
//! pretending that somebody else's arithmetic was wrong.

mod compare;

pub use compare::{Change, CloudChange, same_route};

use crate::decide::{decide, decide_keeping, is_blind};
use crate::facts::Facts;
use crate::fleet::{FleetView, LOOKED_AT};
use crate::plan::Decision;
use crate::policy::Policy;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// A decision that can be made again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Version of this format.
    pub version: u32,
    /// Version of the way in which the decision was made.
    pub way: u32,
    /// What was known of the request.
    pub facts: Facts,
    /// The part of the fleet that mattered.
    pub fleet: FleetView,
    /// Time since the router's start, in milliseconds.
    pub now_ms: u64,
    /// What came out.
    pub decision: Decision,
}

/// How much of a fleet is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// A drawn part of each crowd.
    Drawn,
    /// A larger one, for a fleet in which few can answer now.
    Wider,
    /// Every worker.
    Everyone,
}

impl Seen {
    /// At most so many workers of a pool are looked at.
    #[must_use]
    pub const fn most(self) -> usize {
        match self {
            Self::Drawn => LOOKED_AT,
            Self::Wider => LOOKED_AT * 16,
            Self::Everyone => usize::MAX,
        }
    }
}

/// Why a replay is none.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReplayError {
    /// Another build wrote the record.
    #[error(
        "the record is of format {version}, decided in way {way}; this build has format {} and way \
         {}: replay it with a build that has both",
        Record::VERSION,
        Record::WAY
    )]
    OtherBuild {
        /// Its format.
        version: u32,
        /// Its way of deciding.
        way: u32,
    },
    /// Another policy decided.
    #[error("the record was decided under policy {needed}, and {given} was given")]
    OtherPolicy {
        /// Hash of the policy that decided.
        needed: Arc<str>,
        /// Hash of the policy that was given.
        given: Arc<str>,
    },
    /// The same inputs gave something else.
    #[error("the same facts, policy, fleet and seed lead to another decision")]
    Differs(Box<Decision>),
}

impl Record {
    /// Version of the format that this build writes and reads.
    pub const VERSION: u32 = 1;
    /// Version of the way in which this build decides.
    pub const WAY: u32 = 3;

    /// Decides, and keeps what led to the decision.
    #[must_use]
    pub fn decide(
        policy: &Policy,
        facts: &Facts,
        fleet: &FleetView,
        now: Duration,
        seed: u64,
    ) -> Self {
        // The record holds whole milliseconds, so the decision is made at one.
        let now_ms = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
        let now = Duration::from_millis(now_ms);
        let (decision, fleet) = decide_keeping(policy, facts, fleet, now, seed);
        let facts = facts.clone();
        Self { version: Self::VERSION, way: Self::WAY, facts, fleet, now_ms, decision }
    }

    /// Decides over a fleet of which a drawn part is looked at first; then a larger one, and everybody, where
    /// that part had nobody while others were not looked at.
    #[must_use]
    pub fn decide_over(
        policy: &Policy,
        facts: &Facts,
        fleet: impl Fn(Seen) -> FleetView,
        now: Duration,
        seed: u64,
    ) -> Self {
        for seen in [Seen::Drawn, Seen::Wider] {
            let part = fleet(seen);
            let made = Self::decide(policy, facts, &part, now, seed);
            if !is_blind(&made.decision, &part) {
                return made;
            }
        }
        Self::decide(policy, facts, &fleet(Seen::Everyone), now, seed)
    }

    /// Whether this build decides in the way in which the record was made.
    #[must_use]
    pub fn is_of_this_build(&self) -> bool {
        (self.version, self.way) == (Self::VERSION, Self::WAY)
    }

    /// What another policy would decide from the same facts, fleet, moment and seed.
    #[must_use]
    pub fn under(&self, policy: &Policy) -> Decision {
        let now = Duration::from_millis(self.now_ms);
        decide(policy, &self.facts, &self.fleet, now, self.decision.seed)
    }

    /// Makes the decision again and compares.
    ///
    /// # Errors
    /// [`ReplayError`]: another build or policy is needed, or the decision is another.
    pub fn replay(&self, policy: &Policy) -> Result<(), ReplayError> {
        if !self.is_of_this_build() {
            return Err(ReplayError::OtherBuild { version: self.version, way: self.way });
        }
        if self.decision.policy_hash != *policy.hash() {
            return Err(ReplayError::OtherPolicy {
                needed: Arc::clone(&self.decision.policy_hash),
                given: Arc::clone(policy.hash()),
            });
        }
        let again = self.under(policy);
        if again == self.decision { Ok(()) } else { Err(ReplayError::Differs(Box::new(again))) }
    }
}
