//! Vehicle identification numbers, which North America gives a check digit.
//!
//! Seventeen letters and digits without I, O and Q. The ninth is the check digit wherever the law of the
//! United States or Canada, or China, holds; Europe fills it with anything. So a wrong one disproves a number
//! that begins with the continent's 1 to 5, and no other. A right one counts only if the last four are digits
//! as the law has it: seventeen characters of a random identifier seldom are.

use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const VIN: Detector = Detector {
    kind: "US_VIN",
    about: "vehicle identification number",
    family: Family::Vehicle,
    country: Some("US"),
    check: Some(us_vin),
    context: &[
        "vin",
        "vin number",
        "vehicle identification",
        "chassis",
        "chassis number",
        "frame number",
        "vehicle id",
        "número de serie",
        "número de chasis",
        "numéro d'identification du véhicule",
        "niv",
        "chassi",
    ],
    source: "49 CFR 565; ISO 3779",
    ..Detector::EMPTY
};

pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(&[pattern("[A-HJ-NPR-Z0-9]{17}", 20)]), valid: 75, ..VIN },
    // In small letters hexadecimal constants pass.
    Detector { find: Find::Token(&[pattern("[a-hj-npr-z0-9]{17}", 5)]), valid: 30, ..VIN },
];

/// Vehicle identification number: letters stand for digits, and the weighted sum of all for the ninth.
pub(crate) fn us_vin(text: &str) -> Check {
    const WEIGHTS: [u32; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    let bytes = text.as_bytes();
    let letter = bytes.iter().any(u8::is_ascii_alphabetic);
    if bytes.len() != 17 || !letter {
        return Check::Invalid;
    }
    let mut sum = 0;
    for (byte, weight) in bytes.iter().zip(WEIGHTS) {
        let Some(value) = value(*byte) else { return Check::Invalid };
        sum += value * weight;
    }
    let check =
        if sum % 11 == 10 { b'X' } else { b'0' + u8::try_from(sum % 11).unwrap_or_default() };
    let agrees = bytes.get(8).is_some_and(|byte| byte.to_ascii_uppercase() == check);
    let serial = bytes.get(13..).is_some_and(|serial| serial.iter().all(u8::is_ascii_digit));
    let american = bytes.first().is_some_and(|byte| matches!(byte, b'1'..=b'5'));
    match (agrees, american) {
        (true, _) if serial => Check::Valid,
        (false, true) => Check::Invalid,
        _ => Check::Undecided,
    }
}

/// What a character counts for. I, O and Q are none of it.
fn value(byte: u8) -> Option<u32> {
    let byte = byte.to_ascii_uppercase();
    let value = match byte {
        b'0'..=b'9' => byte - b'0',
        b'A'..=b'H' => byte - b'A' + 1,
        b'J'..=b'N' => byte - b'J' + 1,
        b'P' => 7,
        b'R' => 9,
        b'S'..=b'Z' => byte - b'S' + 2,
        _ => return None,
    };
    Some(u32::from(value))
}
