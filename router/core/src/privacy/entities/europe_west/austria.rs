//! Austria: social insurance, taxes, VAT, passport, driving licence, company register.
//!
//! A social insurance number is three digits, their check digit and the day of birth. Months 13 to 15 are
//! given out where the numbers of a day are used up.

use super::plain::{all_equal, cross_sum, digits_only, is_day, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const INSURANCE_WORDS: &[&str] = &[
    "sozialversicherungsnummer",
    "sozialversicherungs-nr",
    "sv-nummer",
    "sv-nr",
    "svnr",
    "svnummer",
    "versicherungsnummer",
    "e-card",
    "ecard",
    "ögk",
    "sozialversicherung",
    "social security number",
    "social insurance",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "AT_SOCIAL_SECURITY",
        about: "Austrian social insurance number, in groups",
        family: Family::Identity,
        country: Some("AT"),
        find: Find::Token(&[pattern("[1-9][0-9]{3}[ /-][0-9]{2}[ .]?[0-9]{2}[ .]?[0-9]{2}", 10)]),
        check: Some(social_security),
        valid: 60,
        edges: Edges::NUMBER,
        context: INSURANCE_WORDS,
        source: "ASVG § 31; https://de.wikipedia.org/wiki/Sozialversicherungsnummer",
    },
    Detector {
        kind: "AT_SOCIAL_SECURITY",
        about: "Austrian social insurance number, bare",
        family: Family::Identity,
        country: Some("AT"),
        find: Find::Token(&[pattern("[1-9][0-9]{9}", 5)]),
        check: Some(social_security),
        valid: 30,
        edges: Edges::NUMBER,
        context: INSURANCE_WORDS,
        source: "ASVG § 31; https://de.wikipedia.org/wiki/Sozialversicherungsnummer",
    },
    Detector {
        kind: "AT_TAX_NUMBER",
        about: "Austrian tax number",
        family: Family::Identity,
        country: Some("AT"),
        find: Find::Token(&[pattern("[0-9]{9}", 5), pattern("[0-9]{2}[ -][0-9]{3}/[0-9]{4}", 40)]),
        check: Some(tax_number),
        valid: 20,
        edges: Edges::NUMBER,
        context: &[
            "abgabenkontonummer",
            "steuernummer",
            "steuer-nr",
            "st.-nr",
            "stnr",
            "finanzamt",
            "finanzonline",
            "tax number",
            "tin",
        ],
        source: "https://www.bmf.gv.at (Abgabenkontonummer); TIN on Europa, Austria",
    },
    Detector {
        kind: "AT_VAT",
        about: "Austrian VAT number",
        family: Family::Organisation,
        country: Some("AT"),
        find: Find::Token(&[pattern("(?i)AT[ ]?U[ ]?[0-9]{8}", 50)]),
        check: Some(vat),
        valid: 90,
        context: &[
            "uid",
            "uid-nummer",
            "uid-nr",
            "umsatzsteuer-identifikationsnummer",
            "ust-id",
            "vat",
            "vat number",
        ],
        source: "UStG 1994 Art. 28; https://en.wikipedia.org/wiki/VAT_identification_number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "AT_PASSPORT",
        about: "Austrian passport or identity card number",
        family: Family::Identity,
        country: Some("AT"),
        find: Find::Token(&[
            pattern("(?i)[A-Z][ ]?[0-9]{7}", 10),
            pattern("(?i)[A-Z]{2}[0-9]{7}", 10),
        ]),
        context: &[
            "reisepass",
            "reisepassnummer",
            "passnummer",
            "pass-nr",
            "personalausweis",
            "ausweisnummer",
            "passport",
            "austrian passport",
            "identity card",
        ],
        source: "https://de.wikipedia.org/wiki/Österreichischer_Reisepass",
        ..Detector::EMPTY
    },
    Detector {
        kind: "AT_DRIVING_LICENCE",
        about: "Austrian driving licence number",
        family: Family::Identity,
        country: Some("AT"),
        find: Find::Token(&[pattern("[0-9]{8}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "führerschein",
            "führerscheinnummer",
            "führerschein-nr",
            "fuehrerschein",
            "lenkberechtigung",
            "driving licence",
            "driving license",
        ],
        source: "FSG-DV § 1",
        ..Detector::EMPTY
    },
    Detector {
        kind: "AT_FIRMENBUCH",
        about: "Austrian company register number",
        family: Family::Organisation,
        country: Some("AT"),
        find: Find::Token(&[pattern("(?i)FN[ ]?[0-9]{1,6}[ ]?[a-z]", 50)]),
        context: &[
            "firmenbuch",
            "firmenbuchnummer",
            "firmenbuchgericht",
            "fn-nummer",
            "handelsgericht",
            "company register",
        ],
        source: "FBG § 30",
        ..Detector::EMPTY
    },
];

/// Weights 3, 7, 9 and, after the check digit, 5, 8, 4, 2, 1, 6, modulo eleven; ten is never given out.
pub(crate) fn social_security(text: &str) -> Check {
    let Some(plain) = digits_only(text, 10) else { return Check::Invalid };
    let (Some(day), Some(month)) = (number(&plain, 4..6), number(&plain, 6..8)) else {
        return Check::Invalid;
    };
    let born = is_day(day, month) || ((13..=15).contains(&month) && (1..=31).contains(&day));
    let rest = checksum::weighted(&plain, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11;
    Check::from_bool(
        born && !plain.starts_with('0') && number(&plain, 3..4) == Some(u64::from(rest)),
    )
}

/// Two digits of the office, six, and a check digit as Luhn's, though every second digit from the second is
/// doubled.
pub(crate) fn tax_number(text: &str) -> Check {
    let Some(plain) = digits_only(text, 9) else { return Check::Invalid };
    let weights = [1, 2].into_iter().cycle();
    let digits = checksum::digits(&plain).zip(weights);
    let sum: u32 = digits.map(|(digit, weight)| cross_sum(digit * weight)).sum();
    Check::from_bool(!all_equal(&plain) && sum.is_multiple_of(10))
}

/// ATU, seven digits and a check digit: weights 1 and 2, cross sums, four more.
pub(crate) fn vat(text: &str) -> Check {
    let plain = plain(text);
    let Some(digits) = plain.strip_prefix("ATU").and_then(|rest| digits_only(rest, 8)) else {
        return Check::Invalid;
    };
    let weights = [1, 2, 1, 2, 1, 2, 1, 1];
    let digits = checksum::digits(&digits).zip(weights);
    let sum: u32 = digits.map(|(digit, weight)| cross_sum(digit * weight)).sum();
    Check::from_bool((sum + 4).is_multiple_of(10))
}
