//! The handle to the one SQLite file: a bounded queue in front of the writer's thread.

use super::chain::Chain;
use super::checkpoints::Checkpoints;
use super::notes::Notes;
use super::policies::{PolicyEntry, PolicyHistory};
use super::rows::{Kept, Row};
use super::schema::{self, Durability, OpenError};
use super::session_labels::Memory;
use super::writer::{self, Job, Work, Writer};
use super::{Store, StoreError, sql, unfinished};
use crate::policy_files::SourceText;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::spawn_blocking;

/// Rows and questions that may wait. At the 10 microseconds or so that a row costs in a shared
/// transaction, a full queue is under a tenth of a second of work; if it fills, the disk has stopped.
const QUEUE_LIMIT: usize = 4096;
/// How long a commit or a question may take before its caller must do without.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);
/// At most one log line about lost rows in this time.
const LOSS_LOG_INTERVAL: Duration = Duration::from_secs(10);

/// The store in one SQLite file.
///
/// Dropping it lets the writer finish what is queued, without anybody waiting for that;
/// [`SqliteStore::close`] waits.
#[derive(Debug)]
pub struct SqliteStore {
    jobs: mpsc::Sender<Job>,
    /// Calls the writer before its time.
    hurry: Arc<Notify>,
    notes: Arc<Notes>,
    durability: Durability,
    lost: Losses,
    labels: Arc<Memory>,
    path: PathBuf,
}

impl SqliteStore {
    /// Opens the database at `path` (creating it, with its folder, where missing; readable by its
    /// owner alone) and starts its writer.
    ///
    /// # Errors
    /// [`OpenError`]: in use, not a database, not ours, from a later version, or not accessible.
    pub fn open(path: &Path) -> Result<Self, OpenError> {
        Self::open_as(path, Durability::default())
    }

    /// The same, with commits that survive so much.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_as(path: &Path, durability: Durability) -> Result<Self, OpenError> {
        Self::open_with(path, durability, QUEUE_LIMIT)
    }

    pub(super) fn open_with(
        path: &Path,
        durability: Durability,
        limit: usize,
    ) -> Result<Self, OpenError> {
        let mut database = schema::open(path, durability)?;
        let (notes, noted) = Notes::open(path)?;
        let chain = unfinished::complete(&mut database, noted)
            .map_err(|why| OpenError::Receipts { path: path.into(), why })?;
        notes.clear().map_err(|source| OpenError::Io { path: path.into(), source })?;
        let (jobs, queue) = mpsc::channel(limit);
        let checkpoints = Checkpoints::start(path.into())
            .map_err(|source| OpenError::Thread { path: path.into(), source })?;
        let (hurry, notes) = (Arc::<Notify>::default(), Arc::new(notes));
        let writer = Writer {
            database,
            checkpoints,
            chain,
            notes: Arc::clone(&notes),
            hurry: Arc::clone(&hurry),
            owed: Vec::new(),
        };
        std::thread::Builder::new()
            .name("littoral-store".into())
            .spawn(move || writer::run(writer, queue))
            .map_err(|source| OpenError::Thread { path: path.into(), source })?;
        let (lost, labels) = (Losses::default(), Arc::default());
        Ok(Self { jobs, hurry, notes, durability, lost, labels, path: path.into() })
    }

    /// Rows that [`Store::record`] had no place for, since the store was opened.
    #[must_use]
    pub fn lost_rows(&self) -> u64 {
        self.lost.count.load(Ordering::Relaxed)
    }

    /// Writes everything queued so far, folds the journal into the database, and lets the file go.
    /// Every later call answers [`StoreError::Closed`].
    ///
    /// # Errors
    /// [`StoreError::Timeout`] after 5 s: the writer may still be at work.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.ask(Job::Close).await
    }

    /// The database file.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Labels of sessions that were asked for lately.
    pub(super) fn memory(&self) -> &Arc<Memory> {
        &self.labels
    }

    /// Does something on the writer's thread, on all that was recorded before, and waits for it.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection, &mut Chain) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let job = |reply: oneshot::Sender<Result<T, StoreError>>| {
            let work: Work = Box::new(move |connection, chain| {
                // A send fails where the asker stopped waiting; that is theirs to know.
                let _ = reply.send(work(connection, chain));
            });
            Job::Work(work)
        };
        self.ask(job).await
    }

    /// Reads over a connection of its own, off the async threads, all that was recorded before. The writer
    /// does not wait for it.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.work(|_, _| Ok(())).await?;
        let path = self.path.clone();
        let read = move || {
            let connection = schema::open_to_read(&path);
            work(&connection.map_err(|error| sql::database_error(&error))?)
        };
        spawn_blocking(read).await.map_err(|_| StoreError::Closed)?
    }

    /// Whether the queue is half full.
    fn is_long(&self) -> bool {
        self.jobs.capacity() <= self.jobs.max_capacity() / 2
    }

    /// Queues a job and waits for its answer, both within one bound.
    async fn ask<T>(
        &self,
        job: impl FnOnce(oneshot::Sender<Result<T, StoreError>>) -> Job,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let exchange = async {
            self.jobs.send(job(reply)).await.map_err(|_| StoreError::Closed)?;
            self.hurry.notify_one();
            answer.await.map_err(|_| StoreError::Closed)?
        };
        let limit_ms = u64::try_from(ANSWER_LIMIT.as_millis()).unwrap_or(u64::MAX);
        tokio::time::timeout(ANSWER_LIMIT, exchange)
            .await
            .unwrap_or(Err(StoreError::Timeout { limit_ms }))
    }
}

impl Store for SqliteStore {
    fn record(&self, row: Row) -> Result<(), StoreError> {
        match self.jobs.try_send(Job::Record(Box::new(row))) {
            Ok(()) => {
                if self.is_long() {
                    self.hurry.notify_one();
                }
                Ok(())
            }
            Err(TrySendError::Closed(_)) => Err(StoreError::Closed),
            Err(TrySendError::Full(_)) => {
                self.lost.one_more();
                Err(StoreError::Full)
            }
        }
    }

    fn commit(&self, row: Row) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.ask(|reply| Job::Commit(Box::new(row), reply)))
    }

    fn note(&self, row: Row) -> BoxFuture<'_, Result<(), StoreError>> {
        // A note is written and not synced: a loss of power would undo it. And where the queue is half full, whoever
        // wants to send waits for the writer, so that there is room for what they have to tell afterwards.
        let may = self.durability == Durability::Kill && !self.is_long();
        let place = may.then(|| self.jobs.try_reserve().ok()).flatten();
        match place.and_then(|place| Some((place, self.notes.append(&row)?))) {
            Some((place, noted)) => {
                place.send(Job::Noted(Box::new(row), noted));
                Box::pin(std::future::ready(Ok(())))
            }
            None => self.commit(row),
        }
    }

    fn find<'a>(
        &'a self,
        request_id: &'a str,
        principal_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<Kept>, StoreError>> {
        let request_id = request_id.to_owned();
        let principal_key = principal_key.map(str::to_owned);
        Box::pin(self.ask(|reply| Job::Find { request_id, principal_key, reply }))
    }
}

impl PolicyHistory for SqliteStore {
    fn append(
        &self,
        entry: PolicyEntry,
        sources: Vec<SourceText>,
    ) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.ask(|reply| Job::AppendPolicy { entry: Box::new(entry), sources, reply }))
    }

    fn latest(&self, limit: u32) -> BoxFuture<'_, Result<Vec<PolicyEntry>, StoreError>> {
        Box::pin(self.ask(move |reply| Job::LatestPolicies { limit, reply }))
    }

    fn sources(&self, hash: &str) -> BoxFuture<'_, Result<Option<Vec<SourceText>>, StoreError>> {
        let hash = hash.to_owned();
        Box::pin(self.ask(|reply| Job::PolicySources { hash, reply }))
    }
}

/// Counts lost rows, and logs them now and then: a full disk must not fill the log as well.
#[derive(Debug, Default)]
struct Losses {
    count: AtomicU64,
    last_logged: Mutex<Option<Instant>>,
}

impl Losses {
    fn one_more(&self) {
        let lost = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let mut last = self.last_logged.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|at| at.elapsed() >= LOSS_LOG_INTERVAL) {
            *last = Some(Instant::now());
            tracing::warn!(lost, "the store's queue is full: rows are being lost");
        }
    }
}
