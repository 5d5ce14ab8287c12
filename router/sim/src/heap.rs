//! The event heap: what happens next on the virtual clock. Events of one moment come in the order in
//! which they were set, so a run is the same whatever the heap's inner order is.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

/// An event with its moment, in nanoseconds from the start, and its number.
struct Entry<E> {
    at_ns: u64,
    number: u64,
    event: E,
}

impl<E> Entry<E> {
    const fn key(&self) -> (u64, u64) {
        (self.at_ns, self.number)
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
    now_ns: u64,
}

impl<E> EventHeap<E> {
    pub fn new() -> Self {
        Self { entries: BinaryHeap::new(), set: 0, now_ns: 0 }
    }

    /// The virtual time: the moment of the last event taken.
    pub fn now(&self) -> Duration {
        Duration::from_nanos(self.now_ns)
    }

    /// Sets an event for a moment. One that has passed comes next; one beyond 584 years never does.
    pub fn set_at(&mut self, at: Duration, event: E) {
        let Ok(at_ns) = u64::try_from(at.as_nanos()) else { return };
        self.set += 1;
        let at_ns = at_ns.max(self.now_ns);
        self.entries.push(Reverse(Entry { at_ns, number: self.set, event }));
    }

    /// Takes the next event and moves the clock to it.
    pub fn take(&mut self) -> Option<E> {
        let Reverse(entry) = self.entries.pop()?;
        self.now_ns = entry.at_ns;
        Some(entry.event)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn events_come_by_moment_and_those_of_one_moment_as_they_were_set() {
        let mut heap = EventHeap::new();
        for (at, name) in [(5, "c"), (1, "a"), (5, "d"), (3, "b")] {
            heap.set_at(ms(at), name);
        }
        let order: Vec<_> = std::iter::from_fn(|| heap.take()).collect();
        assert_eq!(order, ["a", "b", "c", "d"]);
        assert_eq!(heap.now(), ms(5));
    }

    #[test]
    fn the_clock_never_goes_back_and_what_is_endless_never_comes() {
        let mut heap = EventHeap::new();
        heap.set_at(ms(9), 1);
        heap.take();
        heap.set_at(ms(2), 2);
        heap.set_at(Duration::MAX, 3);
        assert_eq!((heap.take(), heap.now()), (Some(2), ms(9)));
        assert_eq!(heap.take(), None);
    }
}
