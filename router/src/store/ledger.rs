//! The ledger: what each dispatch took, and what budgets have to remember.

mod journal;
mod usage;

pub use usage::{By, UsageQuery, UsageSum};

use super::rows::Kept;
use super::sqlite::SqliteStore;
use super::{StoreError, sql};
use futures_util::future::BoxFuture;
use littoral_core::budget::Row as JournalRow;
use littoral_core::class::Tier;
use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// What a dispatch took. No content, and nobody's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsageRow {
    /// Number of the dispatch in its request.
    pub dispatch: u32,
    /// When it ended, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// Organisation of the asker.
    pub tenant: String,
    /// Application of the asker.
    pub application: String,
    /// The asker.
    pub user: String,
    /// Name of the worker or of the provider.
    pub provider: String,
    /// The model.
    pub model: String,
    /// Trust zone for the asker: `device`, `edge` or `cloud`.
    pub tier: String,
    /// `ok`, `beaten` (another answered first), `cancelled`, or the kind of its fault.
    pub outcome: String,
    /// Prompt tokens, all of them; 0 where nobody said.
    pub prompt_tokens: u64,
    /// Those that came out of a cache.
    pub cached_tokens: u64,
    /// Generated tokens, all of them.
    pub completion_tokens: u64,
    /// Those of reasoning.
    pub reasoning_tokens: u64,
    /// Bytes of content that it was sent.
    pub bytes: u64,
    /// Cost in micro-dollars; absent where the price or the use is unknown.
    pub cost_usd_micros: Option<u64>,
    /// Nobody reported the cost: it is the most that it can be.
    pub assumed: bool,
    /// What it was predicted to cost, in micro-dollars.
    pub predicted_usd_micros: Option<u64>,
    /// Energy on a machine of ours, in joules, where known.
    pub joules: Option<f64>,
    /// No meter was read for it.
    pub joules_estimated: bool,
}

/// The end of a request's dispatches, as the ledger has it.
#[derive(Clone, Debug, PartialEq)]
pub struct SpentRow {
    /// The request.
    pub request_id: String,
    /// Who asked.
    pub principal_key: String,
    /// One for each dispatch.
    pub uses: Vec<UsageRow>,
    /// What budgets settle.
    pub journal: Vec<JournalRow>,
}

/// The ledger's own side of the store. Behind a trait for the same reason as [`super::Store`].
pub trait Ledger: Send + Sync {
    /// The rows from which budgets are recovered. Accounts of periods that ended before `unix_ms` are let
    /// go of.
    ///
    /// # Errors
    /// [`StoreError`].
    fn journal(&self, unix_ms: u64) -> BoxFuture<'_, Result<Vec<JournalRow>, StoreError>>;

    /// Sums of what was used.
    ///
    /// # Errors
    /// [`StoreError`].
    fn usage(&self, query: UsageQuery) -> BoxFuture<'_, Result<Vec<UsageSum>, StoreError>>;

    /// Lets go of decisions, ends, and uses from before a moment, and of accounts that are over. Receipts
    /// stay: their chain is the proof. Says how many rows went.
    ///
    /// # Errors
    /// [`StoreError`].
    fn forget(&self, before_unix_ms: u64) -> BoxFuture<'_, Result<usize, StoreError>>;
}

impl Ledger for SqliteStore {
    fn journal(&self, unix_ms: u64) -> BoxFuture<'_, Result<Vec<JournalRow>, StoreError>> {
        Box::pin(self.work(move |connection, _| journal::read(connection, unix_ms)))
    }

    fn usage(&self, query: UsageQuery) -> BoxFuture<'_, Result<Vec<UsageSum>, StoreError>> {
        Box::pin(self.work(move |connection, _| usage::sums(connection, &query)))
    }

    fn forget(&self, before_unix_ms: u64) -> BoxFuture<'_, Result<usize, StoreError>> {
        Box::pin(async move {
            let mut all = 0;
            // In pieces: whoever waits for an intent must not wait for a month of rows.
            loop {
                let gone =
                    self.work(move |connection, _| forget(connection, before_unix_ms)).await?;
                all += gone;
                if gone == 0 {
                    return Ok(all);
                }
            }
        })
    }
}

/// Rows that are let go of at once.
const FORGOTTEN_AT_ONCE: i64 = 2_000;
/// What is let go of after its time. An intent goes with the end of its request: one without an end is an
/// egress whose receipt has yet to be written.
const FORGET: [&str; 5] = [
    "DELETE FROM decisions WHERE rowid IN
        (SELECT rowid FROM decisions WHERE at_unix_ms < ?1 LIMIT ?2)",
    "DELETE FROM usage WHERE rowid IN (SELECT rowid FROM usage WHERE at_unix_ms < ?1 LIMIT ?2)",
    "DELETE FROM intents WHERE rowid IN (SELECT intents.rowid FROM intents JOIN receipts
        USING (request_id, principal_key) WHERE intents.at_unix_ms < ?1 LIMIT ?2)",
    "DELETE FROM outcomes WHERE rowid IN
        (SELECT rowid FROM outcomes WHERE at_unix_ms < ?1 LIMIT ?2)",
    "DELETE FROM budget_accounts WHERE rowid IN
        (SELECT rowid FROM budget_accounts WHERE ends_unix_ms < ?1 LIMIT ?2)",
];

fn forget(connection: &Connection, before_unix_ms: u64) -> Result<usize, StoreError> {
    let mut gone = 0;
    for statement in FORGET {
        let done = connection
            .prepare_cached(statement)
            .and_then(|mut one| one.execute((before_unix_ms, FORGOTTEN_AT_ONCE)));
        gone += done.map_err(|error| sql::database_error(&error))?;
    }
    Ok(gone)
}

/// Writes what dispatches took.
pub(super) fn insert(connection: &Connection, row: &SpentRow) -> rusqlite::Result<()> {
    for one in &row.uses {
        usage::insert(connection, &row.request_id, one)?;
    }
    for one in &row.journal {
        journal::insert(connection, one)?;
    }
    Ok(())
}

/// Writes a use for each dispatch of a request that the router did not live to account for.
pub(super) fn insert_lost(connection: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    let mut names = kept.principal_key.splitn(3, '/').map(str::to_owned);
    let mut name = || names.next().unwrap_or_default();
    let (tenant, application, user) = (name(), name(), name());
    for intent in &kept.intents {
        let row = UsageRow {
            dispatch: intent.dispatch,
            at_unix_ms: intent.at_unix_ms,
            tenant: tenant.clone(),
            application: application.clone(),
            user: user.clone(),
            provider: intent.provider.clone(),
            model: intent.model.clone(),
            tier: Tier::Cloud.name().into(),
            outcome: "lost".into(),
            prompt_tokens: 0,
            cached_tokens: 0,
            completion_tokens: 0,
            reasoning_tokens: 0,
            bytes: intent.bytes,
            cost_usd_micros: None,
            assumed: true,
            predicted_usd_micros: None,
            joules: None,
            joules_estimated: false,
        };
        usage::insert_missing(connection, &intent.request_id, &row)?;
    }
    Ok(())
}

/// Writes what budgets remember.
pub(super) fn insert_journal(connection: &Connection, row: &JournalRow) -> rusqlite::Result<()> {
    journal::insert(connection, row)
}
