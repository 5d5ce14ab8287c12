//! Folds the journal into the database, beside the writer: a fold ends in two syncs of the disk, which nobody
//! who waits for a commit has to wait for.
//!
//! The journal begins anew only where nothing of it is left to fold, and a busy writer adds to it meanwhile.
//! So once it is folded for the most part, the writer folds the short rest itself.

use rusqlite::Connection;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Pages (48 MiB) after which the journal is folded: the two syncs of a fold hold others up, so that few are
/// better than many.
const FOLD_PAGES: i64 = 12_288;
/// A journal of so many pages (256 MiB) is folded by the writer, whatever it takes: this thread does not keep up.
pub(super) const MOST_PAGES: u32 = 65_536;
/// A fold that waits for nobody: it leaves what is in the way to the next one.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";
/// Folds nothing, and says how far the journal is and how much of it is folded.
const LOOK: &str = "PRAGMA wal_checkpoint(NOOP)";

/// The thread that folds. Dropping it ends it, within one fold.
pub(super) struct Checkpoints {
    told: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    turn: Arc<Turn>,
}

/// Whose turn it is.
#[derive(Default)]
struct Turn {
    /// The thread has yet to do what it was asked for.
    asked: AtomicBool,
    /// The rest is short, and the writer's.
    short: AtomicBool,
}

impl Checkpoints {
    /// Begins to fold the journal of the database at `path`.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start(path: PathBuf) -> io::Result<Self> {
        // A fold that is asked for while one runs comes after it, and one is enough.
        let (told, asked) = sync_channel(1);
        let turn = Arc::default();
        let run = {
            let turn = Arc::clone(&turn);
            move || run(&path, &asked, &turn)
        };
        let thread = std::thread::Builder::new().name("littoral-fold".into()).spawn(run)?;
        Ok(Self { told: Some(told), thread: Some(thread), turn })
    }

    /// More is in the journal, by this connection, which waits for nothing now.
    pub(super) fn committed(&mut self, connection: &Connection) {
        if self.turn.short.load(Ordering::Relaxed) && pages(connection, FOLD).is_some() {
            self.turn.short.store(false, Ordering::Relaxed);
        }
        let to_fold = pages(connection, LOOK).map_or(0, |(all, folded)| all - folded);
        if to_fold >= FOLD_PAGES && !self.turn.asked.swap(true, Ordering::Relaxed) {
            // There is room for one, and only one is asked for at a time.
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

fn run(path: &Path, asked: &Receiver<()>, turn: &Turn) {
    let connection = match Connection::open(path) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, "the journal is folded by the writer alone");
            return;
        }
    };
    while asked.recv().is_ok() {
        if pages(&connection, FOLD).is_some() {
            turn.short.store(true, Ordering::Relaxed);
        }
        turn.asked.store(false, Ordering::Relaxed);
    }
}

/// Pages of the journal, and those of them that are folded, after `pragma`; nothing where somebody else folds.
fn pages(connection: &Connection, pragma: &str) -> Option<(i64, i64)> {
    let told = connection.prepare_cached(pragma).and_then(|mut pragma| {
        pragma.query_row([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)))
    });
    let (busy, all, folded) =
        told.inspect_err(|error| tracing::debug!(%error, "a fold of the journal waits")).ok()?;
    (busy == 0).then_some((all, folded))
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
        while written < 4 * FOLD_PAGES || pages < 2 * FOLD_PAGES {
            assert!(Instant::now() < until, "{written} pages written, {pages} folded");
            writer.execute("INSERT INTO t VALUES (zeroblob(65536))", []).unwrap();
            folds.committed(&writer);
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
