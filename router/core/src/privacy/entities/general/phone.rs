//! Telephone numbers.
//!
//! - *International* (`+CC ..`, `00CC ..`): country code and length must agree with the numbering plan
//!   ([`calling_code`]); grouping is free, as people write it.
//! - *National*: the forms of some fifty countries with their trunk prefixes and area codes, by continent.
//!   Where only spaces group the digits, and no trunk prefix leads, anything could be meant, and a word of
//!   context must say so.
//! - *Local*: any other grouping of seven to twelve digits counts only near such a word.
//! - *Bare*: a run of digits is a number of a phone only where it has the length and prefix of a mobile,
//!   ten digits at least, and a word of context.
//!
//! Dates, addresses of machines and numbers of one repeated digit have the same shapes and are none.

mod americas;
mod asia;
pub(crate) mod calling_code;
mod europe;
mod mobile;
mod words;

use crate::privacy::detect::checksum::digits;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Pattern, pattern};

/// Telephone numbers.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        about: "telephone number with country code",
        find: Find::Token(&[pattern(
            r"\+[1-9](?:[ ()./-]{0,3}[0-9]){6,16}(?:[ ,;]{0,2}(?i:ext\.?|x|#|доб\.?) ?[0-9]{1,6})?",
            75,
        )]),
        check: Some(calling_code::international),
        edges: Edges { before: INNER, ..Edges::WORD },
        source: "ITU-T E.164 and its list of assigned country codes",
        ..PHONE
    },
    Detector {
        about: "telephone number with international prefix",
        find: Find::Token(&[
            pattern("00[1-9][0-9]{0,2}[ /-](?:[ ()/-]{0,2}[0-9]){6,14}", 60),
            pattern("011[ -][1-9][0-9]{0,2}[ -](?:[ ()./-]{0,2}[0-9]){6,14}", 60),
            pattern("00[1-9][0-9]{8,13}", 15),
        ]),
        check: Some(calling_code::dialled),
        edges: Edges::NUMBER,
        source: "ITU-T E.164, E.123",
        ..PHONE
    },
    Detector { find: Find::Token(FORMS), ..NATIONAL },
    Detector {
        about: "grouped digits near a word for telephone",
        find: Find::Token(LOCAL),
        ..NATIONAL
    },
    Detector { about: "mobile number without groups", find: Find::Token(BARE), ..NATIONAL },
    Detector {
        about: "mobile number with country code and without a plus, alone in its line",
        find: Find::Own(&[], mobile::find),
        check: Some(mobile::check),
        edges: Edges::WORD,
        ..NATIONAL
    },
];

const PHONE: Detector = Detector {
    kind: "PHONE_NUMBER",
    family: Family::Contact,
    context: words::CONTEXT,
    ..Detector::EMPTY
};

const NATIONAL: Detector = Detector {
    about: "telephone number as written in its country",
    check: Some(national),
    edges: Edges { before: b"+-./(", after: b"-/", word_before: true, word_after: true },
    source: "ITU-T E.123; national numbering plans, https://www.itu.int/oth/T0202.aspx?parent=T0202",
    ..PHONE
};

const FORMS: &[Pattern] = &{
    const ALL: [&[Pattern]; 3] = [europe::FORMS, americas::FORMS, asia::FORMS];
    joined::<{ ALL[0].len() + ALL[1].len() + ALL[2].len() }>(&ALL)
};

const LOCAL: &[Pattern] = &{
    const ALL: [&[Pattern]; 4] = [europe::WEAK, americas::WEAK, asia::WEAK, ANY];
    joined::<{ ALL[0].len() + ALL[1].len() + ALL[2].len() + ALL[3].len() }>(&ALL)
};

const ANY: &[Pattern] = &[
    pattern("[0-9]{2,4}(?:[ ./-][0-9]{2,8}){1,4}", 15),
    pattern("[1-9] [0-9]{2,4}(?:[ -][0-9]{2,4}){1,4}", 10),
    pattern("[1-9] [0-9]{6,7}", 10),
    pattern(r"\([0-9]{2,5}\) ?[0-9]{2,8}(?:[ .-][0-9]{2,5}){0,3}", 20),
];

/// Forms of all continents in one row, so that of two that overlap the longer stays.
const fn joined<const N: usize>(lists: &[&[Pattern]]) -> [Pattern; N] {
    let mut all = [pattern("", 0); N];
    let (mut list, mut next) = (0, 0);
    while list < lists.len() {
        let mut at = 0;
        while at < lists[list].len() {
            all[next] = lists[list][at];
            at += 1;
            next += 1;
        }
        list += 1;
    }
    all
}

/// A `+` behind these is a sign of arithmetic, or of an encoding.
const INNER: &[u8] = b"+=/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Mobile numbers of ten digits or more that people write without groups.
const BARE: &[Pattern] = &[
    pattern("1[3-9][0-9]{9}", 25),                 // China
    pattern("01[016789][0-9]{7,8}", 25),           // Korea
    pattern("0[789]0[0-9]{8}", 25),                // Japan
    pattern("0[67][0-9]{8}", 20),                  // France, Netherlands, Switzerland, Morocco
    pattern("01[567][0-9]{8,9}", 20),              // Germany
    pattern("07[0-9]{9}", 25),                     // United Kingdom
    pattern("0?[6-9][0-9]{9}", 10),                // India
    pattern("1?[2-9][0-8][0-9][2-9][0-9]{6}", 10), // North America
    pattern("[1-9][0-9]9[6-9][0-9]{7}", 10),       // Brazil
    pattern("[78]9[0-9]{9}", 15),                  // Russia
    pattern("0?5[0-9]{9}", 15),                    // Turkey
    pattern("05[0-9]{8}", 15),                     // Israel, Saudi Arabia, Emirates
    pattern("0[3489][0-9]{8,9}", 15),              // Australia, Pakistan, Philippines, Viet Nam
    pattern("0[1-9][0-9]{8,10}", 10),              // any other with a trunk prefix
];

/// Whether digits in a national form can be those of a phone.
pub(crate) fn national(text: &str) -> Check {
    let (number, _) = split_extension(text);
    let count = digits(number).count();
    let balanced = number.matches('(').count() == number.matches(')').count();
    let first = digits(number).next();
    let repeated = digits(number).skip(1).all(|digit| Some(digit) == first);
    let other =
        is_date(number) || is_address(number) || is_social_security(number) || is_answer(number);
    let possible = (7..=13).contains(&count) && balanced && !repeated && !other;
    if possible { Check::Undecided } else { Check::Invalid }
}

/// The number and the digits of its extension.
fn split_extension(text: &str) -> (&str, &str) {
    let at = text.find(|char: char| char.is_alphabetic() || matches!(char, '#' | ',' | ';'));
    text.split_at(at.unwrap_or(text.len()))
}

/// `2024-01-31`, `31.01.2024`, `01-31-24`, `2024-01-31 10`: groups of which one is a year, or could be.
pub(crate) fn is_date(text: &str) -> bool {
    let mut groups =
        text.split(|char: char| !char.is_ascii_digit()).filter(|group| !group.is_empty());
    let (Some(a), Some(b), Some(c)) = (groups.next(), groups.next(), groups.next()) else {
        return false;
    };
    let value = |group: &str| group.parse::<u32>().unwrap_or(u32::MAX);
    let is_year = |group: &str| group.len() == 4 && (1800..2200).contains(&value(group));
    let is_day = |group: &str| group.len() <= 2 && (1..=31).contains(&value(group));
    let is_month = |group: &str| group.len() <= 2 && (1..=12).contains(&value(group));
    let middle_first = is_year(a) && is_month(b) && is_day(c);
    let year_last = is_year(c) && (is_month(a) && is_day(b) || is_day(a) && is_month(b));
    middle_first || year_last
}

/// The grouping of social security in the United States, which no plan has.
fn is_social_security(text: &str) -> bool {
    text.split(['-', ' ']).map(str::len).eq([3, 2, 4])
}

/// The status of an answer in a log of a web server, and its length (Common Log Format). The few local
/// numbers that are written so are lost.
fn is_answer(text: &str) -> bool {
    let status =
        text.split_once(' ').filter(|(_, length)| length.bytes().all(|b| b.is_ascii_digit()));
    status.is_some_and(|(status, _)| matches!(status, "200" | "206" | "304" | "404" | "500"))
}

/// Four groups of up to 255 between points.
fn is_address(text: &str) -> bool {
    text.split('.').count() == 4 && text.split('.').all(|group| group.parse::<u8>().is_ok())
}

#[cfg(test)]
mod tests;
