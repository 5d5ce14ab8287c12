//! France: social security, tax, passport, identity card, driving licence, plate, health professionals.
//!
//! The number of the social security (NIR) has a key of two digits: 97 less the number modulo 97, where
//! Corsica's 2A and 2B count as 19 and 18. People often leave the key out; thirteen digits are then also
//! what milliseconds since 1970 look like, so only groups count. Behind a wrong key the thirteen grouped
//! digits are still found: they are as personal as before the slip.

use super::plain::{all_equal, digits_only, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "FR_NIR",
        about: "French social security number",
        family: Family::Identity,
        country: Some("FR"),
        find: Find::Token(&[
            pattern(
                "(?i)[123478][ .-]?[0-9]{2}[ .-]?[0-9]{2}[ .-]?(?:[0-9]{2}|2[AB])[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ ./-]{0,3}[0-9]{2}",
                40,
            ),
            pattern("(?i)[12] [0-9]{2} [0-9]{2} (?:[0-9]{2}|2[AB]) [0-9]{3} [0-9]{3}", 50),
            pattern("(?i)[12][0-9]{4}(?:[0-9]{2}|2[AB])[0-9]{6}", 5),
        ]),
        check: Some(social_security),
        valid: 100,
        edges: Edges::NUMBER,
        context: &[
            "numéro de sécurité sociale",
            "numero de securite sociale",
            "sécurité sociale",
            "securite sociale",
            "n° de sécurité sociale",
            "n° sécu",
            "numéro de sécu",
            "sécu",
            "carte vitale",
            "assuré social",
            "assurance maladie",
            "immatriculation",
            "nir",
            "insee",
            "social security number",
        ],
        source: "INSEE, Numéro d'inscription au répertoire; décret n° 82-103",
    },
    Detector {
        kind: "FR_TAX_ID",
        about: "French tax number (SPI)",
        family: Family::Identity,
        country: Some("FR"),
        find: Find::Token(&[
            pattern("[0-3][0-9]{12}", 5),
            pattern("[0-3][0-9] [0-9]{2} [0-9]{3} [0-9]{3} [0-9]{3}", 20),
        ]),
        check: Some(tax_number),
        valid: 35,
        edges: Edges::NUMBER,
        context: &[
            "numéro fiscal",
            "numero fiscal",
            "n° fiscal",
            "référence fiscale",
            "identifiant fiscal",
            "spi",
            "impôts",
            "impots",
            "avis d'imposition",
            "tin",
            "tax number",
        ],
        source: "European Commission, TIN on Europa, France",
    },
    Detector {
        kind: "FR_PASSPORT",
        about: "French passport number",
        family: Family::Identity,
        country: Some("FR"),
        find: Find::Token(&[
            pattern("[0-9]{2}[A-Z]{2}[0-9]{5}", 35),
            pattern("(?i)[0-9]{2}[A-Z]{2}[0-9]{5}", 15),
        ]),
        context: &[
            "passeport",
            "numéro de passeport",
            "n° de passeport",
            "n° passeport",
            "passport",
            "passport number",
            "titre de voyage",
        ],
        source: "https://fr.wikipedia.org/wiki/Passeport_français",
        ..Detector::EMPTY
    },
    Detector {
        kind: "FR_ID_CARD",
        about: "French identity card number",
        family: Family::Identity,
        country: Some("FR"),
        find: Find::Token(&[pattern("[0-9]{12}", 5), pattern("[A-Z][A-Z0-9]{7}[0-9]", 5)]),
        check: Some(identity_card),
        edges: Edges::NUMBER,
        context: &[
            "carte d'identité",
            "carte d’identité",
            "carte d'identite",
            "carte nationale d'identité",
            "cni",
            "cnie",
            "n° de carte",
            "pièce d'identité",
            "identity card",
            "id card",
        ],
        source: "https://fr.wikipedia.org/wiki/Carte_nationale_d'identité_en_France",
        ..Detector::EMPTY
    },
    Detector {
        kind: "FR_DRIVING_LICENCE",
        about: "French driving licence number",
        family: Family::Identity,
        country: Some("FR"),
        find: Find::Token(&[pattern("[0-9]{2}[A-Z]{2}[0-9]{5}", 25), pattern("[0-9]{12}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "permis de conduire",
            "permis",
            "n° de permis",
            "numéro de permis",
            "neph",
            "numéro neph",
            "driving licence",
            "driving license",
        ],
        source: "Arrêté du 20 avril 2012, conditions de délivrance du permis de conduire",
        ..Detector::EMPTY
    },
    Detector {
        kind: "FR_LICENSE_PLATE",
        about: "French number plate",
        family: Family::Vehicle,
        country: Some("FR"),
        find: Find::Token(&[
            pattern("[A-HJ-NP-TV-Z]{2}-[0-9]{3}-[A-HJ-NP-TV-Z]{2}", 50),
            pattern("(?i)[A-HJ-NP-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NP-TV-Z]{2}", 10),
        ]),
        edges: Edges { before: b"-", after: b"-", word_before: true, word_after: true },
        context: &[
            "immatriculation",
            "plaque d'immatriculation",
            "plaque",
            "immatriculé",
            "carte grise",
            "véhicule",
            "voiture",
            "license plate",
            "number plate",
        ],
        source: "Arrêté du 9 février 2009, immatriculation des véhicules",
        ..Detector::EMPTY
    },
    Detector {
        kind: "FR_RPPS",
        about: "French number of a health professional",
        family: Family::Health,
        country: Some("FR"),
        find: Find::Token(&[pattern("1[0-9]{10}", 5)]),
        check: Some(health_professional),
        valid: 20,
        edges: Edges::NUMBER,
        context: &[
            "rpps",
            "numéro rpps",
            "n° rpps",
            "adeli",
            "professionnel de santé",
            "médecin",
            "praticien",
        ],
        source: "https://esante.gouv.fr (ANS, RPPS)",
    },
];

/// Sex, year, month (13, 20 to 42 and 50 to 99 if not known), place, order, key. Without a key nobody can
/// tell.
pub(crate) fn social_security(text: &str) -> Check {
    let plain = plain(text);
    let body = plain.get(..13).unwrap_or("").replace("2A", "19").replace("2B", "18");
    let letters_elsewhere = plain.get(5..7).is_none_or(|place| place.ends_with(['A', 'B']))
        != plain.bytes().any(|byte| byte.is_ascii_alphabetic());
    let Some(value) = number(&body, 0..13).filter(|_| !letters_elsewhere) else {
        return Check::Invalid;
    };
    let month = number(&body, 3..5).unwrap_or(0);
    let places = number(&body, 5..7).unwrap_or(0);
    if !matches!(month, 1..=13 | 20..=42 | 50..=99) || places == 0 || all_equal(&body) {
        return Check::Invalid;
    }
    match plain.len() {
        13 => Check::Undecided,
        15 => Check::from_bool(number(&plain, 13..15) == Some(97 - value % 97)),
        _ => Check::Invalid,
    }
}

/// The last three digits are the first ten modulo 511.
pub(crate) fn tax_number(text: &str) -> Check {
    let Some(plain) = digits_only(text, 13) else { return Check::Invalid };
    let body = number(&plain, 0..10).map(|body| body % 511);
    Check::from_bool(!all_equal(&plain) && body == number(&plain, 10..13))
}

/// Twelve digits (before August 2021), or nine characters that mix letters and digits.
pub(crate) fn identity_card(text: &str) -> Check {
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    let digits = text.len() - letters;
    let mixed = letters == 0 || (letters >= 2 && digits >= 2);
    if mixed && !all_equal(text) { Check::Undecided } else { Check::Invalid }
}

/// Eleven digits with Luhn's check digit.
pub(crate) fn health_professional(text: &str) -> Check {
    Check::from_bool(digits_only(text, 11).is_some_and(|plain| checksum::luhn(&plain)))
}
