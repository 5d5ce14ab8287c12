//! Requests of the past under another policy: what it would have cost, how long people would have waited, what
//! would have left, and which requests would have gone elsewhere.
//!
//! Every recorded decision is made again, from its own facts, fleet, moment and seed, under two policies
//! ([`Record::under`](littoral_core::record::Record::under)): the one that it is compared with, usually the one
//! in force, and the proposed one. That gives two **sides**. On each side a request is one of three:
//!
//! - **kept**: it would have been asked as it really was, so what really happened is counted;
//! - **predicted**: it would have been asked otherwise, so what that decision predicts is counted, times how far
//!   predictions of such targets were off in these very records (`calibration`);
//! - **refused**, by the side's own decision.
//!
//! Records are looked at once, in any order, and none is held: sums and histograms are kept in twenty
//! parts, and what differs between the parts tells how sure the sums are (`jackknife`). A million
//! requests need no more memory than a thousand.
//!
//! Not known from records: what the changed load would do to queues, caches and budgets; workers that the
//! record left out because the policy of the time did not look at them; whether an answer that is predicted
//! would have failed. Scenarios are for these.

mod calibration;
mod changes;
mod estimate;
mod jackknife;
mod kinds;
mod names;
mod part;
mod recorded;
mod side;
mod spread;
mod summary;

pub use changes::Changed;
pub use names::{assertable, is_metric};
pub use recorded::{Actual, Answered, Ended, Recorded};
pub use summary::{Basis, Calibrated, Counts, Metric, Summary};

use changes::Changes;
use jackknife::PARTS;
use kinds::Kinds;
use littoral_core::policy::Policy;
use littoral_core::record::{Change, CloudChange};
use part::Part;
use std::sync::Arc;

/// Seed of the division into parts.
pub const SEED: u64 = 1;

/// A replay on its way: records go in, sums come out.
#[derive(Debug)]
pub struct Replay {
    before: Arc<Policy>,
    after: Arc<Policy>,
    counts: Counts,
    /// Of the records that were looked at, the earliest moment and the latest, in milliseconds since the
    /// Unix epoch.
    between_unix_ms: Option<(u64, u64)>,
    kinds: Kinds,
    parts: Vec<Part>,
    changes: Changes,
}

impl Replay {
    /// Begins: what would `after` change where `before` rules? Of the requests that change, at most so many
    /// are kept by name on either side of the question whether they newly reach a cloud.
    #[must_use]
    pub fn new(before: Arc<Policy>, after: Arc<Policy>, most_changes: usize) -> Self {
        Self {
            before,
            after,
            counts: Counts::default(),
            between_unix_ms: None,
            kinds: Kinds::default(),
            parts: (0..PARTS).map(|_| Part::default()).collect(),
            changes: Changes::at_most(most_changes),
        }
    }

    /// Decides all of these again. Of a record of another build nothing can be said: see
    /// [`Self::unreplayable`].
    pub fn take(&mut self, records: impl IntoIterator<Item = Recorded>) {
        records.into_iter().for_each(|recorded| self.add(&recorded));
    }

    /// A request whose record is of another build.
    pub const fn unreplayable(&mut self) {
        self.counts.unreplayable += 1;
    }

    /// Decides one request again, under both policies.
    pub fn add(&mut self, recorded: &Recorded) {
        let before = recorded.record.under(&self.before);
        let after = recorded.record.under(&self.after);
        let number = self.counts.considered;
        self.counts.considered += 1;
        if recorded.record.decision.policy_hash == *self.before.hash() {
            self.counts.decided_under_compared += 1;
            self.counts.not_reproduced += u64::from(recorded.record.decision != before);
        }
        let at = recorded.at_unix_ms;
        let (first, last) = self.between_unix_ms.unwrap_or((at, at));
        self.between_unix_ms = Some((first.min(at), last.max(at)));
        if let Some(part) = self.parts.get_mut(jackknife::part_of(number)) {
            part.add(&mut self.kinds, recorded, [&before, &after]);
        }
        let Some(change) = Change::between(&before, &after) else { return };
        self.counts.changed += 1;
        match change.cloud {
            CloudChange::Appears => self.counts.newly_cloud += 1,
            CloudChange::Disappears => self.counts.no_longer_cloud += 1,
            CloudChange::Same => {}
        }
        self.changes.add(recorded, change);
    }

    /// How many requests were looked at, and what became of them.
    #[must_use]
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    /// At most so many of the requests that change, in the order in which they were looked at.
    #[must_use]
    pub fn changes(&self, most: usize) -> Vec<Changed> {
        self.changes.in_order(most)
    }

    /// At most so many of the requests that change: those that would newly reach a cloud first, each in the order in
    /// which they were looked at.
    #[must_use]
    pub fn changes_newly_cloud_first(&self, most: usize) -> Vec<Changed> {
        self.changes.newly_cloud_first(most)
    }

    /// All sums, with their intervals.
    #[must_use]
    pub fn summary(&self) -> Summary {
        summary::of(&self.counts, self.between_unix_ms, &self.kinds, &self.parts)
    }
}

#[cfg(test)]
mod tests;
