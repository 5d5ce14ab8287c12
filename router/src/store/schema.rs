//! The database file: opening it, and bringing its tables to this version.
//!
//! A wrong file must be refused before anything is written to it. The checks go from the outside
//! in: is another router using it (a lock file beside it, so that people can still read the database
//! with SQLite's own tools while the router runs), is it a database, is it ours (`application_id`),
//! is it from a later version (`user_version`)? Tables change only by appending to [`MIGRATIONS`].

mod steps;

pub(super) use steps::MIGRATIONS;

use super::checkpoints;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use serde::Deserialize;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Marks the file as ours, in SQLite's `application_id`: "LTRL" in ASCII.
pub(super) const APPLICATION_ID: i32 = 0x4c54_524c;

/// Pages that a connection keeps, in KiB: what every request adds to, and what is asked for most.
const CACHE_KIB: i32 = 16 * 1_024;

/// How long a statement waits for somebody else's lock (a person with SQLite's shell, a backup).
/// Shorter than the bound of a commit, so that the cause is told and not a time-out.
const BUSY_LIMIT: Duration = Duration::from_secs(3);

/// What a committed row survives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// The death of the process, at any moment.
    #[default]
    Kill,
    /// A loss of power too: each commit waits for the disk.
    Power,
}

impl Durability {
    /// SQLite's `synchronous`, which in WAL mode makes this difference.
    const fn pragma(self) -> &'static str {
        match self {
            Self::Kill => "NORMAL",
            Self::Power => "FULL",
        }
    }
}

/// Why a database file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The file or its folder cannot be made or opened.
    #[error("open the database {}: {source}", path.display())]
    Io {
        /// The database file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// Another router has it.
    #[error("the database {} is in use by another router: stop that one, or give this one a state folder of its own", path.display())]
    InUse {
        /// The database file.
        path: PathBuf,
    },
    /// Some other program holds SQLite's own lock.
    #[error("the database {} is locked by another program, perhaps a backup or an SQLite shell: close it and start again", path.display())]
    Locked {
        /// The database file.
        path: PathBuf,
    },
    /// Not SQLite, or damaged.
    #[error("{} is no SQLite database, or it is damaged ({why}); put a copy back, or move it away together with what begins with its name (-wal, -shm, -intents-1, -intents-2) and start again: a new one knows nothing of what was spent, of receipts, and of an egress that was off, so switch that off again first if it was", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
        /// SQLite's words.
        why: String,
    },
    /// SQLite, but some other program's.
    #[error("{} is the database of another program: choose another file", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// Written by a later version.
    #[error("the database {} has schema version {found}, and this program knows versions up to {known}: use the newer program, or another file", path.display())]
    Newer {
        /// The database file.
        path: PathBuf,
        /// Version in the file.
        found: i64,
        /// Latest version this build knows.
        known: i64,
    },
    /// Anything else SQLite says.
    #[error("open the database {}: {source}", path.display())]
    Sqlite {
        /// The database file.
        path: PathBuf,
        /// SQLite's answer.
        source: rusqlite::Error,
    },
    /// A note of an intent cannot be read.
    #[error("read line {line} of {}, where an earlier run noted what may have left: {why}; keep the file elsewhere as evidence, take that line out, and start again", path.display())]
    Note {
        /// The sheet of notes.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What does not fit.
        why: String,
    },
    /// Receipts of an earlier run could not be completed.
    #[error("complete the receipts in the database {}: {why}", path.display())]
    Receipts {
        /// The database file.
        path: PathBuf,
        /// What the store says.
        why: super::StoreError,
    },
    /// The writer's thread could not be started.
    #[error("start the writer of the database {}: {source}", path.display())]
    Thread {
        /// The database file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// An opened, checked and migrated database; its lock goes with it.
pub(super) struct Database {
    pub(super) connection: Connection,
    /// Version of the tables before they were brought to this one; 0 for a new file.
    pub(super) was_version: usize,
    _lock: File,
}

/// Opens the database at `path`, creating it and its folder where they are missing.
pub(super) fn open(path: &Path, durability: Durability) -> Result<Database, OpenError> {
    let io_error = |source| OpenError::Io { path: path.into(), source };
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_error)?;
    }
    let lock = lock(path)?;
    // Made here and not by SQLite, for the sake of its permissions; the journal inherits them.
    open_private(path, false).map_err(io_error)?;
    let (connection, was_version) =
        connect(path, durability).map_err(|error| explain(path, error))?;
    Ok(Database { connection, was_version, _lock: lock })
}

fn lock(path: &Path) -> Result<File, OpenError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let file = open_private(Path::new(&name), false)
        .map_err(|source| OpenError::Io { path: path.into(), source })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: path.into() }),
        Err(TryLockError::Error(source)) => Err(OpenError::Io { path: path.into(), source }),
    }
}

/// Opens a file for reading and writing (at its end alone, if `to_append`), creating it for its owner alone.
pub(super) fn open_private(path: &Path, to_append: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).append(to_append).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// What can go wrong between opening and a usable schema.
enum Unusable {
    Sqlite(rusqlite::Error),
    NotOurs,
    Newer { found: i64 },
}

impl From<rusqlite::Error> for Unusable {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

fn connect(path: &Path, durability: Durability) -> Result<(Connection, usize), Unusable> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_LIMIT)?;
    // Before anything is written, WAL mode included.
    let version = check_owner(&connection)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", durability.pragma())?;
    connection.pragma_update(None, "wal_autocheckpoint", checkpoints::MOST_PAGES)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    migrate(&mut connection, version)?;
    Ok((connection, version))
}

/// A second connection, for long readings that the writer must not wait for.
pub(super) fn open_to_read(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY_LIMIT)?;
    Ok(connection)
}

/// Returns the schema version of a file that is ours, 0 for an empty one.
fn check_owner(connection: &Connection) -> Result<usize, Unusable> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let application = number("application_id")?;
    let found = number("user_version")?;
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    let is_empty = application == 0 && found == 0 && tables == 0;
    if !is_empty && application != i64::from(APPLICATION_ID) {
        return Err(Unusable::NotOurs);
    }
    match usize::try_from(found) {
        Ok(version) if version <= MIGRATIONS.len() => Ok(version),
        _ => Err(Unusable::Newer { found }),
    }
}

/// Applies the missing steps, all or none.
fn migrate(connection: &mut Connection, version: usize) -> Result<(), Unusable> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for step in MIGRATIONS.iter().skip(version) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", MIGRATIONS.len())?;
    Ok(transaction.commit()?)
}

fn explain(path: &Path, error: Unusable) -> OpenError {
    let path = path.to_owned();
    let source = match error {
        Unusable::NotOurs => return OpenError::NotOurs { path },
        Unusable::Newer { found } => {
            let known = i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX);
            return OpenError::Newer { path, found, known };
        }
        Unusable::Sqlite(source) => source,
    };
    match source.sqlite_error_code() {
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => {
            OpenError::NotADatabase { path, why: source.to_string() }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => OpenError::Locked { path },
        _ => OpenError::Sqlite { path, source },
    }
}
