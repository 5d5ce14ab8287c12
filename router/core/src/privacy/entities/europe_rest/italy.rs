//! Italy: VAT number, driving licence, identity card, passport, health card, plates. The fiscal code has a
//! file of its own.
//!
//! Identity cards come in three forms: of paper (two letters, seven digits), the first electronic one (seven
//! digits, two letters) and the present one (`CA00000AA`). None has a published check.

use super::numbers::{ALONE, APART, agree, behind, number, read};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const VAT_CODE: Detector = Detector {
    kind: "IT_VAT_CODE",
    about: "Italian VAT number, or provisional fiscal code",
    family: Family::Organisation,
    country: Some("IT"),
    edges: APART,
    context: &[
        "piva",
        "p.iva",
        "p. iva",
        "p.i.",
        "partita iva",
        "codice iva",
        "codice fiscale",
        "iva",
        "vat",
        "vat number",
    ],
    source: "D.P.R. 633/1972, art. 35; D.M. 23 dicembre 1976",
    ..Detector::EMPTY
};

/// Rows of Italy. Digits with gaps may be any row of small numbers, so a VAT number in that form is weak.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[0-9]{11}", 10), pattern("IT[ -]?[0-9]{11}", 40)]),
        check: Some(vat_code),
        valid: 60,
        ..VAT_CODE
    },
    Detector {
        find: Find::Token(&[pattern("(?:[0-9][ _]?){10}[0-9]", 10)]),
        check: Some(|text| if text.contains([' ', '_']) { vat_code(text) } else { Check::Invalid }),
        valid: 35,
        ..VAT_CODE
    },
    Detector {
        kind: "IT_DRIVER_LICENSE",
        about: "Italian driving licence",
        family: Family::Identity,
        country: Some("IT"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2}[0-9]{7}[A-Z]", 30),
            pattern("(?i)U1[0-9B-HJ-NPR-UW-Z]{7}[A-Z]", 30),
        ]),
        edges: ALONE,
        context: &[
            "patente",
            "patente di guida",
            "licenza",
            "licenza di guida",
            "numero patente",
            "driver license",
            "driving licence",
        ],
        source: "D.M. 30 giugno 2003, n. 40; https://www.ilportaledellautomobilista.it",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IT_IDENTITY_CARD",
        about: "Italian identity card",
        family: Family::Identity,
        country: Some("IT"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2} ?[0-9]{7}", 10),
            pattern("(?i)[0-9]{7}[A-Z]{2}", 10),
            pattern("(?i)[A-Z]{2}[0-9]{5}[A-Z]{2}", 20),
        ]),
        edges: ALONE,
        context: &[
            "carta d'identità",
            "carta d'identita",
            "carta di identità",
            "identità",
            "elettronica",
            "cie",
            "documento",
            "documento di riconoscimento",
            "riconoscimento",
            "espatrio",
            "identity card",
        ],
        source: "https://www.cartaidentita.interno.gov.it",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IT_PASSPORT",
        about: "Italian passport",
        family: Family::Identity,
        country: Some("IT"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{7}", 10)]),
        edges: ALONE,
        context: &[
            "passaporto",
            "passaporto elettronico",
            "numero di passaporto",
            "viaggio",
            "estero",
            "dogana",
            "documento di viaggio",
            "passport",
        ],
        source: "https://en.wikipedia.org/wiki/Italian_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IT_HEALTH_CARD",
        about: "Number of an Italian health card (TEAM)",
        family: Family::Health,
        country: Some("IT"),
        find: Find::Token(&[
            pattern("80380[0-9]{15}", 60),
            pattern("80380 ?[0-9]{3} ?[0-9]{4} ?[0-9]{4} ?[0-9]{4}", 60),
        ]),
        edges: APART,
        context: &[
            "tessera sanitaria",
            "ts-cns",
            "team",
            "numero di identificazione della tessera",
            "asl",
            "health card",
            "assistenza sanitaria",
        ],
        source: "D.M. 11 marzo 2004; Decision S1 of the EU Administrative Commission",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IT_LICENSE_PLATE",
        about: "Italian number plate",
        family: Family::Vehicle,
        country: Some("IT"),
        find: Find::Token(&[pattern("[A-HJ-NPR-TV-Z]{2}[ -]?[0-9]{3}[ -]?[A-HJ-NPR-TV-Z]{2}", 25)]),
        edges: ALONE,
        context: &[
            "targa",
            "targato",
            "veicolo",
            "automobile",
            "auto",
            "license plate",
            "number plate",
        ],
        source: "D.P.R. 495/1992, art. 256",
        ..Detector::EMPTY
    },
];

/// IT_VAT_CODE: seven digits of the subject, three of the office, Luhn's check. An office that is not known
/// stays undecided.
pub(crate) fn vat_code(text: &str) -> Check {
    if !checksum::luhn(text) {
        return Check::Invalid;
    }
    let Some(digits) = read::<11>(behind(text, "IT")) else { return Check::Invalid };
    let [subject @ .., a, b, c, _] = digits;
    let office = number(&[a, b, c]);
    match agree(number(&subject) > 0 && office > 0, &digits) {
        Check::Valid if !matches!(office, 1..=100 | 120 | 121 | 888 | 999) => Check::Undecided,
        check => check,
    }
}
