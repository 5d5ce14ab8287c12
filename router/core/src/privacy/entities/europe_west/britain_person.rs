//! United Kingdom: health service, National Insurance, passport, driving licence.
//!
//! An NHS number is written like a telephone number of North America (3-3-4 digits), and one of eleven of
//! those passes its check: only what the health services issue counts as valid, and only in groups with
//! spaces does it count much.
//!
//! A passport has nine digits. Presidio's `UK_PASSPORT` is two letters and seven digits (as of 2025), which
//! kind and form stay here; the nine digits are `UK_PASSPORT_NUMBER`.

use super::plain::{all_equal, digits_only, is_day, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const NHS_WORDS: &[&str] = &[
    "nhs",
    "nhs number",
    "nhs no",
    "national health service",
    "health service number",
    "health and care number",
    "h&c number",
    "chi number",
    "health authority",
    "gp surgery",
    "patient",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "UK_NHS",
        about: "British health service number, in groups",
        family: Family::Health,
        country: Some("GB"),
        find: Find::Token(&[pattern("[0-9]{3} [0-9]{3} [0-9]{4}", 10)]),
        check: Some(health_number),
        valid: 50,
        edges: Edges::NUMBER,
        context: NHS_WORDS,
        source: "https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    },
    Detector {
        kind: "UK_NHS",
        about: "British health service number",
        family: Family::Health,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("[0-9]{10}", 5),
            pattern("[0-9]{3}-[0-9]{3}-[0-9]{4}", 5),
            pattern("[0-9]{3}[ -]?[0-9]{3}-[0-9]{4}", 5),
            pattern("[0-9]{3}-[0-9]{3}[ -]?[0-9]{4}", 5),
            pattern("[0-9]{6}[ -][0-9]{4}", 5),
            pattern("[0-9]{3}[ -][0-9]{7}", 5),
        ]),
        check: Some(health_number),
        valid: 30,
        edges: Edges::NUMBER,
        context: NHS_WORDS,
        source: "https://www.datadictionary.nhs.uk/attributes/nhs_number.html",
    },
    Detector {
        kind: "UK_NINO",
        about: "British National Insurance number",
        family: Family::Identity,
        country: Some("GB"),
        find: Find::Token(&[pattern(
            "(?i)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?[A-D]",
            60,
        )]),
        check: Some(insurance_number),
        context: &[
            "national insurance",
            "national insurance number",
            "insurance number",
            "ni number",
            "ni no",
            "nino",
            "hmrc",
            "payroll",
        ],
        source: "HMRC, National Insurance Manual NIM39110",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_PASSPORT",
        about: "British passport number with letters",
        family: Family::Identity,
        country: Some("GB"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{7}", 15)]),
        context: PASSPORT_WORDS,
        source: "https://www.gov.uk/government/publications/basic-passport-checks",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_PASSPORT_NUMBER",
        about: "British passport number",
        family: Family::Identity,
        country: Some("GB"),
        find: Find::Token(&[pattern("[0-9]{9}", 5), pattern("[0-9]{9}[0-9]GBR", 70)]),
        check: Some(passport_number),
        edges: Edges::NUMBER,
        context: PASSPORT_WORDS,
        source: "https://www.gov.uk/government/publications/basic-passport-checks",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_DRIVING_LICENCE",
        about: "British driving licence number",
        family: Family::Identity,
        country: Some("GB"),
        find: Find::Token(&[pattern(
            "(?i)[A-Z9]{5}[ ]?[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9][ ]?[A-Z9]{2}[A-Z0-9][A-Z]{2}",
            75,
        )]),
        check: Some(driving_licence),
        context: &[
            "driving licence",
            "driving license",
            "driver's licence",
            "driver's license",
            "driver number",
            "licence number",
            "license number",
            "dvla",
            "dl number",
        ],
        source: "https://en.wikipedia.org/wiki/Driving_licence_in_the_United_Kingdom",
        ..Detector::EMPTY
    },
];

const PASSPORT_WORDS: &[&str] = &[
    "passport",
    "passport number",
    "passport no",
    "uk passport",
    "british passport",
    "travel document",
    "hm passport office",
    "hmpo",
];

/// Ten digits, the last of which makes the weighted sum (ten to one) a multiple of eleven. Valid if England,
/// Wales, Scotland or Northern Ireland issue such; undecided if nobody does.
pub(crate) fn health_number(text: &str) -> Check {
    let Some(plain) = digits_only(text, 10) else { return Check::Invalid };
    let sum = checksum::weighted(&plain, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    if all_equal(&plain) || !sum.is_multiple_of(11) {
        return Check::Invalid;
    }
    let scotland = number(&plain, 0..2).zip(number(&plain, 2..4));
    let scotland = scotland.is_some_and(|(day, month)| is_day(day, month));
    match number(&plain, 0..3) {
        Some(320..=499 | 600..=799) => Check::Valid,
        _ if scotland => Check::Valid,
        _ => Check::Undecided,
    }
}

/// Prefixes that are never issued. There is no check digit.
pub(crate) fn insurance_number(text: &str) -> Check {
    const NEVER: &[&str] = &["BG", "GB", "KN", "NK", "NT", "TN", "ZZ"];
    let plain = plain(text);
    let never = plain.get(..2).is_none_or(|prefix| NEVER.contains(&prefix));
    if never { Check::Invalid } else { Check::Undecided }
}

/// Nine digits, not all the same; in the machine-readable zone the check digit follows.
pub(crate) fn passport_number(text: &str) -> Check {
    let plain = plain(text);
    let digits = plain.trim_end_matches("GBR");
    let repeated = digits.get(..9).is_none_or(all_equal);
    let zone = digits.get(9..10).and_then(|check| check.parse::<u32>().ok());
    let agrees = zone.is_none() || digits.get(..9).and_then(super::plain::icao) == zone;
    if repeated || !agrees { Check::Invalid } else { Check::Undecided }
}

/// A surname filled up with nines at its end only, and a day that the month has.
pub(crate) fn driving_licence(text: &str) -> Check {
    let plain = plain(text);
    let name = plain.get(..5).unwrap_or("").trim_end_matches('9');
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_uppercase());
    let month = number(&plain, 6..8).map(|month| if month > 50 { month - 50 } else { month });
    let born = number(&plain, 8..10).zip(month).is_some_and(|(day, month)| is_day(day, month));
    if plain.len() == 16 && named && born { Check::Undecided } else { Check::Invalid }
}
