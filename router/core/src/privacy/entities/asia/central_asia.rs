//! Kazakhstan, Uzbekistan and Mongolia: identity and business numbers.
//!
//! Kazakhstan's IIN: day of birth, century and sex (0 for foreigners), order, a digit by MOD 11 in two
//! rounds. Its BIN has year and month, then 4 to 6, and the same check. Uzbekistan's PINFL: century and sex,
//! day, month and year of birth, district, order, a digit by weights 7, 3, 1. Mongolia's: two Cyrillic
//! letters, year, month (20 more since 2000), day, order; its rule is not published.

use super::digits::{decide, part, short_date};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "KZ_IIN",
        about: "Kazakh individual identification number",
        family: Family::Identity,
        country: Some("KZ"),
        find: Find::Token(&[pattern(
            "[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[03-6][0-9]{5}",
            25,
        )]),
        check: Some(kz_iin),
        valid: 100,
        edges: Edges::NUMBER,
        context: &[
            "иин",
            "ИИН",
            "жсн",
            "ЖСН",
            "индивидуальный идентификационный номер",
            "удостоверение личности",
            "жеке сәйкестендіру нөмірі",
            "iin",
            "individual identification number",
        ],
        source: "Law 223 of 2007 on national registers, https://ru.wikipedia.org/wiki/Индивидуальный_идентификационный_номер",
    },
    Detector {
        kind: "KZ_BIN",
        about: "Kazakh business identification number",
        family: Family::Organisation,
        country: Some("KZ"),
        find: Find::Token(&[pattern("[0-9]{2}(?:0[1-9]|1[0-2])[456][0-4][0-9]{6}", 10)]),
        check: Some(kz_bin),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "бин",
            "БИН",
            "бсн",
            "БСН",
            "бизнес-идентификационный номер",
            "bin",
            "business identification number",
        ],
        source: "Law 223 of 2007 on national registers",
    },
    Detector {
        kind: "UZ_PINFL",
        about: "Uzbek personal number",
        family: Family::Identity,
        country: Some("UZ"),
        find: Find::Token(&[pattern("[1-6][0-3][0-9](?:0[1-9]|1[0-2])[0-9]{9}", 20)]),
        check: Some(uz_pinfl),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "pinfl",
            "jshshir",
            "пинфл",
            "ПИНФЛ",
            "жшшир",
            "ЖШШИР",
            "shaxsiy raqam",
            "персональный номер",
            "personal number",
        ],
        source: "https://en.wikipedia.org/wiki/National_identification_number",
    },
    Detector {
        kind: "MN_REGISTER",
        about: "Mongolian register number",
        family: Family::Identity,
        country: Some("MN"),
        find: Find::Token(&[pattern("[А-Яа-яЁёӨөҮү]{2}[0-9]{2}[0-3][0-9][0-3][0-9]{3}", 45)]),
        check: Some(mn_register),
        context: &[
            "регистр",
            "регистрийн дугаар",
            "Регистр",
            "рд",
            "РД",
            "иргэний үнэмлэх",
            "register number",
            "registration number",
        ],
        source: "State Registration Authority of Mongolia, https://burtgel.gov.mn",
        ..Detector::EMPTY
    },
];

/// `KZ_IIN`: the day of birth exists and the last digit agrees.
pub(crate) fn kz_iin(text: &str) -> Check {
    let born = match part(text, 6, 1) {
        Some(0) => short_date(text, 0, 1900) || short_date(text, 0, 2000),
        Some(3 | 4) => short_date(text, 0, 1900),
        Some(5 | 6) => short_date(text, 0, 2000),
        _ => false,
    };
    decide(text, text.len() == 12 && born && mod_11_in_two_rounds(text))
}

/// `KZ_BIN`: the last digit agrees.
pub(crate) fn kz_bin(text: &str) -> Check {
    decide(text, text.len() == 12 && mod_11_in_two_rounds(text))
}

/// Where the first weights leave ten, others are taken; where those do too, the number is not given.
fn mod_11_in_two_rounds(digits: &str) -> bool {
    let first = checksum::weighted(digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
    let second = checksum::weighted(digits, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11;
    part(digits, 11, 1) == Some(if first == 10 { second } else { first })
}

/// `UZ_PINFL`: the day of birth exists; the last digit agrees, or nobody can tell (its rule is not of a law).
pub(crate) fn uz_pinfl(text: &str) -> Check {
    let century = match part(text, 0, 1) {
        Some(1 | 2) => 1800,
        Some(3 | 4) => 1900,
        _ => 2000,
    };
    let swapped =
        [text.get(5..7), text.get(3..5), text.get(1..3)].map(Option::unwrap_or_default).concat();
    let sum = checksum::weighted(text, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1, 7]);
    let agrees = part(text, 13, 1) == Some(sum % 10);
    match (text.len() == 14 && short_date(&swapped, 0, century), agrees) {
        (false, _) => Check::Invalid,
        (true, false) => Check::Undecided,
        (true, true) => decide(text, true),
    }
}

/// `MN_REGISTER`: the day of birth exists; more cannot be told.
fn mn_register(text: &str) -> Check {
    let digits = text.get(text.len().saturating_sub(8)..).unwrap_or_default();
    let born = match part(digits, 2, 2) {
        Some(month @ 21..=32) => {
            let (year, day) = (digits.get(..2), digits.get(4..6));
            let born =
                format!("{}{:02}{}", year.unwrap_or_default(), month - 20, day.unwrap_or_default());
            short_date(&born, 0, 2000)
        }
        _ => short_date(digits, 0, 1900),
    };
    if born { Check::Undecided } else { Check::Invalid }
}
