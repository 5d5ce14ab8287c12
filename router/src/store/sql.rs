//! Rows to SQL and back.

use super::rows::{DecidedRow, EndedRow, IntentRow, Kept, Row};
use super::{StoreError, ledger};
use littoral_core::class::DataClass;
use littoral_core::record::Record;
use rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY;
use rusqlite::{Connection, OptionalExtension, Params, params};
use serde::de::DeserializeOwned;
use std::sync::Arc;

const INSERT_DECISION: &str = "INSERT INTO decisions
    (request_id, principal_key, at_unix_ms, format, record_json) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_INTENT: &str = "INSERT INTO intents
    (request_id, principal_key, dispatch, at_unix_ms, provider, model, bytes, class, policy_hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const INSERT_OUTCOME: &str = "INSERT INTO outcomes
    (request_id, principal_key, at_unix_ms, outcome_json) VALUES (?1, ?2, ?3, ?4)";
const LATEST_PRINCIPAL: &str = "SELECT principal_key FROM (
        SELECT principal_key, at_unix_ms FROM decisions WHERE request_id = ?1
        UNION ALL SELECT principal_key, at_unix_ms FROM intents WHERE request_id = ?1
        UNION ALL SELECT principal_key, at_unix_ms FROM outcomes WHERE request_id = ?1
    ) ORDER BY at_unix_ms DESC, principal_key LIMIT 1";
const SELECT_DECISION: &str = "SELECT at_unix_ms, format, record_json FROM decisions
    WHERE request_id = ?1 AND principal_key = ?2";
const SELECT_INTENTS: &str =
    "SELECT dispatch, at_unix_ms, provider, model, bytes, class, policy_hash
    FROM intents WHERE request_id = ?1 AND principal_key = ?2 ORDER BY dispatch";
const SELECT_OUTCOME: &str = "SELECT at_unix_ms, outcome_json FROM outcomes
    WHERE request_id = ?1 AND principal_key = ?2";

/// Anything SQLite says, in words. SQLite's messages name tables and columns, never values.
pub(super) fn database_error(error: &rusqlite::Error) -> StoreError {
    StoreError::Database(error.to_string())
}

/// Inserts one row.
pub(super) fn insert(connection: &Connection, row: &Row) -> Result<(), StoreError> {
    match row {
        Row::Decided(row) => execute(
            connection,
            INSERT_DECISION,
            params![
                row.request_id,
                row.principal_key,
                row.at_unix_ms,
                row.record.version,
                json(row.record.as_ref())?,
            ],
        ),
        Row::Intent(row) => insert_intent(connection, row),
        Row::Paid(row, held) => {
            insert_intent(connection, row).and_then(|()| ledger::insert_journal(connection, held))
        }
        Row::Budget(row) => ledger::insert_journal(connection, row),
        Row::Spent(row) => ledger::insert(connection, row),
        Row::Ended(row) => execute(
            connection,
            INSERT_OUTCOME,
            params![row.request_id, row.principal_key, row.at_unix_ms, json(&*row.outcome)?,],
        ),
    }
    .map_err(|error| match error.sqlite_error() {
        Some(cause) if cause.extended_code == SQLITE_CONSTRAINT_PRIMARYKEY => {
            StoreError::Duplicate { what: row.what(), request_id: row.request_id().to_owned() }
        }
        _ => database_error(&error),
    })
}

fn insert_intent(connection: &Connection, row: &IntentRow) -> rusqlite::Result<()> {
    let values = params![
        row.request_id,
        row.principal_key,
        row.dispatch,
        row.at_unix_ms,
        row.provider,
        row.model,
        row.bytes,
        row.class.name(),
        row.policy_hash,
    ];
    execute(connection, INSERT_INTENT, values)
}

pub(super) fn execute(
    connection: &Connection,
    sql: &str,
    params: impl Params,
) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute(params).map(drop)
}

pub(super) fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value)
        .map_err(|_| StoreError::Database("the row cannot be written as JSON".into()))
}

/// Reads back everything of a request.
pub(super) fn find(
    connection: &Connection,
    request_id: &str,
    principal_key: Option<&str>,
) -> Result<Option<Kept>, StoreError> {
    let key = match principal_key {
        Some(key) => Some(key.to_owned()),
        None => row(connection, LATEST_PRINCIPAL, params![request_id], |row| row.get(0))?,
    };
    let Some(principal_key) = key else { return Ok(None) };
    let kept = Kept {
        decided: find_decision(connection, request_id, &principal_key)?,
        intents: find_intents(connection, request_id, &principal_key)?,
        ended: find_outcome(connection, request_id, &principal_key)?,
        principal_key,
    };
    let is_empty = kept.decided.is_none() && kept.intents.is_empty() && kept.ended.is_none();
    Ok((!is_empty).then_some(kept))
}

fn find_decision(
    connection: &Connection,
    request_id: &str,
    principal_key: &str,
) -> Result<Option<DecidedRow>, StoreError> {
    let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let found: Option<(u64, u32, String)> =
        row(connection, SELECT_DECISION, params![request_id, principal_key], columns)?;
    // A record of another format is for another build; what left and how it ended is told without it.
    let known = found.filter(|(_, format, _)| *format == Record::VERSION);
    let Some((at_unix_ms, _, record)) = known else { return Ok(None) };
    Ok(Some(DecidedRow {
        request_id: request_id.to_owned(),
        principal_key: principal_key.to_owned(),
        at_unix_ms,
        record: Arc::new(parse("decision", request_id, &record)?),
    }))
}

fn find_intents(
    connection: &Connection,
    request_id: &str,
    principal_key: &str,
) -> Result<Vec<IntentRow>, StoreError> {
    let read = || {
        let mut statement = connection.prepare_cached(SELECT_INTENTS)?;
        let rows = statement.query_map(params![request_id, principal_key], |row| {
            let intent = IntentRow {
                request_id: request_id.to_owned(),
                principal_key: principal_key.to_owned(),
                dispatch: row.get(0)?,
                at_unix_ms: row.get(1)?,
                provider: row.get(2)?,
                model: row.get(3)?,
                bytes: row.get(4)?,
                class: DataClass::Restricted,
                policy_hash: row.get(6)?,
            };
            Ok((intent, row.get::<_, String>(5)?))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let rows = read().map_err(|error| database_error(&error))?;
    let with_class = |(intent, name): (IntentRow, String)| {
        let class = DataClass::ALL.into_iter().find(|class| class.name() == name);
        class.map(|class| IntentRow { class, ..intent }).ok_or_else(|| StoreError::Damaged {
            what: "intent",
            request_id: request_id.to_owned(),
            why: "its class is none that is known".into(),
        })
    };
    rows.into_iter().map(with_class).collect()
}

fn find_outcome(
    connection: &Connection,
    request_id: &str,
    principal_key: &str,
) -> Result<Option<EndedRow>, StoreError> {
    let columns = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
    let found: Option<(u64, String)> =
        row(connection, SELECT_OUTCOME, params![request_id, principal_key], columns)?;
    let Some((at_unix_ms, outcome)) = found else { return Ok(None) };
    Ok(Some(EndedRow {
        request_id: request_id.to_owned(),
        principal_key: principal_key.to_owned(),
        at_unix_ms,
        outcome: Arc::new(parse("outcome", request_id, &outcome)?),
    }))
}

/// The only row of a query, if there is one.
fn row<T>(
    connection: &Connection,
    sql: &str,
    params: impl Params,
    columns: impl FnOnce(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    let read = || connection.prepare_cached(sql)?.query_row(params, columns).optional();
    read().map_err(|error| database_error(&error))
}

fn parse<T: DeserializeOwned>(
    what: &'static str,
    request_id: &str,
    json: &str,
) -> Result<T, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::Damaged {
        what,
        request_id: request_id.to_owned(),
        why: error.to_string(),
    })
}
