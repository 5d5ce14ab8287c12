//! The Netherlands: citizen service number, VAT, passport and identity card, driving licence, plate, post
//! code, chamber of commerce.
//!
//! The eleven test lets one of eleven numbers pass, so nine bare digits count only near a word. Older numbers
//! have eight digits; the leading zero is then not written. Since 2020 the VAT number of a person passes
//! modulo 97 and that of a company either that or the eleven test.

use super::plain::{all_equal, digits_only, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const CITIZEN_WORDS: &[&str] = &[
    "bsn",
    "bsn-nummer",
    "bsn nummer",
    "burgerservicenummer",
    "burger service nummer",
    "sofinummer",
    "sofi-nummer",
    "sofi",
    "persoonsnummer",
    "citizen service number",
    "rsin",
];
const DOCUMENT: &str = "[A-NP-Z]{2}[A-NP-Z0-9]{6}[0-9]";

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "NL_BSN",
        about: "Dutch citizen service number, in groups",
        family: Family::Identity,
        country: Some("NL"),
        find: Find::Token(&[pattern("[0-9]{4}\\.[0-9]{2}\\.[0-9]{3}", 20)]),
        check: Some(citizen),
        valid: 55,
        edges: Edges::NUMBER,
        context: CITIZEN_WORDS,
        source: "Wet algemene bepalingen burgerservicenummer; https://nl.wikipedia.org/wiki/Burgerservicenummer",
    },
    Detector {
        kind: "NL_BSN",
        about: "Dutch citizen service number",
        family: Family::Identity,
        country: Some("NL"),
        find: Find::Token(&[
            pattern("[0-9]{8,9}", 5),
            pattern("[0-9]{3}[ .-][0-9]{3}[ .-][0-9]{3}", 5),
            pattern("[0-9]{4}[ -][0-9]{2}[ -][0-9]{3}", 5),
        ]),
        check: Some(citizen),
        valid: 20,
        edges: Edges::NUMBER,
        context: CITIZEN_WORDS,
        source: "Wet algemene bepalingen burgerservicenummer; https://nl.wikipedia.org/wiki/Burgerservicenummer",
    },
    Detector {
        kind: "NL_VAT",
        about: "Dutch VAT number",
        family: Family::Organisation,
        country: Some("NL"),
        find: Find::Token(&[pattern(
            "(?i)NL[ ]?[0-9]{4}[. ]?[0-9]{2}[. ]?[0-9]{3}[. ]?B[ ]?[0-9]{2}",
            55,
        )]),
        check: Some(vat),
        valid: 100,
        context: &[
            "btw",
            "btw-nummer",
            "btw nummer",
            "btw-id",
            "btw-identificatienummer",
            "omzetbelastingnummer",
            "vat",
            "vat number",
        ],
        source: "Belastingdienst, btw-identificatienummer; ISO/IEC 7064 MOD 97-10",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_PASSPORT",
        about: "Dutch passport number",
        family: Family::Identity,
        country: Some("NL"),
        find: Find::Token(&[pattern(DOCUMENT, 10)]),
        check: Some(document),
        context: &[
            "paspoort",
            "paspoortnummer",
            "documentnummer",
            "reisdocument",
            "nederlands paspoort",
            "passport",
            "passport number",
        ],
        source: "Paspoortuitvoeringsregeling; https://nl.wikipedia.org/wiki/Nederlands_paspoort",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_ID_CARD",
        about: "Dutch identity card number",
        family: Family::Identity,
        country: Some("NL"),
        find: Find::Token(&[pattern(DOCUMENT, 10)]),
        check: Some(document),
        context: &[
            "identiteitskaart",
            "identiteitsbewijs",
            "id-kaart",
            "id kaart",
            "documentnummer",
            "legitimatiebewijs",
            "identity card",
            "id card",
        ],
        source: "Paspoortuitvoeringsregeling",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_DRIVING_LICENCE",
        about: "Dutch driving licence number",
        family: Family::Identity,
        country: Some("NL"),
        find: Find::Token(&[pattern("[0-9]{10}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "rijbewijs",
            "rijbewijsnummer",
            "rijbewijs nummer",
            "rdw",
            "driving licence",
            "driving license",
        ],
        source: "RDW, rijbewijs, field 5",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_LICENSE_PLATE",
        about: "Dutch number plate",
        family: Family::Vehicle,
        country: Some("NL"),
        find: Find::Token(&[pattern(
            "[A-Z]{2}-[0-9]{2}-[0-9A-Z]{2}|[0-9]{2}-[A-Z]{2}-[0-9A-Z]{2}|[0-9]{2}-[0-9]{2}-[A-Z]{2}|[A-Z]{2}-[A-Z]{2}-[0-9]{2}|[0-9]{2}-[A-Z]{3}-[0-9]|[0-9]-[A-Z]{3}-[0-9]{2}|[A-Z]{2}-[0-9]{3}-[A-Z]|[A-Z]-[0-9]{3}-[A-Z]{2}|[A-Z]{3}-[0-9]{2}-[A-Z]|[A-Z]-[0-9]{2}-[A-Z]{3}|[0-9]-[A-Z]{2}-[0-9]{3}|[0-9]{3}-[A-Z]{2}-[0-9]",
            25,
        )]),
        edges: Edges { before: b"-", after: b"-", word_before: true, word_after: true },
        context: &[
            "kenteken",
            "kentekenplaat",
            "kentekenbewijs",
            "nummerbord",
            "voertuig",
            "auto",
            "license plate",
            "number plate",
        ],
        source: "https://nl.wikipedia.org/wiki/Nederlands_kenteken",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_POSTCODE",
        about: "Dutch post code",
        family: Family::Place,
        country: Some("NL"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{3} [A-Z]{2}", 20),
            pattern("[1-9][0-9]{3}[A-Z]{2}", 10),
        ]),
        check: Some(post_code),
        context: &[
            "postcode",
            "adres",
            "woonplaats",
            "straat",
            "amsterdam",
            "rotterdam",
            "den haag",
            "utrecht",
            "eindhoven",
            "address",
        ],
        source: "https://nl.wikipedia.org/wiki/Postcodes_in_Nederland",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NL_KVK",
        about: "Dutch chamber of commerce number",
        family: Family::Organisation,
        country: Some("NL"),
        find: Find::Token(&[pattern("[0-9]{8}", 5)]),
        edges: Edges::NUMBER,
        context: &[
            "kvk",
            "kvk-nummer",
            "kvk nummer",
            "kamer van koophandel",
            "handelsregister",
            "chamber of commerce",
        ],
        source: "Handelsregisterbesluit 2008",
        ..Detector::EMPTY
    },
];

/// The eleven test: weights nine to two, and minus one for the last.
pub(crate) fn citizen(text: &str) -> Check {
    let plain = plain(text);
    let padded = if plain.len() == 8 { format!("0{plain}") } else { plain };
    Check::from_bool(digits_only(&padded, 9).is_some_and(|digits| eleven_test(&digits)))
}

fn eleven_test(digits: &str) -> bool {
    let sum = checksum::weighted(digits, &[9, 8, 7, 6, 5, 4, 3, 2, 10]);
    !all_equal(digits) && sum.is_multiple_of(11)
}

/// NL, nine digits, B and two: the nine pass the eleven test, or all of it is one modulo 97.
pub(crate) fn vat(text: &str) -> Check {
    let plain = plain(text);
    let company = plain.get(2..11).is_some_and(eleven_test);
    Check::from_bool(plain.len() == 14 && (company || checksum::mod_97(&plain) == Some(1)))
}

/// A word that ends in a digit is none: two digits at least.
fn document(text: &str) -> Check {
    if super::plain::count_digits(text) >= 2 { Check::Undecided } else { Check::Invalid }
}

/// SA, SD and SS are never given out.
fn post_code(text: &str) -> Check {
    if text.ends_with("SA") || text.ends_with("SD") || text.ends_with("SS") {
        Check::Invalid
    } else {
        Check::Undecided
    }
}
