//! The router's clocks. Decisions and leases run on the monotonic one, as a time since its start;
//! the wall clock is only written into records and read for token expiry, so that a jump of it
//! loses nobody.

use littoral_core::facts::LocalTime;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// A monotonic clock that starts at zero.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Instant);

impl Clock {
    /// A clock at zero.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.0.elapsed()
    }

    /// The instant at which [`Clock::now`] is `at`.
    #[must_use]
    pub fn instant(&self, at: Duration) -> Instant {
        self.0 + at
    }
}

/// Milliseconds since 1970-01-01 UTC by the wall clock.
#[must_use]
pub fn unix_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// The moment of the week in the machine's time zone; unknown where its calendar is.
#[must_use]
pub fn local_time() -> Option<LocalTime> {
    let now = jiff::Zoned::now();
    let weekday = u8::try_from(now.weekday().to_monday_zero_offset()).ok()?;
    let minute =
        u16::from(u8::try_from(now.hour()).ok()?) * 60 + u16::try_from(now.minute()).ok()?;
    Some(LocalTime { weekday, minute })
}
