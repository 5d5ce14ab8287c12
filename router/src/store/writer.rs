//! The one thread that touches the database.
//!
//! What nobody waits for it lets queue up for a moment; then it takes all that is there, writes it in one
//! transaction, and only then answers: a transaction costs about the same for one row and for a hundred. Whoever
//! waits calls it at once. A row that cannot be written fails alone, the others of its transaction stand; one that
//! is noted beside the database was promised, and is tried again before anything else. A question closes the
//! transaction first, so it sees exactly what is durable.

mod batch;

use super::StoreError;
use super::chain::Chain;
use super::checkpoints::Checkpoints;
use super::notes::{Noted, Notes};
use super::policies::{self, PolicyEntry};
use super::rows::{Kept, Row};
use super::schema::Database;
use super::sql;
use crate::policy_files::SourceText;
use batch::transact;
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::{self, Runtime};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::timeout;

/// Rows in one transaction at most, so that the first in line is not kept waiting by the last.
const ROWS_A_TRANSACTION: usize = 512;

/// How long rows that nobody waits for queue up. It is also the longest time from which a killed router has
/// nothing but notes.
const LINGER: Duration = Duration::from_millis(3);

/// Whoever waits for an answer.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// One thing for the thread to do.
pub(super) enum Job {
    /// Write a row; nobody waits.
    Record(Box<Row>),
    /// Write a row that is noted.
    Noted(Box<Row>, Noted),
    /// Write a row and answer once it is durable.
    Commit(Box<Row>, Reply<()>),
    /// Look a request up.
    Find {
        /// Which request.
        request_id: String,
        /// Whose, unless anybody's.
        principal_key: Option<String>,
        /// Who waits.
        reply: Reply<Option<Kept>>,
    },
    /// Append to the log of policies, and answer once it is durable.
    AppendPolicy {
        /// The entry.
        entry: Box<PolicyEntry>,
        /// The policy's files.
        sources: Vec<SourceText>,
        /// Who waits.
        reply: Reply<()>,
    },
    /// Read the end of the log of policies.
    LatestPolicies {
        /// At most this many.
        limit: u32,
        /// Who waits.
        reply: Reply<Vec<PolicyEntry>>,
    },
    /// Look the files of a policy up.
    PolicySources {
        /// Which policy.
        hash: String,
        /// Who waits.
        reply: Reply<Option<Vec<SourceText>>>,
    },
    /// Anything else: done on what is durable, and answered by itself.
    Work(Work),
    /// Write what is queued, then end.
    Close(Reply<()>),
}

/// Something to do with the database and with the end of the chain of receipts.
pub(super) type Work = Box<dyn FnOnce(&mut Connection, &mut Chain) + Send>;

/// What the thread works with.
pub(super) struct Writer {
    pub database: Database,
    pub checkpoints: Checkpoints,
    pub chain: Chain,
    pub notes: Arc<Notes>,
    /// Somebody waits, or the queue is long.
    pub hurry: Arc<Notify>,
    /// Rows that are noted and that the database refused, in order.
    pub owed: Vec<Job>,
}

/// Runs until closed, or until every sender is gone and the queue is empty.
pub(super) fn run(mut writer: Writer, mut jobs: mpsc::Receiver<Job>) {
    // Without a timer every transaction is begun at once: slower, and right.
    let timer = runtime::Builder::new_current_thread().enable_time().build().ok();
    let mut next = jobs.blocking_recv();
    while let Some(job) = next.take() {
        match job {
            Job::Record(_) | Job::Noted(..) | Job::Commit(..) => {
                if !matches!(job, Job::Commit(..)) && jobs.len() < ROWS_A_TRANSACTION {
                    linger(&writer.hurry, timer.as_ref());
                }
                next = writer.write_queued(Some(job), &mut jobs);
            }
            Job::Find { request_id, principal_key, reply } => {
                let connection = &writer.database.connection;
                let found = sql::find(connection, &request_id, principal_key.as_deref());
                // A send fails where the asker stopped waiting; that is theirs to know.
                let _ = reply.send(found);
            }
            Job::AppendPolicy { entry, sources, reply } => {
                let _ = reply.send(policies::append(&writer.database.connection, &entry, sources));
            }
            Job::LatestPolicies { limit, reply } => {
                let _ = reply.send(policies::latest(&writer.database.connection, limit));
            }
            Job::PolicySources { hash, reply } => {
                let _ = reply.send(policies::sources(&writer.database.connection, &hash));
            }
            Job::Work(work) => work(&mut writer.database.connection, &mut writer.chain),
            Job::Close(reply) => return writer.close(jobs, reply),
        }
        if next.is_none() {
            next = jobs.blocking_recv();
        }
    }
}

/// Lets rows queue up until somebody is in a hurry.
fn linger(hurry: &Notify, timer: Option<&Runtime>) {
    if let Some(timer) = timer {
        // Whether it was the time or somebody, the queue is looked at next.
        let _ = timer.block_on(async { timeout(LINGER, hurry.notified()).await });
    }
}

impl Writer {
    /// Writes what is owed, `first`, and the rows queued behind it in one transaction, or in as many as it takes
    /// where much is owed. Returns the first job that is no row, if it met one.
    fn write_queued(&mut self, first: Option<Job>, jobs: &mut mpsc::Receiver<Job>) -> Option<Job> {
        let mut rows = std::mem::take(&mut self.owed);
        rows.extend(first);
        let mut then = None;
        while then.is_none() && !rows.is_empty() {
            let batch = transact(&mut self.database.connection, &mut self.chain, rows, jobs);
            self.answer(batch.written, &batch.committed);
            for (job, error) in batch.refused {
                self.answer(vec![job], &Err(error));
            }
            self.checkpoints.committed(&self.database.connection);
            (rows, then) = (batch.unread, batch.then);
        }
        self.notes.refused(!self.owed.is_empty());
        then
    }

    /// Tells whoever waits. What was noted and is not written is owed.
    fn answer(&mut self, jobs: Vec<Job>, result: &Result<(), StoreError>) {
        for job in jobs {
            match (job, result) {
                (Job::Commit(_, reply), _) => {
                    let _ = reply.send(result.clone());
                }
                (Job::Noted(_, noted), Ok(())) => self.notes.taken_in(noted),
                (job @ Job::Noted(..), Err(error)) => {
                    tracing::warn!(%error, "an intent is noted, and not yet in the database");
                    self.owed.push(job);
                }
                (Job::Record(_), Err(error)) => tracing::warn!(%error, "a row was not stored"),
                _ => {}
            }
        }
    }

    /// The end: what is owed is tried once more, the journal folded, the file let go.
    fn close(mut self, mut jobs: mpsc::Receiver<Job>, reply: Reply<()>) {
        jobs.close();
        // Jobs that were queued behind the close hear "closed", by their dropped reply.
        while jobs.try_recv().is_ok() {}
        if !self.owed.is_empty() {
            self.write_queued(None, &mut jobs);
        }
        drop((jobs, self.checkpoints));
        let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
        let flushed = self.database.connection.query_row(checkpoint, [], |_| Ok(()));
        drop(self.database);
        let _ = reply.send(flushed.map_err(|error| sql::database_error(&error)));
    }
}
