//! Reading the digits of a number, and where a number may stand.
//!
//! Every validator takes the text as it was written. What separates groups is left out; any other
//! character, or another count of digits, makes it no number of that kind.

use crate::privacy::detect::{Check, Edges};

/// A number that is no part of a longer one, of a phone number or of a decimal fraction. A slash may stand
/// before it: identity numbers are written in paths of URLs.
pub(super) const APART: Edges =
    Edges { before: b"-.+", after: b"-", word_before: true, word_after: true };

/// A number of few digits: no part of a path or a fraction either.
pub(super) const ALONE: Edges =
    Edges { before: b"-./+", after: b"-/", word_before: true, word_after: true };

/// The last byte of a letter of another script, and what [`ALONE`] names.
const LETTERS: [u8; 68] = {
    let mut all = [0; 68];
    let mut byte = 0x80;
    while byte < 0xC0 {
        all[byte as usize - 0x80] = byte;
        byte += 1;
    }
    [all[64], all[65], all[66], all[67]] = *b"-./+";
    all
};

/// A number that begins with Greek or Cyrillic letters: no such letter stands before them.
pub(super) const LETTERED: Edges =
    Edges { before: &LETTERS, after: b"-/", word_before: true, word_after: true };

/// Exactly `N` digits, whatever separates them. `None` for another count or another character.
pub(super) fn read<const N: usize>(text: &str) -> Option<[u32; N]> {
    let mut all = [0; N];
    let mut count = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                *all.get_mut(count)? = u32::from(byte - b'0');
                count += 1;
            }
            b' ' | b'-' | b'+' | b'.' | b'/' | b'_' => {}
            _ => return None,
        }
    }
    (count == N).then_some(all)
}

/// The text behind a prefix of letters, in any case, and behind what separates the two.
pub(super) fn behind<'a>(text: &'a str, prefix: &str) -> &'a str {
    match text.get(..prefix.len()) {
        Some(start) if start.eq_ignore_ascii_case(prefix) => {
            text.get(prefix.len()..).unwrap_or_default().trim_start_matches([' ', '-'])
        }
        _ => text,
    }
}

/// Letters and digits of a text in capitals, without what separates them: exactly `N` of them.
pub(super) fn signs<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut all = [0; N];
    let mut count = 0;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            *all.get_mut(count)? = byte.to_ascii_uppercase();
            count += 1;
        } else if !matches!(byte, b' ' | b'-' | b'.' | b'/') {
            return None;
        }
    }
    (count == N).then_some(all)
}

/// What a letter or digit counts: 0 to 9, and A is 10.
pub(super) fn value(sign: u8) -> u32 {
    char::from(sign).to_digit(36).unwrap_or_default()
}

/// Sum of each value times its weight.
pub(super) fn sum(values: &[u32], weights: &[u32]) -> u32 {
    values.iter().zip(weights).map(|(value, weight)| value * weight).sum()
}

/// The digits read as one number.
pub(super) fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(*digit))
}

/// Two digits read as a number.
pub(super) const fn two(tens: u32, ones: u32) -> u32 {
    tens * 10 + ones
}

/// Whether all digits are one and the same, as in `000000000`.
pub(super) fn uniform(digits: &[u32]) -> bool {
    digits.windows(2).all(|pair| pair.first() == pair.last())
}

/// `Valid` if it holds and the digits are not all the same.
pub(super) fn agree(holds: bool, digits: &[u32]) -> Check {
    Check::from_bool(holds && !uniform(digits))
}

/// Weights 7, 3, 1 over and over, as on machine-readable papers (ICAO 9303): the sum modulo ten.
pub(super) fn seven_three_one(values: &[u32]) -> u32 {
    values.iter().zip([7, 3, 1].iter().cycle()).map(|(value, weight)| value * weight).sum::<u32>()
        % 10
}
