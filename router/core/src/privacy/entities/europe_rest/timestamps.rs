//! Points in time that look like numbers of persons.
//!
//! Logs are full of them, and one of ten passes a check digit: `1712345678901` may be a birth in December
//! 1971 in Romania, `20240115-1234` a Swede of nine years. Whoever is right in form but may be a time as
//! well stays undecided, and then context decides.
//!
//! A time is taken for one in these forms: seconds and milliseconds since 1970 up to 2038, microseconds
//! likewise, and year to minute or second without separators, or with one between day and hour.

use super::calendar::day_exists;
use super::numbers::{number, read, two};
use crate::privacy::detect::Check;

/// The earliest and the latest second since 1970 that is taken for a time: September 2001, January 2038.
const SECONDS: std::ops::RangeInclusive<u64> = 1_000_000_000..=2_147_483_647;

/// The same answer, but `Undecided` where a valid number could be a point in time.
pub(super) fn unless_time(check: Check, text: &str) -> Check {
    match check {
        Check::Valid if may_be_a_time(text) => Check::Undecided,
        check => check,
    }
}

fn may_be_a_time(text: &str) -> bool {
    is_epoch(text) || (is_day_and_time(text) && is_written_out(text))
}

/// Digits without a separator, or with one where the day ends.
fn is_day_and_time(text: &str) -> bool {
    let mut separators = text.bytes().enumerate().filter(|(_, byte)| !byte.is_ascii_digit());
    let first = separators.next();
    separators.next().is_none() && matches!(first, None | Some((6 | 8, b'-' | b' ' | b'.')))
}

fn is_epoch(text: &str) -> bool {
    let per_second = match text.len() {
        10 => 1,
        13 => 1_000,
        16 => 1_000_000,
        _ => return false,
    };
    text.parse::<u64>().is_ok_and(|number| SECONDS.contains(&(number / per_second)))
}

fn is_written_out(text: &str) -> bool {
    if let Some([a, b, rest @ ..]) = read::<10>(text) {
        // Six digits of a day and four of a time; without a separator it would be taken for nothing.
        return text.len() > 10 && is_recent(two(a, b)) && is_minute(2000 + two(a, b), rest);
    }
    if let Some([a, b, c, d, rest @ ..]) = read::<12>(text) {
        let seconds = number(&[rest[6], rest[7]]);
        return is_this_century(&[a, b, c, d]) && is_minute(2000 + two(c, d), rest)
            || is_recent(two(a, b))
                && seconds < 60
                && is_minute(
                    2000 + two(a, b),
                    [c, d, rest[0], rest[1], rest[2], rest[3], rest[4], rest[5]],
                );
    }
    if let Some([a, b, c, d, rest @ .., s, t]) = read::<14>(text) {
        return is_this_century(&[a, b, c, d])
            && two(s, t) < 60
            && is_minute(2000 + two(c, d), rest);
    }
    false
}

/// Years whose days are found in names of files: 2010 to 2039.
const fn is_recent(year: u32) -> bool {
    year >= 10 && year < 40
}

fn is_this_century(year: &[u32; 4]) -> bool {
    (2000..2040).contains(&number(year))
}

/// Month, day, hour and minute.
const fn is_minute(year: u32, [a, b, c, d, e, f, g, h]: [u32; 8]) -> bool {
    day_exists(year, two(a, b), two(c, d)) && two(e, f) < 24 && two(g, h) < 60
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_that_may_be_a_time_stays_undecided() {
        let times = [
            "1700000000",
            "1700000000123",
            "1700000000123456",
            "240115-1230",
            "202401151230",
            "20240115-1230",
            "240115123059",
            "20240115123059",
        ];
        for time in times {
            assert_eq!(unless_time(Check::Valid, time), Check::Undecided, "{time}");
            assert_eq!(unless_time(Check::Invalid, time), Check::Invalid, "{time}");
        }
        let others =
            ["9700000000", "2700000000123", "850115-1230", "202413151230", "20240115-1275"];
        for other in others {
            assert_eq!(unless_time(Check::Valid, other), Check::Valid, "{other}");
        }
    }
}
