//! Switzerland: old-age insurance (AHV, AVS), company (UID), passport, identity card, plate.
//!
//! The insurance number is an EAN-13 of the country 756, which Switzerland has in ISO 3166.

use super::plain::{all_equal, digits_only, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "CH_AHV",
        about: "Swiss social insurance number",
        family: Family::Identity,
        country: Some("CH"),
        find: Find::Token(&[
            pattern("756[0-9]{10}", 20),
            pattern("756[. -][0-9]{4}[. -][0-9]{4}[. -][0-9]{2}", 50),
        ]),
        check: Some(insurance),
        valid: 100,
        edges: Edges::NUMBER,
        context: &[
            "ahv",
            "ahv-nummer",
            "ahv-nr",
            "ahvn13",
            "avs",
            "numéro avs",
            "no avs",
            "avs/ai",
            "numero avs",
            "navs13",
            "sozialversicherungsnummer",
            "versichertennummer",
            "assurance-vieillesse",
            "social security number",
        ],
        source: "AHVV Art. 133; https://de.wikipedia.org/wiki/Sozialversicherungsnummer",
    },
    Detector {
        kind: "CH_UID",
        about: "Swiss company number, with or without VAT",
        family: Family::Organisation,
        country: Some("CH"),
        find: Find::Token(&[pattern(
            "(?i)CHE[ -]?[0-9]{3}[. ]?[0-9]{3}[. ]?[0-9]{3}(?:[ ]?(?:MWST|TVA|IVA|VAT|HR|RC))?",
            50,
        )]),
        check: Some(company),
        valid: 90,
        context: &[
            "uid",
            "uid-nummer",
            "ide",
            "idi",
            "unternehmens-identifikationsnummer",
            "mwst",
            "mwst-nummer",
            "tva",
            "iva",
            "handelsregister",
            "vat number",
        ],
        source: "UIDG; eCH-0097",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CH_PASSPORT",
        about: "Swiss passport number",
        family: Family::Identity,
        country: Some("CH"),
        find: Find::Token(&[
            pattern("(?i)[A-Z][0-9]{7}", 10),
            pattern("[A-Z][0-9][A-Z0-9]{5}[0-9]", 5),
        ]),
        context: &[
            "pass",
            "passnummer",
            "pass-nr",
            "reisepass",
            "schweizer pass",
            "passeport",
            "passaporto",
            "passport",
            "passport number",
        ],
        source: "https://de.wikipedia.org/wiki/Schweizer_Pass",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CH_ID_CARD",
        about: "Swiss identity card number",
        family: Family::Identity,
        country: Some("CH"),
        find: Find::Token(&[
            pattern("(?i)[A-Z][0-9]{7}", 10),
            pattern("[A-Z][0-9][A-Z0-9]{5}[0-9]", 5),
        ]),
        context: &[
            "identitätskarte",
            "identitaetskarte",
            "ausweisnummer",
            "ausweis-nr",
            "carte d'identité",
            "carta d'identità",
            "identity card",
            "id card",
        ],
        source: "https://de.wikipedia.org/wiki/Identitätskarte_(Schweiz)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CH_LICENSE_PLATE",
        about: "Swiss number plate",
        family: Family::Vehicle,
        country: Some("CH"),
        find: Find::Token(&[pattern(
            "(?:AG|AI|AR|BE|BL|BS|FR|GE|GL|GR|JU|LU|NE|NW|OW|SG|SH|SO|SZ|TG|TI|UR|VD|VS|ZG|ZH)[ -][0-9]{1,6}",
            10,
        )]),
        edges: Edges { before: b"-", after: b"-", word_before: true, word_after: true },
        context: &[
            "kontrollschild",
            "autonummer",
            "kennzeichen",
            "nummernschild",
            "plaque",
            "numéro de plaque",
            "targa",
            "license plate",
            "number plate",
        ],
        source: "VZV Art. 84",
        ..Detector::EMPTY
    },
];

/// Thirteen digits that begin with 756; EAN-13.
pub(crate) fn insurance(text: &str) -> Check {
    let Some(plain) = digits_only(text, 13) else { return Check::Invalid };
    let sum = checksum::weighted(&plain, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]);
    Check::from_bool(plain.starts_with("756") && sum.is_multiple_of(10))
}

/// CHE and nine digits: weights 5, 4, 3, 2, 7, 6, 5, 4, modulo eleven.
pub(crate) fn company(text: &str) -> Check {
    let plain = plain(text);
    let digits = plain.strip_prefix("CHE").and_then(|rest| rest.get(..9));
    let Some(digits) = digits.and_then(|rest| digits_only(rest, 9)) else { return Check::Invalid };
    let sum = checksum::weighted(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 1]);
    Check::from_bool(!all_equal(&digits) && sum.is_multiple_of(11))
}
