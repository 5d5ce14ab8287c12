//! Vietnam and Myanmar: identity and tax numbers, mobile numbers.
//!
//! The Vietnamese citizen number has twelve digits: a province (001 to 096), century and sex, two digits of
//! the year of birth, order; no check digit. The old one has nine. The tax number has ten digits, the last
//! of which checks the others, and three of a branch. Myanmar's number names state, township and kind:
//! `12/KAMAYA(N)123456`.

use super::digits::{decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "VN_CCCD",
        about: "Vietnamese citizen identity number",
        family: Family::Identity,
        country: Some("VN"),
        find: Find::Token(&[
            pattern("0[0-9]{11}", 30),
            pattern("0[0-9]{2}[ .][0-9]{3}[ .][0-9]{3}[ .][0-9]{3}", 40),
            pattern("[0-3][0-9]{8}", 5),
        ]),
        check: Some(vn_cccd),
        edges: Edges::NUMBER,
        context: &[
            "cccd",
            "căn cước",
            "Căn cước",
            "căn cước công dân",
            "cmnd",
            "chứng minh nhân dân",
            "số định danh",
            "cmtnd",
            "citizen id",
            "identity card",
            "national id",
        ],
        source: "Decree 137/2015/ND-CP, https://vi.wikipedia.org/wiki/Căn_cước_công_dân_(Việt_Nam)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "VN_TAX_CODE",
        about: "Vietnamese tax code",
        family: Family::Organisation,
        country: Some("VN"),
        find: Find::Token(&[pattern("[0-9]{10}-[0-9]{3}", 45), pattern("[0-9]{10}", 5)]),
        check: Some(vn_tax_code),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "mst",
            "mã số thuế",
            "Mã số thuế",
            "thuế",
            "mã số doanh nghiệp",
            "tax code",
            "tax id",
        ],
        source: "Circular 105/2020/TT-BTC; OECD, Viet Nam TIN",
    },
    Detector {
        kind: "VN_MOBILE",
        about: "Vietnamese mobile number",
        family: Family::Contact,
        country: Some("VN"),
        find: Find::Token(&[
            pattern("0[35789][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}", 55),
            pattern("0[35789][0-9][ .-][0-9]{3}[ .-][0-9]{4}", 45),
            pattern("0[35789][0-9]{8}", 25),
            pattern("\\+84[ .-]?[35789][0-9]{1,2}[ .-]?[0-9]{3}[ .-]?[0-9]{3,4}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "sđt",
            "SĐT",
            "số điện thoại",
            "điện thoại",
            "Điện thoại",
            "di động",
            "liên hệ",
            "zalo",
            "phone",
            "mobile",
            "tel",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Vietnam",
        ..Detector::EMPTY
    },
    Detector {
        kind: "MM_NRC",
        about: "Number of a Myanmar national registration card",
        family: Family::Identity,
        country: Some("MM"),
        find: Find::Token(&[pattern(
            "(?:[1-9]|1[0-4])/[A-Za-z]{5,12} ?\\((?:N|C|E|P|T|n|c|e|p|t|Naing|NAING)\\) ?[0-9]{6}",
            75,
        )]),
        context: &[
            "nrc",
            "nrc no",
            "registration card",
            "national registration",
            "မှတ်ပုံတင်",
            "နိုင်ငံသား",
        ],
        source: "https://en.wikipedia.org/wiki/National_Registration_Card_(Burma)",
        ..Detector::EMPTY
    },
];

/// `VN_CCCD`: the province exists; of nine digits, nobody can tell.
pub(crate) fn vn_cccd(text: &str) -> Check {
    let digits = only_digits(text);
    let province = part(&digits, 0, 3).is_some_and(|code| (1..=96).contains(&code));
    if digits.len() == 9 || digits.len() == 12 && province {
        Check::Undecided
    } else {
        Check::Invalid
    }
}

/// `VN_TAX_CODE`: the tenth digit agrees.
pub(crate) fn vn_tax_code(text: &str) -> Check {
    let digits = only_digits(text);
    let sum = checksum::weighted(&digits, &[31, 29, 23, 19, 17, 13, 7, 5, 3]);
    let agrees = sum > 0 && part(&digits, 9, 1) == Some(10 - sum % 11);
    decide(text, matches!(digits.len(), 10 | 13) && agrees)
}
