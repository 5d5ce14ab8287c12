//! India: permanent account number, goods and services tax number, tax deduction and company numbers.
//!
//! A PAN is five letters, of which the fourth is the kind of holder, four digits and a letter whose rule is
//! not published. A GSTIN is a state, a PAN, a number of the registration, mostly `Z`, and a check character
//! by MOD 36. One with a wrong check character still gives away the PAN in it: it stays undecided where it is
//! of the commonplace form (states 01 to 37, `Z`). Rarer forms (38 Ladakh, 97, 99; deductors, collectors)
//! count only where the check character agrees.

use super::digits::{compact, part};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IN_PAN",
        about: "Indian permanent account number",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]", 60),
            pattern("(?i)[A-Z]{3}[ABCFGHJLPT][A-Z][0-9]{4}[A-Z]", 45),
            pattern("(?i)[A-Z]{5}[0-9]{4}[A-Z]", 15),
        ]),
        context: PAN_WORDS,
        source: "Income-tax Rules, 1962, rule 114; https://en.wikipedia.org/wiki/Permanent_account_number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_PAN",
        about: "Indian permanent account number, garbled: its digits in another place",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[pattern("[A-Z]{1,4}[0-9]{4}[A-Z]{2,5}", 1)]),
        check: Some(ten_characters),
        context: PAN_WORDS,
        source: "Microsoft Presidio, pattern PAN (Low)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_GSTIN",
        about: "Indian goods and services tax number",
        family: Family::Identity,
        country: Some("IN"),
        find: Find::Token(&[pattern(
            "(?i)[0-9]{2}[A-Z]{4}[A-Z0-9][0-9]{4}[A-Z][0-9A-Z][1-9A-JZ][0-9A-Z]",
            60,
        )]),
        check: Some(in_gstin),
        valid: 100,
        context: &[
            "gstin",
            "gst",
            "gst no",
            "gst number",
            "gst registration",
            "goods and services tax",
            "tax identification",
            "invoice",
            "जीएसटी",
            "जीएसटीआईएन",
        ],
        source: "CGST Rules, 2017; https://www.gst.gov.in",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_TAN",
        about: "Indian tax deduction and collection account number",
        family: Family::Organisation,
        country: Some("IN"),
        find: Find::Token(&[pattern("(?i)[A-Z]{4}[0-9]{5}[A-Z]", 30)]),
        context: &[
            "tan",
            "tan no",
            "tan number",
            "tds",
            "tcs",
            "tax deduction",
            "tax collection",
            "deductor",
            "form 16",
        ],
        source: "Income-tax Act, 1961, section 203A",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_CIN",
        about: "Indian corporate identification number",
        family: Family::Organisation,
        country: Some("IN"),
        find: Find::Token(&[pattern(
            "(?i)[LU][0-9]{5}[A-Z]{2}(?:18|19|20)[0-9]{2}[A-Z]{3}[0-9]{6}",
            65,
        )]),
        context: &[
            "cin",
            "corporate identification",
            "corporate identity number",
            "registrar of companies",
            "roc",
            "company",
            "mca",
        ],
        source: "Ministry of Corporate Affairs, Companies (Incorporation) Rules, 2014",
        ..Detector::EMPTY
    },
];

const PAN_WORDS: &[&str] = &[
    "pan",
    "pan card",
    "pan no",
    "pan number",
    "permanent account number",
    "income tax",
    "पैन",
    "पैन कार्ड",
    "स्थायी खाता",
];

fn ten_characters(text: &str) -> Check {
    if text.len() == 10 { Check::Undecided } else { Check::Invalid }
}

/// The form of a PAN: five letters, four digits, a letter.
pub(crate) fn in_pan_form(text: &str) -> Check {
    let pan = compact(text);
    let fits = |(at, byte): (usize, u8)| match at {
        0..=4 | 9 => byte.is_ascii_uppercase(),
        _ => byte.is_ascii_digit(),
    };
    Check::from_bool(pan.len() == 10 && pan.bytes().enumerate().all(fits))
}

/// `IN_GSTIN`: the check character agrees; or else the form is commonplace, and nobody can tell.
pub(crate) fn in_gstin(text: &str) -> Check {
    let number = compact(text);
    let state = part(&number, 0, 2).unwrap_or_default();
    let kind = number.as_bytes().get(13).copied().unwrap_or_default();
    let known =
        matches!(state, 1..=38 | 97 | 99) && matches!(kind, b'1'..=b'9' | b'A'..=b'J' | b'Z');
    if number.len() != 15 || !known {
        return Check::Invalid;
    }
    if mod_36(&number) {
        return Check::Valid;
    }
    match in_gstin_form(text) {
        Check::Valid => Check::Undecided,
        not_commonplace => not_commonplace,
    }
}

/// `IN_GSTIN`, by its form alone, as Presidio judges it: state 01 to 37, PAN, `Z`. The check character may
/// be any.
pub(crate) fn in_gstin_form(text: &str) -> Check {
    let number = compact(text);
    let state = part(&number, 0, 2).is_some_and(|state| (1..=37).contains(&state));
    let pan = number.get(2..12).map_or(Check::Invalid, in_pan_form) == Check::Valid;
    Check::from_bool(number.len() == 15 && state && pan && number.get(13..14) == Some("Z"))
}

/// Characters count 0 to 35, every second one twice; of each product, quotient and rest by 36 are summed.
fn mod_36(number: &str) -> bool {
    let mut values = number.chars().map(|char| char.to_digit(36).unwrap_or_default());
    let sum: u32 = values
        .by_ref()
        .take(14)
        .zip([1, 2].into_iter().cycle())
        .map(|(value, factor)| value * factor / 36 + value * factor % 36)
        .sum();
    values.next() == Some((36 - sum % 36) % 36)
}
