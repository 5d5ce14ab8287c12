//! Turkey: telephone numbers and number plates.
//!
//! Local numbers with dots are found only where they cannot be an IP address, so not in the area codes from
//! 200 to 255. What could be a plate and is a day, a month and a year (`15 MAY 2024`) is a date.

use super::numbers::ALONE;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// Telephones and plates of Turkey.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "TR_PHONE_NUMBER",
        about: "Turkish telephone number",
        family: Family::Contact,
        country: Some("TR"),
        find: Find::Token(&[
            pattern(
                r"(?:\+|00)90[ .-]?(?:\(0?[2-5][0-9]{2}\)|[2-5][0-9]{2})[ .-]?[0-9]{3}(?:[ .-]?[0-9]{2}){2}",
                60,
            ),
            pattern(
                r"(?:\(0 ?5[0-9]{2}\)|0[ .-]?\(5[0-9]{2}\)|0[ .-]?5[0-9]{2})[ .-][0-9]{3}(?:[ .-]?[0-9]{2}){2}",
                50,
            ),
            pattern(
                r"(?:\(0 ?[2-5][0-9]{2}\)|0[ .-]?\([2-5][0-9]{2}\)|0[ .-]?[2-5][0-9]{2})[ .-]?[0-9]{3}(?:[ .-]?[0-9]{2}){2}",
                30,
            ),
            pattern(
                r"(?:2(?:5[6-9]|[6-9][0-9])|[3-5][0-9]{2})[ .-][0-9]{3}(?:[ .-]?[0-9]{2}){2}",
                20,
            ),
            pattern(r"(?:\([2-5][0-9]{2}\)|[2-5][0-9]{2})[ -]?[0-9]{3}(?:[ -]?[0-9]{2}){2}", 10),
        ]),
        edges: Edges { before: b"-./+", after: b"-/", word_before: true, word_after: true },
        context: &[
            "telefon",
            "telefon no",
            "telefon numarası",
            "telefonum",
            "cep",
            "cep telefonu",
            "cep no",
            "numaram",
            "iletişim",
            "irtibat",
            "gsm",
            "mobil",
            "whatsapp",
            "phone",
            "mobile",
            "call",
        ],
        source: "ITU-T E.164; https://en.wikipedia.org/wiki/Telephone_numbers_in_Turkey",
        ..Detector::EMPTY
    },
    Detector {
        kind: "TR_LICENSE_PLATE",
        about: "Turkish number plate",
        family: Family::Vehicle,
        country: Some("TR"),
        find: Find::Token(&[
            pattern("(?:0[1-9]|[1-7][0-9]|8[01]) ?[A-PR-VYZ]{1,3} ?[0-9]{2,4}", 25),
            pattern("(?:0[1-9]|[1-7][0-9]|8[01])-[A-PR-VYZ]{1,3}-[0-9]{2,4}", 25),
            pattern("(?i)(?:0[1-9]|[1-7][0-9]|8[01])[ -]?[A-PR-VYZ]{1,3}[ -]?[0-9]{2,4}", 5),
        ]),
        check: Some(license_plate),
        edges: ALONE,
        context: &[
            "plaka",
            "plakası",
            "plakalı",
            "araç plakası",
            "plaka numarası",
            "kayıt plakası",
            "tr plaka",
            "taşıt plakası",
            "license plate",
            "number plate",
        ],
        source: "2918 sayılı Karayolları Trafik Kanunu, madde 23; Karayolları Trafik Yönetmeliği",
        ..Detector::EMPTY
    },
];

/// TR_LICENSE_PLATE: no date, and two dashes or none.
pub(crate) fn license_plate(text: &str) -> Check {
    let dashes = text.bytes().filter(|byte| *byte == b'-').count();
    let dated = text.len() >= 9 && is_date(text);
    if dashes == 1 || dashes == 2 && text.contains(' ') || dated {
        Check::Invalid
    } else {
        Check::Undecided
    }
}

/// Whether it is a day, a month in English or Turkish, and a year.
fn is_date(text: &str) -> bool {
    const MONTHS: [&str; 20] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "oca",
        "nis", "haz", "tem", "eyl", "eki", "kas", "ara",
    ];
    let day = text.get(..2).and_then(|day| day.parse::<u32>().ok()).is_some_and(|day| day <= 31);
    let year = text.get(text.len().saturating_sub(4)..).unwrap_or_default();
    let month = text.get(2..).unwrap_or_default().trim_start_matches([' ', '-']);
    let month = month.get(..3).unwrap_or_default();
    day && (year.starts_with("19") || year.starts_with("20"))
        && MONTHS.iter().any(|one| one.eq_ignore_ascii_case(month))
}
