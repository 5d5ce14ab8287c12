//! Slovenia: personal number (EMŠO), tax number.

use super::numbers::{ALONE, APART, agree, behind, read, sum};
use super::serbia::jmbg;
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const TAX_NUMBER: Detector = Detector {
    kind: "SI_TAX_NUMBER",
    about: "Slovenian tax number",
    family: Family::Identity,
    country: Some("SI"),
    check: Some(tax_number),
    edges: ALONE,
    context: &[
        "davčna številka",
        "davčne številke",
        "davčna",
        "id za ddv",
        "ddv",
        "davčni zavezanec",
        "furs",
        "tax number",
        "tax id",
        "vat",
    ],
    source: "Zakon o finančni upravi (ZFU); https://www.fu.gov.si",
    ..Detector::EMPTY
};

/// Rows of Slovenia.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "SI_EMSO",
        about: "Slovenian personal number",
        family: Family::Identity,
        country: Some("SI"),
        find: Find::Token(&[pattern("[0-3][0-9]{6}5[0-9]{5}", 35)]),
        check: Some(|text| unless_time(emso(text), text)),
        valid: 100,
        edges: APART,
        context: &[
            "emšo",
            "EMŠO",
            "emso",
            "enotna matična številka",
            "matična številka",
            "matična številka občana",
            "osebna izkaznica",
            "personal number",
            "slovenian id",
        ],
        source: "Zakon o centralnem registru prebivalstva (Uradni list RS 1/99)",
    },
    Detector { find: Find::Token(&[pattern("[1-9][0-9]{7}", 5)]), valid: 30, ..TAX_NUMBER },
    Detector { find: Find::Token(&[pattern("SI ?[1-9][0-9]{7}", 30)]), valid: 60, ..TAX_NUMBER },
];

/// SI_EMSO: a JMBG whose region is 50 to 59.
pub(crate) fn emso(text: &str) -> Check {
    match read::<13>(text) {
        Some([_, _, _, _, _, _, _, 5, ..]) => jmbg(text),
        _ => Check::Invalid,
    }
}

/// SI_TAX_NUMBER: weights 8 to 2, modulo eleven.
pub(crate) fn tax_number(text: &str) -> Check {
    let Some(digits) = read::<8>(behind(text, "SI")) else { return Check::Invalid };
    let rest = sum(&digits, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    let holds = rest != 0 && (11 - rest) % 10 == digits[7];
    agree(digits[0] > 0 && holds, &digits)
}
