//! Germany: health insurance, physicians, practices and the telematics of health care.
//!
//! A practice (BSNR) and a physician (LANR) have nine digits each. The first has no check digit, the second
//! has one at the seventh place: alone, neither is more than nine digits.

use super::plain::{all_equal, cross_sum, digits_only, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "DE_HEALTH_INSURANCE",
        about: "German health insurance number (KVNR)",
        family: Family::Health,
        country: Some("DE"),
        find: Find::Token(&[pattern("(?i)[A-Z][ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}", 20)]),
        check: Some(health_insurance),
        valid: 45,
        context: &[
            "krankenversicherungsnummer",
            "krankenversichertennummer",
            "krankenversicherten-nr",
            "versichertennummer",
            "versicherten-nr",
            "versicherten-id",
            "kvnr",
            "krankenkasse",
            "krankenversicherung",
            "gesundheitskarte",
            "egk",
            "egk-nummer",
            "gkv",
            "versichertenkarte",
            "aok",
            "barmer",
            "dak",
            "health insurance",
        ],
        source: "SGB V § 290, Anlage 1 (GKV-Spitzenverband)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_LANR",
        about: "German physician number (LANR)",
        family: Family::Health,
        country: Some("DE"),
        find: Find::Token(&[pattern("[0-9]{9}", 5), pattern("[0-9]{7}[ /-][0-9]{2}", 10)]),
        check: Some(physician),
        valid: 25,
        edges: Edges::NUMBER,
        context: &[
            "lanr",
            "lebenslange arztnummer",
            "arztnummer",
            "arzt-nr",
            "arzt-nummer",
            "vertragsarztnummer",
            "vertragsarzt",
            "behandelnder arzt",
            "behandelnden arztes",
            "verschreibender arzt",
            "physician number",
            "doctor number",
        ],
        source: "KBV, Richtlinie nach § 75 Abs. 7 SGB V",
    },
    Detector {
        kind: "DE_BSNR",
        about: "German practice number (BSNR)",
        family: Family::Health,
        country: Some("DE"),
        find: Find::Token(&[pattern("[0-9]{9}", 5)]),
        check: Some(practice),
        edges: Edges::NUMBER,
        context: &[
            "bsnr",
            "betriebsstättennummer",
            "betriebsstätten-nummer",
            "betriebsstätten-nr",
            "betriebsstaettennummer",
            "betriebsstaetten-nr",
            "betriebsstätte",
            "nebenbetriebsstätte",
            "hauptbetriebsstätte",
            "praxisnummer",
            "arztpraxis",
            "kassenärztliche vereinigung",
            "practice number",
        ],
        source: "KBV, Richtlinie nach § 75 Abs. 7 SGB V",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_IK",
        about: "German number of a health care institution (Institutionskennzeichen)",
        family: Family::Health,
        country: Some("DE"),
        find: Find::Token(&[pattern("[0-9]{9}", 5), pattern("[0-9]{2}[ ][0-9]{6}[ ][0-9]", 10)]),
        check: Some(institution),
        valid: 15,
        edges: Edges::NUMBER,
        context: &[
            "institutionskennzeichen",
            "ik-nummer",
            "ik-nr",
            "iknr",
            "kostenträgerkennung",
            "kassen-ik",
            "institution code",
        ],
        source: "https://de.wikipedia.org/wiki/Institutionskennzeichen",
    },
    Detector {
        kind: "DE_TELEMATIK_ID",
        about: "German identity in the telematics of health care",
        family: Family::Health,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("(?:1|10|9|11)-[A-Z0-9.]{4,59}[A-Z0-9]", 10),
            pattern("(?:3|5)-[0-9](?:\\.[0-9]{1,3}){0,3}[.-][A-Z0-9.-]{4,59}[A-Z0-9]", 15),
        ]),
        edges: Edges { before: b"-./", after: b"-/", word_before: true, word_after: true },
        context: &[
            "telematik-id",
            "telematikid",
            "telematik id",
            "gesundheits-id",
            "ehba",
            "smc-b",
            "heilberufsausweis",
            "elektronische patientenakte",
            "e-rezept",
            "telematics id",
        ],
        source: "gematik, gemSpec_PKI, 4.7",
        ..Detector::EMPTY
    },
];

/// A letter, read as two digits (A is 01), eight digits and their check digit: weights 1 and 2, cross sums.
pub(crate) fn health_insurance(text: &str) -> Check {
    let plain = plain(text);
    let letter = plain.chars().next().and_then(|char| char.to_digit(36)?.checked_sub(9));
    let (Some(letter), Some(rest)) = (letter, digits_only(plain.get(1..).unwrap_or(""), 9)) else {
        return Check::Invalid;
    };
    let spelt = format!("{letter:02}{rest}");
    let weights = [1, 2].into_iter().cycle();
    let sum: u32 = checksum::digits(&spelt)
        .zip(weights)
        .take(10)
        .map(|(digit, weight)| cross_sum(digit * weight))
        .sum();
    Check::from_bool(checksum::digits(&rest).next_back() == Some(sum % 10))
}

/// Six digits, their check digit (weights 4 and 9), two digits for the speciality.
pub(crate) fn physician(text: &str) -> Check {
    let Some(plain) = digits_only(text, 9) else { return Check::Invalid };
    let sum = checksum::weighted(&plain, &[4, 9, 4, 9, 4, 9, 1]);
    Check::from_bool(!all_equal(&plain) && sum.is_multiple_of(10))
}

/// Nine digits, not all of them zero. They have no check digit.
pub(crate) fn practice(text: &str) -> Check {
    match digits_only(text, 9) {
        Some(plain) if plain != "000000000" => Check::Undecided,
        _ => Check::Invalid,
    }
}

/// The ninth digit checks the third to eighth: weights 2 and 1, cross sums.
pub(crate) fn institution(text: &str) -> Check {
    let Some(plain) = digits_only(text, 9) else { return Check::Invalid };
    let weights = [2, 1].into_iter().cycle();
    let sum: u32 = checksum::digits(&plain)
        .skip(2)
        .take(6)
        .zip(weights)
        .map(|(digit, weight)| cross_sum(digit * weight))
        .sum();
    let agrees = checksum::digits(&plain).next_back() == Some(sum % 10);
    Check::from_bool(agrees && !all_equal(&plain))
}
