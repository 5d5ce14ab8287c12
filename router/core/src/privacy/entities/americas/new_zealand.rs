//! New Zealand: tax (IRD), health (NHI), passport, driving licence, bank account, business.
//!
//! A health index number is three letters and either four digits, the last of which checks the rest to
//! eleven, or two digits and two letters, the last of which checks it to 23 (HISO 10046:2023, in use from
//! 2026). I and O are in neither. An IRD number has a second set of weights for where the first gives ten.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const NZ: Detector = Detector { family: Family::Identity, country: Some("NZ"), ..Detector::EMPTY };

const IRD: Detector = Detector {
    kind: "NZ_IRD",
    about: "taxpayer",
    check: Some(nz_ird),
    context: &[
        "ird",
        "ird number",
        "inland revenue",
        "tax number",
        "gst number",
        "kiwisaver",
        "te tari taake",
        "tax code",
    ],
    source: "Resident Withholding Tax and Non-Resident Withholding Tax Specification, Inland Revenue",
    ..NZ
};
const NHI: Detector = Detector {
    kind: "NZ_NHI",
    about: "national health index",
    family: Family::Health,
    check: Some(nz_nhi),
    context: &[
        "nhi",
        "nhi number",
        "national health index",
        "health index",
        "patient",
        "te whatu ora",
        "health nz",
        "hospital number",
    ],
    source: "HISO 10046:2023 Consumer Health Identity Standard",
    ..NZ
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[01]?[0-9]{2}-[0-9]{3}-[0-9]{3}", 20)]),
        valid: 55,
        edges: GROUPED,
        ..IRD
    },
    // With spaces so are numbers grouped that count something.
    Detector {
        find: Find::Token(&[
            pattern("[01]?[0-9]{8}", 1),
            pattern("[01]?[0-9]{2} [0-9]{3} [0-9]{3}", 10),
        ]),
        valid: 30,
        edges: BARE,
        ..IRD
    },
    Detector { find: Find::Token(&[pattern("[A-HJ-NP-Z]{3} ?[0-9]{4}", 10)]), valid: 35, ..NHI },
    Detector {
        find: Find::Token(&[pattern("[A-HJ-NP-Z]{3} ?[0-9]{2}[A-HJ-NP-Z]{2}", 15)]),
        valid: 45,
        ..NHI
    },
    Detector {
        find: Find::Token(&[pattern("[a-hj-np-z]{3}[0-9]{2}(?:[0-9]{2}|[a-hj-np-z]{2})", 1)]),
        valid: 15,
        ..NHI
    },
    Detector {
        kind: "NZ_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z]{1,2}[0-9]{6}", 10)]),
        context: &[
            "passport",
            "passport number",
            "new zealand passport",
            "nz passport",
            "uruwhenua",
            "travel document",
        ],
        source: "https://en.wikipedia.org/wiki/New_Zealand_passport",
        ..NZ
    },
    Detector {
        kind: "NZ_DRIVER_LICENSE",
        about: "driving licence",
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{6}", 10)]),
        context: &[
            "driver licence",
            "driver's licence",
            "drivers licence",
            "licence number",
            "waka kotahi",
            "nzta",
            "raihana taraiwa",
        ],
        source: "https://www.nzta.govt.nz/driver-licences/",
        ..NZ
    },
    Detector {
        kind: "NZ_BANK_ACCOUNT",
        about: "bank account",
        family: Family::Payment,
        find: Find::Token(&[pattern(
            "(?:0[1-689]|1[0-9]|2[0-9]|3[01358])[- ][0-9]{4}[- ][0-9]{7}[- ][0-9]{2,3}",
            55,
        )]),
        check: Some(nz_bank_account),
        valid: 70,
        edges: GROUPED,
        context: &[
            "bank account",
            "account number",
            "account no",
            "pūtea",
            "kiwibank",
            "anz",
            "asb",
            "bnz",
            "westpac",
            "direct credit",
        ],
        source: "Payments NZ, Bank Branch Register; https://en.wikipedia.org/wiki/New_Zealand_bank_account_number",
        ..NZ
    },
    Detector {
        kind: "NZ_NZBN",
        about: "business number",
        family: Family::Organisation,
        find: Find::Token(&[pattern("9429[0-9]{9}", 20)]),
        check: Some(nz_business_number),
        valid: 60,
        edges: BARE,
        context: &[
            "nzbn",
            "business number",
            "new zealand business number",
            "companies office",
            "gst",
            "company",
        ],
        source: "https://www.nzbn.govt.nz; GS1 General Specifications, section 7.9",
        ..NZ
    },
];

/// Taxpayer: a number of the range that is given out, and a check digit that is never ten.
pub(crate) fn nz_ird(text: &str) -> Check {
    let padded = format!("{:0>9}", reading::plain(text));
    let Some(digits) = reading::digits::<9>(&padded) else { return Check::Invalid };
    let [.., check] = digits;
    let first = reading::to_eleven(reading::weigh(&digits, &[3, 2, 7, 6, 5, 4, 3, 2]));
    let wanted = match first {
        10 => reading::to_eleven(reading::weigh(&digits, &[7, 4, 3, 2, 5, 2, 7, 6])),
        digit => digit,
    };
    let given_out = (10_000_001..150_000_000).contains(&reading::field(&digits, 0..9));
    Check::from_bool(given_out && wanted == check && !reading::is_one_digit(text))
}

/// Health index: weights 7 to 2 over six characters, to eleven for a digit and to 23 for a letter.
pub(crate) fn nz_nhi(text: &str) -> Check {
    const LETTERS: &str = "ABCDEFGHJKLMNPQRSTUVWXYZ";
    let plain = reading::plain(text);
    let place = |char: char| LETTERS.find(char).and_then(|at| u32::try_from(at + 1).ok());
    let values: Option<Vec<u32>> =
        plain.chars().map(|char| char.to_digit(10).or_else(|| place(char))).collect();
    let Some(values) = values.filter(|values| values.len() == 7) else { return Check::Invalid };
    let sum = reading::weigh(&values, &[7, 6, 5, 4, 3, 2]);
    let wanted = if plain.ends_with(|last: char| last.is_ascii_digit()) {
        if sum.is_multiple_of(11) {
            return Check::Invalid;
        }
        (11 - sum % 11) % 10
    } else {
        23 - sum % 23
    };
    Check::from_bool(values.last() == Some(&wanted))
}

/// Bank account: most banks weigh branch and account to eleven; what others do is undecided.
pub(crate) fn nz_bank_account(text: &str) -> Check {
    let digits: String = text.chars().filter(char::is_ascii_digit).take(13).collect();
    let Some(digits) = reading::digits::<13>(&digits) else { return Check::Invalid };
    let weights = if reading::field(&digits, 6..13) < 990_000 {
        [0, 0, 6, 3, 7, 9, 0, 10, 5, 8, 4, 2, 1]
    } else {
        [0, 0, 0, 0, 0, 0, 0, 10, 5, 8, 4, 2, 1]
    };
    let common = !matches!(reading::field(&digits, 0..2), 8 | 9 | 25 | 26 | 28 | 29 | 31 | 33);
    if common && reading::weigh(&digits, &weights).is_multiple_of(11) {
        Check::Valid
    } else {
        Check::Undecided
    }
}

/// Business number: thirteen digits of GS1 with the prefix 9429.
pub(crate) fn nz_business_number(text: &str) -> Check {
    let Some(digits) = reading::digits::<13>(text) else { return Check::Invalid };
    let sum = reading::weigh(&digits, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    Check::from_bool(reading::field(&digits, 0..4) == 9429 && sum.is_multiple_of(10))
}
