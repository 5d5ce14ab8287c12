//! Peru, Ecuador and Bolivia: identity cards and tax numbers.
//!
//! A Peruvian RUC begins with its kind of taxpayer (10 persons, 20 companies). An Ecuadorian one is the
//! person's identity number and 001, or has a check of its own for companies (third digit 9) and the state
//! (6); it is as long as a clock in milliseconds, which are left to context.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const PE: Detector = Detector { family: Family::Identity, country: Some("PE"), ..Detector::EMPTY };
const EC: Detector = Detector {
    family: Family::Identity,
    country: Some("EC"),
    context: &[
        "cédula",
        "cedula",
        "c.i",
        "cédula de identidad",
        "cédula de ciudadanía",
        "ruc",
        "registro único de contribuyentes",
        "registro civil",
        "sri",
        "identificación",
    ],
    ..Detector::EMPTY
};
const RUC: Detector = Detector {
    kind: "PE_RUC",
    about: "taxpayer of Peru",
    check: Some(pe_ruc),
    edges: BARE,
    context: &[
        "ruc",
        "r.u.c",
        "registro único de contribuyentes",
        "contribuyente",
        "sunat",
        "razón social",
    ],
    source: "https://www.sunat.gob.pe; https://es.wikipedia.org/wiki/Registro_%C3%9Anico_de_Contribuyentes",
    ..PE
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "PE_DNI",
        about: "identity card of Peru",
        find: Find::Token(&[pattern("(?i)[0-9]{8}-[0-9A-K]", 15), pattern("[0-9]{8}", 1)]),
        edges: BARE,
        context: &[
            "dni",
            "d.n.i",
            "documento nacional de identidad",
            "documento de identidad",
            "reniec",
            "número de dni",
        ],
        source: "Ley 26497; https://es.wikipedia.org/wiki/Documento_Nacional_de_Identidad_(Per%C3%BA)",
        ..PE
    },
    Detector { find: Find::Token(&[pattern("[12]0[0-9]{9}", 10)]), valid: 60, ..RUC },
    // Foreigners and others; so begin American telephone numbers too.
    Detector { find: Find::Token(&[pattern("1[567][0-9]{9}", 5)]), valid: 30, ..RUC },
    Detector {
        kind: "PE_CARNET_EXTRANJERIA",
        about: "card of a foreigner in Peru",
        find: Find::Token(&[pattern("[0-9]{9}", 1)]),
        edges: BARE,
        context: &[
            "carnet de extranjería",
            "carné de extranjería",
            "carnet de extranjeria",
            "migraciones",
            "extranjero residente",
            "ptp",
        ],
        source: "https://www.gob.pe/migraciones",
        ..PE
    },
    Detector {
        kind: "EC_CEDULA",
        about: "identity card of Ecuador",
        find: Find::Token(&[pattern("[0-3][0-9]{8}-[0-9]", 20)]),
        check: Some(ec_cedula),
        valid: 45,
        edges: GROUPED,
        source: "https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_(Ecuador)",
        ..EC
    },
    Detector {
        kind: "EC_CEDULA",
        about: "identity card of Ecuador",
        find: Find::Token(&[pattern("[0-3][0-9]{9}", 5)]),
        check: Some(ec_cedula),
        valid: 30,
        edges: BARE,
        source: "https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_(Ecuador)",
        ..EC
    },
    Detector {
        kind: "EC_RUC",
        about: "taxpayer of Ecuador",
        find: Find::Token(&[pattern("[0-3][0-9]{12}", 5)]),
        check: Some(ec_ruc_or_clock),
        valid: 60,
        edges: BARE,
        source: "https://www.sri.gob.ec",
        ..EC
    },
    Detector {
        kind: "BO_CI",
        about: "identity card of Bolivia",
        family: Family::Identity,
        country: Some("BO"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{6,8}(?:-[0-9][A-Z])?[- ](?:LP|CB|SC|OR|PT|CH|TJ|BE|PD)", 30),
            pattern("[0-9]{6,8}", 1),
        ]),
        edges: BARE,
        context: &[
            "carnet de identidad",
            "cédula de identidad",
            "cedula de identidad",
            "c.i",
            "segip",
            "carnet bolivia",
        ],
        source: "https://www.segip.gob.bo",
        ..Detector::EMPTY
    },
];

/// RUC of Peru: a kind of taxpayer and a check digit; ten is 0, eleven is 1.
pub(crate) fn pe_ruc(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let kind = matches!(reading::field(&digits, 0..2), 10 | 15 | 16 | 17 | 20);
    let sum = reading::weigh(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    Check::from_bool(kind && (11 - sum % 11) % 10 == check)
}

/// Identity number of Ecuador: a province, a third digit up to 6, and Luhn's check.
pub(crate) fn ec_cedula(text: &str) -> Check {
    let Some(digits) = reading::digits::<10>(text) else { return Check::Invalid };
    let [_, _, third, ..] = digits;
    let province = matches!(reading::field(&digits, 0..2), 1..=24 | 30 | 50);
    Check::from_bool(province && third <= 6 && checksum::luhn(text))
}

/// RUC of Ecuador: a person's number with an establishment behind it, a company's, or the state's.
pub(crate) fn ec_ruc(text: &str) -> Check {
    let Some(digits) = reading::digits::<13>(text) else { return Check::Invalid };
    let [_, _, third, ..] = digits;
    let province = matches!(reading::field(&digits, 0..2), 1..=24 | 30 | 50);
    let person = || text.get(..10).is_some_and(|person| ec_cedula(person) == Check::Valid);
    let eleven = |weights: &[u32]| reading::weigh(&digits, weights).is_multiple_of(11);
    let state = || eleven(&[3, 2, 7, 6, 5, 4, 3, 2, 1]) && reading::field(&digits, 9..13) > 0;
    let branch = reading::field(&digits, 10..13) > 0;
    let holds = match third {
        0..=5 => branch && person(),
        6 => state() || (branch && person()),
        9 => state() || (branch && eleven(&[4, 3, 2, 7, 6, 5, 4, 3, 2, 1])),
        _ => false,
    };
    Check::from_bool(province && holds)
}

/// Only a first establishment counts by itself: with any, one of eighty barcodes would.
fn ec_ruc_or_clock(text: &str) -> Check {
    match ec_ruc(text) {
        Check::Valid if !text.ends_with("001") => Check::Undecided,
        check => reading::unless_clock(text, check),
    }
}
