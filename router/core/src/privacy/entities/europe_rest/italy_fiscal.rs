//! Italy: the fiscal code of a person.
//!
//! `RSSMRA85T10A562S`: three letters of the surname, three of the name, year, a letter for the month, day
//! (plus 40 for women), place of birth, and a check letter. Where two persons would have the same, digits
//! are replaced by letters from the right (L is 0, M 1, N 2, P 3, Q 4, R 5, S 6, T 7, U 8, V 9). A name
//! gives its consonants first, then its vowels, then X; other triples are none.
//!
//! A wrong check letter stays undecided: nothing else looks like this, and a mistyped code names its person
//! as well.

use super::calendar::day_in_a_century;
use super::numbers::{APART, signs, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// The row of the fiscal code.
pub(super) static TABLE: &[Detector] = &[Detector {
    kind: "IT_FISCAL_CODE",
    about: "Italian fiscal code of a person",
    family: Family::Identity,
    country: Some("IT"),
    find: Find::Token(&[
        pattern(
            "(?i)[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2}[A-MZ][0-9L-NP-V]{3}[A-Z]",
            45,
        ),
        pattern(
            "(?i)[A-Z]{3} [A-Z]{3} [0-9L-NP-V]{2}[A-EHLMPR-T][0-9L-NP-V]{2} [A-MZ][0-9L-NP-V]{3} ?[A-Z]",
            45,
        ),
    ]),
    check: Some(fiscal_code),
    valid: 100,
    edges: APART,
    context: &[
        "codice fiscale",
        "cod. fiscale",
        "cod.fisc",
        "c.f.",
        "cf",
        "tessera sanitaria",
        "fiscal code",
        "tax code",
        "tax id",
        "steuernummer",
    ],
    source: "D.M. 23 dicembre 1976; https://it.wikipedia.org/wiki/Codice_fiscale",
}];

/// What a sign counts at an odd place; digits count as the letter of their value.
const ODD: [u32; 26] =
    [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
const INSTEAD_OF_DIGITS: &[u8; 10] = b"LMNPQRSTUV";

/// IT_FISCAL_CODE: names, date and place are possible, and the check letter agrees. If only that does not,
/// it is undecided.
pub(crate) fn fiscal_code(text: &str) -> Check {
    let Some(code) = signs::<16>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, y, z, m, p, q, place, r, s, t, last] = code;
    let possible = is_name([a, b, c])
        && is_name([d, e, f])
        && is_birth([y, z], m, [p, q])
        && is_place(place, [r, s, t])
        && last.is_ascii_uppercase();
    if !possible {
        return Check::Invalid;
    }
    let mut odd = true;
    let mut total = 0;
    for sign in code.iter().take(15) {
        let rank = rank(*sign);
        total += if odd { ODD.get(rank as usize).copied().unwrap_or_default() } else { rank };
        odd = !odd;
    }
    if total % 26 == rank(last) { Check::Valid } else { Check::Undecided }
}

/// Place in the alphabet, or the value of a digit.
fn rank(sign: u8) -> u32 {
    u32::from(if sign.is_ascii_digit() { sign - b'0' } else { sign.saturating_sub(b'A') })
}

/// A digit, or what stands for one.
fn digit(sign: u8) -> Option<u32> {
    if sign.is_ascii_digit() {
        return Some(u32::from(sign - b'0'));
    }
    INSTEAD_OF_DIGITS.iter().zip(0..).find(|(letter, _)| **letter == sign).map(|(_, digit)| digit)
}

/// Consonants, then vowels, then X.
fn is_name(letters: [u8; 3]) -> bool {
    let vowel = |letter: u8| matches!(letter, b'A' | b'E' | b'I' | b'O' | b'U');
    let [first, second, third] = letters;
    letters.iter().all(u8::is_ascii_uppercase)
        && (!vowel(first) || vowel(second) || second == b'X')
        && (!vowel(second) || vowel(third) || third == b'X')
        && !(vowel(first) && second == b'X' && third != b'X')
}

fn is_birth(year: [u8; 2], month: u8, day: [u8; 2]) -> bool {
    let month =
        MONTHS.iter().zip(1..).find(|(letter, _)| **letter == month).map(|(_, month)| month);
    let (Some(y), Some(z), Some(month), Some(p), Some(q)) =
        (digit(year[0]), digit(year[1]), month, digit(day[0]), digit(day[1]))
    else {
        return false;
    };
    let day = if two(p, q) > 40 { two(p, q) - 40 } else { two(p, q) };
    day_in_a_century(two(y, z), month, day)
}

fn is_place(letter: u8, rest: [u8; 3]) -> bool {
    let digits = rest.map(digit);
    matches!(letter, b'A'..=b'M' | b'Z')
        && digits.iter().all(Option::is_some)
        && digits.iter().any(|digit| *digit != Some(0))
}
