//! Folds the journal into the database, beside the writer: a fold ends in two syncs of the disk, which nobody
//! who waits for a commit has to wait for.
//!
//! What a disk has to take at once it takes at the cost of everybody on the machine. So the journal is written to
//! it in small pieces while it grows, and a fold finds little left to wait for (RocksDB's `bytes_per_sync` is for
//! the same).
//!
//! The journal begins anew only where nothing of it is left to fold, and a busy writer adds to it meanwhile.
//! So once it is folded for the most part, the writer folds the short rest itself.

use rusqlite::Connection;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// Pages (48 MiB) after which the journal is folded: the two syncs of a fold hold others up, so that few are
/// better than many.
const FOLD_PAGES: i64 = 12_288;
/// Pages (4 MiB) of a growing journal that are written to the disk together.
const PIECE_PAGES: i64 = 1_024;
/// A journal of so many pages (256 MiB) is folded by the writer, whatever it takes: this thread does not keep up.
pub(super) const MOST_PAGES: u32 = 65_536;
/// A fold that waits for nobody: it leaves what is in the way to the next one.
const FOLD: &str = "PRAGMA wal_checkpoint(PASSIVE)";
/// Folds nothing, and says how far the journal is and how much of it is folded.
const LOOK: &str = "PRAGMA wal_checkpoint(NOOP)";

/// The thread that folds. Dropping it ends it, within one fold.
pub(super) struct Checkpoints {
    told: Option<SyncSender<Errand>>,
    thread: Option<JoinHandle<()>>,
    turn: Arc<Turn>,
    /// Pages of the journal that were asked to be on the disk.
    on_disk: i64,
}

/// What the thread is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Errand {
    /// To write to the disk what the journal has so far.
    Piece,
    /// To fold it.
    Fold,
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
        // One errand at a time.
        let (told, asked) = sync_channel(1);
        let turn = Arc::default();
        let run = {
            let turn = Arc::clone(&turn);
            move || run(&path, &asked, &turn)
        };
        let thread = std::thread::Builder::new().name("littoral-fold".into()).spawn(run)?;
        Ok(Self { told: Some(told), thread: Some(thread), turn, on_disk: 0 })
    }

    /// More is in the journal, by this connection, which waits for nothing now.
    pub(super) fn committed(&mut self, connection: &Connection) {
        if self.turn.short.load(Ordering::Relaxed) && pages(connection, FOLD).is_some() {
            self.turn.short.store(false, Ordering::Relaxed);
        }
        let Some((all, folded)) = pages(connection, LOOK) else { return };
        // It may have begun anew.
        self.on_disk = self.on_disk.min(all);
        let Some(errand) = due(all, folded, self.on_disk) else { return };
        if !self.turn.asked.swap(true, Ordering::Relaxed) {
            self.on_disk = all;
            // There is room for one, and only one is asked for at a time.
            let _ = self.told.as_ref().map(|told| told.try_send(errand));
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

/// What is to do where the journal has `all` pages, and so many of them are folded and on the disk.
fn due(all: i64, folded: i64, on_disk: i64) -> Option<Errand> {
    if all - folded >= FOLD_PAGES {
        Some(Errand::Fold)
    } else if all - on_disk >= PIECE_PAGES {
        Some(Errand::Piece)
    } else {
        None
    }
}

fn run(path: &Path, asked: &Receiver<Errand>, turn: &Turn) {
    let connection = match Connection::open(path) {
        Ok(connection) => connection,
        Err(error) => {
            tracing::warn!(%error, "the journal is folded by the writer alone");
            return;
        }
    };
    let journal = journal_path(path);
    while let Ok(errand) = asked.recv() {
        match errand {
            Errand::Piece => {
                if let Err(error) = to_disk(&journal) {
                    let journal = journal.display();
                    tracing::debug!(%error, %journal, "a piece of it is left to the fold");
                }
            }
            Errand::Fold => {
                if pages(&connection, FOLD).is_some() {
                    turn.short.store(true, Ordering::Relaxed);
                }
            }
        }
        turn.asked.store(false, Ordering::Relaxed);
    }
}

/// Waits until the disk has what is in the file now. SQLite's locks are on other files, so that closing this one
/// releases none.
fn to_disk(journal: &Path) -> io::Result<()> {
    File::options().write(true).open(journal)?.sync_data()
}

/// Where SQLite keeps the journal of the database at `path`.
fn journal_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
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
    fn a_growing_journal_goes_to_the_disk_by_pieces_and_is_folded_when_it_is_long() {
        let (mut on_disk, mut errands) = (0, Vec::new());
        for all in (0..=FOLD_PAGES).step_by(64) {
            if let Some(errand) = due(all, 0, on_disk) {
                errands.push((all, errand));
                on_disk = all;
            }
        }
        let pieces = (1..FOLD_PAGES / PIECE_PAGES).map(|at| (at * PIECE_PAGES, Errand::Piece));
        let expected = pieces.chain([(FOLD_PAGES, Errand::Fold)]).collect::<Vec<_>>();
        assert_eq!(errands, expected);
        // What is folded already, nobody folds again.
        assert_eq!(due(2 * FOLD_PAGES, FOLD_PAGES + 1, 2 * FOLD_PAGES), None);
    }

    #[test]
    fn a_journal_that_is_not_there_is_an_error_and_no_new_file() {
        let folder = tempfile::tempdir().unwrap();
        let journal = journal_path(&folder.path().join("a.db"));
        assert_eq!(to_disk(&journal).unwrap_err().kind(), io::ErrorKind::NotFound);
        assert!(!journal.exists());
    }

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
        let journal = std::fs::metadata(journal_path(&path)).unwrap().len();
        assert!(journal < written as u64 * 4_096 * 3 / 4, "{journal} bytes of journal");
        let rows: i64 = writer.query_row("SELECT count(*) FROM t", [], |row| row.get(0)).unwrap();
        assert_eq!(rows * 16, written);
    }
}
