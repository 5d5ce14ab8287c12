//! Japan: individual number, driver licence, passport, residence card, pension and health insurance.
//!
//! The individual number (My Number) has twelve digits, grouped by four, the last of which checks the
//! others by MOD 11. The rules of licences, residence cards and pension numbers are not published; they
//! count by their form, or by the words near them. An insurer's number has eight digits and checks by Luhn.

use super::digits::{all_equal, decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "JP_MY_NUMBER",
        about: "Japanese individual number",
        family: Family::Identity,
        country: Some("JP"),
        find: Find::Token(&[
            pattern("[0-9]{4}[ -][0-9]{4}[ -][0-9]{4}", 40),
            pattern("[0-9]{12}", 10),
        ]),
        check: Some(jp_my_number),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "マイナンバー",
            "個人番号",
            "個人番号カード",
            "マイナンバーカード",
            "通知カード",
            "my number",
            "mynumber",
            "individual number",
            "kojin bango",
        ],
        source: "Ordinance 85 of 2014 of the Ministry of Internal Affairs, article 5; https://en.wikipedia.org/wiki/Individual_Number",
    },
    Detector {
        kind: "JP_DRIVER_LICENSE",
        about: "Japanese driver licence number",
        family: Family::Identity,
        country: Some("JP"),
        find: Find::Token(&[pattern("[1-9][0-9]{11}", 8)]),
        edges: Edges::NUMBER,
        context: &[
            "運転免許",
            "運転免許証",
            "免許証",
            "免許証番号",
            "免許番号",
            "driver's license",
            "driver license",
            "driving licence",
            "drivers license",
        ],
        source: "https://ja.wikipedia.org/wiki/日本の運転免許",
        ..Detector::EMPTY
    },
    Detector {
        kind: "JP_PASSPORT",
        about: "Japanese passport number",
        family: Family::Identity,
        country: Some("JP"),
        find: Find::Token(&[pattern("(?i)[TM][A-Z][0-9]{7}", 25)]),
        context: &[
            "パスポート",
            "旅券",
            "旅券番号",
            "パスポート番号",
            "passport",
            "passport number",
            "passport no",
        ],
        source: "https://en.wikipedia.org/wiki/Japanese_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "JP_RESIDENCE_CARD",
        about: "Number of a Japanese residence card, or special permanent resident certificate",
        family: Family::Identity,
        country: Some("JP"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{8}[A-Z]{2}", 55)]),
        context: &[
            "在留カード",
            "在留カード番号",
            "在留",
            "特別永住者",
            "外国人登録",
            "residence card",
            "zairyu card",
            "zairyu",
        ],
        source: "Immigration Services Agency, https://en.wikipedia.org/wiki/Resident_card_(Japan)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "JP_HEALTH_INSURANCE",
        about: "Number of a Japanese health insurer and its insured",
        family: Family::Health,
        country: Some("JP"),
        find: Find::Token(&[pattern("(?:0[1-7]|3[1-49]|6[37]|7[2-5])[0-4][0-9]{5}", 8)]),
        check: Some(jp_health_insurance),
        valid: 20,
        edges: Edges::NUMBER,
        context: &[
            "保険者番号",
            "健康保険",
            "健康保険証",
            "保険証",
            "被保険者",
            "被保険者番号",
            "記号",
            "番号",
            "国民健康保険",
            "health insurance",
            "insurer number",
            "insured",
        ],
        source: "Ministry of Health, notice on insurer numbers; https://ja.wikipedia.org/wiki/保険者番号",
    },
    Detector {
        kind: "JP_PENSION_NUMBER",
        about: "Japanese basic pension number",
        family: Family::Identity,
        country: Some("JP"),
        find: Find::Token(&[pattern("[0-9]{4}-[0-9]{6}", 20), pattern("[0-9]{10}", 3)]),
        edges: Edges::NUMBER,
        context: &[
            "基礎年金番号",
            "年金番号",
            "年金手帳",
            "年金",
            "国民年金",
            "厚生年金",
            "pension number",
            "basic pension",
        ],
        source: "https://ja.wikipedia.org/wiki/基礎年金番号",
        ..Detector::EMPTY
    },
];

/// `JP_MY_NUMBER`: the last digit agrees.
pub(crate) fn jp_my_number(text: &str) -> Check {
    let agrees = |digits: &str| {
        let sum = checksum::weighted(digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
        let check = (11 - sum % 11) % 11 % 10;
        part(digits, 11, 1) == Some(check) && !all_equal(digits)
    };
    let digits = only_digits(text);
    decide(text, digits.len() == 12 && agrees(&digits))
}

/// `JP_HEALTH_INSURANCE`: the prefecture exists, and Luhn's digit agrees.
pub(crate) fn jp_health_insurance(text: &str) -> Check {
    let prefecture = part(text, 2, 2).is_some_and(|code| (1..=47).contains(&code));
    decide(text, text.len() == 8 && prefecture && checksum::luhn(text))
}
