//! Everything learned, of every target and every alias, in bounded memory.
//!
//! An entry of a target takes about three kilobytes, most of it the sketch of its gaps; it is boxed, so that
//! the tree moves a pointer. Who was never seen is answered for by the shipped priors, which are wide.

use super::observation::Observation;
use super::prior::{ANSWER_TOKENS, TargetPriors};
use super::recent::Recent;
use super::target::{AnswerLengths, TargetEstimates};
use std::time::Duration;

/// Estimates by (target, pool), and lengths by (alias, tenant).
#[derive(Clone, Debug)]
pub struct Estimates {
    targets: Recent<Box<TargetEstimates>>,
    lengths: Recent<AnswerLengths>,
    unseen_target: TargetEstimates,
    unseen_lengths: AnswerLengths,
}

impl Default for Estimates {
    fn default() -> Self {
        Self::new(Self::ENTRIES)
    }
}

impl Estimates {
    /// Entries of each kind that the default keeps: some 50 megabytes when full.
    pub const ENTRIES: usize = 16_384;

    /// A store that keeps at most so many targets, and as many lengths.
    #[must_use]
    pub fn new(most_entries: usize) -> Self {
        Self {
            targets: Recent::new(most_entries),
            lengths: Recent::new(most_entries),
            unseen_target: TargetEstimates::new(&TargetPriors::default()),
            unseen_lengths: AnswerLengths::new(ANSWER_TOKENS),
        }
    }

    /// Puts the catalogue's word in place for a target, at its start or when the catalogue changes.
    /// What was learned before is forgotten, so it is not for every heartbeat.
    pub fn expect(&mut self, target: &str, pool: &str, priors: &TargetPriors, now: Duration) {
        let make = || Box::new(TargetEstimates::new(priors));
        self.targets.change((target, pool), now, make, |known| {
            **known = TargetEstimates::new(priors);
        });
    }

    /// Learns from an answered request.
    pub fn observe(&mut self, seen: &Observation<'_>, now: Duration) {
        let Self { targets, lengths, unseen_target, unseen_lengths } = self;
        let target = (seen.target, seen.pool);
        targets.change(
            target,
            now,
            || Box::new(unseen_target.clone()),
            |known| {
                known.observe(seen, now);
            },
        );
        lengths.change(
            (seen.alias, seen.tenant),
            now,
            || *unseen_lengths,
            |known| {
                known.observe(seen, now);
            },
        );
    }

    /// A known target measured itself, because it got too little work to show its speed.
    pub fn measured(&mut self, target: &str, pool: &str, tokens_per_s: f64, now: Duration) {
        if self.targets.get(target, pool).is_none() {
            return;
        }
        let unseen = &self.unseen_target;
        let make = || Box::new(unseen.clone());
        self.targets.change((target, pool), now, make, |known| known.measured(tokens_per_s, now));
    }

    /// What was learned of a target, where anything was.
    #[must_use]
    pub fn target(&self, target: &str, pool: &str) -> Option<&TargetEstimates> {
        self.targets.get(target, pool).map(AsRef::as_ref)
    }

    /// What was learned of the answers of an alias to a tenant, where anything was.
    #[must_use]
    pub fn lengths(&self, alias: &str, tenant: &str) -> Option<&AnswerLengths> {
        self.lengths.get(alias, tenant)
    }

    /// Targets and lengths that are held.
    #[must_use]
    pub fn len(&self) -> (usize, usize) {
        (self.targets.len(), self.lengths.len())
    }
}
