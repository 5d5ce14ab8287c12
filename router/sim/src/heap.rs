//! The event heap: what happens next on the virtual clock. Events of one moment come in the order in
//! which they were set, so a run is the same whatever the heap's inner order is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// An event with its moment and its number.
struct Entry<E> {
    at: Duration,
    number: u64,
    event: E,
}

impl<E> Entry<E> {
    fn key(&self) -> (Duration, u64) {
        (self.at, self.number)
    }
}

impl<E> PartialEq for Entry<E> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<E> Eq for Entry<E> {}

impl<E> PartialOrd for Entry<E> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<E> Ord for Entry<E> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// Events to come, and the clock that they move.
pub(crate) struct EventHeap<E> {
    entries: BinaryHeap<Reverse<Entry<E>>>,
    set: u64,
    now: Duration,
}

impl<E> EventHeap<E> {
    pub fn new() -> Self {
        Self { entries: BinaryHeap::new(), set: 0, now: Duration::ZERO }
    }

    /// The virtual time: the moment of the last event taken.
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Sets an event for `delay` from now.
    pub fn set_after(&mut self, delay: Duration, event: E) {
        self.set += 1;
        let at = self.now.saturating_add(delay);
        self.entries.push(Reverse(Entry { at, number: self.set, event }));
    }

    /// Takes the next event and moves the clock to it.
    pub fn take(&mut self) -> Option<E> {
        let Reverse(entry) = self.entries.pop()?;
        self.now = entry.at;
        Some(entry.event)
    }
}
