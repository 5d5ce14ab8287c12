//! Bringing a plan up to date while its flight runs.
//!
//! A plan names sessions of workers, and sessions end: a worker restarts, drains, or comes back under
//! a new number. So before the shell tells a flight that an attempt failed or that time has passed, it
//! says which targets are gone and what would be planned now. A fallback that is no longer there must
//! not make a flight give up on a target that is merely slow, and a target that has come since must
//! not be missed. The attempts are of the request's own policy and pass the gate like all others.
//!
//! How many may join is bounded: a request that kills whoever takes it must not go through the fleet.

use super::Flight;
use crate::plan::{Attempt, Plan, Target};

impl Flight {
    /// Voids the waiting attempts whose target is `gone`, and adds what `more` has and the plan has
    /// not, at its end and in the order given. Does nothing where failover is off.
    pub fn revise(&mut self, gone: impl Fn(&Target) -> bool, more: Vec<Attempt>) {
        if !self.options.failover || self.ended() {
            return;
        }
        let attempts = &self.plan.attempts;
        self.candidates.void(|index| attempts.get(index).is_some_and(|one| gone(&one.target)));
        for attempt in more {
            let full = self.added >= self.options.more_attempts_limit;
            let known = self.plan.attempts.iter().any(|one| one.target == attempt.target);
            if !full && !known {
                self.plan.attempts.push(attempt);
                self.candidates.add();
                self.added += 1;
            }
        }
    }

    /// The plan as it stands: that of the decision, and the attempts that joined it.
    #[must_use]
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }
}
