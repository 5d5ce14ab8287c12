//! Health care in Australia: Medicare card and the identifiers of persons and providers.
//!
//! The tenth digit of a Medicare number counts its issues and is in no check; one more behind a dash or a
//! slash is the person on the card. The sixteen digits of an individual health identifier are a card number
//! of ISO 7812 with the prefix 800360.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const AU: Detector = Detector { family: Family::Health, country: Some("AU"), ..Detector::EMPTY };

const MEDICARE: Detector = Detector {
    kind: "AU_MEDICARE",
    about: "Medicare card",
    check: Some(au_medicare),
    context: &[
        "medicare",
        "medicare card",
        "medicare number",
        "medicare no",
        "irn",
        "individual reference number",
        "bulk bill",
        "patient",
    ],
    source: "https://en.wikipedia.org/wiki/Medicare_card_(Australia); Services Australia, Medicare number check",
    ..AU
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[2-6][0-9]{3}[ -][0-9]{5}[ -][0-9](?: ?[-/] ?[1-9])?", 10)]),
        valid: 60,
        edges: GROUPED,
        ..MEDICARE
    },
    Detector {
        find: Find::Token(&[pattern("[2-6][0-9]{9}(?:[-/][1-9])?", 1)]),
        valid: 30,
        edges: BARE,
        ..MEDICARE
    },
    Detector {
        kind: "AU_IHI",
        about: "health identifier of a person or a provider",
        find: Find::Token(&[
            pattern("80036[0-2][0-9]{10}", 40),
            pattern("8003[ -]6[0-2][0-9]{2}[ -][0-9]{4}[ -][0-9]{4}", 50),
        ]),
        check: Some(au_health_identifier),
        valid: 100,
        context: &[
            "ihi",
            "hpi-i",
            "hpi-o",
            "individual healthcare identifier",
            "healthcare identifier",
            "my health record",
        ],
        source: "Healthcare Identifiers Act 2010; AS 5017-2006",
        ..AU
    },
    Detector {
        kind: "AU_MEDICARE_PROVIDER",
        about: "provider number of Medicare",
        find: Find::Token(&[pattern("(?i)[0-9]{6}[0-9A-HJ-NP-RT-Y][ABFHJKLTWXY]", 5)]),
        check: Some(au_provider),
        valid: 35,
        edges: Edges::NUMBER,
        context: &[
            "provider number",
            "provider no",
            "medicare provider",
            "prescriber number",
            "practitioner",
            "referring doctor",
        ],
        source: "https://www.servicesaustralia.gov.au/medicare-provider-number",
        ..AU
    },
];

/// Medicare number: a first digit 2 to 6, and the ninth checks the eight before it.
pub(crate) fn au_medicare(text: &str) -> Check {
    let all: Vec<u32> = checksum::digits(text).collect();
    let (Some(first), Some(check), 10 | 11) = (all.first(), all.get(8), all.len()) else {
        return Check::Invalid;
    };
    let sum = reading::weigh(&all, &[1, 3, 7, 9, 1, 3, 7, 9]);
    Check::from_bool((2..=6).contains(first) && sum % 10 == *check)
}

/// Health identifier: sixteen digits with Luhn's check behind 800360, 800361 or 800362.
pub(crate) fn au_health_identifier(text: &str) -> Check {
    let Some(digits) = reading::digits::<16>(text) else { return Check::Invalid };
    let prefix = matches!(reading::field(&digits, 0..6), 800_360..=800_362);
    Check::from_bool(prefix && checksum::luhn(text))
}

/// Provider number of Medicare: six digits, a place of practice, and a check letter over both.
pub(crate) fn au_provider(text: &str) -> Check {
    const PLACES: &str = "0123456789ABCDEFGHJKLMNPQRTUVWXY";
    const LETTERS: &[u8] = b"YXWTLKJHFBA";
    let plain = reading::plain(text);
    let mut back = plain.chars().rev();
    let (Some(check), Some(place)) = (back.next(), back.next()) else { return Check::Invalid };
    let (Some(place), Some(digits)) =
        (PLACES.find(place), plain.get(..6).and_then(reading::digits::<6>))
    else {
        return Check::Invalid;
    };
    let place = u32::try_from(place).unwrap_or_default();
    let sum = reading::weigh(&digits, &[3, 5, 8, 4, 2, 1]) + 6 * place;
    let wanted = usize::try_from(sum % 11).ok().and_then(|rest| LETTERS.get(rest));
    Check::from_bool(plain.len() == 8 && wanted.is_some_and(|letter| char::from(*letter) == check))
}
