//! From what a router recorded to a scenario: when requests come, what they are like, how fast machines and clouds
//! are. Records go in one by one, in any order; nothing of them is kept but numbers and names.
//!
//! Where too little was observed nothing is guessed: the key is left out, so that the usual value of a scenario
//! stands in, and a comment says so. Every number stands beside the count of what it came from.

mod arrivals;
mod clouds;
mod machines;
pub mod numbers;
mod requests;
mod written;

pub use written::{Names, Written};

use arrivals::Moments;
use clouds::Clouds;
use littoral_core::facts::Facts;
use littoral_core::flight::event::{Finish, Usage};
use littoral_core::plan::{Outcome, Target};
use littoral_core::record::Record;
use machines::Groups;
use requests::Kinds;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest requests of which a scenario can be made.
pub const FEWEST: usize = 20;

/// How a recorded request ended.
#[derive(Clone, Copy, Debug)]
pub struct Ended<'a> {
    /// Who finished the answer.
    pub target: &'a Target,
    /// From arrival to the first token, in milliseconds.
    pub first_token_ms: Option<f64>,
    /// From arrival to the end, in milliseconds.
    pub total_ms: f64,
    /// Tokens, where the target said.
    pub usage: Option<Usage>,
    /// Why generation ended.
    pub finish: Option<Finish>,
    /// Failovers on the way.
    pub failovers: u32,
}

/// Too little to make a scenario of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFew {
    /// What was observed.
    pub observed: usize,
    /// What it takes.
    pub needed: usize,
}

/// What was seen so far.
#[derive(Clone, Debug, Default)]
pub struct Fit {
    moments: Moments,
    kinds: Kinds,
    groups: Groups,
    clouds: Clouds,
    /// Askers, and those of them in whose sight a machine of their own was.
    askers: BTreeSet<(String, String)>,
    owners: BTreeSet<(String, String)>,
    /// Requests without a scenario's kind: those for vectors.
    left_out: usize,
    refused: BTreeMap<&'static str, u64>,
}

impl Fit {
    /// Takes a decision in, and how its request ended where that is known.
    pub fn add(&mut self, at_unix_ms: u64, record: &Record, ended: Option<&Ended<'_>>) {
        let facts = &record.facts;
        self.groups.see(at_unix_ms, facts, &record.fleet);
        self.clouds.see(&record.fleet);
        if facts.needs.embeddings {
            self.left_out += 1;
            return;
        }
        self.moments.add(at_unix_ms, facts.time);
        self.kinds.add(record, ended);
        if let Some(ended) = ended {
            self.clouds.answered(ended);
        }
        if let Outcome::Refused(refusal) = &record.decision.outcome {
            *self.refused.entry(refusal.reason.name()).or_default() += 1;
        }
        let asker = asker(facts);
        if machines::owns(facts, &record.fleet) {
            self.owners.insert(asker.clone());
        }
        self.askers.insert(asker);
    }

    /// Requests that a scenario can hold.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.moments.count()
    }
}

/// Who asks, as machines are owned.
fn asker(facts: &Facts) -> (String, String) {
    (facts.principal.tenant.clone(), facts.principal.owner.clone())
}

#[cfg(test)]
mod tests;
