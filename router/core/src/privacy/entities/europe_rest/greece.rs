//! Greece: social security number (AMKA), tax number (AFM), identity card, passport.
//!
//! Letters of identity cards are those that Greek and Latin share; they are written in either script.

use super::calendar::day_in_a_century;
use super::numbers::{ALONE, APART, LETTERED, agree, behind, read, two};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const AFM: Detector = Detector {
    kind: "GR_AFM",
    about: "Greek tax number",
    family: Family::Identity,
    country: Some("GR"),
    check: Some(afm),
    edges: ALONE,
    context: &[
        "ΑΦΜ",
        "αφμ",
        "Α.Φ.Μ",
        "α.φ.μ",
        "αριθμός φορολογικού μητρώου",
        "Αριθμός Φορολογικού Μητρώου",
        "εφορία",
        "ΔΟΥ",
        "afm",
        "tax number",
        "tax id",
        "vat",
    ],
    source: "https://www.aade.gr; https://el.wikipedia.org/wiki/Αριθμός_Φορολογικού_Μητρώου",
    ..Detector::EMPTY
};

/// Rows of Greece.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "GR_AMKA",
        about: "Greek social security number",
        family: Family::Identity,
        country: Some("GR"),
        find: Find::Token(&[pattern("[0-9]{11}", 10), pattern("[0-9]{6}[ -][0-9]{5}", 20)]),
        check: Some(amka),
        valid: 100,
        edges: APART,
        context: &[
            "ΑΜΚΑ",
            "αμκα",
            "Α.Μ.Κ.Α",
            "amka",
            "αριθμός μητρώου κοινωνικής ασφάλισης",
            "κοινωνικής ασφάλισης",
            "ασφάλιση",
            "ΕΦΚΑ",
            "social security",
        ],
        source: "Νόμος 3655/2008; https://www.amka.gr",
    },
    Detector { find: Find::Token(&[pattern("[0-9]{9}", 8)]), valid: 30, ..AFM },
    Detector { find: Find::Token(&[pattern("(?:EL|GR)[ -]?[0-9]{9}", 35)]), valid: 60, ..AFM },
    Detector {
        kind: "GR_ID_CARD",
        about: "Greek identity card",
        family: Family::Identity,
        country: Some("GR"),
        find: Find::Token(&[
            pattern("[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]{2}[ -]?[0-9]{6}", 45),
            pattern("[ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ][ -]?[0-9]{6}", 25),
            pattern("[ABEZHIKMNOPTYX]{2}[ -]?[0-9]{6}", 15),
        ]),
        edges: LETTERED,
        context: &[
            "ταυτότητα",
            "Ταυτότητα",
            "ταυτότητας",
            "ΑΔΤ",
            "Α.Δ.Τ",
            "αστυνομική ταυτότητα",
            "δελτίο ταυτότητας",
            "identity card",
            "id card",
            "tautotita",
        ],
        source: "https://en.wikipedia.org/wiki/Greek_identity_card",
        ..Detector::EMPTY
    },
    Detector {
        kind: "GR_PASSPORT",
        about: "Greek passport",
        family: Family::Identity,
        country: Some("GR"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[ -]?[0-9]{7}", 5)]),
        edges: ALONE,
        context: &[
            "διαβατήριο",
            "Διαβατήριο",
            "διαβατηρίου",
            "αριθμός διαβατηρίου",
            "passport",
            "passport number",
        ],
        source: "https://en.wikipedia.org/wiki/Greek_passport",
        ..Detector::EMPTY
    },
];

/// GR_AMKA: a day of birth and Luhn's check.
pub(crate) fn amka(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, ..] = digits;
    Check::from_bool(day_in_a_century(two(e, f), two(c, d), two(a, b)) && checksum::luhn(text))
}

/// GR_AFM: powers of two, modulo eleven, modulo ten.
pub(crate) fn afm(text: &str) -> Check {
    let Some(digits) = read::<9>(behind(behind(text, "EL"), "GR")) else { return Check::Invalid };
    let doubled = digits[..8].iter().fold(0, |sum, digit| sum * 2 + digit) * 2;
    agree(doubled % 11 % 10 == digits[8], &digits)
}
