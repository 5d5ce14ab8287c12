//! Sums of what was used, by whom and on what.

use super::super::{StoreError, sql};
use super::UsageRow;
use rusqlite::{Connection, params};

const INSERT: &str = "INSERT INTO usage (request_id, dispatch, at_unix_ms, tenant, application, user,
        provider, model, tier, outcome, prompt_tokens, cached_tokens, completion_tokens,
        reasoning_tokens, bytes, cost_usd_micros, assumed, predicted_usd_micros, joules,
        joules_estimated)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)";

const KNOWN: &str = "SELECT 1 FROM usage WHERE request_id = ?1 AND dispatch = ?2 AND tenant = ?3
    AND application = ?4 AND user = ?5";

/// Most sums of one query.
const MOST_SUMS: usize = 10_000;

/// What sums are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Day in UTC.
    Day,
    /// Organisation.
    Tenant,
    /// Application.
    Application,
    /// Asker.
    User,
    /// Worker or provider.
    Provider,
    /// Model.
    Model,
    /// Trust zone.
    Tier,
    /// How dispatches ended.
    Outcome,
}

impl By {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Day,
        Self::Tenant,
        Self::Application,
        Self::User,
        Self::Provider,
        Self::Model,
        Self::Tier,
        Self::Outcome,
    ];

    /// The name on the wire and on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Tenant => "tenant",
            Self::Application => "application",
            Self::User => "user",
            Self::Provider => "provider",
            Self::Model => "model",
            Self::Tier => "tier",
            Self::Outcome => "outcome",
        }
    }

    /// The one with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.name() == name)
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Day => "date(at_unix_ms / 1000, 'unixepoch')",
            column => column.name(),
        }
    }
}

/// What is to be summed up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UsageQuery {
    /// What sums are told apart by, in this order; empty: one sum.
    pub by: Vec<By>,
    /// From this moment on, in milliseconds since the Unix epoch.
    pub since_unix_ms: u64,
    /// Before this moment.
    pub until_unix_ms: Option<u64>,
    /// Only of this tenant, application and user.
    pub only: Option<[String; 3]>,
}

/// A sum.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct UsageSum {
    /// What it is of, in the order of the query.
    pub key: Vec<String>,
    /// Dispatches.
    pub dispatches: u64,
    /// Requests.
    pub requests: u64,
    /// Prompt tokens.
    pub prompt_tokens: u64,
    /// Those that came out of a cache.
    pub cached_tokens: u64,
    /// Generated tokens.
    pub completion_tokens: u64,
    /// Those of reasoning.
    pub reasoning_tokens: u64,
    /// Bytes of content sent to clouds.
    pub egress_bytes: u64,
    /// Cost in micro-dollars, where known.
    pub cost_usd_micros: u64,
    /// How much of it nobody reported: the most that it can be.
    pub assumed_usd_micros: u64,
    /// What the answers of known cost were predicted to cost, in micro-dollars.
    pub predicted_usd_micros: u64,
    /// Dispatches of unknown cost.
    pub unpriced: u64,
    /// Joules on machines of ours, where known.
    pub joules: f64,
}

pub(super) fn insert(
    connection: &Connection,
    request_id: &str,
    row: &UsageRow,
) -> rusqlite::Result<()> {
    let values = params![
        request_id,
        row.dispatch,
        row.at_unix_ms,
        row.tenant,
        row.application,
        row.user,
        row.provider,
        row.model,
        row.tier,
        row.outcome,
        row.prompt_tokens,
        row.cached_tokens,
        row.completion_tokens,
        row.reasoning_tokens,
        row.bytes,
        row.cost_usd_micros,
        row.assumed,
        row.predicted_usd_micros,
        row.joules,
        row.joules_estimated,
    ];
    sql::execute(connection, INSERT, values)
}

/// Writes a use where there is none of this dispatch.
pub(super) fn insert_missing(
    connection: &Connection,
    request_id: &str,
    row: &UsageRow,
) -> rusqlite::Result<()> {
    let mut known = connection.prepare_cached(KNOWN)?;
    if known.exists(params![request_id, row.dispatch, row.tenant, row.application, row.user])? {
        return Ok(());
    }
    insert(connection, request_id, row)
}

pub(super) fn sums(
    connection: &Connection,
    query: &UsageQuery,
) -> Result<Vec<UsageSum>, StoreError> {
    let read = || -> rusqlite::Result<Vec<UsageSum>> {
        let mut statement = connection.prepare_cached(&statement(&query.by))?;
        let until =
            query.until_unix_ms.map_or(i64::MAX, |ms| i64::try_from(ms).unwrap_or(i64::MAX));
        let [tenant, application, user] = match &query.only {
            Some(only) => only.each_ref().map(|name| Some(name.as_str())),
            None => [None; 3],
        };
        let values = params![query.since_unix_ms, until, tenant, application, user];
        let rows = statement.query_map(values, |row| sum(row, query.by.len()))?;
        rows.take(MOST_SUMS).collect()
    };
    read().map_err(|error| sql::database_error(&error))
}

/// The columns are names of this file's own, never anybody's words.
fn statement(by: &[By]) -> String {
    let columns: String = by.iter().map(|by| format!("{}, ", by.column())).collect();
    let places: Vec<String> = (1..=by.len()).map(|place| place.to_string()).collect();
    let group = if places.is_empty() {
        String::new()
    } else {
        format!("GROUP BY {0} ORDER BY {0}", places.join(", "))
    };
    format!(
        "SELECT {columns} count(*), count(DISTINCT request_id), total(prompt_tokens), \
            total(cached_tokens), total(completion_tokens), total(reasoning_tokens), \
            total(CASE WHEN tier = 'cloud' THEN bytes END), total(cost_usd_micros), \
            total(CASE WHEN assumed THEN cost_usd_micros END), \
            total(CASE WHEN cost_usd_micros IS NOT NULL AND NOT assumed \
                THEN predicted_usd_micros END), \
            sum(cost_usd_micros IS NULL), total(joules) \
        FROM usage WHERE at_unix_ms >= ?1 AND at_unix_ms < ?2 \
            AND (?3 IS NULL OR (tenant = ?3 AND application = ?4 AND user = ?5)) {group}"
    )
}

fn sum(row: &rusqlite::Row<'_>, keys: usize) -> rusqlite::Result<UsageSum> {
    let key = (0..keys).map(|index| row.get(index)).collect::<rusqlite::Result<_>>()?;
    let whole = |index: usize| row.get::<_, f64>(keys + index).map(whole);
    Ok(UsageSum {
        key,
        dispatches: row.get(keys)?,
        requests: row.get(keys + 1)?,
        prompt_tokens: whole(2)?,
        cached_tokens: whole(3)?,
        completion_tokens: whole(4)?,
        reasoning_tokens: whole(5)?,
        egress_bytes: whole(6)?,
        cost_usd_micros: whole(7)?,
        assumed_usd_micros: whole(8)?,
        predicted_usd_micros: whole(9)?,
        unpriced: row.get::<_, Option<u64>>(10 + keys)?.unwrap_or_default(),
        joules: row.get(11 + keys)?,
    })
}

/// `total` gives a float, exact up to 2^53: nine billion dollars in micro-dollars.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sums of counts are whole and not negative"
)]
const fn whole(total: f64) -> u64 {
    total as u64
}
