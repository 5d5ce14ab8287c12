//! Estonia, Lithuania and Latvia: personal codes.
//!
//! The first two share one form: sex and century, day of birth, serial, check digit; a Lithuanian code that
//! begins with 9 holds no date. The Latvian code is a day of birth, a dash and five digits; since 2017 it
//! begins with 32 or more and tells nothing. The Latvian check is not published by the authority, so a code
//! without a date stays undecided where it fails.

use super::calendar::day_exists;
use super::numbers::{APART, agree, number, read, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const PERSONAS_KODS: Detector = Detector {
    kind: "LV_PERSONAS_KODS",
    about: "Latvian personal code",
    family: Family::Identity,
    country: Some("LV"),
    check: Some(personas_kods),
    edges: APART,
    context: &[
        "personas kods",
        "personas kodu",
        "personas koda",
        "p.k.",
        "pk",
        "personal code",
        "latvian id",
        "персональный код",
    ],
    source: "Fizisko personu reģistra likums; https://www.pmlp.gov.lv",
    ..Detector::EMPTY
};

/// Rows of the three Baltic states.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "EE_ISIKUKOOD",
        about: "Estonian personal code",
        family: Family::Identity,
        country: Some("EE"),
        find: Find::Token(&[pattern("[1-8][0-9]{10}", 15)]),
        check: Some(isikukood),
        valid: 100,
        edges: APART,
        context: &[
            "isikukood",
            "isikukoodi",
            "isikukoodiga",
            "ik",
            "id-kaart",
            "sünniaeg",
            "personal code",
            "personal identification code",
            "estonian id",
        ],
        source: "EVS 585:2007; Rahvastikuregistri seadus",
    },
    Detector {
        kind: "LT_ASMENS_KODAS",
        about: "Lithuanian personal code",
        family: Family::Identity,
        country: Some("LT"),
        find: Find::Token(&[pattern("[3-6][0-9]{10}", 15)]),
        check: Some(asmens_kodas),
        valid: 100,
        edges: APART,
        context: &[
            "asmens kodas",
            "asmens kodą",
            "asmens kodo",
            "a.k.",
            "a. k.",
            "asmens kodai",
            "personal code",
            "national id",
            "lithuanian id",
        ],
        source: "Lietuvos Respublikos gyventojų registro įstatymas",
    },
    Detector {
        kind: "LT_ASMENS_KODAS",
        about: "Lithuanian personal code without a date",
        family: Family::Identity,
        country: Some("LT"),
        find: Find::Token(&[pattern("9[0-9]{10}", 8)]),
        check: Some(asmens_kodas),
        valid: 35,
        edges: APART,
        context: &[
            "asmens kodas",
            "asmens kodą",
            "asmens kodo",
            "a.k.",
            "a. k.",
            "personal code",
            "national id",
        ],
        source: "Lietuvos Respublikos gyventojų registro įstatymas",
    },
    Detector {
        find: Find::Token(&[
            pattern("[0-3][0-9][01][0-9]{3}-[0-2][0-9]{4}", 35),
            pattern("3[2-9][0-9]{4}-[0-9]{5}", 40),
        ]),
        valid: 100,
        ..PERSONAS_KODS
    },
    Detector {
        find: Find::Token(&[pattern("[0-3][0-9]{5} ?[0-9]{5}", 10)]),
        valid: 35,
        ..PERSONAS_KODS
    },
];

fn two_rounds(digits: &[u32; 11]) -> bool {
    let rest = match sum(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11 {
        10 => sum(digits, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
        rest => rest,
    };
    rest == digits[10]
}

fn born([sex, a, b, c, d, e, f, ..]: &[u32; 11]) -> bool {
    let century = match sex {
        1..=8 => 1800 + (sex - 1) / 2 * 100,
        _ => return false,
    };
    day_exists(century + two(*a, *b), two(*c, *d), two(*e, *f))
}

/// EE_ISIKUKOOD: a day of its century; weights 1 to 9 and 1, then 3 to 9 and 1 to 3, modulo eleven.
pub(crate) fn isikukood(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    Check::from_bool(born(&digits) && two_rounds(&digits))
}

/// LT_ASMENS_KODAS: as in Estonia, and no date behind a 9.
pub(crate) fn asmens_kodas(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    agree((digits[0] == 9 || born(&digits)) && two_rounds(&digits), &digits)
}

/// LV_PERSONAS_KODS: a day of its century, or 32 and more; weights 10, 5, 8, 4, 2, 1, 6, 3, 7, 9.
pub(crate) fn personas_kods(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, century, ..] = digits;
    let total = 1 + sum(&digits, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    let holds = total % 11 % 10 == digits[10];
    match number(&[a, b]) {
        32..=39 if holds => Check::Valid,
        32..=39 => Check::Undecided,
        40.. => Check::Invalid,
        _ => {
            let year = 1800 + century * 100 + two(e, f);
            Check::from_bool(century <= 2 && day_exists(year, two(c, d), two(a, b)) && holds)
        }
    }
}
