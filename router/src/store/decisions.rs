//! The decisions that were recorded, newest first, for whoever compares policies over them.
//!
//! They are read a page at a time: the thread that reads them is the one that writes intents, and a
//! request must not wait for a cloud until ten thousand records are read. Records come as the text
//! they are kept as, so that they are parsed elsewhere too, and one that another build wrote, or that is
//! damaged, stops nobody from reading the others.

use super::{StoreError, sql};
use futures_util::future::BoxFuture;
use littoral_core::record::Record;
use rusqlite::{Connection, params};

/// Most records of a page.
const LONGEST_PAGE: u32 = 256;
// The index is by time, and the row number breaks its ties.
const RECENT: &str = "SELECT rowid, request_id, at_unix_ms, format, record_json FROM decisions
    WHERE at_unix_ms >= ?1 AND (at_unix_ms, rowid) < (?2, ?3)
    ORDER BY at_unix_ms DESC, rowid DESC LIMIT ?4";

/// What is remembered of decisions. Behind a trait for the same reason as [`super::Store`].
pub trait DecisionLog: Send + Sync {
    /// A page of recorded decisions, the newest first; empty where there are no more. It sees every
    /// decision that was recorded through this handle before the call.
    ///
    /// # Errors
    /// [`StoreError`].
    fn recent(&self, page: Page) -> BoxFuture<'_, Result<Vec<Logged>, StoreError>>;
}

/// Which decisions to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// At most this many; more than 256 never come at once.
    pub limit: u32,
    /// Only those decided at this moment or later, in milliseconds since the Unix epoch.
    pub since_unix_ms: u64,
    /// Only those behind this one; absent: from the newest.
    pub behind: Option<Place>,
}

/// The place of a decision in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    at_unix_ms: i64,
    row: i64,
}

/// A decision as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Logged {
    /// Its place, for the next page.
    pub place: Place,
    /// The request.
    pub request_id: String,
    /// When it was decided, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    format: u32,
    record_json: String,
}

impl Logged {
    /// The record; `None` where another build wrote it, decides in another way, or it is damaged.
    #[must_use]
    pub fn record(&self) -> Option<Record> {
        if self.format != Record::VERSION {
            return None;
        }
        let record: Record = serde_json::from_str(&self.record_json).ok()?;
        record.is_of_this_build().then_some(record)
    }
}

pub(super) fn recent(connection: &Connection, page: Page) -> Result<Vec<Logged>, StoreError> {
    let since = i64::try_from(page.since_unix_ms).unwrap_or(i64::MAX);
    let behind = page.behind.unwrap_or(Place { at_unix_ms: i64::MAX, row: i64::MAX });
    let limit = page.limit.min(LONGEST_PAGE);
    let read = || {
        let mut statement = connection.prepare_cached(RECENT)?;
        let values = params![since, behind.at_unix_ms, behind.row, limit];
        let rows = statement.query_map(values, |row| {
            let at_unix_ms: i64 = row.get(2)?;
            Ok(Logged {
                place: Place { at_unix_ms, row: row.get(0)? },
                request_id: row.get(1)?,
                at_unix_ms: u64::try_from(at_unix_ms).unwrap_or_default(),
                format: row.get(3)?,
                record_json: row.get(4)?,
            })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    read().map_err(|error| sql::database_error(&error))
}
