//! How numbers are read here: digits without their separators, dates in them, and clocks and calendar days
//! that look like them.
//!
//! Years of two digits may be of either century, so the 29th of February is a day in each fourth of them.

use crate::privacy::detect::{Check, Edges, checksum};
use std::ops::Range;

/// A bare number that is no part of a longer one, of a fraction, of a path or of a phone number.
pub(super) const BARE: Edges =
    Edges { before: b"-./+", after: b"-/", word_before: true, word_after: true };

/// A grouped number that is no part of a longer one with points or dashes.
pub(super) const GROUPED: Edges =
    Edges { before: b"-.", after: b"-", word_before: true, word_after: true };

/// The digits of a text if there are exactly so many; everything else in it is left out.
pub(super) fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let mut all = checksum::digits(text);
    let mut read = [0; N];
    for place in &mut read {
        *place = all.next()?;
    }
    all.next().is_none().then_some(read)
}

/// Letters and digits of a text, in capitals, without separators.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|char| char.is_ascii_alphanumeric())
        .map(|char| char.to_ascii_uppercase())
        .collect()
}

/// The number that digits spell; zero where the range is not in them.
pub(super) fn field(digits: &[u32], range: Range<usize>) -> u32 {
    digits.get(range).unwrap_or_default().iter().fold(0, |sum, digit| sum * 10 + digit)
}

/// Sum of each digit times its weight.
pub(super) fn weigh(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// What a sum lacks to a multiple of eleven: 0 to 10.
pub(super) const fn to_eleven(sum: u32) -> u32 {
    (11 - sum % 11) % 11
}

/// Whether all digits of a text are the same.
pub(super) fn is_one_digit(text: &str) -> bool {
    let mut all = checksum::digits(text);
    all.next().is_some_and(|first| all.all(|digit| digit == first))
}

/// Whether a month has such a day; `year` may have two digits.
pub(super) const fn is_date(year: u32, month: u32, day: u32) -> bool {
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) => 29,
        2 => 28,
        _ => 0,
    };
    day >= 1 && day <= last
}

/// Whether six digits are year, month and day, in this order.
pub(super) fn is_birth(digits: &[u32]) -> bool {
    is_date(field(digits, 0..2), field(digits, 2..4), field(digits, 4..6))
}

/// `Undecided` for a valid number that is as likely a clock: ten digits of seconds, or thirteen of
/// milliseconds, since 1970.
pub(super) fn unless_clock(text: &str, check: Check) -> Check {
    let bare = text.bytes().all(|byte| byte.is_ascii_digit());
    let seconds = match text.len() {
        10 if bare => text.parse(),
        13 if bare => text.get(..10).unwrap_or_default().parse(),
        _ => return check,
    };
    let clock = seconds.is_ok_and(|second: u64| (1_000_000_000..=2_147_483_647).contains(&second));
    if clock && check == Check::Valid { Check::Undecided } else { check }
}

/// `Undecided` for a valid number whose first eight digits stand together and are a day of a calendar:
/// `20240115-3` is rather the third of something on that day.
pub(super) fn unless_day(text: &str, check: Check) -> Check {
    let together = text.get(..8).unwrap_or_default();
    let day = digits::<8>(together).is_some_and(|day| {
        matches!(field(&day, 0..2), 19 | 20)
            && is_date(field(&day, 0..4), field(&day, 4..6), field(&day, 6..8))
    });
    if day && check == Check::Valid { Check::Undecided } else { check }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_so_many_digits_are_read() {
        assert_eq!(digits::<3>("1-2.3"), Some([1, 2, 3]));
        assert_eq!(digits::<3>("12"), None);
        assert_eq!(digits::<3>("1234"), None);
        assert_eq!(plain("ab-1 c"), "AB1C");
        assert_eq!(field(&[1, 2, 3], 1..3), 23);
        assert_eq!(field(&[1, 2, 3], 2..5), 0);
        assert_eq!((to_eleven(11), to_eleven(12), to_eleven(1)), (0, 10, 10));
    }

    #[test]
    fn february_has_a_29th_in_each_fourth_year() {
        assert!(is_date(0, 2, 29) && is_date(2024, 2, 29) && !is_date(99, 2, 29));
        assert!(!is_date(20, 13, 1) && !is_date(20, 4, 31) && !is_date(20, 1, 0));
    }

    #[test]
    fn a_clock_or_a_day_of_the_calendar_is_undecided() {
        assert_eq!(unless_clock("1700000000000", Check::Valid), Check::Undecided);
        assert_eq!(unless_clock("1700000000", Check::Valid), Check::Undecided);
        assert_eq!(unless_clock("0900000000", Check::Valid), Check::Valid);
        assert_eq!(unless_clock("1700000000", Check::Invalid), Check::Invalid);
        assert_eq!(unless_day("20240115-3", Check::Valid), Check::Undecided);
        assert_eq!(unless_day("20249915-3", Check::Valid), Check::Valid);
        assert_eq!(unless_day("20.240.115-3", Check::Valid), Check::Valid);
    }
}
