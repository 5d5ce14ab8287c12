//! How long to wait before dialling again: exponential, with full jitter.
//!
//! When a router restarts, all its workers lose it in one moment; jitter spreads their return. The
//! window begins at [`FIRST_WINDOW`] and doubles up to [`LONGEST`]; the wait is drawn evenly from
//! [`SHORTEST`] to the window's end. A session that lasted longer than [`LONGEST`] proves the
//! router well and starts over; a shorter one does not, or a router that welcomes and drops would
//! be dialled in a tight loop.

use std::time::Duration;

/// No wait is shorter.
pub const SHORTEST: Duration = Duration::from_millis(200);
/// No wait is longer, except where the router asked for it.
pub const LONGEST: Duration = Duration::from_secs(10);
/// End of the first window.
pub const FIRST_WINDOW: Duration = Duration::from_secs(1);
/// The longest pause a router may ask for.
pub const LONGEST_ASKED: Duration = Duration::from_secs(600);

/// The state of the waits between sessions.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// The wait after a session that lasted `lived`, where `asked` is the router's own wish and
    /// `random` is even in [0, 1).
    pub fn wait(&mut self, lived: Duration, asked: Option<Duration>, random: f64) -> Duration {
        if lived > LONGEST {
            self.failures = 0;
        }
        let window = FIRST_WINDOW.saturating_mul(1 << self.failures.min(8)).min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        let asked = asked.unwrap_or_default().min(LONGEST_ASKED);
        asked + SHORTEST + (window - SHORTEST).mul_f64(random.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BRIEF: Duration = Duration::from_millis(5);

    #[test]
    fn the_window_doubles_to_ten_seconds_and_a_long_session_resets_it() {
        let mut backoff = Backoff::default();
        let seconds: Vec<u64> = (0..6).map(|_| backoff.wait(BRIEF, None, 1.0).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 10, 10]);
        assert_eq!(backoff.wait(Duration::from_secs(11), None, 1.0), FIRST_WINDOW);
    }

    #[test]
    fn the_routers_wish_is_the_floor_and_jitter_is_added_to_it() {
        let asked = Duration::from_secs(3);
        assert_eq!(Backoff::default().wait(BRIEF, Some(asked), 0.0), asked + SHORTEST);
        assert_eq!(Backoff::default().wait(BRIEF, Some(asked), 1.0), asked + FIRST_WINDOW);
        let hour = Duration::from_secs(3600);
        assert_eq!(Backoff::default().wait(BRIEF, Some(hour), 0.0), LONGEST_ASKED + SHORTEST);
    }

    proptest! {
        #[test]
        fn every_wait_is_within_its_bounds(failures in 0_u32..200, random in 0.0_f64..1.0) {
            let wait = Backoff { failures }.wait(BRIEF, None, random);
            prop_assert!((SHORTEST..=LONGEST).contains(&wait), "{wait:?}");
        }
    }
}
