//! Philippines: tax, social security, health insurance and identity numbers, passport, plates, mobile numbers.
//!
//! The tax number has nine digits, the last of which checks the others by MOD 11, and three or five of a
//! branch. The health insurance number checks by a rule that is not fully published: one that does not agree
//! is undecided. The others have a grouping that nothing else has: 2-7-1, 4-7-1, 2-9-1.

use super::digits::{decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "PH_TIN",
        about: "Philippine taxpayer number",
        family: Family::Identity,
        country: Some("PH"),
        find: Find::Token(&[
            pattern("[0-9]{3}-[0-9]{3}-[0-9]{3}-[0-9]{3}(?:[0-9]{2})?", 65),
            pattern("[0-9]{3}-[0-9]{3}-[0-9]{3}", 45),
            pattern("[0-9]{9}(?:[0-9]{3})?", 10),
        ]),
        check: Some(ph_tin),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "tin",
            "taxpayer identification number",
            "taxpayer",
            "bir",
            "taxpayer id",
            "tax id",
            "rdo",
            "revenue district office",
            "buwis",
        ],
        source: "Bureau of Internal Revenue, https://www.bir.gov.ph",
    },
    Detector {
        kind: "PH_SSS",
        about: "Philippine social security number",
        family: Family::Identity,
        country: Some("PH"),
        find: Find::Token(&[pattern("[0-9]{2}-[0-9]{7}-[0-9]", 55), pattern("[0-9]{10}", 3)]),
        edges: Edges::NUMBER,
        context: &[
            "sss",
            "sss no",
            "sss number",
            "social security system",
            "social security",
            "ss number",
        ],
        source: "https://www.sss.gov.ph",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PH_UMID",
        about: "Philippine common reference number",
        family: Family::Identity,
        country: Some("PH"),
        find: Find::Token(&[pattern("[0-9]{4}-[0-9]{7}-[0-9]", 55), pattern("[0-9]{12}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "umid",
            "unified multi-purpose id",
            "unified multipurpose id",
            "crn",
            "common reference number",
            "gsis",
            "umid number",
            "umid card",
            "pag-ibig",
        ],
        source: "https://en.wikipedia.org/wiki/Unified_Multi-Purpose_ID",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PH_HEALTH_INSURANCE",
        about: "Philippine health insurance number",
        family: Family::Health,
        country: Some("PH"),
        find: Find::Token(&[pattern("[0-9]{2}-[0-9]{9}-[0-9]", 55), pattern("[0-9]{12}", 5)]),
        check: Some(ph_health_insurance),
        valid: 35,
        edges: Edges::NUMBER,
        context: &[
            "philhealth",
            "philhealth number",
            "philhealth no",
            "philhealth id",
            "philhealth pin",
            "health insurance",
            "member data record",
            "kalusugan",
            "seguro",
        ],
        source: "PhilHealth Electronic Claims Implementation Guide 3.1",
    },
    Detector {
        kind: "PH_PHILSYS",
        about: "Philippine national identity card number",
        family: Family::Identity,
        country: Some("PH"),
        find: Find::Token(&[pattern("[0-9]{4}(?:[- ]?[0-9]{4}){3}", 5), pattern("[0-9]{12}", 3)]),
        edges: Edges::NUMBER,
        context: &[
            "philsys",
            "philid",
            "pcn",
            "psn",
            "philippine identification",
            "ephilid",
            "national id",
            "pambansang id",
        ],
        source: "Republic Act 11055, https://philsys.gov.ph",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PH_PASSPORT",
        about: "Philippine passport number",
        family: Family::Identity,
        country: Some("PH"),
        find: Find::Token(&[
            pattern("[Pp][0-9]{7}[A-Ca-c]", 30),
            pattern("[A-Z][0-9]{7}[A-Z]", 10),
            pattern("[A-Z]{2}[0-9]{7}", 10),
        ]),
        context: &[
            "passport",
            "passport number",
            "philippine passport",
            "philippines passport",
            "pasaporte",
            "dfa",
            "travel document",
        ],
        source: "https://en.wikipedia.org/wiki/Philippine_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PH_LICENSE_PLATE",
        about: "Philippine number plate",
        family: Family::Vehicle,
        country: Some("PH"),
        find: Find::Token(&[
            pattern("[A-Z]{3}[ -]?[0-9]{4}", 10),
            pattern("[A-Z]{2}[ -][0-9]{4}", 5),
            pattern("[0-9]{4}[ -]?[A-Z]{3}", 5),
            pattern("[A-Z][0-9]{2}[A-Z][0-9]{3,4}", 5),
        ]),
        context: &[
            "plaka",
            "plate number",
            "license plate",
            "plate no",
            "lto",
            "conduction",
            "conduction sticker",
            "sasakyan",
            "motorsiklo",
            "kotse",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_the_Philippines",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PH_MOBILE_NUMBER",
        about: "Philippine mobile number",
        family: Family::Contact,
        country: Some("PH"),
        find: Find::Token(&[
            pattern(
                "\\+63[ .-]?\\(?(?:9[0-9]{2}|89[5-8]|81[1-37])\\)?[ .-]?[0-9]{3}[ .-]?[0-9]{4}",
                75,
            ),
            pattern("0[ ]?\\(?(?:9[0-9]{2}|89[5-8]|81[1-37])\\)?[ .-][0-9]{3}[ .-][0-9]{4}", 55),
            pattern("0(?:9[0-9]{2}|89[5-8]|81[1-37])[ .-]?[0-9]{7}", 45),
            pattern("639[0-9]{9}", 30),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "mobile",
            "mobile number",
            "cellphone",
            "telepono",
            "numero",
            "phone",
            "cell",
            "call",
            "text",
            "contact",
            "gcash",
            "viber",
        ],
        source: "National Telecommunications Commission, https://en.wikipedia.org/wiki/Telephone_numbers_in_the_Philippines",
        ..Detector::EMPTY
    },
];

/// `PH_TIN`: the ninth digit is the rest by eleven.
pub(crate) fn ph_tin(text: &str) -> Check {
    let digits = only_digits(text);
    let agrees = || {
        let sum = checksum::weighted(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
        sum > 0 && part(&digits, 8, 1) == Some(sum % 11)
    };
    decide(text, matches!(digits.len(), 9 | 12 | 14) && agrees())
}

/// `PH_HEALTH_INSURANCE`: the last digit agrees, or nobody can tell.
pub(crate) fn ph_health_insurance(text: &str) -> Check {
    let digits = only_digits(text);
    let sum = checksum::weighted(&digits, &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let agrees = digits.len() == 12 && part(&digits, 11, 1) == Some((11 - sum % 11) % 11);
    if agrees { decide(text, true) } else { Check::Undecided }
}
