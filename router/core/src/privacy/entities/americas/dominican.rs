//! Dominican Republic: identity card and tax number.
//!
//! Some old identity numbers fail the check digit and are not found: a list of them is no rule.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const DO: Detector = Detector { family: Family::Identity, country: Some("DO"), ..Detector::EMPTY };
const DO_CEDULA: Detector = Detector {
    kind: "DO_CEDULA",
    about: "identity card of the Dominican Republic",
    check: Some(do_cedula),
    context: &[
        "cédula",
        "cedula",
        "cédula de identidad y electoral",
        "cédula de identidad",
        "jce",
        "documento de identidad",
    ],
    source: "Ley 8-92; https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_y_electoral",
    ..DO
};
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[0-9]{3}-[0-9]{7}-[0-9]", 40)]),
        valid: 65,
        edges: GROUPED,
        ..DO_CEDULA
    },
    Detector { find: Find::Token(&[pattern("[0-9]{11}", 1)]), valid: 30, edges: BARE, ..DO_CEDULA },
    Detector {
        kind: "DO_RNC",
        about: "taxpayer of the Dominican Republic",
        family: Family::Organisation,
        find: Find::Token(&[
            pattern("[0-9]-[0-9]{2}-[0-9]{5}-[0-9]", 35),
            pattern("[1459][0-9]{8}", 1),
        ]),
        check: Some(do_rnc),
        valid: 38,
        edges: BARE,
        context: &[
            "rnc",
            "registro nacional del contribuyente",
            "dgii",
            "contribuyente",
            "ncf",
            "razón social",
        ],
        source: "https://dgii.gov.do",
        ..DO
    },
];

/// Identity card of the Dominican Republic: Luhn's check.
pub(crate) fn do_cedula(text: &str) -> Check {
    let eleven = reading::digits::<11>(text).is_some();
    Check::from_bool(eleven && checksum::luhn(text) && !reading::is_one_digit(text))
}

/// Taxpayer of the Dominican Republic: weights 7, 9, 8, 6, 5, 4, 3, 2 and a check digit 1 to 9.
pub(crate) fn do_rnc(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[7, 9, 8, 6, 5, 4, 3, 2]);
    Check::from_bool((10 - sum % 11 + 9) % 9 + 1 == check)
}
