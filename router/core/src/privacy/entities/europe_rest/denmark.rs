//! Denmark: CPR number of a person, CVR number of a business.
//!
//! The seventh digit and the year tell the century. Since 2007 numbers are given out that do not agree
//! modulo eleven, so a disagreement says nothing; an impossible day does.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, read, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const CPR: Detector = Detector {
    kind: "DK_CPR_NUMBER",
    about: "Danish personal identity number",
    family: Family::Identity,
    country: Some("DK"),
    edges: APART,
    context: &[
        "cpr",
        "cpr-nummer",
        "cpr-nr",
        "cpr nr",
        "cpr.nr",
        "personnummer",
        "personnr",
        "fødselsdato",
        "sundhedskort",
        "central person register",
        "civil registration",
    ],
    source: "https://www.cpr.dk/cpr-systemet/opbygning-af-cpr-nummeret",
    ..Detector::EMPTY
};
const CVR: Detector = Detector {
    kind: "DK_CVR_NUMBER",
    about: "Danish business number",
    family: Family::Organisation,
    country: Some("DK"),
    check: Some(cvr),
    edges: ALONE,
    context: &[
        "cvr",
        "cvr-nummer",
        "cvr-nr",
        "cvr nr",
        "se-nummer",
        "moms",
        "momsnummer",
        "virksomhed",
        "vat",
        "company number",
    ],
    source: "Lov om Det Centrale Virksomhedsregister; https://datacvr.virk.dk",
    ..Detector::EMPTY
};

/// Rows of Denmark. A form with a dash that may be a day and a time is weak.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[0-9]{6}-[0-9]{4}", 45)]),
        check: Some(|text| match unless_time(Check::Valid, text) {
            Check::Valid => cpr(text),
            _ => Check::Invalid,
        }),
        valid: 60,
        ..CPR
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{6}[- ]?[0-9]{4}", 8)]),
        check: Some(|text| match unless_time(Check::Valid, text) {
            Check::Valid if text.contains('-') => Check::Invalid,
            _ => cpr(text),
        }),
        valid: 35,
        ..CPR
    },
    Detector {
        find: Find::Token(&[
            pattern("[1-9][0-9]{7}", 5),
            pattern("[1-9][0-9](?: [0-9]{2}){3}", 10),
        ]),
        valid: 30,
        ..CVR
    },
    Detector { find: Find::Token(&[pattern("DK[ -]?[1-9][0-9]{7}", 30)]), valid: 60, ..CVR },
];

/// DK_CPR_NUMBER: a day of its century. `Valid` if it agrees modulo eleven as well.
pub(crate) fn cpr(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, seventh, ..] = digits;
    let year = two(e, f);
    let century = match seventh {
        0..=3 => 1900,
        4 | 9 if year < 37 => 2000,
        4 | 9 => 1900,
        _ if year < 58 => 2000,
        _ => 1800,
    };
    if !day_exists(century + year, two(c, d), two(a, b)) {
        return Check::Invalid;
    }
    let total = sum(&digits, &[4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    if total.is_multiple_of(11) { Check::Valid } else { Check::Undecided }
}

/// DK_CVR_NUMBER: weights 2, 7, 6, 5, 4, 3, 2, 1, modulo eleven.
pub(crate) fn cvr(text: &str) -> Check {
    let Some(digits) = read::<8>(behind(text, "DK")) else { return Check::Invalid };
    let total = sum(&digits, &[2, 7, 6, 5, 4, 3, 2, 1]);
    agree(digits[0] > 0 && total.is_multiple_of(11), &digits)
}
