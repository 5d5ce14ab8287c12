//! France: companies (SIREN), their establishments (SIRET), VAT, post codes.
//!
//! Thousands are written in groups of three in France, and one of ten such numbers passes Luhn's check: a
//! SIREN counts only near a word. La Poste (356 000 000) numbers its offices so that all digits sum to a
//! multiple of five. The French spaces between groups are ASCII spaces by the time rows see them.

use super::plain::{all_equal, count_digits, digits_only, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const LA_POSTE: &str = "356000000";
const SIRET_WORDS: &[&str] = &[
    "siret",
    "n° siret",
    "numéro siret",
    "siren",
    "établissement",
    "rcs",
    "insee",
    "registre du commerce",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "FR_SIREN",
        about: "French company number",
        family: Family::Organisation,
        country: Some("FR"),
        find: Find::Token(&[
            pattern("[0-9]{9}", 5),
            pattern("[0-9]{3}[ .][0-9]{3}[ .][0-9]{3}", 10),
        ]),
        check: Some(siren),
        valid: 20,
        edges: Edges { before: b"-./,", after: b"-/,", word_before: true, word_after: true },
        context: &[
            "siren",
            "n° siren",
            "numéro siren",
            "rcs",
            "registre du commerce",
            "entreprise",
            "société",
            "insee",
            "sirene",
        ],
        source: "INSEE, Identifiants économiques: SIREN, NIC et SIRET",
    },
    Detector {
        kind: "FR_SIRET",
        about: "French establishment number, bare",
        family: Family::Organisation,
        country: Some("FR"),
        find: Find::Token(&[pattern("[0-9]{14}", 5)]),
        check: Some(siret),
        valid: 35,
        edges: Edges::NUMBER,
        context: SIRET_WORDS,
        source: "INSEE, Identifiants économiques: SIREN, NIC et SIRET",
    },
    Detector {
        kind: "FR_SIRET",
        about: "French establishment number, in groups",
        family: Family::Organisation,
        country: Some("FR"),
        find: Find::Token(&[
            pattern("[0-9]{9} [0-9]{5}", 10),
            pattern("[0-9]{3}[ .][0-9]{3}[ .][0-9]{3}[ .][0-9]{5}", 30),
        ]),
        check: Some(siret),
        valid: 60,
        edges: Edges::NUMBER,
        context: SIRET_WORDS,
        source: "INSEE, Identifiants économiques: SIREN, NIC et SIRET",
    },
    Detector {
        kind: "FR_VAT",
        about: "French VAT number",
        family: Family::Organisation,
        country: Some("FR"),
        find: Find::Token(&[pattern(
            "(?i)FR[ ]?[A-HJ-NP-Z0-9]{2}[ ]?[0-9]{3}[ ]?[0-9]{3}[ ]?[0-9]{3}",
            40,
        )]),
        check: Some(vat),
        valid: 100,
        context: &[
            "tva",
            "n° tva",
            "numéro de tva",
            "tva intracommunautaire",
            "intracommunautaire",
            "vat",
            "vat number",
        ],
        source: "CGI art. 286 ter; https://en.wikipedia.org/wiki/VAT_identification_number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "FR_POSTCODE",
        about: "French post code",
        family: Family::Place,
        country: Some("FR"),
        find: Find::Token(&[pattern("(?:0[1-9]|[1-8][0-9]|9[0-8])[0-9]{3}", 5)]),
        edges: Edges { before: b".,-/$#", after: b"-/", word_before: true, word_after: true },
        context: &[
            "code postal",
            "adresse",
            "domicilié",
            "habite",
            "rue",
            "cedex",
            "paris",
            "lyon",
            "marseille",
            "toulouse",
        ],
        source: "https://fr.wikipedia.org/wiki/Code_postal_en_France",
        ..Detector::EMPTY
    },
];

/// Nine digits with Luhn's check digit.
pub(crate) fn siren(text: &str) -> Check {
    let plain = digits_only(text, 9);
    Check::from_bool(plain.is_some_and(|plain| is_siren(&plain)))
}

fn is_siren(digits: &str) -> bool {
    !all_equal(digits) && checksum::luhn(digits)
}

/// A SIREN and five digits, with Luhn's check digit over all of them.
pub(crate) fn siret(text: &str) -> Check {
    let Some(plain) = digits_only(text, 14) else { return Check::Invalid };
    let Some(company) = plain.get(..9) else { return Check::Invalid };
    let sum: u32 = checksum::digits(&plain).sum();
    let post = company == LA_POSTE && sum.is_multiple_of(5);
    Check::from_bool(is_siren(company) && (post || checksum::luhn(&plain)))
}

/// A key of two characters and a SIREN. Digits: the SIREN followed by 12, modulo 97. With letters (no I and
/// no O) the key counts a SIREN modulo eleven. Monaco has companies that are no SIREN.
pub(crate) fn vat(text: &str) -> Check {
    const LETTERS: &str = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let plain = plain(text);
    let rest = plain.strip_prefix("FR").unwrap_or("");
    let (Some(key), Some(digits)) = (rest.get(..2), rest.get(2..)) else { return Check::Invalid };
    let Some(value) = number(digits, 0..9).filter(|_| rest.len() == 11) else {
        return Check::Invalid;
    };
    if !is_siren(digits) && !digits.starts_with("000") {
        return Check::Invalid;
    }
    if count_digits(key) == 2 {
        return Check::from_bool(number(key, 0..2) == Some((value * 100 + 12) % 97));
    }
    let mut values = key.chars().filter_map(|char| LETTERS.find(char)).map(|at| at as u64);
    let (Some(first), Some(second)) = (values.next(), values.next()) else { return Check::Invalid };
    let check = if first < 10 { first * 24 + second } else { first * 34 + second }
        .checked_sub(if first < 10 { 10 } else { 100 });
    Check::from_bool(check.is_some_and(|check| (value + 1 + check / 11) % 11 == check % 11))
}
