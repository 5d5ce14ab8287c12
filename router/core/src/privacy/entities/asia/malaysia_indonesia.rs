//! Malaysia and Indonesia: identity and tax numbers, mobile numbers.
//!
//! MyKad: day of birth, place of birth, four digits; no check digit. Indonesia's NIK: province, regency and
//! district, day of birth (with 40 added to the day for women), order; no check digit. Its tax number has
//! fifteen digits, the ninth of which checks the first eight by Luhn; the rule is not of a law, so one that
//! does not agree is undecided where it is grouped. Since 2024 a zero is written before it.

use super::digits::{any_short_date, only_digits, part};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "MY_NRIC",
        about: "Malaysian identity card number (MyKad)",
        family: Family::Identity,
        country: Some("MY"),
        find: Find::Token(&[
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]-[0-9]{2}-[0-9]{4}", 65),
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9] [0-9]{2} [0-9]{4}", 50),
            pattern("[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{7}", 20),
        ]),
        check: Some(my_nric),
        edges: Edges::NUMBER,
        context: &[
            "mykad",
            "nric",
            "no kp",
            "no. kp",
            "kad pengenalan",
            "no ic",
            "ic no",
            "ic number",
            "i/c",
            "identity card",
            "mykid",
            "pengenalan",
            "身份证",
        ],
        source: "https://en.wikipedia.org/wiki/Malaysian_identity_card",
        ..Detector::EMPTY
    },
    Detector {
        kind: "ID_NIK",
        about: "Indonesian identity number",
        family: Family::Identity,
        country: Some("ID"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{15}", 30),
            pattern("[1-9][0-9]{5}[ .-][0-9]{6}[ .-][0-9]{4}", 55),
        ]),
        check: Some(id_nik),
        edges: Edges::NUMBER,
        context: &[
            "nik",
            "ktp",
            "e-ktp",
            "no ktp",
            "nomor ktp",
            "nomor induk kependudukan",
            "kartu tanda penduduk",
            "kependudukan",
            "kartu keluarga",
            "identity card",
            "national id",
        ],
        source: "Law 23 of 2006 on population administration, https://id.wikipedia.org/wiki/Nomor_Induk_Kependudukan",
        ..Detector::EMPTY
    },
    Detector {
        kind: "ID_NPWP",
        about: "Indonesian taxpayer number",
        family: Family::Identity,
        country: Some("ID"),
        find: Find::Token(&[
            pattern("0?[0-9]{2}\\.[0-9]{3}\\.[0-9]{3}\\.[0-9]-[0-9]{3}\\.[0-9]{3}", 65),
            pattern("[0-9]{15}", 5),
            pattern("0[0-9]{15}", 10),
        ]),
        check: Some(id_npwp),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "npwp",
            "nomor pokok wajib pajak",
            "wajib pajak",
            "pajak",
            "no npwp",
            "tax id",
            "taxpayer",
        ],
        source: "Directorate General of Taxes; OECD, Indonesia TIN",
    },
    Detector {
        kind: "MY_MOBILE",
        about: "Malaysian mobile number",
        family: Family::Contact,
        country: Some("MY"),
        find: Find::Token(&[
            pattern("01[0-46-9]-[0-9]{3,4}[ -]?[0-9]{4}", 50),
            pattern("01[0-46-9][0-9]{7,8}", 15),
            pattern("\\+60[ -]?1[0-46-9][ -]?[0-9]{3,4}[ -]?[0-9]{4}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "telefon",
            "no tel",
            "tel",
            "phone",
            "mobile",
            "handphone",
            "hp",
            "whatsapp",
            "bimbit",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Malaysia",
        ..Detector::EMPTY
    },
    Detector {
        kind: "ID_MOBILE",
        about: "Indonesian mobile number",
        family: Family::Contact,
        country: Some("ID"),
        find: Find::Token(&[
            pattern("08[1-9][0-9][ -][0-9]{3,4}[ -][0-9]{3,5}", 55),
            pattern("08[1-9][0-9]{7,10}", 25),
            pattern("\\+62[ -]?8[1-9][0-9][ -]?[0-9]{3,4}[ -]?[0-9]{3,5}", 75),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "telepon",
            "telp",
            "no hp",
            "hp",
            "handphone",
            "whatsapp",
            "wa",
            "phone",
            "mobile",
            "nomor",
        ],
        source: "https://en.wikipedia.org/wiki/Telephone_numbers_in_Indonesia",
        ..Detector::EMPTY
    },
];

/// `MY_NRIC`: day and place of birth exist; more cannot be told.
pub(crate) fn my_nric(text: &str) -> Check {
    let digits = only_digits(text);
    let place = part(&digits, 6, 2)
        .is_some_and(|code| !matches!(code, 0 | 17..=20 | 69 | 70 | 73 | 80 | 81 | 94..=97));
    let exists = digits.len() == 12 && any_short_date(&digits, 0) && place;
    if exists { Check::Undecided } else { Check::Invalid }
}

/// `ID_NIK`: province and day of birth exist, the order is not zero; more cannot be told.
pub(crate) fn id_nik(text: &str) -> Check {
    let digits = only_digits(text);
    let province = part(&digits, 0, 2).is_some_and(|code| {
        matches!(code, 11..=19 | 21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
    });
    let day = part(&digits, 6, 2).map_or(0, |day| if day > 40 { day - 40 } else { day });
    let rest = digits.get(8..12).unwrap_or_default();
    let born = format!(
        "{}{}{day:02}",
        rest.get(2..4).unwrap_or_default(),
        rest.get(..2).unwrap_or_default()
    );
    let exists =
        digits.len() == 16 && province && any_short_date(&born, 0) && !digits.ends_with("0000");
    if exists { Check::Undecided } else { Check::Invalid }
}

/// `ID_NPWP`: Luhn's digit agrees, or it is grouped, and nobody can tell.
pub(crate) fn id_npwp(text: &str) -> Check {
    let digits = only_digits(text);
    let head = digits.len().saturating_sub(6);
    let agrees = digits.get(..head).is_some_and(checksum::luhn) && part(&digits, 0, 3) != Some(0);
    match (matches!(digits.len(), 15 | 16), agrees, text.contains('.')) {
        (true, true, _) => Check::Valid,
        (true, false, true) => Check::Undecided,
        _ => Check::Invalid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_woman_has_forty_more_days() {
        assert_eq!(id_nik("3171016511900001"), Check::Undecided);
        assert_eq!(id_nik("3171017511900001"), Check::Invalid);
    }
}
