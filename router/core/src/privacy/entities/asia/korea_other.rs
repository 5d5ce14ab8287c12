//! Korea: business and corporate registration numbers, mobile numbers, number plates.
//!
//! The business number has ten digits, 3-2-5, and a check digit. Corporate numbers have the form of a
//! resident's (6-7); since 2025 they carry no check digit, so they need words near them.

use super::digits::{decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "KR_BRN",
        about: "Korean business registration number",
        family: Family::Organisation,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{2}-[0-9]{2}-[0-9]{5}", 60),
            pattern("[1-9][0-9]{9}", 10),
        ]),
        check: Some(kr_brn),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "사업자등록번호",
            "사업자번호",
            "사업자",
            "사업자등록증",
            "brn",
            "business registration number",
            "korean brn",
            "business number",
            "tax registration number",
        ],
        source: "National Tax Service, https://org-id.guide/list/KR-BRN",
    },
    Detector {
        kind: "KR_CORPORATE_NUMBER",
        about: "Korean corporate registration number",
        family: Family::Organisation,
        country: Some("KR"),
        find: Find::Token(&[pattern("[0-9]{6}-[0-9]{7}", 10), pattern("[0-9]{13}", 3)]),
        edges: Edges::NUMBER,
        context: &[
            "법인등록번호",
            "법인번호",
            "법인등기",
            "등기번호",
            "corporate registration number",
            "corporation registration",
        ],
        source: "Rule on registration numbers of corporations, Supreme Court of Korea",
        ..Detector::EMPTY
    },
    Detector {
        kind: "KR_MOBILE",
        about: "Korean mobile number",
        family: Family::Contact,
        country: Some("KR"),
        find: Find::Token(&[
            pattern("01[016789][ .-][0-9]{3,4}[ .-][0-9]{4}", 65),
            pattern("010[2-9][0-9]{7}", 45),
            pattern("\\+82[ -]?\\(?0?\\)?1[016789][ -]?[0-9]{3,4}[ -]?[0-9]{4}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "휴대폰",
            "핸드폰",
            "휴대전화",
            "전화번호",
            "전화",
            "연락처",
            "폰번호",
            "카카오톡",
            "phone",
            "mobile",
            "cell",
            "tel",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_South_Korea",
        ..Detector::EMPTY
    },
    Detector {
        kind: "KR_VEHICLE_REGISTRATION",
        about: "Korean number plate",
        family: Family::Vehicle,
        country: Some("KR"),
        find: Find::Token(&[
            pattern(
                "[0-9]{2,3}[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호][0-9]{4}",
                45,
            ),
            pattern(
                "[0-9]{2,3}[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주아바사자배하허호] [0-9]{4}",
                25,
            ),
        ]),
        context: &[
            "차량번호",
            "자동차번호",
            "번호판",
            "차번호",
            "차량",
            "자동차",
            "number plate",
            "license plate",
            "plate number",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_South_Korea",
        ..Detector::EMPTY
    },
];

/// `KR_BRN`: the last digit agrees.
pub(crate) fn kr_brn(text: &str) -> Check {
    let digits = only_digits(text);
    let ninth = part(&digits, 8, 1).unwrap_or_default() * 5;
    let sum = checksum::weighted(&digits, &[1, 3, 7, 1, 3, 7, 1, 3]) + ninth + ninth / 10;
    let check = (10 - sum % 10) % 10;
    decide(text, digits.len() == 10 && part(&digits, 9, 1) == Some(check))
}
