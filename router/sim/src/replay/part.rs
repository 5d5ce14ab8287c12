//! What is counted of one part of the requests: two sides, and how predictions compared with what happened.

use super::calibration::Pairs;
use super::kinds::Kinds;
use super::recorded::Recorded;
use super::side::Side;
use littoral_core::plan::Decision;

/// Sums over some requests.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Requests.
    pub requests: u64,
    /// Under the policy that is compared with, and under the proposed one.
    pub sides: [Side; 2],
    /// Predictions and what came of them, by kind of target.
    pub pairs: Vec<Pairs>,
}

impl Part {
    /// Counts a request that was decided again under both policies.
    pub fn add(&mut self, kinds: &mut Kinds, recorded: &Recorded, decisions: [&Decision; 2]) {
        self.requests += 1;
        if let Some((attempt, answered, actual)) = recorded.pair() {
            let kind = kinds.of(attempt.tier, &attempt.target);
            let pairs = grown(&mut self.pairs, kind);
            pairs.add(attempt, answered, actual, recorded.record.facts.prompt_bytes);
        }
        for (side, decision) in self.sides.iter_mut().zip(decisions) {
            side.add(kinds, recorded, decision);
        }
    }

    /// Counts all of another part too.
    pub fn merge(&mut self, other: &Self) {
        self.requests += other.requests;
        for (side, other) in self.sides.iter_mut().zip(&other.sides) {
            side.merge(other);
        }
        for (kind, pairs) in other.pairs.iter().enumerate() {
            grown(&mut self.pairs, kind).merge(pairs);
        }
    }
}

/// The thing of this number in a list that grows to hold it.
pub(super) fn grown<T: Default>(list: &mut Vec<T>, at: usize) -> &mut T {
    if list.len() <= at {
        list.resize_with(at + 1, T::default);
    }
    &mut list[at]
}
