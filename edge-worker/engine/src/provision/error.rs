//! Why provisioning failed: each variant names the cause, the place and a way out.

use std::io;
use std::path::{Path, PathBuf};

use super::pins::PYTHON_MINORS;

/// A failure to provision; reads after "failed to provision: ".
///
/// Nothing is half-installed after any of them, and running again resumes at the first missing
/// part.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// No interpreter could be started.
    #[error("found no Python (tried {tried}); install Python 3.{} to 3.{}, or set LITTORAL_PYTHON to its path",
        PYTHON_MINORS.start(), PYTHON_MINORS.end())]
    NoPython {
        /// The commands that were tried, each with what came of it.
        tried: String,
    },
    /// The interpreter is too old or too new for the pinned packages.
    #[error("{} is Python {found}, and the packages needed exist for 3.{} to 3.{}; set LITTORAL_PYTHON to such a Python",
        python.display(), PYTHON_MINORS.start(), PYTHON_MINORS.end())]
    PythonVersion {
        /// The interpreter.
        python: PathBuf,
        /// The version it gave.
        found: String,
    },
    /// The interpreter lacks the modules `venv` or `ensurepip` (pip's seed).
    #[error("{} cannot make a virtual environment with pip in it; \
        install its venv and pip modules (on Debian and Ubuntu: apt install python3-venv), \
        or set LITTORAL_PYTHON to another Python; it said: {tail}", python.display())]
    NoVenv {
        /// The interpreter.
        python: PathBuf,
        /// The end of its output.
        tail: String,
    },
    /// pip could not fetch a package: no network, no such package here, or a refusing mirror.
    #[error("pip cannot fetch {what}; check the network, the proxy, pip's own index settings \
        and that a wheel exists for this platform, then run again; \
        pip said: {tail}; whole log: {}", log.display())]
    Unreachable {
        /// What was being fetched.
        what: String,
        /// The end of pip's output.
        tail: String,
        /// Where all of it is.
        log: PathBuf,
    },
    /// A file is not the one that was pinned.
    #[error(
        "{what} at {place} is corrupt or not the one pinned (expected {expected}, found {found}); \
        it was not installed; run again to fetch it anew, and if it stays so, \
        distrust the package mirror"
    )]
    Corrupt {
        /// What the file is.
        what: String,
        /// Where it is or came from.
        place: String,
        /// The pinned size or SHA-256.
        expected: String,
        /// The size or SHA-256 found.
        found: String,
    },
    /// The disk is full.
    #[error("no space left on the disk of {}; provisioning needs about 700 MB while it works \
        and 400 MB afterwards: free some, or set LITTORAL_HOME to a roomier place", place.display())]
    DiskFull {
        /// A path on the full disk.
        place: PathBuf,
    },
    /// A program failed in a way that has no name of its own.
    #[error("{what} failed: {tail}; whole log: {}", log.display())]
    Command {
        /// What was being done.
        what: String,
        /// The end of the program's output.
        tail: String,
        /// Where all of it is.
        log: PathBuf,
    },
    /// A program ran longer than its limit and was ended.
    #[error("{what} took longer than {limit_s} s and was ended; run again to resume; log: {}", log.display())]
    TimedOut {
        /// What was being done.
        what: String,
        /// The limit in seconds.
        limit_s: u64,
        /// Where its output is.
        log: PathBuf,
    },
    /// Another process has been provisioning the same home for too long.
    #[error("another process has held {} for {limit_s} s; wait for it or end it, then run again", lock.display())]
    Locked {
        /// The lock's file.
        lock: PathBuf,
        /// How long was waited, in seconds.
        limit_s: u64,
    },
    /// A file could not be read or written.
    #[error("cannot {action} {}: {source}; check that the place exists and may be written, \
        or set LITTORAL_HOME to another", path.display())]
    File {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's word.
        source: io::Error,
    },
}

/// Turns an I/O error into ours, a full disk into its own variant.
pub(super) fn io_error<'a>(
    action: &'static str,
    path: &'a Path,
) -> impl FnOnce(io::Error) -> ProvisionError + 'a {
    move |source| match source.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ProvisionError::DiskFull { place: path.to_owned() }
        }
        _ => ProvisionError::File { action, path: path.to_owned(), source },
    }
}
