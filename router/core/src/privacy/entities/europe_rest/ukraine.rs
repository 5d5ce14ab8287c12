//! Ukraine: taxpayer number (RNOKPP), business number (EDRPOU), passport, demographic register (UNZR).
//!
//! The first five digits of a taxpayer number are the days since the last of 1899.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, LETTERED, agree, number, read, seven_three_one, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// Rows of Ukraine.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "UA_RNOKPP",
        about: "Ukrainian taxpayer number of a person",
        family: Family::Identity,
        country: Some("UA"),
        find: Find::Token(&[pattern("[0-9]{10}", 8)]),
        check: Some(rnokpp),
        valid: 35,
        edges: ALONE,
        context: &[
            "РНОКПП",
            "рнокпп",
            "ІПН",
            "ІНН",
            "ідентифікаційний код",
            "ідентифікаційний номер",
            "Ідентифікаційний",
            "податковий номер",
            "облікової картки платника податків",
            "ИНН",
            "rnokpp",
            "tax number",
        ],
        source: "Податковий кодекс України, ст. 70; https://tax.gov.ua",
    },
    Detector {
        kind: "UA_EDRPOU",
        about: "Ukrainian business number",
        family: Family::Organisation,
        country: Some("UA"),
        find: Find::Token(&[pattern("[0-9]{8}", 5)]),
        check: Some(edrpou),
        valid: 30,
        edges: ALONE,
        context: &[
            "ЄДРПОУ",
            "єдрпоу",
            "ЕДРПОУ",
            "код підприємства",
            "підприємство",
            "edrpou",
            "company number",
        ],
        source: "Закон України 755-IV; https://uk.wikipedia.org/wiki/Код_ЄДРПОУ",
    },
    Detector {
        kind: "UA_PASSPORT",
        about: "Ukrainian passport",
        family: Family::Identity,
        country: Some("UA"),
        find: Find::Token(&[
            pattern("[А-ЩЮЯЄІЇҐ]{2}[ №]{0,3}[0-9]{6}", 45),
            pattern("[A-Z]{2} ?[0-9]{6}", 5),
            pattern("[0-9]{9}", 5),
        ]),
        edges: LETTERED,
        context: &[
            "паспорт",
            "Паспорт",
            "паспорта",
            "серія",
            "номер паспорта",
            "закордонний паспорт",
            "passport",
            "id-картка",
        ],
        source: "Закон України 5492-VI про Єдиний державний демографічний реєстр",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UA_UNZR",
        about: "Number in the Ukrainian demographic register",
        family: Family::Identity,
        country: Some("UA"),
        find: Find::Token(&[
            pattern("19[0-9]{6}-[0-9]{5}", 45),
            pattern("20[0-9]{6}-[0-9]{5}", 25),
        ]),
        check: Some(unzr),
        valid: 35,
        edges: APART,
        context: &[
            "УНЗР",
            "унзр",
            "унікальний номер запису",
            "номер запису в реєстрі",
            "запис №",
            "record no",
            "unzr",
        ],
        source: "Закон України 5492-VI про Єдиний державний демографічний реєстр",
    },
];

/// UA_RNOKPP: weights -1, 5, 7, 9, 4, 6, 10, 5, 7, modulo eleven; born before 2040.
pub(crate) fn rnokpp(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    // Minus one is ten, modulo eleven.
    let total = sum(&digits, &[10, 5, 7, 9, 4, 6, 10, 5, 7]);
    let days = number(&digits[..5]);
    Check::from_bool((1..=51_134).contains(&days) && total % 11 % 10 == digits[9])
}

/// UA_EDRPOU: weights 1 to 7, from 30000000 to 59999999 7 and 1 to 6; plus two where that gives ten.
pub(crate) fn edrpou(text: &str) -> Check {
    let Some(digits) = read::<8>(text) else { return Check::Invalid };
    let weights =
        if matches!(digits[0], 3..=5) { [7, 1, 2, 3, 4, 5, 6] } else { [1, 2, 3, 4, 5, 6, 7] };
    let rest = match sum(&digits, &weights) % 11 {
        10 => sum(&digits, &weights.map(|weight| weight + 2)) % 11 % 10,
        rest => rest,
    };
    agree(rest == digits[7], &digits)
}

/// UA_UNZR: a day of birth. `Valid` if it agrees with weights 7, 3, 1 as well.
pub(crate) fn unzr(text: &str) -> Check {
    let Some(digits) = read::<13>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, g, h, ..] = digits;
    let year = two(a, b) * 100 + two(c, d);
    if !(1900..2040).contains(&year) || !day_exists(year, two(e, f), two(g, h)) {
        return Check::Invalid;
    }
    if seven_three_one(&digits[..12]) == digits[12] { Check::Valid } else { Check::Undecided }
}
