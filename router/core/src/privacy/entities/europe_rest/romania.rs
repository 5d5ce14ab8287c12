//! Romania: personal numeric code (CNP), tax number of a business (CUI), identity card, passport.
//!
//! The CNP of a man born in the last century begins with 1, and so do the milliseconds since 1970 of our
//! days; where both are possible it needs context.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, read, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const CUI: Detector = Detector {
    kind: "RO_CUI",
    about: "Romanian tax number of a business",
    family: Family::Organisation,
    country: Some("RO"),
    check: Some(cui),
    edges: ALONE,
    context: &[
        "cui",
        "c.u.i",
        "cif",
        "c.i.f",
        "cod fiscal",
        "cod unic de înregistrare",
        "cod de înregistrare fiscală",
        "tva",
        "firma",
        "vat",
    ],
    source: "Ordonanța de Guvern 92/2003; https://www.anaf.ro",
    ..Detector::EMPTY
};

/// Rows of Romania.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "RO_CNP",
        about: "Romanian personal numeric code",
        family: Family::Identity,
        country: Some("RO"),
        find: Find::Token(&[pattern("[1-9][0-9]{12}", 35)]),
        check: Some(|text| unless_time(cnp(text), text)),
        valid: 100,
        edges: APART,
        context: &[
            "cnp",
            "c.n.p",
            "cod numeric personal",
            "codul numeric personal",
            "buletin",
            "carte de identitate",
            "act de identitate",
            "personal numeric code",
            "romanian id",
            "national id",
        ],
        source: "Ordonanța de Urgență 97/2005; https://ro.wikipedia.org/wiki/Cod_numeric_personal_(România)",
    },
    Detector { find: Find::Token(&[pattern("[1-9][0-9]{5,9}", 5)]), valid: 15, ..CUI },
    Detector {
        find: Find::Token(&[pattern("RO ?[1-9][0-9]{4,9}", 20)]),
        valid: 50,
        edges: APART,
        ..CUI
    },
    Detector {
        kind: "RO_ID_CARD",
        about: "Romanian identity card",
        family: Family::Identity,
        country: Some("RO"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2} ?[0-9]{6}", 5),
            pattern("(?i)[A-Z]{2} ?nr[. ]{0,2}[0-9]{6}", 50),
        ]),
        edges: ALONE,
        context: &[
            "carte de identitate",
            "buletin",
            "seria",
            "ci seria",
            "act de identitate",
            "identity card",
        ],
        source: "Hotărârea de Guvern 295/2021",
        ..Detector::EMPTY
    },
    Detector {
        kind: "RO_PASSPORT",
        about: "Romanian passport",
        family: Family::Identity,
        country: Some("RO"),
        find: Find::Token(&[pattern("0[0-9]{7,8}", 5), pattern("[0-9]{8,9}", 5)]),
        edges: ALONE,
        context: &[
            "pașaport",
            "pasaport",
            "pașaportul",
            "numărul pașaportului",
            "passport",
            "passport number",
        ],
        source: "Legea 248/2005",
        ..Detector::EMPTY
    },
];

/// RO_CNP: a day of birth, a county, and weights 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, modulo eleven.
pub(crate) fn cnp(text: &str) -> Check {
    let Some(digits) = read::<13>(text) else { return Check::Invalid };
    let [sex, a, b, c, d, e, f, g, h, .., last] = digits;
    let year = two(a, b);
    let born = match sex {
        1 | 2 => day_exists(1900 + year, two(c, d), two(e, f)),
        3 | 4 => day_exists(1800 + year, two(c, d), two(e, f)),
        5 | 6 => day_exists(2000 + year, two(c, d), two(e, f)),
        7..=9 => super::calendar::day_in_a_century(year, two(c, d), two(e, f)),
        _ => false,
    };
    // 47 and 48 were districts of Bucharest, 70 and 80 to 83 are of the diaspora.
    let county = matches!(two(g, h), 1..=48 | 51 | 52 | 70 | 80..=83);
    let rest = sum(&digits, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
    Check::from_bool(born && county && if rest == 10 { 1 } else { rest } == last)
}

/// RO_CUI: two to ten digits, weights 7, 5, 3, 2, 1, 7, 5, 3, 2 from the right, modulo eleven.
pub(crate) fn cui(text: &str) -> Check {
    let text = behind(text, "RO");
    if !(2..=10).contains(&text.len()) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Check::Invalid;
    }
    let mut digits = checksum::digits(text).rev();
    let last = digits.next();
    let total: u32 =
        digits.zip([2, 3, 5, 7, 1, 2, 3, 5, 7]).map(|(digit, weight)| digit * weight).sum();
    agree(last == Some(total * 10 % 11 % 10), &[1, 2])
}
