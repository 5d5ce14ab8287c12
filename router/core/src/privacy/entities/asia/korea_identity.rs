//! Korea: numbers of residents and of foreigners, passport, driver licence.
//!
//! Thirteen digits: day of birth, a digit for century and sex (1 to 4 for citizens, 5 to 8 for
//! foreigners), and six more, the last of which was a check digit until October 2020 and is random since.
//! One that does not agree is therefore undecided, and one that does is surer. Impossible days are invalid.
//! Passports: a letter and eight digits, and since 2021 a letter among them; `M123A4567`.
//! Licences: region (11 to 26, or 28), year, order, check digits whose rule is not published.

use super::digits::{decide, only_digits, part, short_date};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const SOURCE: &str =
    "Resident Registration Act, https://en.wikipedia.org/wiki/Resident_registration_number";
const WEIGHTS: &[u32] = &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "KR_RRN",
        about: "Korean resident registration number",
        family: Family::Identity,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?- ?[1-4][0-9]{6}", 65),
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[1-4][0-9]{6}", 30),
        ]),
        check: Some(kr_rrn),
        valid: 80,
        edges: Edges::NUMBER,
        context: &[
            "주민등록번호",
            "주민번호",
            "주민등록",
            "주민등록증",
            "신분증",
            "생년월일",
            "rrn",
            "korean rrn",
            "resident registration number",
            "korean resident registration number",
            "resident registration",
        ],
        source: SOURCE,
    },
    Detector {
        kind: "KR_FRN",
        about: "Korean foreigner registration number",
        family: Family::Identity,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01]) ?- ?[5-8][0-9]{6}", 65),
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[5-8][0-9]{6}", 30),
        ]),
        check: Some(kr_frn),
        valid: 80,
        edges: Edges::NUMBER,
        context: &[
            "외국인등록번호",
            "외국인번호",
            "외국인등록증",
            "외국인등록",
            "거소신고번호",
            "frn",
            "korean frn",
            "foreigner registration number",
            "alien registration",
            "arc",
        ],
        source: SOURCE,
    },
    Detector {
        kind: "KR_PASSPORT",
        about: "Korean passport number",
        family: Family::Identity,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("(?i)[MSROD][0-9]{3}[A-Z][0-9]{4}", 40),
            pattern("(?i)[MSROD][0-9]{8}", 20),
            pattern("(?i)(?:PM|PS|PD|PO|JR)[0-9]{7}", 20),
        ]),
        context: &[
            "여권",
            "여권번호",
            "대한민국 여권",
            "여권 번호",
            "korean passport",
            "passport",
            "passport number",
            "passport no",
        ],
        source: "Ministry of Foreign Affairs, https://en.wikipedia.org/wiki/South_Korean_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "KR_DRIVER_LICENSE",
        about: "Korean driver licence number",
        family: Family::Identity,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("[12][0-9]-[0-9]{2}-[0-9]{6}-[0-9]{2}", 60),
            pattern("[12][0-9] [0-9]{2} [0-9]{6} [0-9]{2}", 45),
            pattern("[12][0-9][ -]?[0-9]{2}[ -]?[0-9]{6}[ -]?[0-9]{2}", 8),
            pattern(
                "(?:서울|부산|경기|강원|충북|충남|전북|전남|경북|경남|제주|대구|인천|광주|대전|울산)[ -]?[0-9]{2}-[0-9]{6}-[0-9]{2}",
                60,
            ),
        ]),
        check: Some(kr_driver_license),
        edges: Edges::NUMBER,
        context: &[
            "운전면허",
            "운전면허번호",
            "면허번호",
            "면허증",
            "운전면허증",
            "korean driver license",
            "korean driver's license",
            "driver license",
            "driver's license",
        ],
        source: "Enforcement Rule of the Road Traffic Act, form 55; https://ko.wikipedia.org/wiki/운전면허",
        ..Detector::EMPTY
    },
];

/// `KR_RRN`: the day exists; the check digit agrees, or nobody can tell.
pub(crate) fn kr_rrn(text: &str) -> Check {
    let digits = only_digits(text);
    let sum = checksum::weighted(&digits, WEIGHTS);
    registration(text, &digits, 1..=4, (11 - sum % 11) % 10)
}

/// `KR_FRN`: likewise, but the check digit is two more.
pub(crate) fn kr_frn(text: &str) -> Check {
    let digits = only_digits(text);
    let sum = checksum::weighted(&digits, WEIGHTS);
    registration(text, &digits, 5..=8, (13 - sum % 11) % 10)
}

fn registration(
    text: &str,
    digits: &str,
    sexes: std::ops::RangeInclusive<u32>,
    check: u32,
) -> Check {
    let Some(sex) = part(digits, 6, 1).filter(|sex| sexes.contains(sex)) else {
        return Check::Invalid;
    };
    let century = if matches!(sex, 1 | 2 | 5 | 6) { 1900 } else { 2000 };
    if digits.len() != 13 || !short_date(digits, 0, century) {
        return Check::Invalid;
    }
    // Offices of districts had the codes 00 to 95.
    let office = part(digits, 7, 2).is_some_and(|code| code <= 95);
    if office && part(digits, 12, 1) == Some(check) { decide(text, true) } else { Check::Undecided }
}

/// `KR_DRIVER_LICENSE`: the region exists; more cannot be told.
pub(crate) fn kr_driver_license(text: &str) -> Check {
    let digits = only_digits(text);
    let region = part(&digits, 0, 2).is_some_and(|code| matches!(code, 11..=26 | 28));
    match digits.len() {
        12 if region => Check::Undecided,
        10 => Check::Undecided,
        _ => Check::Invalid,
    }
}
