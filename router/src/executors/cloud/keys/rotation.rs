//! Whose turn it is. The time is an argument.

use std::time::Instant;

/// Keys by number, in turns, some of them at rest.
#[derive(Debug)]
pub(super) struct Rotation {
    next: usize,
    /// Until when each key rests.
    rests: Vec<Option<Instant>>,
}

impl Rotation {
    pub(super) fn new(keys: usize) -> Self {
        Self { next: 0, rests: vec![None; keys] }
    }

    /// The next key that may be used and does not rest. Where there is none, one that may be used, or else
    /// the one that rests least long: whether the provider is to be called at all is decided elsewhere, and
    /// a call without a key is of no use.
    pub(super) fn next(&mut self, now: Instant, may: impl Fn(usize) -> bool) -> usize {
        let count = self.rests.len().max(1);
        let in_turn = (self.next..self.next + count).map(|key| key % count);
        // `None`, no rest, comes first; among equals the first in turn.
        let key = in_turn.min_by_key(|key| (!may(*key), self.until(*key, now))).unwrap_or(0);
        self.next = (key + 1) % count;
        key
    }

    /// Until when this key rests, if it does now.
    pub(super) fn until(&self, key: usize, now: Instant) -> Option<Instant> {
        self.rests.get(key).copied().flatten().filter(|end| *end > now)
    }

    /// This key rests until then, or longer if it does already.
    pub(super) fn rest(&mut self, key: usize, until: Instant) {
        if let Some(rest) = self.rests.get_mut(key) {
            *rest = (*rest).max(Some(until));
        }
    }

    /// This key rests no more.
    pub(super) fn wake(&mut self, key: usize) {
        if let Some(rest) = self.rests.get_mut(key) {
            *rest = None;
        }
    }
}
