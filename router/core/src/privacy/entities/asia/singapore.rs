//! Singapore: identity and foreign identification numbers, entity numbers, passport.
//!
//! NRIC and FIN: a letter of the series (S, T, F, G, M), seven digits, a check letter by MOD 11 whose
//! alphabet depends on the series. UEN: eight digits and a letter for businesses, a year, five digits and
//! a letter for companies, or `T08LL0001A` for the others; each with its own weights and alphabet.

use super::digits::compact;
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "SG_NRIC_FIN",
        about: "Singaporean identity number, of citizens or of foreigners",
        family: Family::Identity,
        country: Some("SG"),
        find: Find::Token(&[pattern("(?i)[STFGM][0-9]{7}[A-Z]", 30)]),
        check: Some(sg_nric_fin),
        valid: 60,
        context: &[
            "nric",
            "fin",
            "nric no",
            "nric/fin",
            "identity card",
            "ic number",
            "ic no",
            "singpass",
            "work permit",
            "employment pass",
            "身份证",
            "身份證",
            "kad pengenalan",
        ],
        source: "https://en.wikipedia.org/wiki/National_Registration_Identity_Card_(Singapore)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "SG_UEN",
        about: "Singaporean unique entity number",
        family: Family::Organisation,
        country: Some("SG"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{8}[A-Z]", 20),
            pattern("(?i)(?:18|19|20)[0-9]{2}[0-9]{5}[A-Z]", 30),
            pattern("(?i)[TSR][0-9]{2}[A-Z]{2}[0-9]{4}[A-Z]", 40),
        ]),
        check: Some(sg_uen),
        valid: 60,
        context: &[
            "uen",
            "unique entity number",
            "business registration",
            "acra",
            "company registration",
            "gst reg",
            "roc no",
            "entity number",
        ],
        source: "https://www.uen.gov.sg, https://en.wikipedia.org/wiki/Unique_Entity_Number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "SG_PASSPORT",
        about: "Singaporean passport number",
        family: Family::Identity,
        country: Some("SG"),
        find: Find::Token(&[pattern("[KEke][0-9]{7}[A-Za-z]", 20)]),
        context: &[
            "passport",
            "passport no",
            "passport number",
            "singapore passport",
            "travel document",
            "护照",
            "pasport",
        ],
        source: "https://en.wikipedia.org/wiki/Singapore_passport",
        ..Detector::EMPTY
    },
];

/// `SG_NRIC_FIN`: the check letter agrees.
pub(crate) fn sg_nric_fin(text: &str) -> Check {
    let number = compact(text);
    let sum = checksum::weighted(&number, &[2, 7, 6, 5, 4, 3, 2]);
    let (alphabet, offset) = match number.as_bytes().first() {
        Some(b'S') => ("JZIHGFEDCBA", 0),
        Some(b'T') => ("JZIHGFEDCBA", 4),
        Some(b'F') => ("XWUTRQPNMLK", 0),
        Some(b'G') => ("XWUTRQPNMLK", 4),
        Some(b'M') => ("XWUTRQPNJLK", 3),
        _ => return Check::Invalid,
    };
    Check::from_bool(number.len() == 9 && ends_with(&number, alphabet, sum + offset))
}

/// `SG_UEN`: the check letter agrees, and the year, or the kind of entity, exists.
pub(crate) fn sg_uen(text: &str) -> Check {
    let number = compact(text);
    let first_is_digit = number.bytes().next().is_some_and(|byte| byte.is_ascii_digit());
    Check::from_bool(match (number.len(), first_is_digit) {
        (9, true) => {
            let sum = checksum::weighted(&number, &[10, 4, 9, 3, 8, 2, 7, 1]);
            ends_with(&number, "XMKECAWLJDB", sum)
        }
        (10, true) => {
            let sum = checksum::weighted(&number, &[10, 8, 6, 4, 9, 7, 5, 3, 1]);
            ends_with(&number, "ZKCMDNERGWH", sum)
        }
        (10, false) => other_entity(&number),
        _ => false,
    })
}

/// Kinds of entities that are neither businesses nor companies.
const ENTITIES: &[&str] = &[
    "LP", "LL", "FC", "PF", "RF", "MQ", "MM", "NB", "CC", "CS", "MB", "FM", "GS", "DP", "CP", "NR",
    "CM", "CD", "MD", "HS", "VH", "CH", "MH", "CL", "XL", "CX", "HC", "RP", "TU", "TC", "FB", "FN",
    "PA", "PB", "SS", "MC", "SM", "GA", "GB",
];

fn other_entity(number: &str) -> bool {
    const ALPHABET: &str = "ABCDEFGHJKLMNPQRSTUVWX0123456789";
    let known = number.get(3..5).is_some_and(|kind| ENTITIES.contains(&kind));
    let values = number.chars().map(|char| ALPHABET.find(char).unwrap_or_default());
    let sum: usize = values.zip([4, 3, 5, 3, 10, 2, 2, 5, 7]).map(|(v, w)| v * w).sum();
    let check = ALPHABET.chars().nth((sum + 6) % 11);
    known && check.is_some_and(|check| number.ends_with(check))
}

/// Whether the last letter is the one that the sum, modulo eleven, points at.
fn ends_with(number: &str, alphabet: &str, sum: u32) -> bool {
    let check = alphabet.chars().nth((sum % 11) as usize);
    check.is_some_and(|check| number.ends_with(check))
}
