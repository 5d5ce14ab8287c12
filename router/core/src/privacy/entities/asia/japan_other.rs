//! Japan: corporate number, bank accounts, mobile numbers, post codes.
//!
//! The corporate number has thirteen digits, of which the first checks the others (MOD 9); with a `T`
//! before it is the number of an issuer of invoices. Accounts of banks have seven digits and say nothing
//! by themselves; those of the post bank are a symbol that begins with 1 and a number that ends with 1.

use super::digits::{decide, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "JP_CORPORATE_NUMBER",
        about: "Japanese corporate number, or number of an issuer of invoices",
        family: Family::Organisation,
        country: Some("JP"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{12}", 10),
            pattern("[1-9]-[0-9]{4}-[0-9]{4}-[0-9]{4}", 60),
            pattern("[Tt]-?[1-9][0-9]{12}", 60),
        ]),
        check: Some(jp_corporate_number),
        valid: 35,
        edges: Edges::NUMBER,
        context: &[
            "法人番号",
            "登録番号",
            "適格請求書",
            "インボイス",
            "事業者登録番号",
            "会社",
            "株式会社",
            "corporate number",
            "invoice number",
            "company number",
        ],
        source: "Ordinance 70 of 2014 of the Ministry of Finance, article 2; https://www.houjin-bangou.nta.go.jp",
    },
    Detector {
        kind: "JP_BANK_ACCOUNT",
        about: "Japanese bank account",
        family: Family::Payment,
        country: Some("JP"),
        find: Find::Token(&[
            pattern("[0-9]{7}", 3),
            pattern("1[0-9]{3}0-[0-9]{7}1", 40),
            pattern("1[0-9]{3}0-[0-9]-[0-9]{7}1", 40),
            pattern("[0-9]{4}-[0-9]{3}-[0-9]{7}", 40),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "口座番号",
            "口座",
            "普通預金",
            "当座預金",
            "貯蓄預金",
            "普通",
            "当座",
            "振込先",
            "振込",
            "銀行",
            "支店",
            "ゆうちょ",
            "記号",
            "bank account",
            "account number",
        ],
        source: "Japanese Bankers Association; https://www.jp-bank.japanpost.jp/kojin/sokin/furikomi/kouza/kj_sk_fm_kz_1.html",
        ..Detector::EMPTY
    },
    Detector {
        kind: "JP_MOBILE",
        about: "Japanese mobile number",
        family: Family::Contact,
        country: Some("JP"),
        find: Find::Token(&[
            pattern("0[6789]0-[1-9][0-9]{3}-[0-9]{4}", 65),
            pattern("0[6789]0 [1-9][0-9]{3} [0-9]{4}", 60),
            pattern("0[6789]0[1-9][0-9]{7}", 35),
            pattern("\\+81[ -]?\\(?0?\\)?[6789]0[ -]?[1-9][0-9]{3}[ -]?[0-9]{4}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "携帯",
            "携帯電話",
            "電話",
            "電話番号",
            "連絡先",
            "スマホ",
            "tel",
            "phone",
            "mobile",
            "cell",
        ],
        source: "Ministry of Internal Affairs numbering plan, https://en.wikipedia.org/wiki/Telephone_numbers_in_Japan",
        ..Detector::EMPTY
    },
    Detector {
        kind: "JP_POSTCODE",
        about: "Japanese post code",
        family: Family::Place,
        country: Some("JP"),
        find: Find::Token(&[
            pattern("〒[ ]?[0-9]{3}-?[0-9]{4}", 55),
            pattern("[0-9]{3}-[0-9]{4}", 10),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "郵便番号",
            "住所",
            "所在地",
            "送付先",
            "〒",
            "postal code",
            "postcode",
            "zip code",
        ],
        source: "https://en.wikipedia.org/wiki/Postal_codes_in_Japan",
        ..Detector::EMPTY
    },
];

/// `JP_CORPORATE_NUMBER`: the first digit agrees.
pub(crate) fn jp_corporate_number(text: &str) -> Check {
    let digits = only_digits(text);
    let rest = digits.get(1..).unwrap_or_default();
    let sum = checksum::weighted(rest, &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
    decide(text, digits.len() == 13 && part(&digits, 0, 1) == Some(9 - sum % 9))
}
