//! Hungary: personal identifier, tax identifier, social insurance (TAJ), tax number of a business, papers.
//!
//! Personal identifiers up to 1996 weigh their digits upwards, later ones downwards. A social insurance
//! number with spaces may be an amount of money.

use super::calendar::day_in_a_century;
use super::numbers::{ALONE, APART, agree, behind, number, read, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const TAJ: Detector = Detector {
    kind: "HU_TAJ",
    about: "Hungarian social insurance number",
    family: Family::Health,
    country: Some("HU"),
    check: Some(taj),
    edges: ALONE,
    context: &[
        "taj",
        "taj-szám",
        "taj szám",
        "tajszám",
        "társadalombiztosítási azonosító",
        "tb-szám",
        "biztosított",
        "social security",
        "health insurance",
    ],
    source: "1996. évi XX. törvény",
    ..Detector::EMPTY
};

/// Rows of Hungary.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "HU_PERSONAL_ID",
        about: "Hungarian personal identifier",
        family: Family::Identity,
        country: Some("HU"),
        find: Find::Token(&[
            pattern("[1-8][0-9]{10}", 10),
            pattern("[1-8][ -][0-9]{6}[ -][0-9]{4}", 35),
        ]),
        check: Some(personal_id),
        valid: 100,
        edges: APART,
        context: &[
            "személyi azonosító",
            "Személyi azonosító",
            "személyi szám",
            "Személyi szám",
            "személyazonosító",
            "szem. szám",
            "személyi",
            "personal id",
            "personal identification",
            "hungarian id",
        ],
        source: "1996. évi XX. törvény, melléklet",
    },
    Detector {
        kind: "HU_TAX_ID",
        about: "Hungarian tax identifier of a person",
        family: Family::Identity,
        country: Some("HU"),
        find: Find::Token(&[pattern("8[0-9]{9}", 10)]),
        check: Some(tax_id),
        valid: 35,
        edges: ALONE,
        context: &[
            "adóazonosító",
            "Adóazonosító",
            "adóazonosító jel",
            "adójel",
            "adószám",
            "adókártya",
            "tax id",
            "tax identification",
        ],
        source: "1996. évi XX. törvény, melléklet; 2017. évi CL. törvény",
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{9}", 8), pattern("[0-9]{3} [0-9]{3} [0-9]{3}", 20)]),
        valid: 35,
        ..TAJ
    },
    Detector { find: Find::Token(&[pattern("[0-9]{3}-[0-9]{3}-[0-9]{3}", 20)]), valid: 50, ..TAJ },
    Detector {
        kind: "HU_TAX_NUMBER",
        about: "Hungarian tax number of a business",
        family: Family::Organisation,
        country: Some("HU"),
        find: Find::Token(&[pattern("[0-9]{8}-[1-5]-[0-9]{2}", 40), pattern("HU ?[0-9]{8}", 30)]),
        check: Some(tax_number),
        valid: 60,
        edges: APART,
        context: &[
            "adószám",
            "Adószám",
            "közösségi adószám",
            "áfa",
            "cégjegyzék",
            "cég",
            "vat",
            "tax number",
        ],
        source: "2017. évi CL. törvény az adózás rendjéről",
    },
    Detector {
        kind: "HU_ID_CARD",
        about: "Hungarian identity card",
        family: Family::Identity,
        country: Some("HU"),
        find: Find::Token(&[pattern("(?i)[0-9]{6}[ -]?[A-Z]{2}", 15)]),
        edges: ALONE,
        context: &[
            "személyi igazolvány",
            "Személyi igazolvány",
            "személyazonosító igazolvány",
            "igazolvány",
            "szig. szám",
            "okmányazonosító",
            "identity card",
            "id card",
        ],
        source: "414/2015. (XII. 23.) Korm. rendelet",
        ..Detector::EMPTY
    },
    Detector {
        kind: "HU_PASSPORT",
        about: "Hungarian passport",
        family: Family::Identity,
        country: Some("HU"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2} ?[0-9]{6,7}", 5)]),
        edges: ALONE,
        context: &["útlevél", "Útlevél", "útlevélszám", "útlevele", "passport", "passport number"],
        source: "1998. évi XII. törvény",
        ..Detector::EMPTY
    },
];

/// HU_PERSONAL_ID: sex and century, day of birth, three digits, and a check digit modulo eleven.
pub(crate) fn personal_id(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let [sex, a, b, c, d, e, f, .., last] = digits;
    if !(1..=8).contains(&sex) || !day_in_a_century(two(a, b), two(c, d), two(e, f)) {
        return Check::Invalid;
    }
    let up = sum(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11 == last;
    let down = sum(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == last;
    let holds = match sex {
        1 | 2 if two(a, b) < 97 => up,
        1 | 2 => down,
        _ => up || down,
    };
    agree(holds, &digits)
}

/// HU_TAX_ID: 8, days since the first of January 1867, three digits; weights 1 to 9, modulo eleven.
pub(crate) fn tax_id(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let born = number(&digits[1..6]);
    let total = sum(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    // Up to 2040.
    Check::from_bool(digits[0] == 8 && (1..=63_200).contains(&born) && total % 11 == digits[9])
}

/// HU_TAJ: weights 3 and 7 by turns, modulo ten.
pub(crate) fn taj(text: &str) -> Check {
    let Some(digits) = read::<9>(text) else { return Check::Invalid };
    agree(sum(&digits, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == digits[8], &digits)
}

/// HU_TAX_NUMBER: eight digits, weights 9, 7, 3, 1, modulo ten; kind of tax and county behind them.
pub(crate) fn tax_number(text: &str) -> Check {
    let text = behind(text, "HU");
    let (stem, county) = match text.split_once('-') {
        Some((stem, rest)) => (stem, rest.get(2..).and_then(|county| county.parse::<u32>().ok())),
        None => (text, Some(2)),
    };
    let Some(digits) = read::<8>(stem) else { return Check::Invalid };
    let place = matches!(county, Some(2..=20 | 22..=44 | 51));
    let total = sum(&digits, &[9, 7, 3, 1, 9, 7, 3, 1]);
    agree(place && total.is_multiple_of(10), &digits)
}
