//! Serbia, and the states that were Yugoslavia: personal number (JMBG), tax number (PIB).
//!
//! A JMBG tells a region by its eighth and ninth digits: 10 to 19 Bosnia and Herzegovina, 20 to 29
//! Montenegro, 30 to 39 Croatia, 41 to 49 North Macedonia, 50 to 59 Slovenia (see there), 71 to 99 Serbia.
//! Those of people born from the tenth to the twenty-first may be milliseconds since 1970.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, number, read, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

/// Rows of Serbia and its neighbours.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "RS_JMBG",
        about: "Personal number of Serbia, Bosnia and Herzegovina, Montenegro, North Macedonia",
        family: Family::Identity,
        find: Find::Token(&[pattern("[0-3][0-9]{6}[0-46-9][0-9]{5}", 30)]),
        check: Some(|text| unless_time(jmbg(text), text)),
        valid: 100,
        edges: APART,
        context: &[
            "jmbg",
            "ЈМБГ",
            "matični broj",
            "матични број",
            "jedinstveni matični broj",
            "јединствени матични број",
            "matični broj građana",
            "ЕМБГ",
            "матичен број",
            "embg",
            "personal number",
            "national id",
        ],
        source: "https://en.wikipedia.org/wiki/Unique_Master_Citizen_Number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "RS_PIB",
        about: "Serbian tax number",
        family: Family::Organisation,
        country: Some("RS"),
        find: Find::Token(&[pattern("1[0-9]{8}", 5)]),
        check: Some(pib),
        valid: 30,
        edges: ALONE,
        context: &[
            "pib",
            "ПИБ",
            "poreski broj",
            "порески идентификациони број",
            "poreski identifikacioni broj",
            "pdv",
            "tax number",
            "vat",
        ],
        source: "Zakon o poreskom postupku i poreskoj administraciji; https://www.purs.gov.rs",
    },
];

/// RS_JMBG: a day of birth, and weights 7 to 2 twice, modulo eleven.
pub(crate) fn jmbg(text: &str) -> Check {
    let Some(digits) = read::<13>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, g, .., last] = digits;
    let year = match number(&[e, f, g]) {
        year @ 800.. => 1000 + year,
        year => 2000 + year,
    };
    let born = u32::try_from(year).is_ok_and(|year| day_exists(year, two(c, d), two(a, b)));
    let rest = sum(&digits, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    let right = if rest < 2 { 0 } else { 11 - rest };
    Check::from_bool(born && right == last)
}

/// RS_PIB: ISO/IEC 7064, MOD 11-10.
pub(crate) fn pib(text: &str) -> Check {
    let Some(digits) = read::<9>(behind(text, "RS")) else { return Check::Invalid };
    agree(checksum::mod_11_10(text), &digits)
}
