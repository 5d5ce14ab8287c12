//! The class that a session has reached: once a person has said something personal in a conversation,
//! what follows refers to it, and a later turn alone does not show it.
//!
//! A label only rises. It is kept before it is believed: [`SessionLabels::raise`] answers once the class
//! is committed, so that no crash lowers it. Every request asks, so labels are remembered in memory too,
//! "none" among them; the memory is written to by the writer's thread alone, in the order in which it
//! reads and writes the file, so it never holds less than the file.
//!
//! The key of a session is the application's own word and may name a person: only a digest is kept.

mod memory;

pub(super) use memory::Memory;

use super::sqlite::SqliteStore;
use super::{StoreError, sql};
use crate::clock::unix_ms;
use futures_util::future::BoxFuture;
use littoral_core::class::DataClass;
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::sync::Arc;

const SELECT: &str = "SELECT class FROM session_labels WHERE principal_key = ?1 AND session = ?2";
const STORE: &str = "INSERT OR REPLACE INTO session_labels
    (principal_key, session, class, at_unix_ms) VALUES (?1, ?2, ?3, ?4)";

/// SHA-256 of who asks and of the key of a session.
pub type SessionDigest = [u8; 32];

/// The digest under which a session of this principal is kept: SHA-256 of the principal's key, a zero
/// byte, and the session's key.
#[must_use]
pub fn session_digest(principal_key: &str, session_key: &str) -> SessionDigest {
    let mut context = Context::new(&SHA256);
    context.update(principal_key.as_bytes());
    context.update(&[0]);
    context.update(session_key.as_bytes());
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// What is remembered of sessions. Behind a trait for the same reason as [`super::Store`].
pub trait SessionLabels: Send + Sync {
    /// Lets a session have at least this class from now on, and waits until that is committed. A
    /// higher class that it has already stays.
    ///
    /// # Errors
    /// [`StoreError`]. The class may or may not be kept: whoever cannot raise it must not go on as if
    /// it were lower.
    fn raise<'a>(
        &'a self,
        principal_key: &'a str,
        session: SessionDigest,
        class: DataClass,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The class that a session has reached; `None` if it has none.
    ///
    /// # Errors
    /// [`StoreError`]: the class is unknown then, which is not the same as none.
    fn label<'a>(
        &'a self,
        principal_key: &'a str,
        session: SessionDigest,
    ) -> BoxFuture<'a, Result<Option<DataClass>, StoreError>>;
}

impl SessionLabels for SqliteStore {
    fn raise<'a>(
        &'a self,
        principal_key: &'a str,
        session: SessionDigest,
        class: DataClass,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let memory = self.memory();
            if memory.recall(principal_key, session).is_some_and(|kept| kept >= Some(class)) {
                return Ok(());
            }
            let (key, memory) = (principal_key.to_owned(), Arc::clone(memory));
            self.work(move |connection, _| {
                let kept = read(connection, &key, session)?;
                if kept < Some(class) {
                    write(connection, &key, session, class)?;
                }
                memory.remember(key, session, kept.max(Some(class)));
                Ok(())
            })
            .await
        })
    }

    fn label<'a>(
        &'a self,
        principal_key: &'a str,
        session: SessionDigest,
    ) -> BoxFuture<'a, Result<Option<DataClass>, StoreError>> {
        Box::pin(async move {
            let memory = self.memory();
            if let Some(kept) = memory.recall(principal_key, session) {
                return Ok(kept);
            }
            let (key, memory) = (principal_key.to_owned(), Arc::clone(memory));
            self.work(move |connection, _| {
                let kept = read(connection, &key, session)?;
                memory.remember(key, session, kept);
                Ok(kept)
            })
            .await
        })
    }
}

fn read(
    connection: &Connection,
    principal_key: &str,
    session: SessionDigest,
) -> Result<Option<DataClass>, StoreError> {
    let read = || {
        let mut statement = connection.prepare_cached(SELECT)?;
        statement.query_row(params![principal_key, session], |row| row.get(0)).optional()
    };
    let name: Option<String> = read().map_err(|error| sql::database_error(&error))?;
    let Some(name) = name else { return Ok(None) };
    let class = DataClass::ALL.into_iter().find(|class| class.name() == name);
    class.map(Some).ok_or_else(|| StoreError::Damaged {
        what: "session label",
        request_id: principal_key.to_owned(),
        why: "its class is none that is known".into(),
    })
}

fn write(
    connection: &Connection,
    principal_key: &str,
    session: SessionDigest,
    class: DataClass,
) -> Result<(), StoreError> {
    let values = params![principal_key, session, class.name(), unix_ms()];
    sql::execute(connection, STORE, values).map_err(|error| sql::database_error(&error))
}
