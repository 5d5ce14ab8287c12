//! Iceland: kennitala, of persons and of organisations (40 added to the day).
//!
//! The last digit tells the century: 8, 9 and 0. System numbers of foreigners begin with 8 or 9 and hold no
//! date; they are not looked for.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, read, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const KENNITALA: Detector = Detector {
    kind: "IS_KENNITALA",
    about: "Icelandic identity number",
    family: Family::Identity,
    country: Some("IS"),
    check: Some(|text| unless_time(kennitala(text), text)),
    edges: APART,
    context: &[
        "kennitala",
        "kennitölu",
        "kennitölur",
        "kt.",
        "kt:",
        "þjóðskrá",
        "einstaklingur",
        "national id",
        "icelandic id",
        "identification number",
    ],
    source: "Lög um skráningu einstaklinga nr. 140/2019; https://www.skra.is",
    ..Detector::EMPTY
};

/// Rows of Iceland.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(&[pattern("[0-9]{6}-[0-9]{4}", 20)]), valid: 60, ..KENNITALA },
    Detector {
        find: Find::Token(&[pattern("[0-9]{6} ?[0-9]{4}", 8)]),
        valid: 35,
        edges: ALONE,
        ..KENNITALA
    },
];

/// IS_KENNITALA: a day of its century; weights 3, 2, 7, 6, 5, 4, 3, 2, modulo eleven.
pub(crate) fn kennitala(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, .., last] = digits;
    let century = match last {
        8 => 1800,
        9 => 1900,
        0 => 2000,
        _ => return Check::Invalid,
    };
    let day = if two(a, b) > 40 { two(a, b) - 40 } else { two(a, b) };
    let total = sum(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]);
    Check::from_bool(day_exists(century + two(e, f), two(c, d), day) && total.is_multiple_of(11))
}
