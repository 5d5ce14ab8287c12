//! Pakistan, Bangladesh and Sri Lanka: identity numbers, and Pakistan's mobile numbers.
//!
//! Pakistan's CNIC: five digits of the place, seven of the family, one of the sex; no check digit.
//! Bangladesh: 10, 13 or 17 digits, the last with the year of birth before 13. Sri Lanka: two digits of the
//! year and three of the day (500 more for women), three of order, one to check by a rule that is not
//! published, and V or X; since 2016 twelve digits, with the whole year.

use super::digits::{only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "PK_CNIC",
        about: "Pakistani identity card number",
        family: Family::Identity,
        country: Some("PK"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{4}-[0-9]{7}-[0-9]", 65),
            pattern("[1-9][0-9]{12}", 8),
        ]),
        check: Some(pk_cnic),
        edges: Edges::NUMBER,
        context: &[
            "cnic",
            "nicop",
            "nadra",
            "cnic no",
            "shanakhti card",
            "شناختی کارڈ",
            "قومی شناختی",
            "identity card",
            "national id",
            "id card",
        ],
        source: "NADRA, https://en.wikipedia.org/wiki/CNIC",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PK_MOBILE",
        about: "Pakistani mobile number",
        family: Family::Contact,
        country: Some("PK"),
        find: Find::Token(&[
            pattern("03[0-4][0-9]-[0-9]{7}", 55),
            pattern("03[0-4][0-9]{8}", 25),
            pattern("\\+92[ -]?3[0-4][0-9][ -]?[0-9]{7}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &["mobile", "phone", "cell", "contact", "whatsapp", "call", "موبائل", "فون"],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Pakistan",
        ..Detector::EMPTY
    },
    Detector {
        kind: "BD_NID",
        about: "Bangladeshi national identity number",
        family: Family::Identity,
        country: Some("BD"),
        find: Find::Token(&[
            pattern("(?:19|20)[0-9]{15}", 20),
            pattern("[0-9]{13}", 3),
            pattern("[0-9]{10}", 3),
            pattern("[0-9]{3} [0-9]{3} [0-9]{4}", 10),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "nid",
            "nid no",
            "nid number",
            "national id",
            "voter id",
            "জাতীয় পরিচয়পত্র",
            "এনআইডি",
            "পরিচয়পত্র",
            "bangladesh id",
            "smart card",
        ],
        source: "Election Commission, https://en.wikipedia.org/wiki/National_identity_card_(Bangladesh)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "LK_NIC",
        about: "Sri Lankan identity card number",
        family: Family::Identity,
        country: Some("LK"),
        find: Find::Token(&[pattern("[0-9]{9}[VXv]", 45), pattern("(?:19|20)[0-9]{10}", 10)]),
        check: Some(lk_nic),
        edges: Edges::NUMBER,
        context: &[
            "nic",
            "nic no",
            "nic number",
            "national identity card",
            "identity card",
            "ජාතික හැඳුනුම්පත",
            "හැඳුනුම්පත",
            "தேசிய அடையாள அட்டை",
            "sri lanka",
        ],
        source: "Department for Registration of Persons, https://en.wikipedia.org/wiki/National_identity_card_(Sri_Lanka)",
        ..Detector::EMPTY
    },
];

/// `PK_CNIC`: the province, and the place, are given; more cannot be told.
pub(crate) fn pk_cnic(text: &str) -> Check {
    let digits = only_digits(text);
    let province = part(&digits, 0, 1).is_some_and(|code| (1..=8).contains(&code));
    let given = digits.len() == 13 && province && part(&digits, 5, 7) != Some(0);
    if given { Check::Undecided } else { Check::Invalid }
}

/// `LK_NIC`: the day of the year exists; more cannot be told.
pub(crate) fn lk_nic(text: &str) -> Check {
    let digits = only_digits(text);
    let day = match digits.len() {
        9 => part(&digits, 2, 3),
        12 => part(&digits, 4, 3),
        _ => None,
    };
    let exists = day.is_some_and(|day| matches!(day, 1..=366 | 501..=866));
    if exists { Check::Undecided } else { Check::Invalid }
}
