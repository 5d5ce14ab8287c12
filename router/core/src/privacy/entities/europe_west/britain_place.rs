//! United Kingdom: post codes and number plates.
//!
//! Both are short and mixed of letters and digits, as are names of parts and versions. In capitals, with the
//! space that Royal Mail and the DVLA print and an area or age that exists, they count; otherwise context
//! must say so.

use super::plain::{number, plain};
use crate::privacy::detect::{Check, Detector, Family, Find, Pattern, pattern};

/// Outward and inward code of each shape, with a space and without.
const SPACED: &[Pattern] = &[
    pattern("[A-PR-UWYZ][0-9][ABCDEFGHJKPSTUW]? [0-9][ABD-HJLNP-UW-Z]{2}", 20),
    pattern("[A-PR-UWYZ][0-9]{2} [0-9][ABD-HJLNP-UW-Z]{2}", 20),
    pattern("[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]? [0-9][ABD-HJLNP-UW-Z]{2}", 20),
    pattern("[A-PR-UWYZ][A-HK-Y][0-9]{2} [0-9][ABD-HJLNP-UW-Z]{2}", 20),
    pattern("GIR 0AA", 20),
];
const CLOSE: &[Pattern] = &[
    pattern("(?i)[A-PR-UWYZ][0-9][ABCDEFGHJKPSTUW]?[ ]?[0-9][ABD-HJLNP-UW-Z]{2}", 5),
    pattern("(?i)[A-PR-UWYZ][0-9]{2}[ ]?[0-9][ABD-HJLNP-UW-Z]{2}", 5),
    pattern("(?i)[A-PR-UWYZ][A-HK-Y][0-9][ABEHMNPRVWXY]?[ ]?[0-9][ABD-HJLNP-UW-Z]{2}", 5),
    pattern("(?i)[A-PR-UWYZ][A-HK-Y][0-9]{2}[ ]?[0-9][ABD-HJLNP-UW-Z]{2}", 5),
    pattern("(?i)GIR[ ]?0AA", 5),
];
const POST_CODE_WORDS: &[&str] = &[
    "postcode",
    "post code",
    "postal code",
    "address",
    "delivery address",
    "shipping address",
    "correspondence",
    "lives at",
    "london",
    "street",
    "road",
    "avenue",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "UK_POSTCODE",
        about: "British post code, in capitals with its space",
        family: Family::Place,
        country: Some("GB"),
        find: Find::Token(SPACED),
        check: Some(post_code),
        valid: 45,
        context: POST_CODE_WORDS,
        source: "https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_POSTCODE",
        about: "British post code, close or in small letters",
        family: Family::Place,
        country: Some("GB"),
        find: Find::Token(CLOSE),
        check: Some(close_post_code),
        context: POST_CODE_WORDS,
        source: "https://en.wikipedia.org/wiki/Postcodes_in_the_United_Kingdom",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_VEHICLE_REGISTRATION",
        about: "British number plate",
        family: Family::Vehicle,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("(?i)[A-HJ-PR-Y]{2}(?:0[2-9]|[1-7][0-9])[ -]?[A-HJ-PR-Z]{3}", 15),
            pattern("(?i)[A-HJ-NPR-TV-Y][0-9]{1,3}[ -]?[A-HJ-PR-Y][A-HJ-PR-Z]{2}", 10),
            pattern("(?i)[A-HJ-PR-Z]{3}[ -]?[0-9]{1,3}[ -]?[A-HJ-NPR-TV-Y]", 10),
        ]),
        check: Some(plate),
        valid: 45,
        context: &[
            "registration",
            "registration number",
            "vehicle",
            "number plate",
            "licence plate",
            "license plate",
            "reg",
            "vrn",
            "vrm",
            "dvla",
            "v5c",
            "logbook",
            "my car",
            "car reg",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_the_United_Kingdom",
        ..Detector::EMPTY
    },
];

const AREAS: &[&str] = &[
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH",
    "CM", "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E",
    "EC", "EH", "EN", "EX", "FK", "FY", "G", "GIR", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR",
    "HS", "HU", "HX", "IG", "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE",
    "LL", "LN", "LS", "LU", "M", "ME", "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL",
    "OX", "PA", "PE", "PH", "PL", "PO", "PR", "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL",
    "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW", "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS",
    "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR", "WS", "WV", "YO", "ZE",
];

/// Valid if the area exists.
pub(crate) fn post_code(text: &str) -> Check {
    let letters = text.find(|char: char| char.is_ascii_digit()).unwrap_or(0);
    let area = text.get(..letters).unwrap_or("").trim_end().to_ascii_uppercase();
    if AREAS.contains(&area.as_str()) { Check::Valid } else { Check::Undecided }
}

/// Whatever the other row does not take.
fn close_post_code(text: &str) -> Check {
    let capitals = !text.bytes().any(|byte| byte.is_ascii_lowercase());
    if capitals && text.contains(' ') { Check::Invalid } else { Check::Undecided }
}

/// Plates since September 2001 have an age that exists: 02 to 29 for March, 51 to 79 for September. Valid in
/// capitals with the space; other plates have nothing to check.
pub(crate) fn plate(text: &str) -> Check {
    let plain = plain(text);
    let recent = plain.len() == 7
        && plain.get(..2).is_some_and(|area| area.bytes().all(|byte| byte.is_ascii_uppercase()));
    let Some(age) = number(&plain, 2..4).filter(|_| recent) else { return Check::Undecided };
    let printed = text.contains(' ') && !text.bytes().any(|byte| byte.is_ascii_lowercase());
    match age {
        2..=29 | 51..=79 if printed => Check::Valid,
        2..=29 | 51..=79 => Check::Undecided,
        _ => Check::Invalid,
    }
}
