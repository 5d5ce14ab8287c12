//! Germany: identity card, passport, pension insurance.
//!
//! The nine characters that a German identity card or passport shows (specimen: `L01X00T47`) carry no check
//! digit: it is the tenth, and only the machine-readable zone has it. Presidio's recognizers, and much
//! software that learned from the same sources, take the ninth for the check digit. `DE_ID_CARD` and
//! `DE_PASSPORT` keep that reading so that findings compare; `DE_DOCUMENT_NUMBER` is what is printed. A row of
//! the first two alone would miss nine of ten real documents.
//!
//! Cards from before November 2010 had T and eight digits, of which nobody can check one.

use super::plain::{all_equal, cross_sum, icao, is_day, number, plain};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const NINE: &str = "(?i)[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{7}[0-9]";

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "DE_ID_CARD",
        about: "German identity card number, check digit last",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[pattern(NINE, 20)]),
        check: Some(id_card),
        valid: 35,
        context: ID_CARD_WORDS,
        source: "PAuswV; ICAO Doc 9303 part 3, 4.9",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_PASSPORT",
        about: "German passport number, check digit last",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[pattern(NINE, 20)]),
        check: Some(passport),
        valid: 35,
        context: PASSPORT_WORDS,
        source: "PassV; ICAO Doc 9303 part 3, 4.9",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_DOCUMENT_NUMBER",
        about: "German identity card or passport number as printed, or with the check digit of the zone",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}", 20),
            pattern("(?i)[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}[0-9]?", 10),
            pattern("[CFGHJKLMNPRTVWXYZ][CFGHJKLMNPRTVWXYZ0-9]{8}<?[0-9]D(?:<<)?", 60),
        ]),
        check: Some(document_number),
        valid: 35,
        context: DOCUMENT_WORDS,
        source: "https://de.wikipedia.org/wiki/Ausweisnummer",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_SOCIAL_SECURITY",
        about: "German pension insurance number",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[pattern(
            "(?i)[0-9]{2}[ ./-]?[0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}[ ./-]?[A-Z][ ./-]?[0-9]{2}[ ]?[0-9]",
            20,
        )]),
        check: Some(social_security),
        valid: 100,
        context: &[
            "rentenversicherungsnummer",
            "rentenversicherungs-nr",
            "sozialversicherungsnummer",
            "sozialversicherungs-nr",
            "sozialversicherungsausweis",
            "sozialversicherung",
            "versicherungsnummer",
            "rentenversicherung",
            "rvnr",
            "svnr",
            "sv-nummer",
            "sv-nr",
            "vsnr",
            "social security number",
            "pension insurance number",
        ],
        source: "VKVV §§ 2-4; SGB VI § 147",
        ..Detector::EMPTY
    },
];

const ID_CARD_WORDS: &[&str] = &[
    "personalausweis",
    "personalausweisnummer",
    "personalausweisnr",
    "ausweis",
    "ausweisnummer",
    "ausweis-nr",
    "ausweisdokument",
    "dokumentennummer",
    "seriennummer des ausweises",
    "perso",
    "npa",
    "identity card",
    "id card",
    "national id",
];
const PASSPORT_WORDS: &[&str] = &[
    "reisepass",
    "reisepassnummer",
    "reisepass-nr",
    "pass-nr",
    "passnr",
    "passnummer",
    "dokumentennummer",
    "ausweisdokument",
    "passport",
    "passport number",
    "travel document",
    "mrz",
];
const DOCUMENT_WORDS: &[&str] = &[
    "personalausweis",
    "personalausweisnummer",
    "personalausweisnr",
    "ausweis",
    "ausweisnummer",
    "ausweis-nr",
    "ausweisdokument",
    "dokumentennummer",
    "perso",
    "npa",
    "reisepass",
    "reisepassnummer",
    "reisepass-nr",
    "pass-nr",
    "passnr",
    "passnummer",
    "german passport",
    "passport",
    "passport number",
    "identity card",
    "id card",
    "national id",
];

/// Whether the ninth character is the check digit of the first eight; cards with T and eight digits have
/// none.
pub(crate) fn id_card(text: &str) -> Check {
    let plain = plain(text);
    let old =
        plain.strip_prefix('T').is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
    if old && plain.len() == 9 { Check::Undecided } else { passport(text) }
}

/// Whether the ninth character is the check digit of the first eight, none of which may be a vowel or one of
/// B, D, Q and S.
pub(crate) fn passport(text: &str) -> Check {
    let plain = plain(text);
    let agrees = plain.len() == 9 && is_of_documents(&plain) && check_digit_agrees(&plain);
    Check::from_bool(agrees)
}

/// Nobody can tell of nine characters; ten must end with the check digit. A word without digits is none.
pub(crate) fn document_number(text: &str) -> Check {
    let plain = plain(text);
    let plain = plain.strip_suffix('D').unwrap_or(&plain);
    let mixed = plain.bytes().filter(u8::is_ascii_digit).count() >= 2;
    match plain.len() {
        _ if !mixed || !is_of_documents(plain) => Check::Invalid,
        9 => Check::Undecided,
        10 => Check::from_bool(check_digit_agrees(plain)),
        _ => Check::Invalid,
    }
}

fn is_of_documents(plain: &str) -> bool {
    let kept = |byte: u8| byte.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(&byte);
    plain.starts_with(|char: char| char.is_ascii_uppercase()) && plain.bytes().all(kept)
}

fn check_digit_agrees(plain: &str) -> bool {
    let last = plain.len().saturating_sub(1);
    let check = plain.get(last..).and_then(|check| check.parse().ok());
    check.is_some() && plain.get(..last).and_then(icao) == check
}

/// Area, day and month of birth (the day plus fifty where two would have the same number), initial, serial
/// number, check digit over all of them.
pub(crate) fn social_security(text: &str) -> Check {
    Check::from_bool(social_security_holds(&plain(text)).unwrap_or(false))
}

fn social_security_holds(plain: &str) -> Option<bool> {
    const WEIGHTS: [u32; 12] = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
    let (born, serial) = (plain.get(..8)?, plain.get(9..)?);
    let letter = plain.get(8..9)?.chars().next()?;
    let initial = letter.to_digit(36)?.checked_sub(9)?;
    let (day, month) = (number(plain, 2..4)?, number(plain, 4..6)?);
    number(plain, 0..8)?;
    number(plain, 9..12)?;
    let day = if day > 50 { day - 50 } else { day };
    if plain.len() != 12 || !is_day(day, month) || all_equal(born) {
        return Some(false);
    }
    let spelt = format!("{born}{initial:02}{serial}");
    let digits = spelt.chars().filter_map(|char| char.to_digit(10));
    let sum: u32 = digits.zip(WEIGHTS).map(|(digit, weight)| cross_sum(digit * weight)).sum();
    Some(u64::from(sum % 10) == number(plain, 11..12)?)
}
