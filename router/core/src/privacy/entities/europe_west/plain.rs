//! A number without its separators, and what several countries ask of one.

use std::ops::Range;

/// Its ASCII letters and digits, letters in capitals.
pub(super) fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).map(|char| char.to_ascii_uppercase()).collect()
}

/// The same, if it is digits alone and so many of them.
pub(super) fn digits_only(text: &str, count: usize) -> Option<String> {
    let plain = plain(text);
    (plain.len() == count && plain.bytes().all(|byte| byte.is_ascii_digit())).then_some(plain)
}

/// The number that these bytes write.
pub(super) fn number(text: &str, place: Range<usize>) -> Option<u64> {
    let part = text.get(place)?;
    part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok())?
}

/// Whether some year has this day; the 29th of February is one.
pub(super) fn is_day(day: u64, month: u64) -> bool {
    let last = match month {
        2 => 29,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Whether it is one character over and over.
pub(super) fn all_equal(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|first| bytes.all(|byte| byte == first))
}

/// Check digit of travel documents (ICAO Doc 9303, part 3, section 4.9): weights 7, 3, 1 over and over, A
/// is 10 and Z is 35, the sum modulo ten. `None` for other characters.
pub(super) fn icao(text: &str) -> Option<u32> {
    let mut sum = 0;
    for (char, weight) in text.chars().zip([7, 3, 1].into_iter().cycle()) {
        sum += char.to_digit(36)? * weight;
    }
    Some(sum % 10)
}

/// Sum of the digits of a number below a hundred.
pub(super) fn cross_sum(number: u32) -> u32 {
    number / 10 + number % 10
}

/// How many digits a text has.
pub(super) fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}
