//! Taiwan: national identity number, resident certificate, business number, passport, phone.
//!
//! A letter (the place, two digits of the check), then 1 or 2 for citizens, 8 or 9 for foreigners since
//! 2021 and A to D for them before, and eight digits; MOD 10. The business number has eight digits and,
//! since 2023, is a multiple of 5 where it was one of 10: one in five random numbers passes, so it counts
//! only with words near it.

use super::digits::{compact, decide};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "TW_NATIONAL_ID",
        about: "Taiwanese national identity number",
        family: Family::Identity,
        country: Some("TW"),
        find: Find::Token(&[pattern("(?i)[A-Z][12][0-9]{8}", 30)]),
        check: Some(tw_national_id),
        valid: 60,
        context: &[
            "身分證",
            "身分證字號",
            "身份證",
            "身份證字號",
            "國民身分證",
            "身分证",
            "統一編號",
            "national id",
            "id number",
            "identity card",
        ],
        source: "https://en.wikipedia.org/wiki/National_identification_card_(Taiwan)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "TW_RESIDENT_CERTIFICATE",
        about: "Number of a resident certificate for foreigners in Taiwan",
        family: Family::Identity,
        country: Some("TW"),
        find: Find::Token(&[pattern("(?i)[A-Z][89A-D][0-9]{8}", 30)]),
        check: Some(tw_resident_certificate),
        valid: 60,
        context: &[
            "居留證",
            "居留证",
            "外僑居留證",
            "統一證號",
            "外來人口",
            "身分證",
            "arc",
            "aprc",
            "ui no",
            "resident certificate",
            "id number",
        ],
        source: "National Immigration Agency, https://en.wikipedia.org/wiki/Resident_certificate",
        ..Detector::EMPTY
    },
    Detector {
        kind: "TW_UBN",
        about: "Taiwanese unified business number",
        family: Family::Organisation,
        country: Some("TW"),
        find: Find::Token(&[pattern("[0-9]{8}", 5)]),
        check: Some(tw_ubn),
        valid: 10,
        edges: Edges::NUMBER,
        context: &[
            "統一編號",
            "統編",
            "统一编号",
            "營利事業",
            "公司",
            "發票",
            "ubn",
            "gui number",
            "vat number",
            "unified business number",
            "tax id",
        ],
        source: "Fiscal Information Agency, https://zh.wikipedia.org/wiki/統一編號",
    },
    Detector {
        kind: "TW_PASSPORT",
        about: "Taiwanese passport number",
        family: Family::Identity,
        country: Some("TW"),
        find: Find::Token(&[pattern("[123][0-9]{8}", 5)]),
        edges: Edges::NUMBER,
        context: &["護照", "護照號碼", "护照", "passport", "passport number", "passport no"],
        source: "https://en.wikipedia.org/wiki/Taiwan_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "TW_PHONE_NUMBER",
        about: "Taiwanese phone number",
        family: Family::Contact,
        country: Some("TW"),
        find: Find::Token(&[
            pattern("09[0-9]{2}-[0-9]{3}-[0-9]{3}", 60),
            pattern("09[0-9]{2}[ -][0-9]{6}", 50),
            pattern("09[0-9]{2} [0-9]{3} [0-9]{3}", 50),
            pattern("09[0-9]{8}", 30),
            pattern("\\+886[ -]?9[0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{3}", 70),
            pattern("\\+886[ -]?[2-8][ -]?[0-9]{3,4}[ -]?[0-9]{4}", 65),
            pattern("\\(?0[2-8]\\)?[ -][0-9]{3,4}[ -]?[0-9]{4}", 25),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "電話",
            "電話號碼",
            "手機",
            "手機號碼",
            "行動電話",
            "聯絡電話",
            "市話",
            "phone",
            "mobile",
            "cell",
            "call",
            "contact",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Taiwan",
        ..Detector::EMPTY
    },
];

/// `TW_NATIONAL_ID`: MOD 10 agrees.
pub(crate) fn tw_national_id(text: &str) -> Check {
    Check::from_bool(agrees(&compact(text)))
}

/// `TW_RESIDENT_CERTIFICATE`: MOD 10 agrees; of the second letter of old ones, the last digit counts.
pub(crate) fn tw_resident_certificate(text: &str) -> Check {
    let number = compact(text);
    let second = number.chars().nth(1).and_then(place).map_or(10, |code| code % 10);
    let rewritten = match (number.get(..1), number.get(2..), second) {
        (Some(first), Some(rest), 0..=9) => format!("{first}{second}{rest}"),
        _ => number,
    };
    Check::from_bool(agrees(&rewritten))
}

/// `TW_UBN`: the sum of the digits of each product is a multiple of five; a seven in the seventh place
/// may count as 0 or 1.
pub(crate) fn tw_ubn(text: &str) -> Check {
    let products = checksum::digits(text).zip([1, 2, 1, 2, 1, 2, 4, 1]).map(|(d, w)| d * w);
    let sum: u32 = products.map(|product| product / 10 + product % 10).sum();
    let seven = text.as_bytes().get(6) == Some(&b'7');
    let zero = text.bytes().all(|byte| byte == b'0');
    let agrees = sum.is_multiple_of(5) || seven && (sum + 1).is_multiple_of(5);
    decide(text, !zero && agrees)
}

/// A letter as two digits, then nine digits.
fn agrees(number: &str) -> bool {
    let mut chars = number.chars();
    let Some(code) = chars.next().and_then(place) else { return false };
    let rest = checksum::weighted(chars.as_str(), &[8, 7, 6, 5, 4, 3, 2, 1, 1]);
    number.len() == 10 && (code / 10 + code % 10 * 9 + rest).is_multiple_of(10)
}

/// What a letter of a place counts.
fn place(letter: char) -> Option<u32> {
    const ORDER: &str = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
    ORDER.find(letter).and_then(|at| u32::try_from(at).ok()).map(|at| at + 10)
}
