//! Policy cases: an asker, a small fleet and a request, and what a policy is to make of them.
//!
//! A policy is read by people and obeyed by machines; a case is where the two are compared. It is
//! decided by [`mod@crate::decide`] itself, at a fixed moment and with a fixed seed, so that a case that
//! passes says what the router will do. Workers stand in pools just as they do when they dial in.
//!
//! A case that expects nothing would pass under every policy, so it is no case; neither is one that
//! expects something of a part that it does not have.

mod compile;
mod expect;
mod fleet;
pub mod raw;
mod time;
mod verdict;

pub use raw::RawCases;
pub use verdict::{Mismatch, Verdict};

use crate::decide::decide;
use crate::facts::Facts;
use crate::fleet::FleetView;
use crate::policy::{Policy, PolicyProblem};
use crate::record::Record;
use expect::Expected;
use fleet::Part;
use std::time::Duration;

/// Cases of one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    /// The policy that they are written for, as a path from the file of the cases.
    pub policy: String,
    /// The cases, in file order.
    pub cases: Vec<Case>,
}

/// A question, and what is expected of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    name: String,
    facts: Facts,
    fleet: FleetView,
    parts: Vec<Part>,
    seed: u64,
    expected: Expected,
}

impl Cases {
    /// Checks cases as written.
    ///
    /// # Errors
    /// Every problem, each with its path in the file.
    pub fn compile(raw: &RawCases) -> Result<Self, Vec<PolicyProblem>> {
        compile::compile(raw)
    }
}

impl Case {
    /// What the case says it is about; unique in its file.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Decides under `policy` and compares.
    #[must_use]
    pub fn run(&self, policy: &Policy) -> Verdict {
        let decision = decide(policy, &self.facts, &self.fleet, Duration::ZERO, self.seed);
        verdict::of(self, decision)
    }

    /// The case decided under `policy`, as a router would keep it.
    #[must_use]
    pub fn record(&self, policy: &Policy) -> Record {
        Record::decide(policy, &self.facts, &self.fleet, Duration::ZERO, self.seed)
    }
}

#[cfg(test)]
mod tests;
