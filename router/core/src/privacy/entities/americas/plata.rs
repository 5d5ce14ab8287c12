//! Uruguay, Paraguay and Venezuela: identity cards and tax numbers.
//!
//! A Venezuelan tax number begins with a letter for the kind of person (V native, E foreigner, J company, G
//! state, P passport, C commune) that counts in its check digit. A Paraguayan one is of any length up to nine.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const UY: Detector = Detector { family: Family::Identity, country: Some("UY"), ..Detector::EMPTY };
const VE: Detector = Detector {
    family: Family::Identity,
    country: Some("VE"),
    context: &[
        "rif",
        "r.i.f",
        "cédula",
        "cedula",
        "c.i",
        "cédula de identidad",
        "registro de información fiscal",
        "seniat",
        "saime",
        "contribuyente",
    ],
    ..Detector::EMPTY
};

const CEDULA: Detector = Detector {
    kind: "UY_CI",
    about: "identity card of Uruguay",
    check: Some(uy_cedula),
    context: &[
        "cédula",
        "cedula",
        "cédula de identidad",
        "cedula de identidad",
        "c.i",
        "cédula uruguaya",
        "documento",
        "dnic",
    ],
    source: "https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_(Uruguay)",
    ..UY
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern(r"[0-9]\.?[0-9]{3}\.[0-9]{3}[-/][0-9]", 40)]),
        valid: 60,
        edges: GROUPED,
        ..CEDULA
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{6,7}-[0-9]", 10)]),
        valid: 35,
        edges: GROUPED,
        ..CEDULA
    },
    Detector { find: Find::Token(&[pattern("[0-9]{7,8}", 1)]), valid: 15, edges: BARE, ..CEDULA },
    Detector {
        kind: "UY_RUT",
        about: "taxpayer of Uruguay",
        family: Family::Organisation,
        find: Find::Token(&[
            pattern("[0-2][0-9]{7}001[0-9]", 10),
            pattern("[0-2][0-9] ?[-.]? ?[0-9]{6} ?[-.]? ?001[- ]?[0-9]", 10),
        ]),
        check: Some(|text| reading::unless_day(text, uy_rut(text))),
        valid: 65,
        edges: BARE,
        context: &["rut", "r.u.t", "rut uruguay", "dgi", "contribuyente", "razón social"],
        source: "https://www.gub.uy/direccion-general-impositiva; https://es.wikipedia.org/wiki/Rol_%C3%9Anico_Tributario",
        ..UY
    },
    Detector {
        kind: "PY_RUC",
        about: "taxpayer of Paraguay",
        family: Family::Identity,
        country: Some("PY"),
        find: Find::Token(&[pattern("[0-9]{5,8}-[0-9]", 10)]),
        check: Some(|text| reading::unless_day(text, py_ruc(text))),
        valid: 38,
        edges: GROUPED,
        context: &[
            "ruc",
            "r.u.c",
            "registro único del contribuyente",
            "contribuyente",
            "dnit",
            "asunción",
            "razón social",
        ],
        source: "https://www.dnit.gov.py",
    },
    Detector {
        kind: "VE_RIF",
        about: "taxpayer of Venezuela",
        find: Find::Token(&[pattern("(?i)[VEJPGC]-[0-9]{8}-?[0-9]", 40)]),
        check: Some(ve_rif),
        valid: 70,
        source: "https://www.seniat.gob.ve; https://es.wikipedia.org/wiki/Registro_de_Informaci%C3%B3n_Fiscal",
        ..VE
    },
    Detector {
        kind: "VE_RIF",
        about: "taxpayer of Venezuela",
        find: Find::Token(&[pattern("(?i)[VEJPGC][0-9]{8}-?[0-9]", 15)]),
        check: Some(ve_rif),
        valid: 38,
        source: "https://www.seniat.gob.ve; https://es.wikipedia.org/wiki/Registro_de_Informaci%C3%B3n_Fiscal",
        ..VE
    },
    Detector {
        kind: "VE_CEDULA",
        about: "identity card of Venezuela",
        find: Find::Token(&[
            pattern(r"(?i)[VE] ?-? ?[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}", 50),
            pattern("(?i)[VE]-[0-9]{6,8}", 35),
            pattern("(?i)[VE][0-9]{7,8}", 10),
            pattern(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}", 5),
        ]),
        edges: BARE,
        source: "https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_(Venezuela)",
        ..VE
    },
];

/// Identity card of Uruguay: weights 2, 9, 8, 7, 6, 3, 4; old ones are one digit shorter.
pub(crate) fn uy_cedula(text: &str) -> Check {
    let padded = format!("{:0>8}", reading::plain(text));
    let Some(digits) = reading::digits::<8>(&padded) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[2, 9, 8, 7, 6, 3, 4]);
    Check::from_bool((10 - sum % 10) % 10 == check && !reading::is_one_digit(text))
}

/// Taxpayer of Uruguay: a department, a number, 001, a check digit that is never ten.
pub(crate) fn uy_rut(text: &str) -> Check {
    let Some(digits) = reading::digits::<12>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    let form = matches!(reading::field(&digits, 0..2), 1..=22)
        && reading::field(&digits, 2..8) > 0
        && reading::field(&digits, 8..11) == 1;
    Check::from_bool(form && reading::to_eleven(sum) == check)
}

/// Taxpayer of Paraguay: weights from 2 upwards from the right; ten and eleven are 0.
pub(crate) fn py_ruc(text: &str) -> Check {
    let all: Vec<u32> = checksum::digits(text).rev().collect();
    let Some((check, body)) = all.split_first().filter(|(_, body)| (4..=8).contains(&body.len()))
    else {
        return Check::Invalid;
    };
    let sum: u32 = body.iter().zip(2..).map(|(digit, weight)| digit * weight).sum();
    let wanted = if sum % 11 > 1 { 11 - sum % 11 } else { 0 };
    Check::from_bool(wanted == *check && !reading::is_one_digit(text))
}

/// Taxpayer of Venezuela: the letter counts four times its place among the kinds of person.
pub(crate) fn ve_rif(text: &str) -> Check {
    let kind = match text.bytes().next().map(|byte| byte.to_ascii_uppercase()) {
        Some(b'V') => 4,
        Some(b'E') => 8,
        Some(b'J' | b'C') => 12,
        Some(b'P') => 16,
        Some(b'G') => 20,
        _ => return Check::Invalid,
    };
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = kind + reading::weigh(&digits, &[3, 2, 7, 6, 5, 4, 3, 2]);
    Check::from_bool(reading::to_eleven(sum) % 10 == check)
}
