//! Rows of one transaction. One that cannot be written fails alone, the others stand.

use super::{Job, ROWS_A_TRANSACTION};
use crate::store::StoreError;
use crate::store::chain::Chain;
use crate::store::rows::Row;
use crate::store::sql;
use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::mpsc;

/// What became of the rows of a transaction.
pub(super) struct Batch {
    pub written: Vec<Job>,
    pub refused: Vec<(Job, StoreError)>,
    /// Rows that the transaction did not come to.
    pub unread: Vec<Job>,
    /// A job that is no row.
    pub then: Option<Job>,
    /// Whether `written` is.
    pub committed: Result<(), StoreError>,
}

/// What keeps a row whole that takes several statements.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whole {
    /// The transaction: where such a row fails, all of it is begun again.
    ByTransaction,
    /// A savepoint for each, which costs every page that it touches a copy.
    BySavepoint,
}

/// Writes `rows`, and those queued behind them, in one transaction.
pub(super) fn transact(
    connection: &mut Connection,
    chain: &mut Chain,
    mut rows: Vec<Job>,
    jobs: &mut mpsc::Receiver<Job>,
) -> Batch {
    let mut whole = Whole::ByTransaction;
    loop {
        match attempt(connection, chain, rows, jobs, whole) {
            Ok(batch) => return batch,
            Err(all) => (rows, whole) = (all, Whole::BySavepoint),
        }
    }
}

/// The same; or, with nothing written, the rows to begin again with, because one of them is there by half.
fn attempt(
    connection: &mut Connection,
    chain: &mut Chain,
    rows: Vec<Job>,
    jobs: &mut mpsc::Receiver<Job>,
    whole: Whole,
) -> Result<Batch, Vec<Job>> {
    let (mut refused, mut unread, mut then) = (Vec::new(), Vec::new(), None);
    let begun = chain.clone();
    let transaction = match connection.transaction_with_behavior(TransactionBehavior::Immediate) {
        Ok(transaction) => transaction,
        Err(error) => {
            let committed = Err(sql::database_error(&error));
            return Ok(Batch { written: rows, refused, unread, then, committed });
        }
    };
    let (mut written, mut rows) = (Vec::new(), rows.into_iter());
    while let Some(job) = rows.next().or_else(|| jobs.try_recv().ok()) {
        let (Job::Record(row) | Job::Noted(row, _) | Job::Commit(row, _)) = &job else {
            then = Some(job);
            break;
        };
        let result = match whole {
            Whole::BySavepoint if takes_several(row) => in_savepoint(&transaction, chain, row),
            _ => write(&transaction, chain, row),
        };
        match result {
            Ok(()) => written.push(job),
            // What is there already is what was noted.
            Err(StoreError::Duplicate { .. }) if matches!(job, Job::Noted(..)) => written.push(job),
            Err(_)
                if whole == Whole::ByTransaction
                    && takes_several(row)
                    && !transaction.is_autocommit() =>
            {
                *chain = begun;
                let refused = refused.into_iter().map(|(job, _)| job);
                return Err(written.into_iter().chain(refused).chain([job]).chain(rows).collect());
            }
            Err(error) => refused.push((job, error)),
        }
        // On a full disk SQLite rolls everything back by itself, and the commit below says so.
        if transaction.is_autocommit() || written.len() >= ROWS_A_TRANSACTION {
            break;
        }
    }
    unread.extend(rows);
    let committed = transaction.commit().map_err(|error| sql::database_error(&error));
    if committed.is_err() {
        chain.forget();
    }
    Ok(Batch { written, refused, unread, then, committed })
}

/// What belongs together is there or not: the end of a request and its receipt in the chain, an intent and what
/// budgets hold for it, all that a request took.
const fn takes_several(row: &Row) -> bool {
    !matches!(row, Row::Decided(_) | Row::Intent(_))
}

fn in_savepoint(connection: &Connection, chain: &mut Chain, row: &Row) -> Result<(), StoreError> {
    let run = |sql| sql::execute(connection, sql, []).map_err(|error| sql::database_error(&error));
    run("SAVEPOINT row")?;
    let written = write(connection, chain, row);
    if written.is_ok() {
        return run("RELEASE row");
    }
    // Where SQLite rolled everything back by itself the savepoint is gone too, and so is the row.
    if run("ROLLBACK TO row").is_ok() {
        run("RELEASE row")?;
    }
    written
}

fn write(connection: &Connection, chain: &mut Chain, row: &Row) -> Result<(), StoreError> {
    sql::insert(connection, row)?;
    match row {
        Row::Ended(ended) => chain.append(connection, ended).inspect_err(|_| chain.forget()),
        _ => Ok(()),
    }
}
