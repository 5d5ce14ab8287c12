//! The receipts in the order of their chain: reading them, and following the chain.
//!
//! Both go over a connection of their own that can only read. A chain of a million receipts takes
//! seconds to follow, and the writer, on whose commit the next byte to a cloud waits, must not wait for
//! that. Each page is a transaction of its own, so that the journal can be folded in meanwhile; nothing
//! that was read before can change in an honest file.

use super::chain::{self, Chain, ChainFault, Hash, Head, Kept, Walk};
use super::rows::ReceiptRow;
use super::sqlite::SqliteStore;
use super::{StoreError, schema, sql};
use futures_util::future::BoxFuture;
use rusqlite::{Connection, params};
use std::path::Path;
use tokio::task::spawn_blocking;

/// Most receipts that are read at once.
pub const LONGEST_PAGE: u32 = 1_000;

// Texts as bytes: an editor of the file may have left some that are none.
const PAGE: &str = "SELECT sequence, at_unix_ms, CAST(principal_key AS BLOB),
    CAST(request_id AS BLOB), CAST(receipt_json AS BLOB), previous_hash, hash
    FROM receipts WHERE sequence > ?1 AND sequence <= ?2 ORDER BY sequence LIMIT ?3";
// The first one of a time is looked up in the index of times; from there on the order is the chain's.
const SINCE: &str = "SELECT sequence, at_unix_ms, CAST(principal_key AS BLOB),
    CAST(request_id AS BLOB), CAST(receipt_json AS BLOB), previous_hash, hash
    FROM receipts WHERE sequence > ?1 AND at_unix_ms >= ?2
    AND (?2 = 0 OR sequence >= (SELECT min(sequence) FROM receipts WHERE at_unix_ms >= ?2))
    AND (?4 IS NULL OR principal_key = ?4) ORDER BY sequence LIMIT ?3";
const LAST: &str = "SELECT max(sequence) FROM receipts";

/// What is remembered of what left. Behind a trait for the same reason as [`super::Store`].
pub trait ReceiptLog: Send + Sync {
    /// A page of receipts, in the order of the chain. It sees every receipt that was recorded through
    /// this handle before the call.
    ///
    /// # Errors
    /// [`StoreError`].
    fn receipts(&self, page: ReceiptPage) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>>;

    /// Follows the chain from its beginning to the receipt that is the last one at the call. Whoever
    /// drops the future ends it with its page.
    ///
    /// # Errors
    /// [`StoreError`] where the file cannot be read; a chain that does not hold is an answer.
    fn verify(&self, noted: Option<Hash>) -> BoxFuture<'_, Result<Verdict, StoreError>>;
}

/// Which receipts to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReceiptPage {
    /// At most this many; more than 1,000 never come at once.
    pub limit: u32,
    /// Only those written at this moment or later, in milliseconds since the Unix epoch.
    pub since_unix_ms: u64,
    /// Only those behind this sequence number.
    pub after_sequence: u64,
    /// Only one asker's.
    pub principal_key: Option<String>,
}

/// A receipt and its place in the chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Chained {
    /// 1, 2, 3 and so on.
    pub sequence: u64,
    /// When it was written, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// Who asked.
    pub principal_key: String,
    /// The request.
    pub request_id: String,
    /// What left, and who held content; absent where it cannot be read any more.
    pub receipt: Option<ReceiptRow>,
    /// Hash of the receipt before.
    pub previous_hash: Vec<u8>,
    /// Hash of this one.
    pub hash: Vec<u8>,
}

/// What came of following the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Receipts that the head counts.
    pub receipts: u64,
    /// Hash of the last one, as the head has it.
    pub head_hash: Hash,
    /// The first thing that does not hold.
    pub fault: Option<ChainFault>,
}

impl ReceiptLog for SqliteStore {
    fn receipts(&self, page: ReceiptPage) -> BoxFuture<'_, Result<Vec<Chained>, StoreError>> {
        Box::pin(self.read(move |connection| list(connection, &page)))
    }

    fn verify(&self, noted: Option<Hash>) -> BoxFuture<'_, Result<Verdict, StoreError>> {
        Box::pin(async move {
            let remembered = self.remembered().await?;
            let path = self.path().to_owned();
            let (mut connection, head, last) = read(move || {
                let connection = open(&path)?;
                let (head, last) = ends(&connection)?;
                Ok((connection, head, last))
            })
            .await?;
            let counted = head.unwrap_or(remembered);
            let until = counted.receipts.max(remembered.receipts);
            // A head that is gone was not remembered whole either.
            let mut walk = Walk::begin(head.map(|_| remembered), noted);
            let fault = loop {
                let step = move || {
                    let mut walk = walk;
                    let stepped = follow(&connection, &mut walk, until)?;
                    Ok((connection, walk, stepped))
                };
                let stepped;
                (connection, walk, stepped) = read(step).await?;
                match stepped {
                    Err(fault) => break Some(fault),
                    Ok(0) => break walk.end(head, last).err(),
                    Ok(_) => {}
                }
            };
            let receipts = u64::try_from(counted.receipts).unwrap_or_default();
            Ok(Verdict { receipts, head_hash: counted.hash, fault })
        })
    }
}

impl SqliteStore {
    /// The end of the chain as the writer knows it, once all is written that was recorded before.
    async fn remembered(&self) -> Result<Head, StoreError> {
        self.work(|connection: &mut Connection, chain: &mut Chain| chain.head(connection)).await
    }
}

/// Reads off the async threads.
async fn read<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    spawn_blocking(work).await.map_err(|_| StoreError::Closed)?
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    schema::open_to_read(path).map_err(|error| sql::database_error(&error))
}

/// The head, and the highest sequence number: both of one moment.
fn ends(connection: &Connection) -> Result<(Option<Head>, i64), StoreError> {
    let read = || {
        let moment = connection.unchecked_transaction()?;
        let head = chain::stored_head(&moment)?;
        let last = moment.query_row(LAST, [], |row| row.get::<_, Option<i64>>(0))?;
        Ok((head, last.unwrap_or(0)))
    };
    read().map_err(|error| sql::database_error(&error))
}

/// Follows the chain for a page; returns the number of steps, 0 at its end.
fn follow(
    connection: &Connection,
    walk: &mut Walk,
    until: i64,
) -> Result<Result<usize, ChainFault>, StoreError> {
    // The first page takes in what is numbered below 1, which nothing may be.
    let after = if walk.walked() == 0 { i64::MIN } else { walk.walked() };
    let read = || {
        let mut statement = connection.prepare_cached(PAGE)?;
        let rows = statement.query_map(params![after, until, LONGEST_PAGE], kept)?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let rows = read().map_err(|error| sql::database_error(&error))?;
    Ok(rows.iter().try_for_each(|row| walk.step(row)).map(|()| rows.len()))
}

fn list(connection: &Connection, page: &ReceiptPage) -> Result<Vec<Chained>, StoreError> {
    let signed = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let (after, since) = (signed(page.after_sequence), signed(page.since_unix_ms));
    let limit = page.limit.min(LONGEST_PAGE);
    let read = || {
        let mut statement = connection.prepare_cached(SINCE)?;
        let rows = statement.query_map(params![after, since, limit, page.principal_key], kept)?;
        rows.map(|row| row.map(chained)).collect::<rusqlite::Result<Vec<_>>>()
    };
    read().map_err(|error| sql::database_error(&error))
}

fn kept(row: &rusqlite::Row<'_>) -> rusqlite::Result<Kept> {
    Ok(Kept {
        sequence: row.get(0)?,
        at_unix_ms: row.get(1)?,
        principal_key: row.get(2)?,
        request_id: row.get(3)?,
        receipt_json: row.get(4)?,
        previous_hash: row.get(5)?,
        hash: row.get(6)?,
    })
}

fn chained(kept: Kept) -> Chained {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Chained {
        sequence: u64::try_from(kept.sequence).unwrap_or_default(),
        at_unix_ms: u64::try_from(kept.at_unix_ms).unwrap_or_default(),
        principal_key: text(kept.principal_key),
        request_id: text(kept.request_id),
        receipt: serde_json::from_slice(&kept.receipt_json).ok(),
        previous_hash: kept.previous_hash,
        hash: kept.hash,
    }
}
