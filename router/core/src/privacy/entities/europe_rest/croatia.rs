//! Croatia: personal identification number (OIB), of persons and of businesses; identity card.

use super::numbers::{ALONE, APART, agree, behind, read};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const OIB: Detector = Detector {
    kind: "HR_OIB",
    about: "Croatian personal identification number",
    family: Family::Identity,
    country: Some("HR"),
    check: Some(oib),
    edges: APART,
    context: &[
        "oib",
        "osobni identifikacijski broj",
        "osobnog identifikacijskog broja",
        "porezni broj",
        "pdv",
        "osobna iskaznica",
        "personal identification number",
        "croatian id",
        "vat",
    ],
    source: "Zakon o osobnom identifikacijskom broju (NN 60/08); https://www.porezna-uprava.hr",
    ..Detector::EMPTY
};

/// Rows of Croatia.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(&[pattern("[0-9]{11}", 8)]), valid: 35, ..OIB },
    Detector { find: Find::Token(&[pattern("HR ?[0-9]{11}", 40)]), valid: 60, ..OIB },
    Detector {
        kind: "HR_ID_CARD",
        about: "Croatian identity card",
        family: Family::Identity,
        country: Some("HR"),
        find: Find::Token(&[pattern("[0-9]{9}", 5)]),
        edges: ALONE,
        context: &[
            "osobna iskaznica",
            "osobne iskaznice",
            "broj osobne",
            "broj osobne iskaznice",
            "identity card",
            "id card",
        ],
        source: "Zakon o osobnoj iskaznici (NN 62/15)",
        ..Detector::EMPTY
    },
];

/// HR_OIB: ISO/IEC 7064, MOD 11-10.
pub(crate) fn oib(text: &str) -> Check {
    let Some(digits) = read::<11>(behind(text, "HR")) else { return Check::Invalid };
    agree(checksum::mod_11_10(text), &digits)
}
