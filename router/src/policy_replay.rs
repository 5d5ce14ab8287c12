//! What a policy would change for the requests of the past: the store's records, decided again under
//! two policies by [`littoral_sim::replay`].
//!
//! Deciding is pure, so nobody is asked and nothing is sent. It costs processor time that running
//! requests need as well, so one replay runs at a time, a page of records after the other, off the
//! async threads and within a bound; whoever asked and goes away ends it with its page.

mod recorded;
#[cfg(test)]
pub(crate) mod tests;

use crate::store::{DecisionLog, Logged, Page, Place, StoreError, When};
use littoral_core::policy::Policy;
use littoral_sim::replay::{Changed, Counts, Replay, Summary};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

/// Requests of a page. Their records are in memory together.
const PAGE: u32 = 128;
/// Longest work of one replay.
const LONGEST: Duration = Duration::from_secs(600);

/// Replays requests from the log of decisions, one replay at a time.
#[derive(Clone)]
pub struct Replays {
    log: Arc<dyn DecisionLog>,
    turn: Arc<Semaphore>,
    longest: Duration,
}

/// Which policies, over which requests.
#[derive(Clone, Debug)]
pub struct Question {
    /// The policy that it is compared with.
    pub before: Arc<Policy>,
    /// The policy that would rule.
    pub after: Arc<Policy>,
    /// Only requests decided then.
    pub when: When,
    /// At most so many requests, the newest ones.
    pub limit: u32,
    /// At most so many of those that change are told.
    pub most_changes: usize,
}

/// Why there is no replay.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoReplay {
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

/// A replay that runs, as long as somebody asks for its next step.
pub struct Running {
    log: Arc<dyn DecisionLog>,
    when: When,
    behind: Option<Place>,
    most_changes: usize,
    read: u64,
    of: u64,
    until: Instant,
    /// Absent after a step that failed.
    work: Option<Work>,
}

/// What a thread works on. It keeps its turn, so that a page that nobody waits for any more is not worked
/// on beside the next replay.
struct Work {
    replay: Replay,
    _turn: OwnedSemaphorePermit,
}

/// What came of a replay.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// All sums, with their intervals.
    pub summary: Summary,
    /// Requests that change, those that would newly reach a cloud first.
    pub changes: Vec<Changed>,
    /// The time was over before all requests were looked at.
    pub cut_short: bool,
}

impl Replays {
    /// Over this log.
    #[must_use]
    pub fn of(log: Arc<dyn DecisionLog>) -> Self {
        Self { log, turn: Arc::new(Semaphore::new(1)), longest: LONGEST }
    }

    /// Begins one.
    ///
    /// # Errors
    /// [`NoReplay`].
    pub async fn begin(&self, question: Question) -> Result<Running, NoReplay> {
        let turn = Arc::clone(&self.turn).try_acquire_owned().map_err(|_| NoReplay::Busy)?;
        let Question { before, after, when, limit, most_changes } = question;
        Ok(Running {
            log: Arc::clone(&self.log),
            when,
            behind: None,
            most_changes,
            read: 0,
            of: self.log.count(when, limit).await?,
            until: Instant::now() + self.longest,
            work: Some(Work { replay: Replay::new(before, after, most_changes), _turn: turn }),
        })
    }

    /// Decides the requests again, and tells those whose route changes in the order of the log.
    ///
    /// # Errors
    /// [`NoReplay`].
    pub async fn compare(&self, question: Question) -> Result<(Counts, Vec<Changed>), NoReplay> {
        let mut running = self.begin(question).await?;
        while running.step().await? {}
        let work = running.work.ok_or(NoReplay::CutOff)?;
        Ok((*work.replay.counts(), work.replay.changes(running.most_changes)))
    }
}

impl Running {
    /// Requests looked at so far, and of how many.
    #[must_use]
    pub fn progress(&self) -> (u64, u64) {
        (self.read, self.of)
    }

    /// Looks at the next page; false if there was none, or no time for one.
    ///
    /// # Errors
    /// [`NoReplay`]; then it is over.
    pub async fn step(&mut self) -> Result<bool, NoReplay> {
        let left = u32::try_from(self.of.saturating_sub(self.read)).unwrap_or(u32::MAX);
        if left == 0 || Instant::now() >= self.until {
            return Ok(false);
        }
        let page = Page { limit: left.min(PAGE), when: self.when, behind: self.behind };
        let logged = self.log.recent(page).await?;
        let Some(last) = logged.last() else {
            // Retention took the rest while this ran.
            self.of = self.read;
            return Ok(false);
        };
        self.behind = Some(last.place);
        self.read += logged.len() as u64;
        self.on_a_thread(move |work| look_at(&mut work.replay, &logged)).await?;
        Ok(true)
    }

    /// Sums up.
    ///
    /// # Errors
    /// [`NoReplay::CutOff`].
    pub async fn finish(mut self) -> Result<Outcome, NoReplay> {
        let (most, cut_short) = (self.most_changes, self.read < self.of);
        self.on_a_thread(move |work| Outcome {
            summary: work.replay.summary(),
            changes: work.replay.changes_newly_cloud_first(most),
            cut_short,
        })
        .await
    }

    async fn on_a_thread<T: Send + 'static>(
        &mut self,
        job: impl FnOnce(&mut Work) -> T + Send + 'static,
    ) -> Result<T, NoReplay> {
        let mut work = self.work.take().ok_or(NoReplay::CutOff)?;
        let done = spawn_blocking(move || (job(&mut work), work));
        let (done, work) = done.await.map_err(|_| NoReplay::CutOff)?;
        self.work = Some(work);
        Ok(done)
    }
}

fn look_at(replay: &mut Replay, logged: &[Logged]) {
    for logged in logged {
        match recorded::of(logged) {
            Some(recorded) => replay.add(&recorded),
            None => replay.unreplayable(),
        }
    }
}
