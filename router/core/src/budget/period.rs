//! Calendar periods in UTC.
//!
//! A budget refills when its period ends, at a moment that people can read off a clock. Sliding
//! windows were rejected: nobody can say when one refills.

use serde::{Deserialize, Serialize};
use std::fmt;

const SECOND_MS: u64 = 1_000;
const MINUTE_MS: u64 = 60 * SECOND_MS;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// How long a budget lasts until it refills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Period {
    /// From one full minute to the next.
    Minute,
    /// From one full hour to the next.
    Hour,
    /// From midnight to midnight.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month of the calendar.
    Month,
}

/// A period of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Its first millisecond since 1970.
    pub start_unix_ms: u64,
    /// The first millisecond after it.
    pub end_unix_ms: u64,
}

impl Period {
    /// The period that a moment is in, in milliseconds since 1970.
    #[must_use]
    pub const fn around(self, unix_ms: u64) -> Span {
        match self {
            Self::Minute => even(unix_ms, MINUTE_MS),
            Self::Hour => even(unix_ms, HOUR_MS),
            Self::Day => even(unix_ms, DAY_MS),
            Self::Week => {
                let day = unix_ms / DAY_MS;
                // The first day of 1970 was a Thursday.
                let since_monday = (day + 3) % 7;
                days(day.saturating_sub(since_monday), day + 7 - since_monday)
            }
            Self::Month => {
                let day = unix_ms / DAY_MS;
                let first = day - (Date::of(day).day - 1);
                // Thirty-one days after the first of a month is one of the first days of the next.
                let in_next = first + 31;
                days(first, in_next - (Date::of(in_next).day - 1))
            }
        }
    }

    /// As in "a minute".
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

const fn even(unix_ms: u64, length_ms: u64) -> Span {
    let start_unix_ms = unix_ms - unix_ms % length_ms;
    Span { start_unix_ms, end_unix_ms: start_unix_ms.saturating_add(length_ms) }
}

const fn days(first: u64, end: u64) -> Span {
    Span { start_unix_ms: first.saturating_mul(DAY_MS), end_unix_ms: end.saturating_mul(DAY_MS) }
}

/// A date of the calendar.
struct Date {
    year: u64,
    month: u64,
    day: u64,
}

impl Date {
    /// Of a number of days since 1970. Hinnant, "chrono-compatible low-level date algorithms",
    /// `civil_from_days`: years begin in March, so that the leap day comes last.
    const fn of(day: u64) -> Self {
        let since_0000_03 = day + 719_468;
        let (era, of_era) = (since_0000_03 / 146_097, since_0000_03 % 146_097);
        let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + if month <= 2 { 1 } else { 0 };
        Self { year, month, day: of_year - (153 * from_march + 2) / 5 + 1 }
    }
}

/// A moment as people read it, in UTC to the second.
pub(super) struct Utc(pub u64);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Date { year, month, day } = Date::of(self.0 / DAY_MS);
        let of_day = self.0 % DAY_MS;
        let (hour, minute) = (of_day / HOUR_MS, of_day % HOUR_MS / MINUTE_MS);
        let second = of_day % MINUTE_MS / SECOND_MS;
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}
