//! The one thread that touches the database.
//!
//! It takes what has queued up, writes it in one transaction, and only then answers: a commit's cost
//! is paid once for everybody who waits (an fsync or a WAL append costs the same for one row and for
//! a hundred). Decisions, which nobody waits for, stay in the open transaction a moment, for the commit
//! of the intent that mostly follows. A row that cannot be written fails alone, the others of its transaction stand. A
//! question closes the transaction first, so it sees exactly what is durable.

use super::StoreError;
use super::chain::Chain;
use super::checkpoints::Checkpoints;
use super::policies::{self, PolicyEntry};
use super::rows::{Kept, Row};
use super::schema::Database;
use super::sql;
use crate::policy_files::SourceText;
use rusqlite::{Connection, TransactionBehavior};
use std::time::Duration;
use tokio::runtime::{self, Runtime};
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

/// Rows in one transaction at most, so that the first in line is not kept waiting by the last.
const ROWS_A_TRANSACTION: usize = 512;

/// Longest wait of decisions for an intent to be committed with.
const LINGER: Duration = Duration::from_millis(2);

/// Whoever waits for an answer.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// One thing for the thread to do.
pub(super) enum Job {
    /// Write a row; nobody waits.
    Record(Box<Row>),
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

/// Runs until closed, or until every sender is gone and the queue is empty.
pub(super) fn run(
    (mut database, mut checkpoints): (Database, Checkpoints),
    mut chain: Chain,
    mut jobs: mpsc::Receiver<Job>,
) {
    // Without a timer every transaction is committed at once: slower, and right.
    let timer = runtime::Builder::new_current_thread().enable_time().build().ok();
    let mut next = jobs.blocking_recv();
    while let Some(job) = next.take() {
        match job {
            Job::Record(_) | Job::Commit(..) => {
                let queue = (&mut jobs, timer.as_ref());
                let (rows, then) = write_queued(&mut database.connection, &mut chain, job, queue);
                checkpoints.committed(rows, &database.connection);
                next = then;
            }
            Job::Find { request_id, principal_key, reply } => {
                let found = sql::find(&database.connection, &request_id, principal_key.as_deref());
                // A send fails where the asker stopped waiting; that is theirs to know.
                let _ = reply.send(found);
            }
            Job::AppendPolicy { entry, sources, reply } => {
                let _ = reply.send(policies::append(&database.connection, &entry, sources));
            }
            Job::LatestPolicies { limit, reply } => {
                let _ = reply.send(policies::latest(&database.connection, limit));
            }
            Job::PolicySources { hash, reply } => {
                let _ = reply.send(policies::sources(&database.connection, &hash));
            }
            Job::Work(work) => work(&mut database.connection, &mut chain),
            Job::Close(reply) => {
                jobs.close();
                // Jobs that were queued behind the close hear "closed", by their dropped reply.
                drop(jobs);
                drop(checkpoints);
                let checkpoint = "PRAGMA wal_checkpoint(TRUNCATE)";
                let flushed = database.connection.query_row(checkpoint, [], |_| Ok(()));
                drop(database);
                let _ = reply.send(flushed.map_err(|error| sql::database_error(&error)));
                return;
            }
        }
        if next.is_none() {
            next = jobs.blocking_recv();
        }
    }
}

/// Writes `first` and the rows queued behind it in one transaction. Returns how many it wrote, and the first
/// job that is no row, if it met one.
fn write_queued(
    connection: &mut Connection,
    chain: &mut Chain,
    first: Job,
    (jobs, timer): (&mut mpsc::Receiver<Job>, Option<&Runtime>),
) -> (usize, Option<Job>) {
    let begun = Instant::now();
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => {
            answer(vec![first], &Err(sql::database_error(&error)));
            return (0, None);
        }
    };
    let (mut written, mut may_wait) = (Vec::new(), true);
    let mut next = Some(first);
    while let Some(job) = next.take() {
        let (Job::Record(row) | Job::Commit(row, _)) = &job else {
            next = Some(job);
            break;
        };
        match write(&transaction, chain, row) {
            Ok(()) => {
                may_wait &= matches!(&job, Job::Record(row) if matches!(**row, Row::Decided(_)));
                written.push(job);
            }
            Err(error) => answer(vec![job], &Err(error)),
        }
        // On a full disk SQLite rolls everything back by itself, and the commit below says so.
        if transaction.is_autocommit() || written.len() == ROWS_A_TRANSACTION {
            break;
        }
        next = jobs.try_recv().ok();
        if let (None, true, Some(timer)) = (&next, may_wait, timer) {
            let more = async { timeout_at(begun + LINGER, jobs.recv()).await };
            next = timer.block_on(more).ok().flatten();
        }
    }
    let committed = transaction.commit().map_err(|error| sql::database_error(&error));
    if committed.is_err() {
        chain.forget();
    }
    let rows = written.len();
    answer(written, &committed);
    (rows, next)
}

/// Writes a row. What belongs together is there or not: the end of a request and its receipt in the chain,
/// an intent and what budgets hold for it, all that a request took.
fn write(connection: &Connection, chain: &mut Chain, row: &Row) -> Result<(), StoreError> {
    if matches!(row, Row::Decided(_) | Row::Intent(_)) {
        return sql::insert(connection, row);
    }
    let run = |sql| sql::execute(connection, sql, []).map_err(|error| sql::database_error(&error));
    run("SAVEPOINT row")?;
    let written = match row {
        Row::Ended(ended) => {
            let end = sql::insert(connection, row);
            end.and_then(|()| chain.append(connection, ended)).inspect_err(|_| chain.forget())
        }
        _ => sql::insert(connection, row),
    };
    if written.is_ok() {
        return run("RELEASE row");
    }
    // Where SQLite rolled everything back by itself the savepoint is gone too, and so is the row.
    if run("ROLLBACK TO row").is_ok() {
        run("RELEASE row")?;
    }
    written
}

fn answer(jobs: Vec<Job>, result: &Result<(), StoreError>) {
    for job in jobs {
        match (job, result) {
            (Job::Commit(_, reply), _) => {
                let _ = reply.send(result.clone());
            }
            (Job::Record(_), Err(error)) => tracing::warn!(%error, "a row was not stored"),
            _ => {}
        }
    }
}
