//! Thailand: national identity number, mobile numbers.
//!
//! Thirteen digits, 1-4-5-2-1: kind of person, province and district, order, and a check digit by MOD 11.
//! The second and third digits are a province of ISO 3166-2:TH; the first is 1 to 8 for persons (9 is not
//! given yet: undecided). Bare
//! numbers that begin with 1 read as milliseconds since 1970 and need words near them.

use super::digits::{decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "TH_TNIN",
        about: "Thai national identity number",
        family: Family::Identity,
        country: Some("TH"),
        find: Find::Token(&[
            pattern("[1-9][- ][0-9]{4}[- ][0-9]{5}[- ][0-9]{2}[- ][0-9]", 70),
            pattern("[1-9][0-9]{12}", 30),
        ]),
        check: Some(th_tnin),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "เลขประจำตัวประชาชน",
            "เลขบัตรประชาชน",
            "บัตรประชาชน",
            "รหัสปชช",
            "เลขประจำตัว",
            "บัตรประจำตัว",
            "ปชช",
            "thai national id",
            "thai id",
            "thai id number",
            "tnin",
            "national id",
            "citizen id",
        ],
        source: "https://th.wikipedia.org/wiki/เลขประจำตัวประชาชนไทย, ISO 3166-2:TH",
    },
    Detector {
        kind: "TH_MOBILE",
        about: "Thai mobile number",
        family: Family::Contact,
        country: Some("TH"),
        find: Find::Token(&[
            pattern("0[689][0-9][ -][0-9]{3}[ -][0-9]{4}", 55),
            pattern("0[689][0-9]{8}", 25),
            pattern("\\+66[ -]?[689][0-9][ -]?[0-9]{3}[ -]?[0-9]{4}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "โทร",
            "โทรศัพท์",
            "เบอร์",
            "เบอร์โทร",
            "มือถือ",
            "ติดต่อ",
            "tel",
            "phone",
            "mobile",
            "line id",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Thailand",
        ..Detector::EMPTY
    },
];

/// `TH_TNIN`: the province exists and the check digit agrees.
pub(crate) fn th_tnin(text: &str) -> Check {
    let digits = only_digits(text);
    let province = part(&digits, 1, 2).is_some_and(
        |code| matches!(code, 10..=27 | 30..=49 | 50..=58 | 60..=67 | 70..=77 | 80..=86 | 90..=96),
    );
    let person = digits.bytes().next().is_some_and(|first| first != b'0');
    let sum = checksum::weighted(&digits, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let check = (11 - sum % 11) % 10;
    let agrees = part(&digits, 12, 1) == Some(check);
    match decide(text, digits.len() == 13 && person && province && agrees) {
        Check::Valid if digits.starts_with('9') => Check::Undecided,
        other => other,
    }
}
