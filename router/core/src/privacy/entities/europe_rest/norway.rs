//! Norway: national identity number (fødselsnummer, D-number), organisation number, account.
//!
//! A D-number has 40 added to its day. Numbers of emergency aid have 40 added to the month, synthetic ones
//! of the tax administration 80; FH-numbers begin with 8 or 9 and hold no date. All carry two check digits.

use super::calendar::day_in_a_century;
use super::numbers::{ALONE, APART, agree, read, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const ORGANISASJONSNUMMER: Detector = Detector {
    kind: "NO_ORGANISASJONSNUMMER",
    about: "Norwegian organisation number",
    family: Family::Organisation,
    country: Some("NO"),
    check: Some(organisasjonsnummer),
    edges: ALONE,
    context: &[
        "organisasjonsnummer",
        "orgnr",
        "org.nr",
        "org nr",
        "orgnummer",
        "foretaksnummer",
        "mva",
        "foretaksregisteret",
        "bedrift",
        "organisation number",
        "vat",
    ],
    source: "Enhetsregisterloven (LOV-1994-06-03-15); https://www.brreg.no",
    ..Detector::EMPTY
};

/// Rows of Norway.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "NO_FODSELSNUMMER",
        about: "Norwegian national identity number",
        family: Family::Identity,
        country: Some("NO"),
        find: Find::Token(&[pattern("[0-9]{11}", 10), pattern("[0-9]{6}[ -][0-9]{5}", 35)]),
        check: Some(fodselsnummer),
        valid: 100,
        edges: APART,
        context: &[
            "fødselsnummer",
            "fodselsnummer",
            "fnr",
            "personnummer",
            "d-nummer",
            "dnr",
            "fødselsnr",
            "national identity number",
            "norwegian id",
            "riegádannummar",
        ],
        source: "Folkeregisterforskriften § 2-2-1; https://www.skatteetaten.no",
    },
    Detector {
        find: Find::Token(&[
            pattern("[89][0-9]{8}", 5),
            pattern("[89][0-9]{2} [0-9]{3} [0-9]{3}", 20),
        ]),
        valid: 35,
        ..ORGANISASJONSNUMMER
    },
    Detector {
        find: Find::Token(&[
            pattern("(?i)(?:NO ?)?[89][0-9]{2} ?[0-9]{3} ?[0-9]{3} ?MVA", 45),
            pattern("NO ?[89][0-9]{8}", 30),
        ]),
        valid: 60,
        ..ORGANISASJONSNUMMER
    },
    Detector {
        kind: "NO_BANK_ACCOUNT",
        about: "Norwegian bank account",
        family: Family::Payment,
        country: Some("NO"),
        find: Find::Token(&[pattern("[0-9]{4}[. ][0-9]{2}[. ][0-9]{5}", 30)]),
        check: Some(bank_account),
        valid: 60,
        edges: APART,
        context: &[
            "kontonummer",
            "kontonr",
            "konto",
            "bankkonto",
            "bank",
            "betaling",
            "account number",
        ],
        source: "https://www.bits.no; https://no.wikipedia.org/wiki/Kontonummer",
    },
];

/// NO_FODSELSNUMMER: two check digits modulo eleven, and a day of the calendar where it holds one.
pub(crate) fn fodselsnummer(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let first = sum(&digits, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]);
    let second = sum(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    let [a, b, c, d, e, f, ..] = digits;
    let day = if two(a, b) > 40 { two(a, b) - 40 } else { two(a, b) };
    let month = match two(c, d) {
        month @ 41..=52 => month - 40,
        month @ 81..=92 => month - 80,
        month @ 66..=77 => month - 65,
        month => month,
    };
    let born = a >= 8 || day_in_a_century(two(e, f), month, day);
    agree(born && first.is_multiple_of(11) && second.is_multiple_of(11), &digits)
}

/// NO_ORGANISASJONSNUMMER: begins with 8 or 9; weights 3, 2, 7, 6, 5, 4, 3, 2, modulo eleven.
pub(crate) fn organisasjonsnummer(text: &str) -> Check {
    let text = super::numbers::behind(text, "NO");
    let text = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let Some(digits) = read::<9>(text) else { return Check::Invalid };
    let total = sum(&digits, &[3, 2, 7, 6, 5, 4, 3, 2, 1]);
    agree(digits[0] >= 8 && total.is_multiple_of(11), &digits)
}

/// NO_BANK_ACCOUNT: weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, modulo eleven.
pub(crate) fn bank_account(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let total = sum(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]);
    agree(total.is_multiple_of(11), &digits)
}
