//! The policies that ever were in force: an append-only log with the text of each.
//!
//! A decision and a receipt name the hash of a policy; here is what that hash said. So nothing is
//! ever taken out: a policy is a few kilobytes and changes a few times a day at most.

use super::{StoreError, sql};
use crate::policy_files::SourceText;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};

const INSERT: &str = "INSERT INTO policies
    (hash, name, etag, at_unix_ms, cause, by, note, sources_json)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const LATEST: &str = "SELECT hash, name, etag, at_unix_ms, cause, by, note
    FROM policies ORDER BY sequence DESC LIMIT ?1";
const SOURCES: &str =
    "SELECT sources_json FROM policies WHERE hash = ?1 ORDER BY sequence DESC LIMIT 1";

/// What is remembered of policies. Behind a trait for the same reason as [`super::Store`].
pub trait PolicyHistory: Send + Sync {
    /// Appends an entry and waits until it is durable.
    ///
    /// # Errors
    /// [`StoreError`].
    fn append(
        &self,
        entry: PolicyEntry,
        sources: Vec<SourceText>,
    ) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The latest entries, the last one first.
    ///
    /// # Errors
    /// [`StoreError`].
    fn latest(&self, limit: u32) -> BoxFuture<'_, Result<Vec<PolicyEntry>, StoreError>>;

    /// The files of the policy of this hash, as they were the last time it came into force; `None` if
    /// it never did.
    ///
    /// # Errors
    /// [`StoreError`].
    fn sources(&self, hash: &str) -> BoxFuture<'_, Result<Option<Vec<SourceText>>, StoreError>>;
}

/// A policy came into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyEntry {
    /// Hash of the compiled content.
    pub hash: String,
    /// The policy's own name.
    pub name: String,
    /// Digest of its files.
    pub etag: String,
    /// When, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// What made it so.
    pub cause: PolicyCause,
    /// Who asked for it, as the door knows them; empty where nobody did.
    pub by: String,
    /// What they said of it.
    pub note: String,
}

/// What put a policy in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyCause {
    /// The router started with it.
    Start,
    /// Its files were edited.
    File,
    /// It was applied over the wire.
    Apply,
    /// It was taken from the history over the wire.
    Rollback,
}

impl PolicyCause {
    const ALL: [Self; 4] = [Self::Start, Self::File, Self::Apply, Self::Rollback];

    /// The name in the database and in logs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::File => "file",
            Self::Apply => "apply",
            Self::Rollback => "rollback",
        }
    }
}

/// A file as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeptSource {
    name: String,
    text: String,
}

pub(super) fn append(
    connection: &Connection,
    entry: &PolicyEntry,
    sources: Vec<SourceText>,
) -> Result<(), StoreError> {
    let kept = |source: SourceText| KeptSource { name: source.name, text: source.text };
    let sources = sql::json(&sources.into_iter().map(kept).collect::<Vec<_>>())?;
    let values = params![
        entry.hash,
        entry.name,
        entry.etag,
        entry.at_unix_ms,
        entry.cause.name(),
        entry.by,
        entry.note,
        sources,
    ];
    sql::execute(connection, INSERT, values).map_err(|error| sql::database_error(&error))
}

pub(super) fn latest(connection: &Connection, limit: u32) -> Result<Vec<PolicyEntry>, StoreError> {
    let read = || {
        let mut statement = connection.prepare_cached(LATEST)?;
        let rows = statement.query_map(params![limit], |row| {
            let cause: String = row.get(4)?;
            let entry = PolicyEntry {
                hash: row.get(0)?,
                name: row.get(1)?,
                etag: row.get(2)?,
                at_unix_ms: row.get(3)?,
                cause: PolicyCause::Start,
                by: row.get(5)?,
                note: row.get(6)?,
            };
            Ok((entry, cause))
        })?;
        rows.collect::<rusqlite::Result<Vec<_>>>()
    };
    let rows = read().map_err(|error| sql::database_error(&error))?;
    let with_cause = |(entry, name): (PolicyEntry, String)| {
        let cause = PolicyCause::ALL.into_iter().find(|cause| cause.name() == name);
        let cause = cause.ok_or_else(|| damaged(&entry.hash, "its cause is none that is known"))?;
        Ok(PolicyEntry { cause, ..entry })
    };
    rows.into_iter().map(with_cause).collect()
}

pub(super) fn sources(
    connection: &Connection,
    hash: &str,
) -> Result<Option<Vec<SourceText>>, StoreError> {
    let read = || {
        let mut statement = connection.prepare_cached(SOURCES)?;
        statement.query_row(params![hash], |row| row.get::<_, String>(0)).optional()
    };
    let Some(json) = read().map_err(|error| sql::database_error(&error))? else { return Ok(None) };
    let kept: Vec<KeptSource> =
        serde_json::from_str(&json).map_err(|error| damaged(hash, &error.to_string()))?;
    let source = |kept: KeptSource| SourceText { name: kept.name, text: kept.text };
    Ok(Some(kept.into_iter().map(source).collect()))
}

fn damaged(hash: &str, why: &str) -> StoreError {
    StoreError::Damaged { what: "policy", request_id: hash.to_owned(), why: why.to_owned() }
}
