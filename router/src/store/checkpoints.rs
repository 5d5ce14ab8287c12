//! Folds the journal into the database, beside the writer: a fold ends in two syncs of the disk, which nobody
//! who waits for a commit has to wait for.
//!
//! The journal begins anew only where nothing of it is left to fold, and a busy writer adds to it meanwhile.
//! So once it is long and folded for the most part, the writer folds the short rest itself.

use rusqlite::Connection;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// The journal is folded after so many rows, of some 20 KB each: the two syncs of a fold hold others up, so
/// that few are better than many.
const ROWS_A_FOLD: usize = 3_000;
/// A journal of so many pages (32 MiB) should begin anew.
const LONG_PAGES: i64 = 8_192;
/// A journal of so many pages (256 MiB) is folded by the writer, whatever it takes: this thread does not keep up.
pub(super) const MOST_PAGES: u32 = 65_536;
/// A fold that waits for nobody: it leaves what is in the way to the next one.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// The thread that folds. Dropping it ends it, within one fold.
pub(super) struct Checkpoints {
    told: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    rows: usize,
    short: Arc<AtomicBool>,
}

impl Checkpoints {
    /// Begins to fold the journal of the database at `path`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(path: PathBuf) -> io::Result<Self> {
        // A fold that is asked for while one runs comes after it, and one is enough.
        let (told, asked) = sync_channel(1);
        let short = Arc::default();
        let run = {
            let short = Arc::clone(&short);
            move || run(&path, &asked, &short)
        };
        let thread = std::thread::Builder::new().name("littoral-fold".into()).spawn(run)?;
        Ok(Self { told: Some(told), thread: Some(thread), rows: 0, short })
    }

    /// So many rows more are in the journal, by this connection, which waits for nothing now.
    pub(super) fn committed(&mut self, rows: usize, connection: &Connection) {
        if self.short.load(Ordering::Relaxed) && fold(connection).is_some() {
            self.short.store(false, Ordering::Relaxed);
        }
        self.rows += rows;
        if self.rows >= ROWS_A_FOLD {
            self.rows = 0;
            // Where one is asked for already, that one will do.
            let _ = self.told.as_ref().map(|told| told.try_send(()));
        }
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

fn run(path: &Path, asked: &Receiver<()>, short: &AtomicBool) {
    let connection = match Connection::open(path) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, "the journal is folded by the writer alone");
            return;
        }
    };
    while asked.recv().is_ok() {
        if fold(&connection).is_some_and(|pages| pages >= LONG_PAGES) {
            short.store(true, Ordering::Relaxed);
            // It is the writer's turn: two cannot fold at once.
            while asked.try_recv().is_ok() {}
        }
    }
}

/// Folds what is there. Returns the pages of the journal; nothing where somebody else folds.
fn fold(connection: &Connection) -> Option<i64> {
    let told = connection.query_row(FOLD, [], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)));
    let (busy, pages) =
        told.inspect_err(|error| tracing::debug!(%error, "a fold of the journal waits")).ok()?;
    (busy == 0).then_some(pages)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn a_journal_that_is_written_to_without_a_pause_is_folded_and_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db");
        let writer = Connection::open(&path).unwrap();
        writer.pragma_update(None, "journal_mode", "WAL").unwrap();
        writer.pragma_update(None, "synchronous", "NORMAL").unwrap();
        writer.pragma_update(None, "wal_autocheckpoint", 0).unwrap();
        writer.execute_batch("CREATE TABLE t (x BLOB)").unwrap();
        let mut folds = Checkpoints::start(path.clone()).unwrap();
        let until = Instant::now() + Duration::from_secs(120);
        let (mut written, mut pages) = (0_i64, 0);
        // Four times as much as makes a journal long; then all but a part of it is in the file itself.
        while written < 4 * LONG_PAGES || pages < 2 * LONG_PAGES {
            assert!(Instant::now() < until, "{written} pages written, {pages} folded");
            writer.execute("INSERT INTO t VALUES (zeroblob(65536))", []).unwrap();
            folds.committed(60, &writer);
            written += 16;
            pages = std::fs::metadata(&path).unwrap().len() as i64 / 4_096;
        }
        drop(folds);
        let journal = std::fs::metadata(path.with_extension("db-wal")).unwrap().len();
        assert!(journal < written as u64 * 4_096 * 3 / 4, "{journal} bytes of journal");
        let rows: i64 = writer.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows * 16, written);
    }
}
