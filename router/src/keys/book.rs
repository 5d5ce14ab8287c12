//! The book of keys: one file, changed under a lock and replaced as a whole.

use super::form;
use super::{Key, Scope, sha256};
use crate::secret_file::{self, SecretFileError};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Most keys of a router.
pub const MOST_KEYS: usize = 100_000;
const HEADING: &str =
    "# API keys of this router. No secret is in here: `littoral keys` changes it.\n\n";

/// Where the book is.
#[derive(Clone, Debug)]
pub struct Books {
    path: PathBuf,
}

/// Why the book is of no use.
#[derive(Debug, thiserror::Error)]
pub enum BookError {
    /// It cannot be read.
    #[error(transparent)]
    File(#[from] SecretFileError),
    /// It cannot be written.
    #[error("write {}: {source}; is its folder writable?", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// It is damaged.
    #[error("{} is no book of keys ({why}); take it from a backup, or remove it and make new keys", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong, without its content.
        why: String,
    },
    /// There is no such key.
    #[error("there is no API key {0}; `littoral keys list` shows them")]
    NoKey(String),
    /// The key cannot be used any more.
    #[error("API key {0} was revoked or has expired; make a new one with `littoral keys create`")]
    Ended(String),
    /// A name cannot be one.
    #[error("{0:?} is no name: 1 to 64 characters of A-Z a-z 0-9 . _ -")]
    Name(String),
    /// No more fit.
    #[error(
        "there are {MOST_KEYS} keys already; those that ended leave the book with `littoral keys tidy`"
    )]
    Full,
    /// The system gave no randomness.
    #[error("the system gave no random bytes")]
    NoRandomness,
}

/// What a new key is for.
#[derive(Clone, Debug)]
pub struct Change {
    /// Whose organisation.
    pub tenant: String,
    /// Which application.
    pub application: String,
    /// Which user.
    pub user: String,
    /// What for.
    pub scopes: BTreeSet<Scope>,
    /// Until when, in milliseconds since the Unix epoch.
    pub expires_unix_ms: u64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    key: Vec<Key>,
}

impl Books {
    /// The book in a state folder.
    #[must_use]
    pub fn of(state: &Path) -> Self {
        Self { path: state.join("keys.toml") }
    }

    /// All keys, in the order in which they were made.
    ///
    /// # Errors
    /// The book cannot be read or understood.
    pub fn read(&self) -> Result<Vec<Key>, BookError> {
        let damaged = |why: &str| BookError::Damaged { path: self.path.clone(), why: why.into() };
        let Some(bytes) = secret_file::read_up_to(&self.path, LONGEST)? else {
            return Ok(Vec::new());
        };
        let text = str::from_utf8(&bytes).map_err(|_| damaged("it is no text"))?;
        let content: Content = toml::from_str(text).map_err(|error| damaged(error.message()))?;
        Ok(content.key)
    }

    /// Something that changes whenever the book does.
    pub(super) fn stamp(&self) -> Option<(SystemTime, u64)> {
        let file = std::fs::metadata(&self.path).ok()?;
        Some((file.modified().ok()?, file.len()))
    }

    /// Makes a key. The secret comes back once and is nowhere else.
    ///
    /// # Errors
    /// A name is none, or the book cannot be changed.
    pub fn create(
        &self,
        wanted: Change,
        now_unix_ms: u64,
    ) -> Result<(Key, SecretString), BookError> {
        for name in [&wanted.tenant, &wanted.application, &wanted.user] {
            if !is_name(name) {
                return Err(BookError::Name(name.clone()));
            }
        }
        self.change(|keys| {
            if keys.len() >= MOST_KEYS {
                return Err(BookError::Full);
            }
            let (id, secret) = form::fresh().map_err(|_| BookError::NoRandomness)?;
            let Change { tenant, application, user, scopes, expires_unix_ms } = wanted;
            let key = Key {
                sha256: sha256(&secret),
                tenant,
                application,
                user,
                scopes,
                created_unix_ms: now_unix_ms,
                expires_unix_ms,
                revoked_unix_ms: None,
                id,
            };
            keys.push(key.clone());
            let whole = form::shown(&key.id, &secret);
            Ok((key, whole.into()))
        })
    }

    /// Ends a key now.
    ///
    /// # Errors
    /// There is none, or the book cannot be changed.
    pub fn revoke(&self, id: &str, now_unix_ms: u64) -> Result<Key, BookError> {
        self.change(|keys| {
            let key = keys.iter_mut().find(|key| key.id == id);
            let key = key.ok_or_else(|| BookError::NoKey(id.into()))?;
            key.revoked_unix_ms.get_or_insert(now_unix_ms);
            Ok(key.clone())
        })
    }

    /// Makes a key with the rights of another, which ends at `old_until`, if it did not end before.
    ///
    /// # Errors
    /// There is none, it ended, or the book cannot be changed.
    pub fn rotate(
        &self,
        id: &str,
        (old_until, new_until): (u64, u64),
        now_unix_ms: u64,
    ) -> Result<(Key, SecretString), BookError> {
        self.change(|keys| {
            let (fresh_id, secret) = form::fresh().map_err(|_| BookError::NoRandomness)?;
            let old = keys.iter_mut().find(|key| key.id == id);
            let old = old.ok_or_else(|| BookError::NoKey(id.into()))?;
            if !old.holds(now_unix_ms) {
                return Err(BookError::Ended(id.into()));
            }
            old.expires_unix_ms = old.expires_unix_ms.min(old_until);
            let key = Key {
                id: fresh_id,
                sha256: sha256(&secret),
                created_unix_ms: now_unix_ms,
                expires_unix_ms: new_until,
                ..old.clone()
            };
            keys.push(key.clone());
            let whole = form::shown(&key.id, &secret);
            Ok((key, whole.into()))
        })
    }

    /// Lets go of keys that ended. Returns how many.
    ///
    /// # Errors
    /// The book cannot be changed.
    pub fn tidy(&self, now_unix_ms: u64) -> Result<usize, BookError> {
        self.change(|keys| {
            let before = keys.len();
            keys.retain(|key| key.holds(now_unix_ms));
            Ok(before - keys.len())
        })
    }

    /// One change at a time, whoever makes it. The book is replaced as a whole or stays.
    fn change<T>(
        &self,
        change: impl FnOnce(&mut Vec<Key>) -> Result<T, BookError>,
    ) -> Result<T, BookError> {
        let failed = |source| BookError::Write { path: self.path.clone(), source };
        if let Some(folder) = self.path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let lock = File::create(self.path.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut keys = self.read()?;
        let changed = change(&mut keys)?;
        let damaged =
            |_| BookError::Damaged { path: self.path.clone(), why: "it cannot be written".into() };
        let text = toml::to_string(&Content { key: keys }).map_err(damaged)?;
        let draft = self.path.with_extension("new");
        secret_file::write(&draft, format!("{HEADING}{text}").as_bytes(), true).map_err(failed)?;
        std::fs::rename(&draft, &self.path).map_err(failed)?;
        Ok(changed)
    }
}

/// Longest book, in bytes: as many keys as there can be, of the longest names.
const LONGEST: u64 = MOST_KEYS as u64 * 640;

fn is_name(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    (1..=64).contains(&name.len()) && name.chars().all(allowed)
}
