//! Poland: PESEL, tax number (NIP), statistical number (REGON), identity card, passport, land register,
//! driving licence.
//!
//! A PESEL tells the century by its month (plus 80, 0, 20, 40, 60); births that are still to come are right
//! by the standard but weak in the table. It has no separators.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, read, signs, sum, two, value};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const NIP: Detector = Detector {
    kind: "PL_NIP",
    about: "Polish tax number",
    family: Family::Identity,
    country: Some("PL"),
    check: Some(nip),
    edges: ALONE,
    context: &[
        "nip",
        "numer identyfikacji podatkowej",
        "identyfikacja podatkowa",
        "numer podatkowy",
        "podatnik",
        "vat ue",
        "tax number",
        "tax id",
        "vat",
    ],
    source: "Ustawa z 13 października 1995 o zasadach ewidencji podatników; https://pl.wikipedia.org/wiki/NIP",
    ..Detector::EMPTY
};

/// Rows of Poland.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "PL_PESEL",
        about: "Polish personal identity number",
        family: Family::Identity,
        country: Some("PL"),
        find: Find::Token(&[pattern("[0-9]{11}", 25)]),
        check: Some(|text| unless_unborn(pesel(text), text)),
        valid: 100,
        edges: APART,
        context: &[
            "pesel",
            "numer pesel",
            "nr pesel",
            "numer ewidencyjny",
            "ewidencji ludności",
            "dowód osobisty",
            "personal number",
            "national id",
            "polish id",
        ],
        source: "Ustawa z 24 września 2010 o ewidencji ludności; https://www.gov.pl/web/gov/czym-jest-numer-pesel",
    },
    Detector { find: Find::Token(&[pattern("[1-9][0-9]{9}", 8)]), valid: 30, ..NIP },
    Detector {
        find: Find::Token(&[
            pattern("[1-9][0-9]{2}[ -][0-9]{3}[ -][0-9]{2}[ -][0-9]{2}", 20),
            pattern("[1-9][0-9]{2}[ -][0-9]{2}[ -][0-9]{2}[ -][0-9]{3}", 20),
            pattern("PL ?[0-9]{10}", 35),
            pattern("PL ?[0-9]{3}-[0-9]{2,3}-[0-9]{2}-[0-9]{2,3}", 35),
        ]),
        valid: 60,
        ..NIP
    },
    Detector {
        kind: "PL_REGON",
        about: "Polish statistical number of a business",
        family: Family::Organisation,
        country: Some("PL"),
        find: Find::Token(&[
            pattern("[0-9]{9}", 5),
            pattern("[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", 10),
        ]),
        check: Some(regon),
        valid: 30,
        edges: ALONE,
        context: &[
            "regon",
            "numer regon",
            "nr regon",
            "rejestr gospodarki narodowej",
            "przedsiębiorstwo",
            "firma",
            "statistical number",
        ],
        source: "Rozporządzenie Rady Ministrów z 30 listopada 2015 w sprawie rejestru REGON",
    },
    Detector {
        kind: "PL_REGON",
        about: "Polish statistical number of a part of a business",
        family: Family::Organisation,
        country: Some("PL"),
        find: Find::Token(&[pattern("[0-9]{14}", 5)]),
        check: Some(|text| unless_time(regon(text), text)),
        valid: 60,
        edges: ALONE,
        context: &["regon", "numer regon", "nr regon", "jednostka lokalna", "oddział", "firma"],
        source: "Rozporządzenie Rady Ministrów z 30 listopada 2015 w sprawie rejestru REGON",
    },
    Detector {
        kind: "PL_ID_CARD",
        about: "Polish identity card",
        family: Family::Identity,
        country: Some("PL"),
        find: Find::Token(&[pattern("(?i)[A-Z]{3}[ -]?[0-9]{6}", 15)]),
        check: Some(id_card),
        valid: 50,
        edges: APART,
        context: &[
            "dowód osobisty",
            "dowodu osobistego",
            "dowód",
            "seria i numer",
            "numer dowodu",
            "identity card",
            "id card",
        ],
        source: "Rozporządzenie MSWiA w sprawie wzoru dowodu osobistego; https://pl.wikipedia.org/wiki/Dowód_osobisty_w_Polsce",
    },
    Detector {
        kind: "PL_PASSPORT",
        about: "Polish passport",
        family: Family::Identity,
        country: Some("PL"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2} ?[0-9]{7}", 15)]),
        check: Some(passport),
        valid: 50,
        edges: APART,
        context: &[
            "paszport",
            "paszportu",
            "numer paszportu",
            "seria i numer",
            "passport",
            "passport number",
        ],
        source: "https://pl.wikipedia.org/wiki/Paszport_polski",
    },
    Detector {
        kind: "PL_LAND_REGISTER",
        about: "Number in the Polish land and mortgage register",
        family: Family::Place,
        country: Some("PL"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9][A-Z]/[0-9]{8}/[0-9]", 50)]),
        check: Some(land_register),
        valid: 100,
        edges: APART,
        context: &[
            "księga wieczysta",
            "księgi wieczystej",
            "kw",
            "numer kw",
            "hipoteka",
            "nieruchomość",
            "land register",
        ],
        source: "Rozporządzenie Ministra Sprawiedliwości z 15 lutego 2016 w sprawie ksiąg wieczystych",
    },
    Detector {
        kind: "PL_DRIVER_LICENSE",
        about: "Polish driving licence",
        family: Family::Identity,
        country: Some("PL"),
        find: Find::Token(&[pattern("[0-9]{5}/[0-9]{2}/[0-9]{4}", 30)]),
        edges: ALONE,
        context: &[
            "prawo jazdy",
            "prawa jazdy",
            "numer prawa jazdy",
            "kierowca",
            "driving licence",
            "driver license",
        ],
        source: "Ustawa z 5 stycznia 2011 o kierujących pojazdami",
        ..Detector::EMPTY
    },
];

/// Year, month and day of a PESEL.
fn birth(digits: &[u32; 11]) -> (u32, u32, u32) {
    let [a, b, c, d, e, f, ..] = *digits;
    let century = match two(c, d) / 20 {
        4 => 1800,
        turn => 1900 + 100 * turn,
    };
    (century + two(a, b), two(c, d) % 20, two(e, f))
}

/// PL_PESEL: eleven digits and nothing else, a day of the calendar, weights 1, 3, 7, 9, modulo ten.
pub(crate) fn pesel(text: &str) -> Check {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Check::Invalid;
    }
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let (year, month, day) = birth(&digits);
    let total = sum(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]);
    Check::from_bool(day_exists(year, month, day) && total.is_multiple_of(10))
}

fn unless_unborn(check: Check, text: &str) -> Check {
    let unborn = read::<11>(text).is_some_and(|digits| birth(&digits).0 >= 2100);
    if check == Check::Valid && unborn { Check::Undecided } else { check }
}

/// PL_NIP: weights 6, 5, 7, 2, 3, 4, 5, 6, 7, modulo eleven.
pub(crate) fn nip(text: &str) -> Check {
    let Some(digits) = read::<10>(behind(text, "PL")) else { return Check::Invalid };
    agree(sum(&digits, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9], &digits)
}

/// PL_REGON: of nine digits, or of fourteen, which begin with a right one of nine.
pub(crate) fn regon(text: &str) -> Check {
    let short = |digits: &[u32; 9]| sum(digits, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == digits[8];
    if let Some(digits) = read::<9>(text) {
        return agree(short(&digits), &digits);
    }
    let Some(digits) = read::<14>(text) else { return Check::Invalid };
    let long = sum(&digits, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10 == digits[13];
    let begins = digits.first_chunk::<9>().is_some_and(short);
    agree(long && begins, &digits)
}

/// PL_ID_CARD: three letters, the check digit, five digits; weights 7, 3, 1, 9, 7, 3, 1, 7, 3.
pub(crate) fn id_card(text: &str) -> Check {
    papers(text, 3, &[7, 3, 1, 9, 7, 3, 1, 7, 3])
}

/// PL_PASSPORT: two letters, the check digit, six digits; weights 7, 3, 9, 1, 7, 3, 1, 7, 3.
pub(crate) fn passport(text: &str) -> Check {
    papers(text, 2, &[7, 3, 9, 1, 7, 3, 1, 7, 3])
}

fn papers(text: &str, letters: usize, weights: &[u32; 9]) -> Check {
    let Some(all) = signs::<9>(text) else { return Check::Invalid };
    let form = all.iter().enumerate().all(|(at, sign)| (at < letters) == sign.is_ascii_uppercase());
    Check::from_bool(form && sum(&all.map(value), weights).is_multiple_of(10))
}

/// PL_LAND_REGISTER: weights 1, 3, 7; X counts 10, and A, B, C count 11, 12, 13.
pub(crate) fn land_register(text: &str) -> Check {
    const LETTERS: &[u8] = b"XABCDEFGHIJKLMNOPRSTUWYZ";
    let Some(all) = signs::<13>(text) else { return Check::Invalid };
    let values = all.map(|sign| match sign {
        b'0'..=b'9' => value(sign),
        _ => LETTERS.iter().zip(10..).find(|(one, _)| **one == sign).map_or(0, |(_, value)| value),
    });
    let total = sum(&values, &[1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7]);
    Check::from_bool(total % 10 == values[12])
}
