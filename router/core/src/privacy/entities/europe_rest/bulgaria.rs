//! Bulgaria: personal number (EGN), number of a foreigner (LNCh), business number (EIK).
//!
//! The month of an EGN has 20 added for births before 1900 and 40 for births after 1999.

use super::calendar::day_exists;
use super::numbers::{ALONE, agree, behind, read, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const EIK: Detector = Detector {
    kind: "BG_EIK",
    about: "Bulgarian business number",
    family: Family::Organisation,
    country: Some("BG"),
    check: Some(eik),
    edges: ALONE,
    context: &[
        "ЕИК",
        "Булстат",
        "БУЛСТАТ",
        "булстат",
        "единен идентификационен код",
        "ДДС",
        "фирма",
        "bulstat",
        "eik",
        "vat",
    ],
    source: "Закон за регистър БУЛСТАТ; https://bg.wikipedia.org/wiki/БУЛСТАТ",
    ..Detector::EMPTY
};

/// Rows of Bulgaria.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "BG_EGN",
        about: "Bulgarian personal number",
        family: Family::Identity,
        country: Some("BG"),
        find: Find::Token(&[pattern("[0-9]{10}", 8)]),
        check: Some(egn),
        valid: 35,
        edges: ALONE,
        context: &[
            "ЕГН",
            "егн:",
            "Е.Г.Н",
            "единен граждански номер",
            "Единен граждански номер",
            "граждански номер",
            "egn",
            "personal number",
            "bulgarian id",
            "national id",
        ],
        source: "Закон за гражданската регистрация, чл. 11; https://www.grao.bg/esgraon.html",
    },
    Detector {
        kind: "BG_LNCH",
        about: "Bulgarian number of a foreigner",
        family: Family::Identity,
        country: Some("BG"),
        find: Find::Token(&[pattern("[0-9]{10}", 5)]),
        check: Some(lnch),
        valid: 20,
        edges: ALONE,
        context: &[
            "ЛНЧ",
            "Л.Н.Ч",
            "личен номер на чужденец",
            "Личен номер на чужденец",
            "чужденец",
            "lnch",
            "foreigner number",
        ],
        source: "Закон за чужденците в Република България",
    },
    Detector { find: Find::Token(&[pattern("[0-9]{9}", 5)]), valid: 30, ..EIK },
    Detector { find: Find::Token(&[pattern("BG ?[0-9]{9}", 30)]), valid: 60, ..EIK },
];

/// BG_EGN: a day of its century; weights 2, 4, 8, 5, 10, 9, 7, 3, 6, modulo eleven.
pub(crate) fn egn(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, .., last] = digits;
    let (century, month) = match two(c, d) {
        month @ 41.. => (2000, month - 40),
        month @ 21..=40 => (1800, month - 20),
        month => (1900, month),
    };
    let total = sum(&digits, &[2, 4, 8, 5, 10, 9, 7, 3, 6]);
    Check::from_bool(day_exists(century + two(a, b), month, two(e, f)) && total % 11 % 10 == last)
}

/// BG_LNCH: weights 21, 19, 17, 13, 11, 9, 7, 3, 1, modulo ten.
pub(crate) fn lnch(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let total = sum(&digits, &[21, 19, 17, 13, 11, 9, 7, 3, 1]);
    agree(total % 10 == digits[9], &digits)
}

/// BG_EIK: weights 1 to 8, modulo eleven; where that is ten, 3 to 10.
pub(crate) fn eik(text: &str) -> Check {
    let Some(digits) = read::<9>(behind(text, "BG")) else { return Check::Invalid };
    let rest = match sum(&digits, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
        10 => sum(&digits, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
        rest => rest,
    };
    agree(rest == digits[8], &digits)
}
