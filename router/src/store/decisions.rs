//! The decisions that were recorded, newest first, each with what came of it, for whoever replays them.
//!
//! They are read a page at a time, over a connection of its own that can only read: the writer, on whose
//! commit the next byte to a cloud waits, must not wait until a million records are read. Records come as the
//! text they are kept as, so that they are parsed elsewhere too, and one that another build wrote, or that is
//! damaged, stops nobody from reading the others.

use super::rows::OutcomeRow;
use super::sqlite::SqliteStore;
use super::{StoreError, sql};
use futures_util::future::BoxFuture;
use littoral_core::record::Record;
use rusqlite::{Connection, params};

/// Most records of a page.
const LONGEST_PAGE: u32 = 256;
// The index is by time, and the row number breaks its ties.
const RECENT: &str = "SELECT d.rowid, d.request_id, d.principal_key, d.at_unix_ms, d.format,
        d.record_json, o.outcome_json
    FROM decisions AS d LEFT JOIN outcomes AS o USING (request_id, principal_key)
    WHERE d.at_unix_ms >= ?1 AND (d.at_unix_ms, d.rowid) < (?2, ?3)
    ORDER BY d.at_unix_ms DESC, d.rowid DESC LIMIT ?4";
// Electricity of our own machines is told in joules, not in money: a prediction has no price for it.
const SPENT: &str = "SELECT count(*), ifnull(sum(CASE WHEN tier = 'cloud' THEN cost_usd_micros END), 0),
        ifnull(sum(tier = 'cloud' AND cost_usd_micros IS NULL), 0), ifnull(sum(assumed), 0), sum(joules)
    FROM usage WHERE request_id = ?1 AND tenant || '/' || application || '/' || user = ?2";
const COUNT: &str = "SELECT count(*) FROM
    (SELECT 1 FROM decisions WHERE at_unix_ms >= ?1 AND at_unix_ms < ?2 LIMIT ?3)";

/// What is remembered of decisions. Behind a trait for the same reason as [`super::Store`].
pub trait DecisionLog: Send + Sync {
    /// A page of recorded decisions, the newest first; empty where there are no more. It sees every
    /// decision that was recorded through this handle before the call.
    ///
    /// # Errors
    /// [`StoreError`].
    fn recent(&self, page: Page) -> BoxFuture<'_, Result<Vec<Logged>, StoreError>>;

    /// How many decisions there are of a time, counted up to `most`.
    ///
    /// # Errors
    /// [`StoreError`].
    fn count(&self, when: When, most: u32) -> BoxFuture<'_, Result<u64, StoreError>>;
}

/// A time, in milliseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct When {
    /// From this moment on.
    pub since_unix_ms: u64,
    /// Before this moment; absent: until now.
    pub until_unix_ms: Option<u64>,
}

/// Which decisions to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// At most this many; more than 256 never come at once.
    pub limit: u32,
    /// Only those decided then.
    pub when: When,
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
    /// What its dispatches took together.
    pub spent: SpentInAll,
    format: u32,
    record_json: String,
    outcome_json: Option<String>,
}

/// What all dispatches of a request took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpentInAll {
    /// How many there were; none where nobody was asked, or nothing was written down.
    pub dispatches: u64,
    /// What clouds were paid, in micro-dollars; absent where a price or a use is unknown.
    pub cost_usd_micros: Option<u64>,
    /// Some of it nobody reported: it is the most that it can be.
    pub assumed: bool,
    /// Energy on machines of ours, in joules, where known.
    pub joules: Option<f64>,
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

    /// How the request ended; `None` while it runs, where the router died, or it is damaged.
    #[must_use]
    pub fn outcome(&self) -> Option<OutcomeRow> {
        serde_json::from_str(self.outcome_json.as_ref()?).ok()
    }
}

impl DecisionLog for SqliteStore {
    fn recent(&self, page: Page) -> BoxFuture<'_, Result<Vec<Logged>, StoreError>> {
        Box::pin(self.read(move |connection| recent(connection, page)))
    }

    fn count(&self, when: When, most: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        let count = move |connection: &Connection| {
            let (since, until) = when.signed();
            let values = params![since, until, most];
            let counted = connection.query_row(COUNT, values, |row| row.get::<_, u64>(0));
            counted.map_err(|error| sql::database_error(&error))
        };
        Box::pin(self.read(count))
    }
}

impl When {
    /// From when, and before when.
    fn signed(self) -> (i64, i64) {
        let signed = |unix_ms| i64::try_from(unix_ms).unwrap_or(i64::MAX);
        (signed(self.since_unix_ms), self.until_unix_ms.map_or(i64::MAX, signed))
    }
}

fn recent(connection: &Connection, page: Page) -> Result<Vec<Logged>, StoreError> {
    let (since, until) = page.when.signed();
    let newest = Place { at_unix_ms: until, row: i64::MIN };
    let behind = page.behind.unwrap_or(newest);
    let limit = page.limit.min(LONGEST_PAGE);
    let read = || {
        let mut spent = connection.prepare_cached(SPENT)?;
        let mut statement = connection.prepare_cached(RECENT)?;
        let values = params![since, behind.at_unix_ms, behind.row, limit];
        let rows = statement.query_map(values, |row| {
            let (request_id, principal_key): (String, String) = (row.get(1)?, row.get(2)?);
            let at_unix_ms: i64 = row.get(3)?;
            Ok(Logged {
                place: Place { at_unix_ms, row: row.get(0)? },
                at_unix_ms: u64::try_from(at_unix_ms).unwrap_or_default(),
                spent: spent.query_row([&request_id, &principal_key], spent_in_all)?,
                request_id,
                format: row.get(4)?,
                record_json: row.get(5)?,
                outcome_json: row.get(6)?,
            })
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    read().map_err(|error| sql::database_error(&error))
}

fn spent_in_all(row: &rusqlite::Row<'_>) -> rusqlite::Result<SpentInAll> {
    let (cost, unpriced): (u64, u64) = (row.get(1)?, row.get(2)?);
    Ok(SpentInAll {
        dispatches: row.get(0)?,
        cost_usd_micros: (unpriced == 0).then_some(cost),
        assumed: row.get::<_, u64>(3)? > 0,
        joules: row.get(4)?,
    })
}
