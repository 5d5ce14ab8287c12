//! Czechia and Slovakia: birth number (rodné číslo), business numbers (IČO, DIČ), account, identity card.
//!
//! Both countries use one series of birth numbers. Women have 50 added to the month; since 2004 another 20
//! may be. Up to 1953 they had nine digits and no check digit. Up to 1985 ten digits were given out where the
//! remainder was ten and the last digit zero.

use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, number, read, sum, two};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const RODNE_CISLO: Detector = Detector {
    kind: "CZ_RODNE_CISLO",
    about: "Czech or Slovak birth number",
    family: Family::Identity,
    check: Some(rodne_cislo),
    edges: APART,
    context: &[
        "rodné číslo",
        "rodného čísla",
        "rodné čísla",
        "rodne cislo",
        "rč",
        "r.č",
        "rod. č",
        "rodným číslom",
        "birth number",
        "personal number",
        "czech id",
        "slovak id",
    ],
    source: "Zákon 133/2000 Sb. § 13; zákon 301/1995 Z. z.",
    ..Detector::EMPTY
};

/// Rows of Czechia and Slovakia.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{6} ?/ ?[0-9]{4}", 40),
            pattern("[0-9]{6}/[0-9]{3}", 35),
        ]),
        valid: 60,
        ..RODNE_CISLO
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{9,10}", 8), pattern("[0-9]{6}[ -][0-9]{3,4}", 10)]),
        valid: 35,
        edges: ALONE,
        ..RODNE_CISLO
    },
    Detector {
        kind: "CZ_ICO",
        about: "Czech or Slovak business number",
        family: Family::Organisation,
        find: Find::Token(&[pattern("[0-9]{8}", 5), pattern("[0-9]{2} [0-9]{3} [0-9]{3}", 10)]),
        check: Some(ico),
        valid: 30,
        edges: ALONE,
        context: &[
            "ičo",
            "IČO",
            "ičo:",
            "ico",
            "ič",
            "identifikační číslo",
            "identifikačné číslo",
            "firma",
            "obchodný register",
            "company number",
        ],
        source: "Zákon 304/2013 Sb.; https://ares.gov.cz",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CZ_DIC",
        about: "Czech tax number",
        family: Family::Identity,
        country: Some("CZ"),
        find: Find::Token(&[pattern("CZ ?[0-9]{8,10}", 35)]),
        check: Some(dic),
        valid: 60,
        edges: APART,
        context: &["dič", "DIČ", "dic", "daňové identifikační číslo", "plátce dph", "dph", "vat"],
        source: "Zákon 280/2009 Sb., daňový řád",
    },
    Detector {
        kind: "SK_IC_DPH",
        about: "Slovak VAT number",
        family: Family::Organisation,
        country: Some("SK"),
        find: Find::Token(&[pattern("SK ?[1-9][0-9]{9}", 35)]),
        check: Some(ic_dph),
        valid: 60,
        edges: APART,
        context: &["ič dph", "IČ DPH", "ic dph", "dič", "daňové identifikačné číslo", "dph", "vat"],
        source: "Zákon 222/2004 Z. z.; https://www.financnasprava.sk",
    },
    Detector {
        kind: "CZ_BANK_ACCOUNT",
        about: "Czech or Slovak account and bank code",
        family: Family::Payment,
        find: Find::Token(&[pattern("(?:[0-9]{2,6}-)?[0-9]{6,10}/[0-9]{4}", 25)]),
        check: Some(bank_account),
        valid: 60,
        edges: ALONE,
        context: &[
            "účet",
            "účtu",
            "číslo účtu",
            "číslo bankového účtu",
            "č.ú.",
            "bankovní spojení",
            "účte",
            "banka",
            "account number",
        ],
        source: "Vyhláška ČNB 169/2011 Sb.",
        ..Detector::EMPTY
    },
    Detector {
        kind: "SK_ID_CARD",
        about: "Slovak identity card",
        family: Family::Identity,
        country: Some("SK"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2} ?[0-9]{6}", 5)]),
        edges: ALONE,
        context: &[
            "občiansky preukaz",
            "občianskeho preukazu",
            "číslo op",
            "č. op",
            "preukaz",
            "identity card",
        ],
        source: "Zákon 395/2019 Z. z. o občianskych preukazoch",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CZ_ID_CARD",
        about: "Czech identity card",
        family: Family::Identity,
        country: Some("CZ"),
        find: Find::Token(&[pattern("[0-9]{9}", 5)]),
        edges: ALONE,
        context: &[
            "občanský průkaz",
            "občanského průkazu",
            "číslo op",
            "č. op",
            "průkaz totožnosti",
            "identity card",
        ],
        source: "Zákon 269/2021 Sb. o občanských průkazech",
        ..Detector::EMPTY
    },
];

/// CZ_RODNE_CISLO: a day of birth, and ten digits that eleven divides. Nine digits stay undecided.
pub(crate) fn rodne_cislo(text: &str) -> Check {
    let (start, ten) = match (read::<9>(text), read::<10>(text)) {
        (Some([start @ .., _, _, _]), _) => (start, None),
        (None, Some(all)) => {
            let [start @ .., _, _, _, _] = all;
            (start, Some(all))
        }
        (None, None) => return Check::Invalid,
    };
    let [a, b, c, d, e, f] = start;
    let year = match (ten, two(a, b)) {
        (None, 54..80) => return Check::Invalid,
        (None, year) if year >= 80 => 1800 + year,
        (Some(_), year) if year < 54 => 2000 + year,
        (_, year) => 1900 + year,
    };
    let month = match two(c, d) {
        month @ 71..=82 if year >= 2004 => month - 70,
        month @ 51..=62 => month - 50,
        month @ 21..=32 if year >= 2004 => month - 20,
        month => month,
    };
    if !day_exists(year, month, two(e, f)) {
        return Check::Invalid;
    }
    let Some([all @ .., last]) = ten else { return Check::Undecided };
    match number(&all) % 11 {
        10 => Check::from_bool(last == 0 && year <= 1985),
        rest => Check::from_bool(rest == u64::from(last)),
    }
}

/// CZ_ICO: weights 8 to 2, modulo eleven.
pub(crate) fn ico(text: &str) -> Check {
    let Some(digits) = read::<8>(text) else { return Check::Invalid };
    let rest = sum(&digits, &[8, 7, 6, 5, 4, 3, 2]) % 11;
    agree((11 - rest) % 10 == digits[7], &digits)
}

/// CZ_DIC: the business number, or the birth number of a person.
pub(crate) fn dic(text: &str) -> Check {
    let number = behind(text, "CZ");
    match read::<8>(number) {
        Some(_) => ico(number),
        // Nine digits that begin with 6 are given to persons without a birth number.
        None if number.starts_with('6') && read::<9>(number).is_some() => Check::Undecided,
        None => rodne_cislo(number),
    }
}

/// SK_IC_DPH: ten digits that eleven divides, the third of which is 2, 3, 4, 7, 8 or 9.
pub(crate) fn ic_dph(text: &str) -> Check {
    let Some(digits) = read::<10>(behind(text, "SK")) else { return Check::Invalid };
    let third = matches!(digits[2], 2 | 3 | 4 | 7 | 8 | 9);
    Check::from_bool(digits[0] > 0 && third && number(&digits).is_multiple_of(11))
}

/// CZ_BANK_ACCOUNT: prefix and number each agree modulo eleven.
pub(crate) fn bank_account(text: &str) -> Check {
    let Some((account, _bank)) = text.split_once('/') else { return Check::Invalid };
    let (prefix, root) = account.split_once('-').unwrap_or(("0", account));
    let holds = |digits: &str| {
        let weights = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
        let total: u32 = crate::privacy::detect::checksum::digits(digits)
            .rev()
            .zip(weights)
            .map(|(digit, weight)| digit * weight)
            .sum();
        total.is_multiple_of(11)
    };
    Check::from_bool(holds(prefix) && holds(root) && root.bytes().any(|byte| byte != b'0'))
}
