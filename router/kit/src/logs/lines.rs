//! Lines on their way out: a bounded queue, and a thread that writes what has come together.
//!
//! Whoever logs wakes the thread for the first line after a pause alone; the thread then lets lines come together
//! for a moment and writes them at once. A thread that is woken for each line, and looks for the next one before
//! it sleeps, takes a core away from those who answer. The price: a process that is killed takes the lines of that
//! moment with it; one that ends in order does not lose any.

use std::io::{self, Write};
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Most lines that wait.
const MOST_LINES: usize = 8_192;
/// Most bytes that wait.
const MOST_BYTES: usize = 16 << 20;
/// Bytes of room that are kept for the next lines.
const ROOM: usize = 1 << 20;
/// How long lines come together.
const TOGETHER: Duration = Duration::from_millis(10);

/// The end that lines go in at. What finds no room is dropped.
#[derive(Debug, Default)]
pub(super) struct Lines {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Waiting {
    text: Vec<u8>,
    lines: usize,
    closed: bool,
}

/// Begins to write lines to `out`. Something is received, or the sender is gone, when the thread has ended.
///
/// # Errors
/// The system gives no thread.
pub(super) fn to(out: impl Write + Send + 'static) -> io::Result<(Arc<Lines>, Receiver<()>)> {
    let lines = Arc::<Lines>::default();
    let (done, over) = sync_channel(1);
    let write = {
        let lines = Arc::clone(&lines);
        move || {
            lines.write_to(out);
            drop(done);
        }
    };
    std::thread::Builder::new().name("log".into()).spawn(write)?;
    Ok((lines, over))
}

impl Lines {
    /// No more lines are written than those that wait.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    fn push(&self, line: &[u8]) {
        let mut waiting = self.lock();
        let no_room = waiting.lines >= MOST_LINES || waiting.text.len() + line.len() > MOST_BYTES;
        if no_room || waiting.closed {
            return;
        }
        waiting.text.extend_from_slice(line);
        waiting.lines += 1;
        let is_first = waiting.lines == 1;
        drop(waiting);
        if is_first {
            self.changed.notify_one();
        }
    }

    /// Writes all that comes, until closed.
    fn write_to(&self, mut out: impl Write) {
        let mut text = Vec::new();
        while self.take(&mut text) {
            // Nobody can be told that the log cannot be written.
            let _ = out.write_all(&text).and_then(|()| out.flush());
        }
    }

    /// Waits for lines and takes them in place of those in `text`; false where there will be none.
    fn take(&self, text: &mut Vec<u8>) -> bool {
        text.clear();
        text.shrink_to(ROOM);
        let has_none = |waiting: &mut Waiting| waiting.lines == 0 && !waiting.closed;
        let waiting = self.changed.wait_while(self.lock(), has_none);
        let waiting = waiting.unwrap_or_else(PoisonError::into_inner);
        let more_may_come = |waiting: &mut Waiting| !waiting.closed;
        let waiting = self.changed.wait_timeout_while(waiting, TOGETHER, more_may_come);
        let (mut waiting, _) = waiting.unwrap_or_else(PoisonError::into_inner);
        std::mem::swap(&mut waiting.text, text);
        waiting.lines = 0;
        !text.is_empty()
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Each write is a line, as the formatter makes them.
impl Write for &Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.push(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::{SyncSender, TryRecvError};

    /// Takes what is written, once it may.
    struct Reader(Receiver<()>, SyncSender<Vec<u8>>);

    impl Write for Reader {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            // Whoever is gone lets all through.
            let _ = self.0.recv();
            let _ = self.1.send(text.to_vec());
            Ok(text.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn put(lines: &Lines, text: &str) {
        let mut end = lines;
        end.write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn lines_are_written_whole_and_in_order_and_the_last_ones_at_the_end() {
        let ((go, may), (written_in, written)) = (sync_channel(0), sync_channel(1_024));
        drop(go);
        let (lines, over) = to(Reader(may, written_in)).unwrap();
        let expected = (0..1_000).map(|number| format!("line {number}\n")).collect::<Vec<_>>();
        expected.iter().for_each(|line| put(&lines, line));
        lines.close();
        assert!(over.recv().is_err(), "the thread ends");
        put(&lines, "too late\n");
        assert_eq!(written.into_iter().flatten().collect::<Vec<_>>(), expected.concat().as_bytes());
    }

    #[test]
    fn where_nobody_reads_lines_are_dropped_and_nobody_waits() {
        let full = Lines::default();
        (0..2 * MOST_LINES).for_each(|_| put(&full, "x\n"));
        assert_eq!(full.lock().lines, MOST_LINES);
        let long = Lines::default();
        put(&long, &"y".repeat(MOST_BYTES));
        put(&long, "z");
        let waiting = long.lock();
        assert_eq!((waiting.lines, waiting.text.len()), (1, MOST_BYTES));
    }

    #[test]
    fn a_reader_that_stands_still_is_waited_for_by_the_thread_alone() {
        let (go, may) = sync_channel(0);
        let (written_in, written) = sync_channel(1_024);
        let (lines, over) = to(Reader(may, written_in)).unwrap();
        (0..2 * MOST_LINES).for_each(|_| put(&lines, "x\n"));
        lines.close();
        assert!(over.try_recv().is_err_and(|error| error == TryRecvError::Empty));
        drop(go);
        assert!(over.recv().is_err(), "the thread ends");
        let bytes = written.into_iter().flatten().count();
        assert!(bytes >= 2 * MOST_LINES, "{bytes} bytes");
    }
}
