//! Sweden: personal identity number (and co-ordination number), organisation number, VAT.
//!
//! A co-ordination number has 60 added to its day. An organisation number has at least 2 as its third
//! digit, so the two never meet. Ten digits with a dash, and twelve, may be a time of day as well
//! (`20240115-1230`): those need context.

use super::calendar::{day_exists, day_in_a_century};
use super::numbers::{ALONE, APART, agree, behind, read, two};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const PERSONNUMMER: Detector = Detector {
    kind: "SE_PERSONNUMMER",
    about: "Swedish personal identity number",
    family: Family::Identity,
    country: Some("SE"),
    check: Some(|text| unless_time(personnummer(text), text)),
    edges: APART,
    context: &[
        "personnummer",
        "personnr",
        "pnr",
        "p-nr",
        "svenskt personnummer",
        "svensk id",
        "samordningsnummer",
        "personal identity number",
        "personal identity code",
        "henkilötunnus",
        "ssn",
    ],
    source: "Folkbokföringslagen (1991:481) 18 §; SKV 704; https://www.skatteverket.se",
    ..Detector::EMPTY
};
const ORGANISATIONSNUMMER: Detector = Detector {
    kind: "SE_ORGANISATIONSNUMMER",
    about: "Swedish organisation number",
    family: Family::Organisation,
    country: Some("SE"),
    check: Some(organisationsnummer),
    edges: APART,
    context: &[
        "organisationsnummer",
        "orgnr",
        "org nr",
        "org.nr",
        "org.nummer",
        "orgnummer",
        "företagsnummer",
        "momsregistreringsnummer",
        "vat",
        "bolag",
        "organisation number",
    ],
    source: "Lagen (1974:174) om identitetsbeteckning för juridiska personer; https://bolagsverket.se",
    ..Detector::EMPTY
};

/// Rows of Sweden.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("(?:1[89]|20)[0-9]{6}[-+]?[0-9]{4}", 30)]),
        valid: 100,
        ..PERSONNUMMER
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{6}[-+][0-9]{4}", 25)]),
        valid: 60,
        ..PERSONNUMMER
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{10}", 8)]),
        valid: 35,
        edges: ALONE,
        ..PERSONNUMMER
    },
    Detector {
        find: Find::Token(&[
            pattern("(?:16)?[0-9]{6}-[0-9]{4}", 20),
            pattern("SE ?[0-9]{6}-?[0-9]{4}(?:01)?", 35),
        ]),
        valid: 60,
        ..ORGANISATIONSNUMMER
    },
    Detector {
        find: Find::Token(&[pattern("(?:16)?[0-9]{10}", 8)]),
        valid: 30,
        edges: ALONE,
        ..ORGANISATIONSNUMMER
    },
];

/// SE_PERSONNUMMER: of ten or twelve digits, a day of the calendar, and Luhn's check of the last ten.
pub(crate) fn personnummer(text: &str) -> Check {
    let (century, ten) = match (read::<12>(text), read::<10>(text)) {
        (Some([c, d, rest @ ..]), _) => (Some(two(c, d)), rest),
        (None, Some(digits)) => (None, digits),
        (None, None) => return Check::Invalid,
    };
    let [y, z, m, n, d, e, ..] = ten;
    let day = if two(d, e) > 60 { two(d, e) - 60 } else { two(d, e) };
    let born = match century {
        Some(century @ 18..=20) => day_exists(century * 100 + two(y, z), two(m, n), day),
        Some(_) => false,
        None => day_in_a_century(two(y, z), two(m, n), day),
    };
    Check::from_bool(born && luhn(&ten))
}

/// SE_ORGANISATIONSNUMMER: the third digit is 2 or more, and Luhn's check. The century is written 16 where
/// twelve digits are wanted; a VAT number ends in 01.
pub(crate) fn organisationsnummer(text: &str) -> Check {
    let number = behind(text, "SE");
    let ten = match read::<12>(number) {
        Some([1, 6, rest @ ..]) if number.len() == text.len() => rest,
        Some([rest @ .., 0, 1]) if number.len() < text.len() => rest,
        Some(_) => return Check::Invalid,
        None => match read::<10>(number) {
            Some(digits) => digits,
            None => return Check::Invalid,
        },
    };
    agree(ten[2] >= 2 && luhn(&ten), &ten)
}

/// Luhn's check of ten digits.
fn luhn(digits: &[u32; 10]) -> bool {
    let total: u32 = digits
        .iter()
        .zip([2, 1].iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    total.is_multiple_of(10)
}
