//! What budgets remember, in tables that stay small: an account is one row that grows, a reservation or a
//! slab one that goes when it is settled or returned.

use super::super::{StoreError, sql};
use littoral_core::budget::{AccountKey, Entry, Row};
use rusqlite::{Connection, params};
use serde::de::DeserializeOwned;

const OPEN: &str =
    "INSERT OR REPLACE INTO budget_open (number, is_slab, entries_json) VALUES (?1, ?2, ?3)";
const CLOSE: &str = "DELETE FROM budget_open WHERE number = ?1";
const ADD: &str = "INSERT INTO budget_accounts (account_json, ends_unix_ms, settled, overrun)
    VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (account_json) DO UPDATE SET
        settled = settled + excluded.settled, overrun = overrun + excluded.overrun";
const FORGET: &str = "DELETE FROM budget_accounts WHERE ends_unix_ms <= ?1";
const ACCOUNTS: &str = "SELECT account_json, settled, overrun FROM budget_accounts";
const ALL_OPEN: &str = "SELECT number, is_slab, entries_json FROM budget_open ORDER BY number";

/// Writes a row of the journal.
pub(super) fn insert(connection: &Connection, row: &Row) -> rusqlite::Result<()> {
    match row {
        Row::Slab { slab, entries } => open(connection, *slab, true, entries),
        Row::Sent { reservation, entries } => open(connection, *reservation, false, entries),
        Row::Settled { reservation, entries, .. } => {
            // Of a dispatch that is not open the end was written already.
            if connection.prepare_cached(CLOSE)?.execute([sqlite(*reservation)])? == 0 {
                return Ok(());
            }
            entries.iter().try_for_each(|entry| add(connection, entry))
        }
        Row::Returned { slabs } => slabs.iter().try_for_each(|slab| {
            connection.prepare_cached(CLOSE)?.execute([sqlite(*slab)]).map(drop)
        }),
    }
}

fn open(
    connection: &Connection,
    number: u64,
    is_slab: bool,
    entries: &[Entry],
) -> rusqlite::Result<()> {
    sql::execute(connection, OPEN, params![sqlite(number), is_slab, text(&entries)?])
}

fn add(connection: &Connection, entry: &Entry) -> rusqlite::Result<()> {
    let account = &entry.account;
    let ends = account.period.around(account.start_unix_ms).end_unix_ms;
    let values = params![text(account)?, sqlite(ends), sqlite(entry.amount), sqlite(entry.overrun)];
    sql::execute(connection, ADD, values)
}

/// The rows from which budgets are recovered: everything that is open, and one that sums up what is settled.
pub(super) fn read(connection: &Connection, unix_ms: u64) -> Result<Vec<Row>, StoreError> {
    let of_sqlite = |error: rusqlite::Error| sql::database_error(&error);
    sql::execute(connection, FORGET, [sqlite(unix_ms)]).map_err(of_sqlite)?;
    let mut rows = Vec::new();
    let mut last = 0;
    let mut statement = connection.prepare(ALL_OPEN).map_err(of_sqlite)?;
    let open = statement.query_map([], |row| {
        Ok((row.get::<_, u64>(0)?, row.get::<_, bool>(1)?, row.get::<_, String>(2)?))
    });
    for row in open.map_err(of_sqlite)? {
        let (number, is_slab, entries) = row.map_err(of_sqlite)?;
        let entries: Vec<Entry> = parse(&entries)?;
        last = last.max(number);
        rows.push(if is_slab {
            Row::Slab { slab: number, entries }
        } else {
            Row::Sent { reservation: number, entries }
        });
    }
    let mut statement = connection.prepare(ACCOUNTS).map_err(of_sqlite)?;
    let accounts = statement.query_map([], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, u64>(1)?, row.get::<_, u64>(2)?))
    });
    let mut entries = Vec::new();
    for row in accounts.map_err(of_sqlite)? {
        let (account, amount, overrun) = row.map_err(of_sqlite)?;
        entries.push(Entry { account: parse::<AccountKey>(&account)?, amount, overrun });
    }
    rows.push(Row::Settled { reservation: last.saturating_add(1), entries, assumed: false });
    Ok(rows)
}

/// The largest number that SQLite has is more money than there is.
fn sqlite(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn text<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value)
        .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged {
        what: "budget",
        request_id: "the journal".into(),
        why: error.to_string(),
    })
}
