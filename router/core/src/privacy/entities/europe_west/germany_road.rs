//! Germany: number plates, driving licences, post codes.
//!
//! A plate in small letters reads like prose (`was in 2020`): it is none where its first part is a word.
//!
//! The driving licence of the European card has the office (a letter, two digits, one more character), five
//! characters, a check digit and the issue. Presidio takes two letters, eight digits and a character: nobody
//! can check those.

use super::plain::{count_digits, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// No dash before a plate, and no letter even where it begins with an umlaut.
const PLATE: Edges = Edges {
    before: b"-_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz",
    after: b"-",
    word_before: true,
    word_after: true,
};
const POST_CODE: Edges =
    Edges { before: b".,-/$#", after: b"-/", word_before: true, word_after: true };

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "DE_KFZ",
        about: "German number plate",
        family: Family::Vehicle,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} [0-9]{1,4}[EH]?", 50),
            pattern("[A-ZÄÖÜ]{1,3}[ -][A-Z]{1,2}[ -][0-9]{1,4}[EH]?", 25),
            pattern("(?i)[a-zäöü]{1,3}[ -][a-z]{1,2}[ -][0-9]{1,4}[eh]?", 5),
        ]),
        check: Some(plate),
        edges: PLATE,
        context: &[
            "kennzeichen",
            "kfz-kennzeichen",
            "kraftfahrzeugkennzeichen",
            "fahrzeugkennzeichen",
            "amtliches kennzeichen",
            "nummernschild",
            "autokennzeichen",
            "kfz",
            "pkw",
            "lkw",
            "fahrzeug",
            "fahrzeugschein",
            "fahrzeughalter",
            "zulassungsbescheinigung",
            "license plate",
            "licence plate",
            "number plate",
        ],
        source: "FZV § 9 and Anlage 1",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_FUEHRERSCHEIN",
        about: "German driving licence number",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2}[0-9]{8}[A-Z0-9]", 30),
            pattern("(?i)[A-Z][0-9]{2}[A-Z0-9]{6}[0-9X][A-Z0-9]", 30),
        ]),
        check: Some(driving_licence),
        valid: 60,
        context: &[
            "führerschein",
            "führerscheinnummer",
            "führerschein-nr",
            "Führerschein",
            "fuehrerschein",
            "fuehrerscheinnummer",
            "fahrerlaubnis",
            "fahrerlaubnisnummer",
            "fahrerlaubnisklasse",
            "kraftfahrt-bundesamt",
            "driving licence",
            "driving license",
            "driver's license",
            "licence number",
            "license number",
        ],
        source: "FeV Anlage 8; Directive 2006/126/EC, Annex I, field 5",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_PLZ",
        about: "German post code",
        family: Family::Place,
        country: Some("DE"),
        find: Find::Token(&[pattern("[0-9]{5}", 5), pattern("D-[0-9]{5}", 45)]),
        check: Some(post_code),
        edges: POST_CODE,
        context: &[
            "plz",
            "postleitzahl",
            "postanschrift",
            "anschrift",
            "adresse",
            "wohnhaft",
            "wohnort",
            "wohnanschrift",
            "lieferadresse",
            "rechnungsadresse",
            "straße",
            "strasse",
            "hausnummer",
            "postfach",
            "berlin",
            "hamburg",
            "münchen",
            "köln",
            "frankfurt",
            "stuttgart",
            "düsseldorf",
            "leipzig",
            "dresden",
            "hannover",
            "nürnberg",
        ],
        source: "https://de.wikipedia.org/wiki/Postleitzahl_(Deutschland)",
        ..Detector::EMPTY
    },
];

const WORDS: &[&str] = &[
    "AB", "ALS", "AM", "AN", "AND", "ARE", "AT", "AUF", "AUS", "BEI", "BIS", "BY", "CAN", "DA",
    "DAS", "DER", "DEM", "DEN", "DES", "DIE", "DU", "ER", "ES", "FOR", "FÜR", "GET", "GIB", "HAD",
    "HAS", "HAT", "HER", "I", "ICH", "IF", "IHR", "IM", "IN", "IS", "IST", "IT", "ITS", "KAM",
    "LAG", "MAN", "MIT", "NOT", "NUR", "OF", "ON", "OR", "OUT", "SAH", "SET", "SIE", "SO", "THE",
    "TO", "UM", "UND", "USE", "VON", "VOR", "WAR", "WAS", "WE", "WIR", "YOU", "ZU", "ZUM", "ZUR",
];

/// In capitals nobody can tell; in small letters a word is none, and no number begins with zero.
pub(crate) fn plate(text: &str) -> Check {
    let mut parts = text.split([' ', '-']);
    let office = parts.next().unwrap_or("");
    let word = || WORDS.contains(&office.to_uppercase().as_str());
    let small = text.bytes().any(|byte| byte.is_ascii_lowercase());
    let zero = parts.nth(1).is_some_and(|number| number.starts_with('0'));
    if zero || (small && word()) { Check::Invalid } else { Check::Undecided }
}

/// Weights nine to one over the first nine characters (A is 10), modulo eleven, X for ten. Two letters and
/// eight digits are of another form.
pub(crate) fn driving_licence(text: &str) -> Check {
    let plain = plain(text);
    if plain.len() != 11 {
        return Check::Invalid;
    }
    let second = plain.as_bytes().get(1);
    if second.is_some_and(u8::is_ascii_uppercase) {
        return if count_digits(&plain) >= 8 { Check::Undecided } else { Check::Invalid };
    }
    let values = plain.chars().filter_map(|char| char.to_digit(36));
    let sum: u32 = values.zip((1..=9).rev()).map(|(value, weight)| value * weight).sum();
    let check = plain
        .chars()
        .nth(9)
        .and_then(|char| if char == 'X' { Some(10) } else { char.to_digit(10) });
    Check::from_bool(check == Some(sum % 11))
}

/// From 01001 to 99998.
pub(crate) fn post_code(text: &str) -> Check {
    let number = plain(text.trim_start_matches("D-")).parse::<u32>();
    match number {
        Ok(1001..=99998) => Check::Undecided,
        _ => Check::Invalid,
    }
}
