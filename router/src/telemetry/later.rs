//! What nobody waits for, told by a thread of its own.
//!
//! Who answers hands the facts over and goes on. They come together for a moment and are told one after the other:
//! code that runs once for each request, between two others, finds none of itself in the processor's caches, and
//! takes several times as long as the same code a dozen times in a row. Nothing is lost and the order stays: who
//! finds no room tells all that waits by itself, and who reads what was told waits for it ([`Later::catch_up`]).

use parking_lot::{Condvar, Mutex};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// Most that waits: a second of a busy router, and some megabytes.
const MOST: usize = 4_096;
/// So much is told at once, without waiting for more.
const SOON: usize = 256;
/// How long it comes together.
const TOGETHER: Duration = Duration::from_millis(10);

type Tale = Box<dyn FnOnce() + Send>;

/// The end at which it is handed over. Dropping it tells what still waits and ends the thread.
pub(super) struct Later(Arc<Queue>);

#[derive(Default)]
struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
    /// Whoever tells has it, so that nothing is told before what came first.
    turn: Mutex<()>,
}

#[derive(Default)]
struct Waiting {
    tales: Vec<Tale>,
    closed: bool,
}

impl Later {
    /// Begins.
    ///
    /// # Errors
    /// The system gives no thread.
    pub(super) fn start() -> io::Result<Self> {
        Self::telling_every(TOGETHER)
    }

    fn telling_every(together: Duration) -> io::Result<Self> {
        let queue = Arc::<Queue>::default();
        let run = {
            let queue = Arc::clone(&queue);
            move || {
                while queue.wait(together) {
                    queue.tell();
                }
            }
        };
        thread::Builder::new().name("littoral-tell".into()).spawn(run)?;
        Ok(Self(queue))
    }

    /// Hands something over, that hands nothing over itself: it is told in its turn, and would wait for its own.
    pub(super) fn add(&self, tale: impl FnOnce() + Send + 'static) {
        let mut waiting = self.0.waiting.lock();
        waiting.tales.push(Box::new(tale));
        let count = waiting.tales.len();
        drop(waiting);
        match count {
            1 | SOON => drop(self.0.changed.notify_one()),
            MOST.. => self.0.tell(),
            _ => {}
        }
    }

    /// Returns when all is told that was handed over before.
    pub(super) fn catch_up(&self) {
        self.0.tell();
    }
}

impl Drop for Later {
    fn drop(&mut self) {
        self.0.waiting.lock().closed = true;
        self.0.changed.notify_one();
    }
}

impl Queue {
    /// Tells what waits now.
    fn tell(&self) {
        let _turn = self.turn.lock();
        let tales = std::mem::take(&mut self.waiting.lock().tales);
        for tale in tales {
            // One that panics says so by itself, and the others are told.
            let _ = catch_unwind(AssertUnwindSafe(tale));
        }
    }

    /// Waits for something to tell, and for what comes soon after it; false where nothing will come.
    fn wait(&self, together: Duration) -> bool {
        let mut waiting = self.waiting.lock();
        self.changed
            .wait_while(&mut waiting, |waiting| waiting.tales.is_empty() && !waiting.closed);
        // Whoever waits for the end does not wait for more.
        let more_may_come = |waiting: &mut Waiting| !waiting.closed && waiting.tales.len() < SOON;
        self.changed.wait_while_for(&mut waiting, more_may_come, together);
        !(waiting.closed && waiting.tales.is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::sync_channel;

    #[test]
    fn what_is_handed_over_is_told_in_order_and_all_of_it_by_the_end() {
        let (told_in, told) = sync_channel(3 * MOST);
        let later = Later::start().unwrap();
        for number in 0..3 * MOST {
            let end = told_in.clone();
            later.add(move || end.send(number).unwrap());
        }
        drop((later, told_in));
        assert!(told.into_iter().eq(0..3 * MOST));
    }

    #[test]
    fn where_much_waits_it_is_told_without_waiting_for_more() {
        let (told_in, told) = sync_channel(SOON);
        let later = Later::telling_every(Duration::MAX).unwrap();
        for number in 0..SOON {
            let end = told_in.clone();
            later.add(move || end.send(number).unwrap());
        }
        // It hangs where the thread waits for more.
        assert!(told.iter().take(SOON).eq(0..SOON));
    }

    #[test]
    fn one_that_panics_keeps_nobody_from_being_told() {
        let (told_in, told) = sync_channel(1);
        let later = Later::start().unwrap();
        later.add(|| assert!(thread::current().name().is_none(), "it panics"));
        later.add(move || told_in.send("the next").unwrap());
        later.catch_up();
        assert_eq!(told.try_recv(), Ok("the next"));
    }

    #[test]
    fn who_catches_up_has_heard_all_that_came_before() {
        let (told_in, told) = sync_channel(3 * MOST);
        let later = Later::start().unwrap();
        for number in 0..100 {
            let end = told_in.clone();
            later.add(move || end.send(number).unwrap());
            later.catch_up();
            assert_eq!(told.try_recv(), Ok(number));
        }
    }

    #[test]
    fn where_there_is_no_room_whoever_comes_tells_and_no_more_than_the_bound_waits() {
        let ((go, may), later) = (sync_channel::<()>(0), Later::start().unwrap());
        // The thread is held up by the first.
        later.add(move || {
            let _ = may.recv();
        });
        let until_it_runs = || later.0.turn.try_lock().is_none();
        while !until_it_runs() {
            thread::yield_now();
        }
        (1..MOST).for_each(|_| later.add(|| {}));
        assert!(later.0.waiting.lock().tales.len() < MOST);
        let queue = Arc::clone(&later.0);
        let last = thread::spawn(move || later.add(|| {}));
        drop(go);
        last.join().unwrap();
        assert!(queue.waiting.lock().tales.is_empty(), "whoever came last told all of it");
    }
}
