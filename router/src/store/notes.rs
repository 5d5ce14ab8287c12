//! Notes of intents beside the database, so that a byte to a cloud waits for one write to a file.
//!
//! A commit of the database costs a dozen pages and two changes of thread, and every request to a cloud would
//! wait for it. So an intent is first noted: one line at the end of a file, which the death of the process does
//! not undo. The writer takes it into the database with the rows around it. What the database has not when it is
//! opened the next time is taken in then, and only then is it "the router was killed in the middle".
//!
//! There are two sheets, so that one can be emptied while the other is written on.

use super::schema::{OpenError, open_private};
use super::{IntentRow, Row};
use littoral_core::budget::Row as JournalRow;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Length from which a sheet is emptied, in bytes: a few thousand notes.
const SHEET_BYTES: u64 = 1 << 20;
/// Length that no sheet passes: the writer does not keep up, and whoever wants to send waits for it.
const MOST_SHEET_BYTES: u64 = 64 << 20;

/// One line of a sheet.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Note {
    /// Place among the notes of both sheets.
    number: u64,
    intent: IntentRow,
    /// What budgets hold for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    held: Option<JournalRow>,
}

/// The sheet that a note stands on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Noted(usize);

/// Both sheets of a database.
#[derive(Debug)]
pub(super) struct Notes(Mutex<Sheets>);

#[derive(Debug)]
struct Sheets {
    both: [Sheet; 2],
    current: usize,
    last: u64,
    /// The database refused something that is noted. Until it takes that in, nothing new is noted: who wants to
    /// send must hear of it.
    refused: bool,
    line: Vec<u8>,
}

#[derive(Debug)]
struct Sheet {
    file: File,
    bytes: u64,
    /// Notes that the database has yet to take in.
    open: usize,
    /// Its end may be half a note, and another must not be put behind that.
    torn: bool,
}

impl Notes {
    /// Opens the sheets of the database at `path`, and reads what stands there, in order. They stay as they are
    /// until [`Self::clear`].
    pub(super) fn open(path: &Path) -> Result<(Self, Vec<Row>), OpenError> {
        let (one, mut notes) = Sheet::open(&sheet_path(path, 1))?;
        let (other, more) = Sheet::open(&sheet_path(path, 2))?;
        notes.extend(more);
        notes.sort_by_key(|note| note.number);
        let last = notes.last().map_or(0, |note| note.number);
        let both = [one, other];
        let sheets = Sheets { both, current: 0, last, refused: false, line: Vec::new() };
        Ok((Self(Mutex::new(sheets)), notes.into_iter().map(Note::into_row).collect()))
    }

    /// Empties both sheets: the database has all that stands there.
    pub(super) fn clear(&self) -> io::Result<()> {
        self.lock().both.iter_mut().try_for_each(Sheet::empty)
    }

    /// Notes an intent. Nothing where the row is none, or where it must wait for the database: then the caller
    /// commits it.
    pub(super) fn append(&self, row: &Row) -> Option<Noted> {
        let (intent, held) = match row {
            Row::Intent(intent) => (intent, None),
            Row::Paid(intent, held) => (intent, Some(held)),
            _ => return None,
        };
        let mut sheets = self.lock();
        let Sheets { both, current, last, refused, line } = &mut *sheets;
        let [one, other] = both;
        let (sheet, spare) = if *current == 0 { (one, other) } else { (other, one) };
        let is_done = sheet.bytes >= SHEET_BYTES || sheet.torn;
        let (sheet, at) = if is_done && spare.open == 0 && spare.empty().is_ok() {
            (spare, 1 - *current)
        } else {
            (sheet, *current)
        };
        if *refused || sheet.torn || sheet.bytes >= MOST_SHEET_BYTES {
            return None;
        }
        *last += 1;
        line.clear();
        let note = Borrowed { number: *last, intent, held };
        serde_json::to_writer(&mut *line, &note).ok()?;
        line.push(b'\n');
        if let Err(error) = sheet.write(line) {
            tracing::warn!(%error, "an intent could not be noted, and waits for the database");
            return None;
        }
        *current = at;
        Some(Noted(at))
    }

    /// The database has this note too.
    pub(super) fn taken_in(&self, Noted(at): Noted) {
        if let Some(sheet) = self.lock().both.get_mut(at) {
            sheet.open = sheet.open.saturating_sub(1);
        }
    }

    /// Whether the database refuses something that is noted.
    pub(super) fn refused(&self, refused: bool) {
        self.lock().refused = refused;
    }

    fn lock(&self) -> MutexGuard<'_, Sheets> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sheet {
    fn open(path: &Path) -> Result<(Self, Vec<Note>), OpenError> {
        let io_error = |source| OpenError::Io { path: path.into(), source };
        let file = open_private(path, true).map_err(io_error)?;
        let text = fs::read(path).map_err(io_error)?;
        let whole = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        // Half a note at the end was never promised: what it was for has not left.
        let lines = text.get(..whole).unwrap_or_default().split_inclusive(|byte| *byte == b'\n');
        let read = |(at, line)| {
            serde_json::from_slice(line).map_err(|error: serde_json::Error| OpenError::Note {
                path: path.into(),
                line: at + 1,
                why: error.to_string(),
            })
        };
        let notes = lines.enumerate().map(read).collect::<Result<_, _>>()?;
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        Ok((Self { file, bytes, open: 0, torn: false }, notes))
    }

    fn write(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.write_all(line).inspect_err(|_| {
            self.torn = self.file.set_len(self.bytes).is_err();
        })?;
        self.bytes += u64::try_from(line.len()).unwrap_or(u64::MAX);
        self.open += 1;
        Ok(())
    }

    fn empty(&mut self) -> io::Result<()> {
        if self.bytes > 0 || self.torn {
            self.file.set_len(0)?;
        }
        (self.bytes, self.torn) = (0, false);
        Ok(())
    }
}

/// A note that is about to be written.
#[derive(Serialize)]
struct Borrowed<'a> {
    number: u64,
    intent: &'a IntentRow,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<&'a JournalRow>,
}

impl Note {
    fn into_row(self) -> Row {
        match self.held {
            Some(held) => Row::Paid(self.intent, held),
            None => Row::Intent(self.intent),
        }
    }
}

/// Where a sheet of the database at `path` is.
pub(super) fn sheet_path(path: &Path, number: u8) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!("-intents-{number}"));
    name.into()
}
