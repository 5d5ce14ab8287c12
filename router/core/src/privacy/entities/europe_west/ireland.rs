//! Ireland: public service number, VAT, passport, driving licence, Eircode.
//!
//! The check letter is the same for a person (PPSN) and for VAT: weights eight to two over seven digits, nine
//! times a second letter, modulo 23 (W is none). Spouses once had W as a second letter, which counts nothing.

use super::plain::{all_equal, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IE_PPSN",
        about: "Irish personal public service number",
        family: Family::Identity,
        country: Some("IE"),
        find: Find::Token(&[pattern("(?i)[0-9]{7}[ -]?[A-W][ABHTWX]?", 10)]),
        check: Some(public_service),
        valid: 45,
        context: &[
            "pps",
            "ppsn",
            "pps number",
            "pps no",
            "personal public service",
            "public services card",
            "uimhir psp",
            "psp",
            "uimhir phearsanta seirbhíse poiblí",
            "social welfare",
            "revenue",
        ],
        source: "https://en.wikipedia.org/wiki/Personal_Public_Service_Number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IE_VAT",
        about: "Irish VAT number",
        family: Family::Organisation,
        country: Some("IE"),
        find: Find::Token(&[
            pattern("(?i)IE[ ]?[0-9]{7}[A-W][A-IW]?", 40),
            pattern("(?i)IE[ ]?[0-9][A-Z+*][0-9]{5}[A-W]", 40),
        ]),
        check: Some(vat),
        valid: 80,
        context: &[
            "vat",
            "vat number",
            "vat no",
            "vat reg",
            "cbl",
            "uimhir cbl",
            "value added tax",
        ],
        source: "https://en.wikipedia.org/wiki/VAT_identification_number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IE_PASSPORT",
        about: "Irish passport number",
        family: Family::Identity,
        country: Some("IE"),
        find: Find::Token(&[pattern("(?i)[LPX][A-Z0-9][0-9]{7}", 15)]),
        context: &[
            "passport",
            "passport number",
            "passport no",
            "passport card",
            "irish passport",
            "pas",
            "uimhir phas",
        ],
        source: "https://en.wikipedia.org/wiki/Irish_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IE_DRIVING_LICENCE",
        about: "Irish driver number",
        family: Family::Identity,
        country: Some("IE"),
        find: Find::Token(&[pattern("[0-9]{9}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "driver number",
            "irish driving licence",
            "driving licence",
            "licence number",
            "ndls",
            "ceadúnas tiomána",
        ],
        source: "S.I. No. 537/2006, Road Traffic (Licensing of Drivers) Regulations",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IE_EIRCODE",
        about: "Irish post code of one address",
        family: Family::Place,
        country: Some("IE"),
        find: Find::Token(&[
            pattern("(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W) [AC-FHKNPRTV-Y0-9]{4}", 25),
            pattern("(?i)(?:[AC-FHKNPRTV-Y][0-9]{2}|D6W)[ ]?[AC-FHKNPRTV-Y0-9]{4}", 5),
        ]),
        check: Some(eircode),
        context: &[
            "eircode",
            "post code",
            "postcode",
            "address",
            "dublin",
            "co.",
            "county",
            "ireland",
            "seoladh",
        ],
        source: "https://en.wikipedia.org/wiki/Eircode",
        ..Detector::EMPTY
    },
];

/// Seven digits and their check letter; undecided in small letters, as hexadecimal numbers are.
pub(crate) fn public_service(text: &str) -> Check {
    let plain = plain(text);
    let small = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let digits = plain.get(..7).unwrap_or("");
    if all_equal(digits) || !letter_agrees(&plain) {
        Check::Invalid
    } else if small {
        Check::Undecided
    } else {
        Check::Valid
    }
}

/// The same after IE; the older form has a letter or a sign in the second place, and its first digit is last.
pub(crate) fn vat(text: &str) -> Check {
    let all: String =
        text.chars().filter(|char| *char != ' ').collect::<String>().to_ascii_uppercase();
    let rest = all.strip_prefix("IE").unwrap_or(&all);
    let old = rest.as_bytes().get(1).is_some_and(|byte| !byte.is_ascii_digit());
    let spelt = match (rest.get(..1), rest.get(2..7), rest.get(7..)) {
        (Some(first), Some(digits), Some(letter)) if old => format!("0{digits}{first}{letter}"),
        _ => rest.to_owned(),
    };
    Check::from_bool(letter_agrees(&spelt))
}

fn letter_agrees(plain: &str) -> bool {
    let (Some(digits), Some(letters)) = (plain.get(..7), plain.get(7..)) else { return false };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let mut letters = letters.bytes().map(|byte| u32::from(byte.wrapping_sub(b'A')) + 1);
    let check = letters.next();
    let second = letters.next().filter(|second| *second != 23).unwrap_or(0);
    let rest = (checksum::weighted(digits, &[8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23;
    check.is_some_and(|check| check % 23 == rest && check <= 23) && letters.next().is_none()
}

/// A unique identifier has letters and digits.
fn eircode(text: &str) -> Check {
    let plain = plain(text);
    let unique = plain.get(3..).unwrap_or("");
    let letters = unique.bytes().filter(u8::is_ascii_alphabetic).count();
    if (1..=3).contains(&letters) { Check::Undecided } else { Check::Invalid }
}
