//! India: Aadhaar and its virtual number, voter card, passport, driving licence, health account.
//!
//! Aadhaar has twelve digits, grouped by four, begins with none of 0 and 1, is no palindrome, and checks by
//! Verhoeff's scheme; its virtual number has sixteen. Voter cards are three letters and seven digits,
//! passports a letter and seven digits, the last of which is no zero; no check is published for either.

use super::digits::{decide, only_digits};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const AADHAAR_WORDS: &[&str] = &[
    "aadhaar",
    "aadhar",
    "adhaar",
    "adhar",
    "uidai",
    "uid",
    "unique identification",
    "आधार",
    "आधार कार्ड",
    "आधार नंबर",
    "ஆதார்",
    "ఆధార్",
    "আধার",
    "આધાર",
];
/// A whole word that is no part of a number, nor of an IPv6 address.
const NO_ADDRESS: Edges =
    Edges { before: b"-./:", after: b"-/:", word_before: true, word_after: true };

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IN_AADHAAR",
        about: "Indian unique identity number",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("[2-9][0-9]{11}", 10),
            pattern("[2-9][0-9]{3}[ -][0-9]{4}[ -][0-9]{4}", 40),
        ]),
        check: Some(in_aadhaar),
        valid: 60,
        edges: Edges::NUMBER,
        context: AADHAAR_WORDS,
        source: "https://uidai.gov.in, https://en.wikipedia.org/wiki/Aadhaar",
    },
    Detector {
        kind: "IN_AADHAAR",
        about: "Indian unique identity number, with colons, and no part of an IPv6 address",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[pattern("[2-9][0-9]{3}:[0-9]{4}:[0-9]{4}", 40)]),
        check: Some(in_aadhaar),
        valid: 60,
        edges: NO_ADDRESS,
        context: AADHAAR_WORDS,
        source: "https://uidai.gov.in, https://en.wikipedia.org/wiki/Aadhaar",
    },
    Detector {
        kind: "IN_AADHAAR_VID",
        about: "Virtual number that stands for an Aadhaar",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[pattern("[2-9][0-9]{3}(?:[ -]?[0-9]{4}){3}", 5)]),
        check: Some(in_aadhaar_vid),
        valid: 30,
        edges: Edges::NUMBER,
        context: &["vid", "virtual id", "aadhaar", "aadhar", "uidai", "आधार"],
        source: "https://uidai.gov.in/en/contact-support/have-any-question/284-faqs/aadhaar-online-services/virtual-id-vid.html",
    },
    Detector {
        kind: "IN_VOTER",
        about: "Indian voter card number (EPIC)",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("(?i)[A-Z][ABCDGHJKMNPRSY][A-Z][0-9]{7}", 30),
            pattern("(?i)[A-Z]{3}[0-9]{7}", 20),
            pattern("[A-Z]{2}/[0-9]{2}/[0-9]{3}/[0-9]{6,7}", 60),
        ]),
        context: &[
            "voter",
            "voter id",
            "voter card",
            "epic",
            "epic no",
            "elector photo identity card",
            "election commission",
            "elector",
            "मतदाता",
            "मतदाता पहचान",
            "वोटर",
        ],
        source: "https://en.wikipedia.org/wiki/Voter_ID_(India)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_PASSPORT",
        about: "Indian passport number",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[pattern("(?i)[A-Z][1-9][0-9][ ]?[0-9]{4}[1-9]", 15)]),
        context: &[
            "passport",
            "indian passport",
            "passport number",
            "passport no",
            "passport seva",
            "पासपोर्ट",
            "पारपत्र",
            "travel document",
        ],
        source: "https://en.wikipedia.org/wiki/Indian_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_DRIVING_LICENCE",
        about: "Indian driving licence number",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2}[0-9]{2}[ -]?(?:19|20)[0-9]{2}[0-9]{7}", 60),
            pattern("[A-Z]{2}[ -][0-9]{2}[ -]?(?:19|20)[0-9]{2}[ -]?[0-9]{7}", 60),
        ]),
        context: &[
            "driving licence",
            "driving license",
            "dl no",
            "dl number",
            "licence number",
            "license number",
            "sarathi",
            "ड्राइविंग लाइसेंस",
            "rto",
        ],
        source: "Central Motor Vehicles Rules, 1989; https://parivahan.gov.in",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_ABHA",
        about: "Indian health account number (ABHA)",
        family: Family::Health,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("[1-9][0-9]-[0-9]{4}-[0-9]{4}-[0-9]{4}", 50),
            pattern("[1-9][0-9]{13}", 5),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "abha",
            "abha number",
            "health id",
            "ayushman bharat",
            "ndhm",
            "abdm",
            "आयुष्मान",
            "health account",
        ],
        source: "https://abdm.gov.in",
        ..Detector::EMPTY
    },
];

/// `IN_AADHAAR`: twelve digits, first none of 0 and 1, no palindrome, Verhoeff's digit agrees.
pub(crate) fn in_aadhaar(text: &str) -> Check {
    let digits = only_digits(text);
    let palindrome = || digits.bytes().eq(digits.bytes().rev());
    let begins = digits.bytes().next().is_some_and(|first| first >= b'2');
    decide(text, digits.len() == 12 && begins && !palindrome() && checksum::verhoeff(&digits))
}

/// `IN_AADHAAR_VID`: sixteen digits, first none of 0 and 1, Verhoeff's digit agrees.
pub(crate) fn in_aadhaar_vid(text: &str) -> Check {
    let digits = only_digits(text);
    let begins = digits.bytes().next().is_some_and(|first| first >= b'2');
    decide(text, digits.len() == 16 && begins && checksum::verhoeff(&digits))
}
