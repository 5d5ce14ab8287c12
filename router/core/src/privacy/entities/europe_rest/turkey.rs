//! Turkey: national identity number (TCKN), tax number (VKN), passport.

use super::numbers::{ALONE, APART, agree, read};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

/// Numbers of persons in Turkey.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "TR_NATIONAL_ID",
        about: "Turkish national identity number",
        family: Family::Identity,
        country: Some("TR"),
        find: Find::Token(&[pattern("[1-9][0-9]{10}", 20)]),
        check: Some(national_id),
        valid: 100,
        edges: APART,
        context: &[
            "tc kimlik",
            "t.c. kimlik",
            "kimlik no",
            "kimlik numarası",
            "kimlik numaram",
            "tckn",
            "tc no",
            "nüfus cüzdanı",
            "türk kimlik",
            "vatandaşlık",
            "national id",
            "turkish id",
        ],
        source: "5490 sayılı Nüfus Hizmetleri Kanunu; https://tckimlik.nvi.gov.tr",
    },
    Detector {
        kind: "TR_TAX_ID",
        about: "Turkish tax number",
        family: Family::Identity,
        country: Some("TR"),
        find: Find::Token(&[pattern("[0-9]{10}", 8)]),
        check: Some(tax_id),
        valid: 30,
        edges: ALONE,
        context: &[
            "vergi kimlik",
            "vergi kimlik no",
            "vergi kimlik numarası",
            "vkn",
            "vergi no",
            "vergi numarası",
            "mükellef",
            "vergi dairesi",
            "tax id",
            "tax number",
            "turkish tax",
        ],
        source: "213 sayılı Vergi Usul Kanunu; https://www.gib.gov.tr",
    },
    Detector {
        kind: "TR_PASSPORT",
        about: "Turkish passport",
        family: Family::Identity,
        country: Some("TR"),
        find: Find::Token(&[pattern("(?i)[PSUZ][ -]?[0-9]{8}", 10)]),
        edges: ALONE,
        context: &[
            "pasaport",
            "pasaport no",
            "pasaport numarası",
            "pasaportum",
            "passport",
            "passport number",
        ],
        source: "5682 sayılı Pasaport Kanunu; https://en.wikipedia.org/wiki/Turkish_passport",
        ..Detector::EMPTY
    },
];

/// TR_NATIONAL_ID: two check digits; the first digit is not zero.
pub(crate) fn national_id(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let [a, b, c, d, e, f, g, h, i, tenth, last] = digits;
    let odd = a + c + e + g + i;
    let even = b + d + f + h;
    let holds = (odd * 7 + 90 - even) % 10 == tenth && (odd + even + tenth) % 10 == last;
    Check::from_bool(a > 0 && holds)
}

/// TR_TAX_ID: each digit plus its distance from the end, times a power of two modulo nine.
pub(crate) fn tax_id(text: &str) -> Check {
    let Some(digits) = read::<10>(text) else { return Check::Invalid };
    let mut total = 0;
    for (digit, place) in digits.iter().zip((1..=9).rev()) {
        let shifted = (digit + place) % 10;
        total += if shifted == 9 { 9 } else { (shifted << place) % 9 };
    }
    agree((10 - total % 10) % 10 == digits[9], &digits)
}
