//! Belgium: national register, enterprises and VAT, passport, identity card, plate.
//!
//! The national register number is the day of birth, a number of the day and two check digits: 97 less the
//! nine digits modulo 97, with a 2 before them for who is born from 2000 on. The bis number of foreigners
//! has 20 or 40 added to the month; day and month may be zero where nobody knows them.

use super::plain::{all_equal, digits_only, is_day, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const ENTERPRISE_WORDS: &[&str] = &[
    "ondernemingsnummer",
    "numéro d'entreprise",
    "n° d'entreprise",
    "unternehmensnummer",
    "kbo",
    "bce",
    "btw",
    "tva",
    "rpr",
    "rpm",
    "enterprise number",
    "vat",
    "vat number",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "BE_NATIONAL_NUMBER",
        about: "Belgian national register number",
        family: Family::Identity,
        country: Some("BE"),
        find: Find::Token(&[
            pattern("[0-9]{11}", 5),
            pattern("[0-9]{2}[. /-]?[0-9]{2}[. /-]?[0-9]{2}[ -]?[0-9]{3}[. -]?[0-9]{2}", 20),
        ]),
        check: Some(national_number),
        valid: 100,
        edges: Edges::NUMBER,
        context: &[
            "rijksregisternummer",
            "rijksregister",
            "numéro national",
            "numéro de registre national",
            "registre national",
            "nationalregisternummer",
            "insz",
            "niss",
            "rrn",
            "bis-nummer",
            "national number",
            "national register number",
        ],
        source: "Koninklijk besluit van 3 april 1984; https://nl.wikipedia.org/wiki/Rijksregisternummer",
    },
    Detector {
        kind: "BE_VAT",
        about: "Belgian VAT number",
        family: Family::Organisation,
        country: Some("BE"),
        find: Find::Token(&[pattern("(?i)BE[ ]?[01]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}", 40)]),
        check: Some(enterprise),
        valid: 100,
        context: ENTERPRISE_WORDS,
        source: "Wetboek van economisch recht, boek III; https://nl.wikipedia.org/wiki/Ondernemingsnummer",
        ..Detector::EMPTY
    },
    Detector {
        kind: "BE_ENTERPRISE",
        about: "Belgian enterprise number, in groups",
        family: Family::Organisation,
        country: Some("BE"),
        find: Find::Token(&[pattern("[01][0-9]{3}\\.[0-9]{3}\\.[0-9]{3}", 20)]),
        check: Some(enterprise),
        valid: 60,
        edges: Edges::NUMBER,
        context: ENTERPRISE_WORDS,
        source: "Wetboek van economisch recht, boek III; https://nl.wikipedia.org/wiki/Ondernemingsnummer",
    },
    Detector {
        kind: "BE_ENTERPRISE",
        about: "Belgian enterprise number, bare",
        family: Family::Organisation,
        country: Some("BE"),
        find: Find::Token(&[pattern("[01][0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}", 5)]),
        check: Some(enterprise),
        valid: 35,
        edges: Edges::NUMBER,
        context: ENTERPRISE_WORDS,
        source: "Wetboek van economisch recht, boek III; https://nl.wikipedia.org/wiki/Ondernemingsnummer",
    },
    Detector {
        kind: "BE_ID_CARD",
        about: "Belgian identity card number, in groups",
        family: Family::Identity,
        country: Some("BE"),
        find: Find::Token(&[pattern("[0-9]{3}-[0-9]{7}-[0-9]{2}", 30)]),
        check: Some(identity_card),
        valid: 90,
        edges: Edges::NUMBER,
        context: ID_CARD_WORDS,
        source: "https://en.wikipedia.org/wiki/Belgian_identity_card",
    },
    Detector {
        kind: "BE_ID_CARD",
        about: "Belgian identity card number, bare",
        family: Family::Identity,
        country: Some("BE"),
        find: Find::Token(&[pattern("[0-9]{12}", 5), pattern("[0-9]{3} [0-9]{7} [0-9]{2}", 10)]),
        check: Some(identity_card),
        valid: 35,
        edges: Edges::NUMBER,
        context: ID_CARD_WORDS,
        source: "https://en.wikipedia.org/wiki/Belgian_identity_card",
    },
    Detector {
        kind: "BE_PASSPORT",
        about: "Belgian passport number",
        family: Family::Identity,
        country: Some("BE"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{6}", 10)]),
        context: &[
            "paspoort",
            "paspoortnummer",
            "passeport",
            "numéro de passeport",
            "reisepass",
            "passport",
            "passport number",
        ],
        source: "https://en.wikipedia.org/wiki/Belgian_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "BE_LICENSE_PLATE",
        about: "Belgian number plate",
        family: Family::Vehicle,
        country: Some("BE"),
        find: Find::Token(&[pattern("[1-9]-[A-Z]{3}-[0-9]{3}", 45)]),
        edges: Edges { before: b"-", after: b"-", word_before: true, word_after: true },
        context: &[
            "nummerplaat",
            "kentekenplaat",
            "plaque",
            "plaque d'immatriculation",
            "immatriculation",
            "license plate",
            "number plate",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_Belgium",
        ..Detector::EMPTY
    },
];

const ID_CARD_WORDS: &[&str] = &[
    "identiteitskaart",
    "kaartnummer",
    "carte d'identité",
    "numéro de carte",
    "personalausweis",
    "eid",
    "identity card",
    "id card",
];

/// Day of birth, number of the day, two check digits.
pub(crate) fn national_number(text: &str) -> Check {
    let Some(plain) = digits_only(text, 11) else { return Check::Invalid };
    let parts =
        (number(&plain, 2..4), number(&plain, 4..6), number(&plain, 0..9), number(&plain, 9..11));
    let (Some(month), Some(day), Some(body), Some(check)) = parts else { return Check::Invalid };
    let month = match month {
        20..=32 => month - 20,
        40..=52 => month - 40,
        other => other,
    };
    let born = is_day(day, month) || (day == 0 && month <= 12) || (month == 0 && day <= 31);
    let agrees = check == 97 - body % 97 || check == 97 - (2_000_000_000 + body) % 97;
    Check::from_bool(born && agrees && !all_equal(&plain))
}

/// Eight digits and 97 less them modulo 97; a leading zero may be missing after BE.
pub(crate) fn enterprise(text: &str) -> Check {
    let plain = plain(text);
    let digits = plain.trim_start_matches("BE");
    let padded = if digits.len() == 9 { format!("0{digits}") } else { digits.to_owned() };
    let (Some(body), Some(check)) = (number(&padded, 0..8), number(&padded, 8..10)) else {
        return Check::Invalid;
    };
    let possible = padded.len() == 10 && body != 0 && padded.starts_with(['0', '1']);
    Check::from_bool(possible && check == 97 - body % 97)
}

/// Ten digits and them modulo 97, which is 97 where it would be zero.
pub(crate) fn identity_card(text: &str) -> Check {
    let Some(plain) = digits_only(text, 12) else { return Check::Invalid };
    let body = number(&plain, 0..10).map(|body| if body % 97 == 0 { 97 } else { body % 97 });
    Check::from_bool(!all_equal(&plain) && body == number(&plain, 10..12))
}
