//! Colombia: tax number (NIT), identity card, passport.
//!
//! A NIT is written with and without its check digit. The identity card's number has none; its grouping by
//! points is how any number is written, so it needs its context.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const CO: Detector = Detector { family: Family::Identity, country: Some("CO"), ..Detector::EMPTY };

const NIT: Detector = Detector {
    kind: "CO_NIT",
    about: "tax number",
    check: Some(co_nit),
    context: &[
        "nit",
        "n.i.t",
        "número de identificación tributaria",
        "identificación tributaria",
        "rut",
        "dian",
        "razón social",
        "tax id",
    ],
    source: "DIAN, Orden Administrativa 4 de 1989; https://es.wikipedia.org/wiki/N%C3%BAmero_de_Identificaci%C3%B3n_Tributaria",
    ..CO
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3} ?- ?[0-9]", 50),
            pattern(r"1\.[0-9]{3}\.[0-9]{3}\.[0-9]{3} ?- ?[0-9]", 50),
        ]),
        valid: 65,
        edges: GROUPED,
        ..NIT
    },
    Detector {
        find: Find::Token(&[pattern("(?:[89][0-9]{8}|1[0-9]{9})-[0-9]", 20)]),
        valid: 45,
        edges: GROUPED,
        ..NIT
    },
    Detector { find: Find::Token(&[pattern("[0-9]{10}", 1)]), valid: 15, edges: BARE, ..NIT },
    Detector {
        kind: "CO_CEDULA",
        about: "identity card",
        find: Find::Token(&[
            pattern(r"1\.[0-9]{3}\.[0-9]{3}\.[0-9]{3}", 15),
            pattern(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}", 5),
            pattern("1[0-9]{9}", 1),
            pattern("[0-9]{6,8}", 1),
        ]),
        edges: BARE,
        context: &[
            "cédula",
            "cedula",
            "cédula de ciudadanía",
            "cedula de ciudadania",
            "c.c",
            "cc:",
            "cc no",
            "tarjeta de identidad",
            "cédula de extranjería",
            "documento de identidad",
            "registraduría",
        ],
        source: "https://www.registraduria.gov.co; https://es.wikipedia.org/wiki/C%C3%A9dula_de_ciudadan%C3%ADa_(Colombia)",
        ..CO
    },
    Detector {
        kind: "CO_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{6,7}", 10)]),
        context: &[
            "pasaporte",
            "número de pasaporte",
            "pasaporte colombiano",
            "colombian passport",
            "passport",
            "cancillería",
        ],
        source: "https://en.wikipedia.org/wiki/Colombian_passport",
        ..CO
    },
];

/// NIT: prime weights from the right, and what is left of eleven; 0 and 1 stand for themselves.
pub(crate) fn co_nit(text: &str) -> Check {
    const WEIGHTS: [u32; 15] = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71];
    let digits: Vec<u32> = crate::privacy::detect::checksum::digits(text).rev().collect();
    let Some((check, body)) =
        digits.split_first().filter(|(_, body)| (8..=15).contains(&body.len()))
    else {
        return Check::Invalid;
    };
    let rest = reading::weigh(body, &WEIGHTS) % 11;
    let wanted = if rest > 1 { 11 - rest } else { rest };
    Check::from_bool(wanted == *check && !reading::is_one_digit(text))
}
