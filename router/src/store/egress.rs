//! The switch that lets content leave or not, as it was last thrown. Every throw is kept: who stopped
//! egress, and who let it go on, is asked long after.

use super::sqlite::SqliteStore;
use super::{StoreError, sql};
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OptionalExtension as _, params};

const INSERT: &str =
    "INSERT INTO egress_switches (allowed, at_unix_ms, by, note) VALUES (?1, ?2, ?3, ?4)";
const LATEST: &str = "SELECT allowed, at_unix_ms, by, note FROM egress_switches
    ORDER BY sequence DESC LIMIT 1";

/// What is remembered of the switch. Behind a trait for the same reason as [`super::Store`].
pub trait EgressLog: Send + Sync {
    /// Writes a throw down and waits until it is committed.
    ///
    /// # Errors
    /// [`StoreError`].
    fn note_switch(&self, switch: EgressSwitched) -> BoxFuture<'_, Result<(), StoreError>>;

    /// The last throw; `None` if nobody ever threw it.
    ///
    /// # Errors
    /// [`StoreError`].
    fn last_switch(&self) -> BoxFuture<'_, Result<Option<EgressSwitched>, StoreError>>;
}

/// The switch was thrown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EgressSwitched {
    /// Content may leave from now on, as the policy says.
    pub allowed: bool,
    /// When, in milliseconds since the Unix epoch.
    pub at_unix_ms: u64,
    /// Who did it.
    pub by: String,
    /// What they said of it.
    pub note: String,
}

impl EgressLog for SqliteStore {
    fn note_switch(&self, switch: EgressSwitched) -> BoxFuture<'_, Result<(), StoreError>> {
        Box::pin(self.work(move |connection, _| insert(connection, &switch)))
    }

    fn last_switch(&self) -> BoxFuture<'_, Result<Option<EgressSwitched>, StoreError>> {
        Box::pin(self.work(|connection, _| latest(connection)))
    }
}

fn insert(connection: &Connection, switch: &EgressSwitched) -> Result<(), StoreError> {
    let values = params![switch.allowed, switch.at_unix_ms, switch.by, switch.note];
    sql::execute(connection, INSERT, values).map_err(|error| sql::database_error(&error))
}

fn latest(connection: &Connection) -> Result<Option<EgressSwitched>, StoreError> {
    let switch = |row: &rusqlite::Row<'_>| {
        Ok(EgressSwitched {
            // Anything but a plain yes is a no.
            allowed: row.get::<_, i64>(0)? == 1,
            at_unix_ms: row.get(1)?,
            by: row.get(2)?,
            note: row.get(3)?,
        })
    };
    let read = || connection.query_row(LATEST, [], switch).optional();
    read().map_err(|error| sql::database_error(&error))
}
