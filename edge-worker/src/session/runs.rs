//! The assignments of one session.
//!
//! They live and die with it: dropping the table cancels every one at once. An answer cannot be
//! delivered over another session (its number belongs to this one, and the router plans it anew
//! when the session is lost), so letting an orphan run on would only burn battery and hold a slot.

use super::outbox::Unsendable;
use super::running::{self, Surroundings};
use std::collections::HashMap;
use tokio::task::{Id, JoinSet};
use tokio_util::sync::CancellationToken;

/// Running assignments, by number.
pub(super) struct Runs {
    tasks: JoinSet<Result<(), Unsendable>>,
    numbers: HashMap<Id, u64>,
    cancels: HashMap<u64, CancellationToken>,
    limit: usize,
}

/// Why an assignment was not started.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotStarted {
    /// As many run or wait as all slots and queues can hold.
    Full,
    /// Its number is in use.
    Duplicate,
}

/// The end of an assignment's task.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Ended {
    /// It said all it had to say.
    Told,
    /// Its messages cannot be sent.
    Unsendable,
    /// It broke before it could say how it ended.
    Broken(u64),
}

impl Runs {
    /// A table for at most `limit` assignments at once.
    pub(super) fn new(limit: usize) -> Self {
        let (tasks, numbers, cancels) = Default::default();
        Self { tasks, numbers, cancels, limit }
    }

    /// Starts assignment `id`.
    pub(super) fn start(
        &mut self,
        id: u64,
        payload: Vec<u8>,
        around: &Surroundings,
    ) -> Result<(), NotStarted> {
        if self.cancels.contains_key(&id) {
            return Err(NotStarted::Duplicate);
        }
        if self.cancels.len() >= self.limit {
            return Err(NotStarted::Full);
        }
        let cancel = CancellationToken::new();
        let task = self.tasks.spawn(running::run(id, payload, cancel.clone(), around.clone()));
        self.numbers.insert(task.id(), id);
        self.cancels.insert(id, cancel);
        Ok(())
    }

    /// Cancels assignment `id`; does nothing if it has ended.
    pub(super) fn cancel(&self, id: u64) {
        if let Some(cancel) = self.cancels.get(&id) {
            cancel.cancel();
        }
    }

    /// True if `id` is running.
    pub(super) fn holds(&self, id: u64) -> bool {
        self.cancels.contains_key(&id)
    }

    /// True if nothing runs.
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// The next one to end; `None` at once if nothing runs. Safe to drop between polls.
    pub(super) async fn ended(&mut self) -> Option<Ended> {
        let joined = self.tasks.join_next_with_id().await?;
        let task = joined.as_ref().map_or_else(tokio::task::JoinError::id, |(task, _)| *task);
        let number = self.numbers.remove(&task);
        if let Some(number) = number {
            self.cancels.remove(&number);
        }
        Some(match (joined, number) {
            (Ok((_, Ok(()))), _) | (Err(_), None) => Ended::Told,
            (Ok((_, Err(Unsendable))), _) => Ended::Unsendable,
            (Err(_), Some(number)) => Ended::Broken(number),
        })
    }
}
