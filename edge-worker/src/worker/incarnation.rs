//! A number for each session, so that the router can tell a ghost from its successor.
//!
//! It is the wall clock's milliseconds, which grow over restarts of the process without anything
//! being stored; inside one process it also grows when the clock is set back.

use std::time::{SystemTime, UNIX_EPOCH};

/// The numbers given so far.
#[derive(Debug, Default)]
pub(super) struct Incarnations {
    last: u64,
}

impl Incarnations {
    /// A number larger than all before.
    pub(super) fn next(&mut self) -> u64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        self.at(u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
    }

    fn at(&mut self, unix_ms: u64) -> u64 {
        self.last = unix_ms.max(self.last.saturating_add(1));
        self.last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_grow_even_when_the_clock_stands_still_or_is_set_back() {
        let mut incarnations = Incarnations::default();
        let numbers = [1000, 1000, 400, 2000].map(|unix_ms| incarnations.at(unix_ms));
        assert_eq!(numbers, [1000, 1001, 1002, 2000]);
    }
}
