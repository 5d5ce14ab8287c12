//! Belarus, Moldova and Albania: personal numbers.

use super::calendar::day_in_a_century;
use super::numbers::{ALONE, APART, agree, read, seven_three_one, signs, two, value};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// Rows of Belarus, Moldova and Albania.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "BY_PERSONAL_NUMBER",
        about: "Belarusian personal number",
        family: Family::Identity,
        country: Some("BY"),
        find: Find::Token(&[pattern("(?i)[1-6][0-9]{6}[ABCEHKM][0-9]{3}(?:PB|BA|BI)[0-9]", 60)]),
        check: Some(belarus_number),
        valid: 100,
        edges: APART,
        context: &[
            "идентификационный номер",
            "личный номер",
            "асабісты нумар",
            "ідэнтыфікацыйны нумар",
            "паспорт",
            "personal number",
            "identification number",
        ],
        source: "Указ Президента Республики Беларусь от 03.06.2008 № 294; https://en.wikipedia.org/wiki/Belarusian_passport",
    },
    Detector {
        kind: "MD_IDNP",
        about: "Moldovan personal number",
        family: Family::Identity,
        country: Some("MD"),
        find: Find::Token(&[pattern("[02][0-9]{12}", 10)]),
        check: Some(|text| unless_time(idnp(text), text)),
        valid: 35,
        edges: ALONE,
        context: &[
            "idnp",
            "cod personal",
            "numărul de identificare",
            "număr de identificare de stat",
            "buletin de identitate",
            "personal code",
            "moldovan id",
        ],
        source: "Legea 273/1994 privind actele de identitate din sistemul național de pașapoarte",
    },
    Detector {
        kind: "AL_NID",
        about: "Albanian identity number",
        family: Family::Identity,
        country: Some("AL"),
        find: Find::Token(&[pattern("[A-T][0-9](?:[0156][0-9])[0-9]{5}[A-W]", 30)]),
        check: Some(albanian_id),
        edges: APART,
        context: &[
            "nid",
            "numri i identitetit",
            "numri personal",
            "letërnjoftim",
            "karta e identitetit",
            "identity card",
            "albanian id",
        ],
        source: "Ligji nr. 8952/2002 për numrin e identitetit të shtetasve",
        ..Detector::EMPTY
    },
];

/// BY_PERSONAL_NUMBER: a day of birth. `Valid` if it agrees with weights 7, 3, 1 as well.
pub(crate) fn belarus_number(text: &str) -> Check {
    let Some(all) = signs::<14>(text) else { return Check::Invalid };
    let values = all.map(value);
    let [_, a, b, c, d, e, f, ..] = values;
    if !day_in_a_century(two(e, f), two(c, d), two(a, b)) {
        return Check::Invalid;
    }
    if seven_three_one(&values[..13]) == values[13] { Check::Valid } else { Check::Undecided }
}

/// MD_IDNP: weights 7, 3, 1, modulo ten.
pub(crate) fn idnp(text: &str) -> Check {
    let Some(digits) = read::<13>(text) else { return Check::Invalid };
    agree(seven_three_one(&digits[..12]) == digits[12], &digits)
}

/// AL_NID: decade and year, month (50 added for women), day. The check letter is not published.
pub(crate) fn albanian_id(text: &str) -> Check {
    let Some(all) = signs::<10>(text) else { return Check::Invalid };
    let [decade, year, c, d, e, f, ..] = all.map(value);
    let month = if two(c, d) > 50 { two(c, d) - 50 } else { two(c, d) };
    let year = 1800 + decade.saturating_sub(10) * 10 + year;
    if super::calendar::day_exists(year, month, two(e, f)) {
        Check::Undecided
    } else {
        Check::Invalid
    }
}
