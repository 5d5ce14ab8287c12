//! Places of one model on one worker: taken by compare and swap, so that two requests never share one,
//! and given back exactly once.
//!
//! The file is compiled a second time by the test that tries every interleaving, with other atomics.

use super::atomic::{AtomicU32, Ordering};

/// Places of one model that are taken.
#[derive(Debug)]
pub struct Reserved {
    taken: AtomicU32,
    capacity: AtomicU32,
}

impl Reserved {
    /// No place taken of so many.
    #[must_use]
    pub fn new(capacity: u32) -> Self {
        Self { taken: AtomicU32::new(0), capacity: AtomicU32::new(capacity) }
    }

    /// Takes a place, if one is free.
    #[must_use]
    pub fn take(&self) -> bool {
        let capacity = self.capacity.load(Ordering::Acquire);
        let more = |taken: u32| (taken < capacity).then_some(taken + 1);
        self.taken.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).is_ok()
    }

    /// Has so many places from now on. Those taken beyond them stay taken until they are given back.
    pub fn set_capacity(&self, capacity: u32) {
        self.capacity.store(capacity, Ordering::Release);
    }

    /// Gives a place back that was taken.
    pub fn give_back(&self) {
        let before = self.taken.fetch_sub(1, Ordering::AcqRel);
        debug_assert!(before > 0, "a place was given back twice");
    }

    /// Places that are taken.
    #[must_use]
    pub fn taken(&self) -> u32 {
        self.taken.load(Ordering::Acquire)
    }
}
