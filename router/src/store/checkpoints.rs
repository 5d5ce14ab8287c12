//! Folds the journal into the database, beside the writer: a fold ends in two syncs of the disk, which nobody
//! who waits for a commit has to wait for.

use rusqlite::Connection;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Time between two folds.
const INTERVAL: Duration = Duration::from_secs(1);
/// A journal of so many pages (64 MiB) is folded by the writer itself: this thread does not keep up.
pub(super) const MOST_PAGES: u32 = 16_384;
/// A fold that waits for nobody: it leaves what is in the way to the next one.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread that folds. Dropping it ends it, within one fold.
pub(super) struct Checkpoints {
    told: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Checkpoints {
    /// Starts folding the journal of the database at `path`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(path: PathBuf) -> io::Result<Self> {
        let (told, end) = channel();
        let run = move || run(&path, &end);
        let thread = std::thread::Builder::new().name("littoral-fold".into()).spawn(run)?;
        Ok(Self { told: Some(told), thread: Some(thread) })
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        drop(self.told.take());
        if let Some(thread) = self.thread.take() {
            // It cannot panic, and if it did nothing would be lost but a fold.
            let _ = thread.join();
        }
    }
}

fn run(path: &std::path::Path, end: &Receiver<()>) {
    let connection = match Connection::open(path) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, "the journal is folded by the writer alone");
            return;
        }
    };
    while end.recv_timeout(INTERVAL) == Err(RecvTimeoutError::Timeout) {
        if let Err(error) = connection.query_row(FOLD, [], |_| Ok(())) {
            tracing::debug!(%error, "a fold of the journal waits");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn what_was_committed_is_folded_into_the_database_while_it_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", "WAL").unwrap();
        writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        writer.execute_batch("CREATE TABLE t (x BLOB)").unwrap();
        let folds = Checkpoints::start(path.clone()).unwrap();
        let until = Instant::now() + Duration::from_secs(60);
        // Nothing but a fold makes the file itself grow.
        while std::fs::metadata(&path).unwrap().len() < 1 << 20 {
            assert!(Instant::now() < until, "nothing was folded");
            writer.execute("INSERT INTO t VALUES (zeroblob(65536))", []).unwrap();
        }
        drop(folds);
        let rows: i64 = writer.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert!(rows >= 16);
    }
}
