//! What a policy would change for the requests of the past: the store's records, decided again under
//! two policies.
//!
//! Deciding is pure, so nobody is asked and nothing is sent. It costs processor time that running
//! requests need as well, so one comparison runs at a time, a page of records after the other, off the
//! async threads; whoever asked and goes away ends it with its page.

use crate::store::{DecisionLog, Logged, Page, StoreError};
use littoral_core::policy::Policy;
use littoral_core::record::{Change, CloudChange, change};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

/// Requests that are looked at where the asker names no number.
const USUAL_REQUESTS: u32 = 1_000;
/// Most requests that are looked at.
const MOST_REQUESTS: u32 = 10_000;
/// Most changes that are told; more are counted.
const MOST_CHANGES: usize = 200;
/// Requests of a page. Their records are in memory together.
const PAGE: u32 = 128;

/// Compares policies over the log of decisions, one comparison at a time.
#[derive(Clone)]
pub struct Comparisons {
    log: Arc<dyn DecisionLog>,
    turn: Arc<Semaphore>,
}

/// Which policies, over which requests.
#[derive(Clone, Debug)]
pub struct Question {
    /// The policy that it is compared with.
    pub before: Arc<Policy>,
    /// The policy that would rule.
    pub after: Arc<Policy>,
    /// At most so many requests, the newest ones; 0 is 1,000, and more than 10,000 never are.
    pub limit: u32,
    /// Only requests decided at this moment or later, in milliseconds since the Unix epoch.
    pub since_unix_ms: u64,
}

/// What would change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Requests decided again.
    pub considered: u32,
    /// Of these, how many would take another route.
    pub changed: u32,
    /// Requests whose record is of another build.
    pub unreplayable: u32,
    /// Of the changed ones, how many have a cloud in their plan now that had none.
    pub newly_cloud: u32,
    /// And how many the other way round.
    pub no_longer_cloud: u32,
    /// The newest changes, at most 200.
    pub changes: Vec<Changed>,
}

/// A request that would take another route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The request.
    pub request_id: String,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// What would change.
    pub change: Change,
}

/// Why there is no comparison.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// Another one runs.
    #[error("another comparison of policies runs; ask again when it has ended")]
    Busy,
    /// The records cannot be read.
    #[error("failed to read the recorded decisions: {0}")]
    Store(#[from] StoreError),
    /// The router ends.
    #[error("the router ends; ask again when it is back")]
    CutOff,
}

impl Comparisons {
    /// Over this log.
    #[must_use]
    pub fn of(log: Arc<dyn DecisionLog>) -> Self {
        Self { log, turn: Arc::new(Semaphore::new(1)) }
    }

    /// Decides the requests again.
    ///
    /// # Errors
    /// [`DiffError`].
    pub async fn compare(&self, question: Question) -> Result<Difference, DiffError> {
        let _turn = self.turn.try_acquire().map_err(|_| DiffError::Busy)?;
        let mut left = match question.limit {
            0 => USUAL_REQUESTS,
            limit => limit.min(MOST_REQUESTS),
        };
        let mut difference = Difference::default();
        let mut behind = None;
        while left > 0 {
            let since_unix_ms = question.since_unix_ms;
            let page = Page { limit: left.min(PAGE), since_unix_ms, behind };
            let logged = self.log.recent(page).await?;
            let Some(last) = logged.last() else { break };
            behind = Some(last.place);
            left = left.saturating_sub(u32::try_from(logged.len()).unwrap_or(u32::MAX));
            let (before, after) = (Arc::clone(&question.before), Arc::clone(&question.after));
            let work = spawn_blocking(move || {
                logged.iter().for_each(|logged| difference.add(logged, &before, &after));
                difference
            });
            difference = work.await.map_err(|_| DiffError::CutOff)?;
        }
        Ok(difference)
    }
}

impl Difference {
    fn add(&mut self, logged: &Logged, before: &Policy, after: &Policy) {
        let Some(record) = logged.record() else {
            self.unreplayable += 1;
            return;
        };
        self.considered += 1;
        let Some(change) = change(&record, before, after) else { return };
        self.changed += 1;
        match change.cloud {
            CloudChange::Appears => self.newly_cloud += 1,
            CloudChange::Disappears => self.no_longer_cloud += 1,
            CloudChange::Same => {}
        }
        if self.changes.len() < MOST_CHANGES {
            let (request_id, at_unix_ms) = (logged.request_id.clone(), logged.at_unix_ms);
            self.changes.push(Changed { request_id, at_unix_ms, change });
        }
    }
}
