//! What the validators of this part share: characters without separators, days that exist, and numbers
//! that may as well be times.
//!
//! A check digit agrees by chance in one of ten or eleven numbers, and logs are full of seconds since
//! 1970 and of `20261126093000`. A bare number that reads as a time is therefore never `Valid` on the
//! strength of a check digit alone ([`decide`]): it stays undecided, for the words near it to tell.

use crate::privacy::detect::Check;

/// Letters, as capitals, and digits; whatever separates them is left out.
pub(super) fn compact(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|char| char.to_ascii_uppercase()).collect()
}

/// Digits alone.
pub(super) fn only_digits(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    digits.extend(text.bytes().filter(u8::is_ascii_digit).map(char::from));
    digits
}

/// The number that `length` digits from `at` write.
pub(super) fn part(digits: &str, at: usize, length: usize) -> Option<u32> {
    digits.get(at..at + length)?.parse().ok()
}

/// Whether the calendar has this day.
pub(super) const fn day_exists(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    };
    day >= 1 && day <= days
}

/// Whether `YYYYMMDD` stands at `at`.
pub(super) fn long_date(digits: &str, at: usize) -> bool {
    match (part(digits, at, 4), part(digits, at + 4, 2), part(digits, at + 6, 2)) {
        (Some(year), Some(month), Some(day)) => day_exists(year, month, day),
        _ => false,
    }
}

/// Whether `YYMMDD`, in the century that begins with `century` (1900, 2000), stands at `at`.
pub(super) fn short_date(digits: &str, at: usize, century: u32) -> bool {
    match (part(digits, at, 2), part(digits, at + 2, 2), part(digits, at + 4, 2)) {
        (Some(year), Some(month), Some(day)) => day_exists(century + year, month, day),
        _ => false,
    }
}

/// Whether `YYMMDD` of this century or the last stands at `at`.
pub(super) fn any_short_date(digits: &str, at: usize) -> bool {
    short_date(digits, at, 1900) || short_date(digits, at, 2000)
}

/// Whether all characters are one.
pub(super) fn all_equal(text: &str) -> bool {
    text.bytes().zip(text.bytes().skip(1)).all(|(one, next)| one == next)
}

/// `Valid` if the check digits agree, unless a bare number reads as a time: then undecided.
pub(super) fn decide(text: &str, agrees: bool) -> Check {
    match agrees {
        false => Check::Invalid,
        true if reads_as_time(text) => Check::Undecided,
        true => Check::Valid,
    }
}

/// Seconds since 1970 up to the year 2038, alone or with three, six or nine digits of a fraction; or a
/// date, alone or with hours and minutes, or seconds too. All bare.
pub(super) fn reads_as_time(text: &str) -> bool {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let hour = |at| part(text, at, 2).is_some_and(|hour| hour < 24);
    let sixty = |at| part(text, at, 2).is_some_and(|minute| minute < 60);
    let recent = part(text, 0, 4).is_some_and(|year| (1900..2100).contains(&year));
    match text.len() {
        10 | 13 | 16 | 19 => part(text, 0, 10)
            .is_some_and(|seconds| (1_000_000_000..=2_147_483_647).contains(&seconds)),
        8 => recent && long_date(text, 0),
        12 => {
            recent && long_date(text, 0) && hour(8) && sixty(10)
                || part(text, 0, 2).is_some_and(|year| year < 40)
                    && short_date(text, 0, 2000)
                    && hour(6)
                    && sixty(8)
                    && sixty(10)
        }
        14 => recent && long_date(text, 0) && hour(8) && sixty(10) && sixty(12),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_that_the_calendar_lacks_do_not_exist() {
        assert!(long_date("20240229", 0) && !long_date("20230229", 0) && !long_date("20231301", 0));
        assert!(short_date("000229", 0, 2000) && !short_date("000229", 0, 1900));
        assert!(
            any_short_date("x000229".get(1..).unwrap_or_default(), 0) && !any_short_date("99", 0)
        );
    }

    #[test]
    fn a_bare_time_is_never_valid_and_a_grouped_number_may_be() {
        for time in ["1732608000", "1732608000123", "20261126", "202611260930", "261126093000"] {
            assert!(reads_as_time(time), "{time}");
            assert_eq!(decide(time, true), Check::Undecided);
        }
        assert_eq!(decide("2026-1126", true), Check::Valid);
        assert_eq!(decide("9732608000", true), Check::Valid);
        assert_eq!(decide("1732608000", false), Check::Invalid);
    }
}
