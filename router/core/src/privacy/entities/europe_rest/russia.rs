//! Russia: taxpayer number (INN), pension insurance (SNILS), passport, business numbers (OGRN), plates.
//!
//! SNILS up to 001-001-998 carry no check digits. Words of context are in capitals where the lower-case
//! form is a part of common words ("инн" in "длинный").

use super::numbers::{ALONE, APART, LETTERED, agree, number, read, sum, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const INN: Detector = Detector {
    kind: "RU_TAX_ID",
    about: "Russian taxpayer number",
    family: Family::Identity,
    country: Some("RU"),
    check: Some(|text| unless_time(inn(text), text)),
    edges: APART,
    context: &[
        "ИНН",
        " инн ",
        "инн:",
        "идентификационный номер налогоплательщика",
        "налоговый номер",
        "налогоплательщик",
        "Налогоплательщик",
        "ФНС",
        "inn",
        "tax id",
        "tin",
    ],
    source: "Приказ ФНС России от 29.06.2012 № ММВ-7-6/435@; https://www.nalog.gov.ru",
    ..Detector::EMPTY
};

/// Rows of Russia.
pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(&[pattern("[0-9]{12}", 15)]), valid: 100, ..INN },
    Detector { find: Find::Token(&[pattern("[0-9]{10}", 8)]), valid: 30, edges: ALONE, ..INN },
    Detector {
        kind: "RU_SNILS",
        about: "Russian pension insurance number",
        family: Family::Identity,
        country: Some("RU"),
        find: Find::Token(&[
            pattern("[0-9]{3}[- ][0-9]{3}[- ][0-9]{3}[- ][0-9]{2}", 50),
            pattern("[0-9]{11}", 5),
            pattern("[0-9]{9} [0-9]{2}", 10),
        ]),
        check: Some(snils),
        valid: 100,
        edges: APART,
        context: &[
            "СНИЛС",
            "снилс",
            "страховой номер",
            "Страховой номер",
            "лицевого счёта",
            "лицевой счёт",
            "пенсионный фонд",
            "ПФР",
            "социальный фонд",
            "snils",
            "pension",
            "social insurance",
        ],
        source: "Федеральный закон от 01.04.1996 № 27-ФЗ; постановление Правления ПФР № 192п",
    },
    Detector {
        kind: "RU_PASSPORT",
        about: "Russian internal passport",
        family: Family::Identity,
        country: Some("RU"),
        find: Find::Token(&[
            pattern("[0-9]{2} [0-9]{2}[ -][0-9]{6}", 35),
            pattern("[0-9]{4} [0-9]{6}", 25),
            pattern("[0-9]{2} ?[0-9]{2} ?№ ?[0-9]{6}", 50),
            pattern("[0-9]{10}", 5),
        ]),
        check: Some(passport),
        edges: ALONE,
        context: &[
            "паспорт",
            "Паспорт",
            "ПАСПОРТ",
            "серия",
            "Серия",
            "номер паспорта",
            "паспортные данные",
            "выдан",
            "удостоверение личности",
            "документ",
            "passport",
            "passport number",
        ],
        source: "Постановление Правительства РФ от 08.07.1997 № 828",
        ..Detector::EMPTY
    },
    Detector {
        kind: "RU_OGRN",
        about: "Russian business number",
        family: Family::Organisation,
        country: Some("RU"),
        find: Find::Token(&[pattern("[1-9][0-9]{12}", 8), pattern("[34][0-9]{14}", 10)]),
        check: Some(|text| unless_time(ogrn(text), text)),
        valid: 35,
        edges: ALONE,
        context: &[
            "ОГРН",
            "огрн",
            "ОГРНИП",
            "основной государственный регистрационный номер",
            "ЕГРЮЛ",
            "ЕГРИП",
            "ogrn",
        ],
        source: "Приказ Минфина России от 30.10.2017 № 165н",
    },
    Detector {
        kind: "RU_LICENSE_PLATE",
        about: "Russian number plate",
        family: Family::Vehicle,
        country: Some("RU"),
        find: Find::Token(&[
            pattern("(?i)[АВЕКМНОРСТУХ] ?[0-9]{3} ?[АВЕКМНОРСТУХ]{2} ?[0-9]{2,3}", 50),
            pattern("[ABEKMHOPCTYX][0-9]{3}[ABEKMHOPCTYX]{2} ?[0-9]{2,3}", 20),
        ]),
        edges: LETTERED,
        context: &[
            "госномер",
            "гос. номер",
            "номерной знак",
            "автомобиль",
            "машина",
            "регистрационный знак",
            "license plate",
            "number plate",
        ],
        source: "ГОСТ Р 50577-2018",
        ..Detector::EMPTY
    },
];

/// RU_TAX_ID: ten digits with one check digit, twelve with two, modulo eleven.
pub(crate) fn inn(text: &str) -> Check {
    let control = |digits: &[u32], weights: &[u32]| sum(digits, weights) % 11 % 10;
    if let Some(digits) = read::<10>(text) {
        let right = control(&digits, &[2, 4, 10, 3, 5, 9, 4, 6, 8]);
        return agree(two(digits[0], digits[1]) > 0 && right == digits[9], &digits);
    }
    let Some(digits) = read::<12>(text) else { return Check::Invalid };
    let first = control(&digits, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    let second = control(&digits, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]);
    let holds = first == digits[10] && second == digits[11];
    agree(two(digits[0], digits[1]) > 0 && holds, &digits)
}

/// RU_SNILS: weights 9 to 1, modulo 101; the last two digits.
pub(crate) fn snils(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let [nine @ .., c, d] = digits;
    if number(&nine) <= 1_001_998 {
        return if number(&nine) == 0 { Check::Invalid } else { Check::Undecided };
    }
    let right = sum(&nine, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    agree(right == two(c, d), &digits)
}

/// RU_PASSPORT: a region and a year of printing that are possible; nothing else is published.
pub(crate) fn passport(text: &str) -> Check {
    let digits = crate::privacy::detect::checksum::digits(text);
    let region = digits.clone().take(2).fold(0, two);
    let year = digits.skip(2).take(2).fold(0, two);
    if region > 0 && (year <= 40 || year >= 97) { Check::Undecided } else { Check::Invalid }
}

/// RU_OGRN: all but the last digit, modulo 11 (13 digits) or 13 (15 digits), modulo ten.
pub(crate) fn ogrn(text: &str) -> Check {
    if let Some([all @ .., last]) = read::<13>(text) {
        return Check::from_bool(all[0] > 0 && number(&all) % 11 % 10 == u64::from(last));
    }
    let Some([all @ .., last]) = read::<15>(text) else { return Check::Invalid };
    Check::from_bool(matches!(all[0], 3 | 4) && number(&all) % 13 % 10 == u64::from(last))
}
