//! Luxembourg: national identification number (matricule), VAT.
//!
//! The matricule is the day of birth in full, a number of the day and two check digits over the first
//! eleven: Luhn's, then Verhoeff's. Bare, it may also be milliseconds since 1970 of the years from 2030 on,
//! and needs a word; so do those of companies and of before 2014, which have eleven digits.

use super::plain::{digits_only, is_day, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const MATRICULE_WORDS: &[&str] = &[
    "matricule",
    "matricule national",
    "numéro de matricule",
    "numéro d'identification national",
    "identifikationsnummer",
    "matrikel",
    "matrikelnummer",
    "cns",
    "sozialversicherungsnummer",
    "social security number",
    "national identification number",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "LU_MATRICULE",
        about: "Luxembourgish national identification number, in groups",
        family: Family::Identity,
        country: Some("LU"),
        find: Find::Token(&[pattern(
            "(?:1[89]|20)[0-9]{2}[ .-]?[01][0-9][ .-]?[0-3][0-9][ .-][0-9]{3}[ .-]?[0-9]{2}",
            10,
        )]),
        check: Some(matricule),
        valid: 100,
        edges: Edges::NUMBER,
        context: MATRICULE_WORDS,
        source: "Règlement grand-ducal du 28 novembre 2013, numéro d'identification",
    },
    Detector {
        kind: "LU_MATRICULE",
        about: "Luxembourgish national identification number, bare",
        family: Family::Identity,
        country: Some("LU"),
        find: Find::Token(&[pattern("(?:1[89]|20)[0-9]{2}[01][0-9][0-3][0-9]{6}", 5)]),
        check: Some(matricule),
        valid: 35,
        edges: Edges::NUMBER,
        context: MATRICULE_WORDS,
        source: "Règlement grand-ducal du 28 novembre 2013, numéro d'identification",
    },
    Detector {
        kind: "LU_MATRICULE",
        about: "Luxembourgish national identification number of before 2014",
        family: Family::Identity,
        country: Some("LU"),
        find: Find::Token(&[pattern(
            "(?:1[89]|20)[0-9]{2}[ ]?[01][0-9][ ]?[0-3][0-9][ ]?[0-9]{3}",
            5,
        )]),
        check: Some(old_matricule),
        edges: Edges::NUMBER,
        context: MATRICULE_WORDS,
        source: "Loi du 30 mars 1979, identification numérique",
        ..Detector::EMPTY
    },
    Detector {
        kind: "LU_VAT",
        about: "Luxembourgish VAT number",
        family: Family::Organisation,
        country: Some("LU"),
        find: Find::Token(&[pattern("(?i)LU[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{2}", 40)]),
        check: Some(vat),
        valid: 90,
        context: &["tva", "numéro de tva", "n° tva", "mwst", "mehrwertsteuer", "vat", "vat number"],
        source: "https://en.wikipedia.org/wiki/VAT_identification_number",
        ..Detector::EMPTY
    },
];

/// Thirteen digits: a day, a number, Luhn's check digit, Verhoeff's check digit.
pub(crate) fn matricule(text: &str) -> Check {
    let Some(plain) = digits_only(text, 13) else { return Check::Invalid };
    let (Some(body), Some(luhn), Some(last)) = (plain.get(..11), plain.get(..12), plain.get(12..))
    else {
        return Check::Invalid;
    };
    let verhoeff = checksum::verhoeff(&format!("{body}{last}"));
    Check::from_bool(begins_with_day(&plain) && checksum::luhn(luhn) && verhoeff)
}

/// Eleven digits that begin with a day.
fn old_matricule(text: &str) -> Check {
    let day = digits_only(text, 11).is_some_and(|plain| begins_with_day(&plain));
    if day { Check::Undecided } else { Check::Invalid }
}

fn begins_with_day(plain: &str) -> bool {
    let day = number(plain, 6..8).zip(number(plain, 4..6));
    day.is_some_and(|(day, month)| is_day(day, month))
}

/// Six digits and them modulo 89.
pub(crate) fn vat(text: &str) -> Check {
    let plain = plain(text);
    let Some(digits) = plain.strip_prefix("LU").and_then(|rest| digits_only(rest, 8)) else {
        return Check::Invalid;
    };
    let body = number(&digits, 0..6).filter(|body| *body != 0).map(|body| body % 89);
    Check::from_bool(body.is_some() && body == number(&digits, 6..8))
}
