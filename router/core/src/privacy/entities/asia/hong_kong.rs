//! Hong Kong and Macau: identity cards.
//!
//! The Hong Kong number is one or two letters, six digits and a check character in parentheses, which are
//! often left out. MOD 11 with weights 9 to 1; a missing first letter counts as a space (36).
//! Macau's has seven digits, the first of which is 1, 5 or 7, and a check digit whose rule is not published.

use super::digits::compact;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "HK_ID",
        about: "Hong Kong identity card number",
        family: Family::Identity,
        country: Some("HK"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{1,2}[0-9]{6}[ ]?\\([0-9A]\\)", 70),
            pattern("(?i)[A-Z]{1,2}[0-9]{6}[0-9A]", 20),
        ]),
        check: Some(hk_id),
        valid: 35,
        context: &[
            "身份證",
            "身份证",
            "身份證號碼",
            "香港身份證",
            "香港身份证",
            "hkid",
            "hong kong id",
            "identity card",
            "hkic",
            "id card",
            "id no",
        ],
        source: "https://en.wikipedia.org/wiki/Hong_Kong_identity_card",
        ..Detector::EMPTY
    },
    Detector {
        kind: "MO_ID",
        about: "Macau resident identity card number",
        family: Family::Identity,
        country: Some("MO"),
        find: Find::Token(&[
            pattern("[157][0-9]{6}\\([0-9]\\)", 35),
            pattern("[157]/[0-9]{6}/[0-9]", 35),
            pattern("[157][0-9]{7}", 5),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "澳門身份證",
            "澳门身份证",
            "澳門居民",
            "澳门居民",
            "身份證",
            "身份证",
            "bir",
            "macau id",
            "macao id",
            "bilhete de identidade",
            "identity card",
        ],
        source: "https://en.wikipedia.org/wiki/Macau_Resident_Identity_Card",
        ..Detector::EMPTY
    },
];

/// `HK_ID`: the check character agrees.
pub(crate) fn hk_id(text: &str) -> Check {
    let number = compact(text);
    let mut values: Vec<u32> = number.chars().filter_map(|char| char.to_digit(36)).collect();
    if values.len() == 8 {
        values.insert(0, 36);
    }
    let sum: u32 = values.iter().zip((1..=9).rev()).map(|(value, weight)| value * weight).sum();
    Check::from_bool(values.len() == 9 && sum.is_multiple_of(11))
}
