//! All that was recorded, read from beside a router that may run or not: by a connection of its own that can write
//! nothing, so that neither a running router's writer nor its lock is in the way.

use super::policies;
use super::rows::OutcomeRow;
use super::schema::{self, APPLICATION_ID, MIGRATIONS};
use crate::policy_files::SourceText;
use littoral_core::record::Record;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};

const ALL: &str = "SELECT d.at_unix_ms, d.format, d.record_json, o.outcome_json
    FROM decisions d LEFT JOIN outcomes o USING (request_id, principal_key)
    WHERE d.at_unix_ms >= ?1 ORDER BY d.at_unix_ms";

/// Why nothing can be read.
#[derive(Debug, thiserror::Error)]
pub enum ObserveError {
    /// There is no such file.
    #[error("there is no database {}: name the one in a router's state folder", path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// It is another program's.
    #[error("{} is no database of a router: name the littoral.db of its state folder", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Its tables are those of another version.
    #[error("the database {} has schema version {found}, and this program reads version {known}: start a router of this version on it once, or use the program that wrote it", path.display())]
    OtherVersion {
        /// The file.
        path: PathBuf,
        /// Version in the file.
        found: i64,
        /// The version that this build reads.
        known: usize,
    },
    /// Anything else SQLite says.
    #[error("read the database {}: {source}; can its folder be written to? SQLite shares its index there", path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// The text of the policy cannot be read.
    #[error("read the policy in the database {}: {why}", path.display())]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: super::StoreError,
    },
}

/// What a router recorded.
pub struct Observed {
    path: PathBuf,
    connection: Connection,
}

/// How many records there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// Records that were read.
    pub read: u64,
    /// Records that another build wrote, or that are damaged.
    pub skipped: u64,
}

impl Observed {
    /// Opens a database to read.
    ///
    /// # Errors
    /// [`ObserveError`].
    pub fn open(path: &Path) -> Result<Self, ObserveError> {
        if !path.is_file() {
            return Err(ObserveError::Missing { path: path.into() });
        }
        let failed = |source| ObserveError::Sqlite { path: path.into(), source };
        let connection = schema::open_to_read(path).map_err(failed)?;
        let number =
            |pragma: &str| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
        let application =
            number("application_id").map_err(|error| match error.sqlite_error_code() {
                Some(rusqlite::ErrorCode::NotADatabase) => {
                    ObserveError::NotOurs { path: path.into() }
                }
                _ => failed(error),
            })?;
        if application != i64::from(APPLICATION_ID) {
            return Err(ObserveError::NotOurs { path: path.into() });
        }
        let (found, known) = (number("user_version").map_err(failed)?, MIGRATIONS.len());
        if usize::try_from(found) != Ok(known) {
            return Err(ObserveError::OtherVersion { path: path.into(), found, known });
        }
        Ok(Self { path: path.into(), connection })
    }

    /// Reads every decision from a moment on, in milliseconds since the Unix epoch, with the end of its request
    /// where that is known. One record is held at a time.
    ///
    /// # Errors
    /// [`ObserveError::Sqlite`].
    pub fn each(
        &self,
        since_unix_ms: u64,
        mut see: impl FnMut(u64, &Record, Option<&OutcomeRow>),
    ) -> Result<Counted, ObserveError> {
        let since = i64::try_from(since_unix_ms).unwrap_or(i64::MAX);
        let mut counted = Counted::default();
        let mut read = || {
            let mut statement = self.connection.prepare(ALL)?;
            let mut rows = statement.query(params![since])?;
            while let Some(row) = rows.next()? {
                let (at, format): (i64, u32) = (row.get(0)?, row.get(1)?);
                let record: String = row.get(2)?;
                let known = format == Record::VERSION;
                let record = known.then(|| serde_json::from_str(&record).ok()).flatten();
                let outcome: Option<String> = row.get(3)?;
                let outcome = outcome.and_then(|text| serde_json::from_str(&text).ok());
                match record {
                    Some(record) => {
                        counted.read += 1;
                        see(u64::try_from(at).unwrap_or_default(), &record, outcome.as_ref());
                    }
                    None => counted.skipped += 1,
                }
            }
            Ok(())
        };
        read().map_err(|source| ObserveError::Sqlite { path: self.path.clone(), source })?;
        Ok(counted)
    }

    /// The files of the policy that came into force last; nothing where none ever did.
    ///
    /// # Errors
    /// [`ObserveError::Policy`].
    pub fn policy(&self) -> Result<Option<Vec<SourceText>>, ObserveError> {
        let failed = |why| ObserveError::Policy { path: self.path.clone(), why };
        let latest = policies::latest(&self.connection, 1).map_err(failed)?;
        let Some(entry) = latest.first() else { return Ok(None) };
        policies::sources(&self.connection, &entry.hash).map_err(failed)
    }
}
