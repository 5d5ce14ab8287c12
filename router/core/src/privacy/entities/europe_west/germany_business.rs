//! Germany: taxes, value added tax, commercial register.
//!
//! The identification number of § 139b AO repeats exactly one of its first ten digits, twice or three times.
//! Sample numbers with ten different digits are common in forms and tests and pass here, as they do in
//! Presidio; every other breach of the rule does not.
//!
//! The check digit of the VAT number was never published: where it does not agree, the prefix and the nine
//! digits still count.

use super::plain::{digits_only, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "DE_TAX_ID",
        about: "German tax identification number",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("[1-9][0-9]{10}", 10),
            pattern("[1-9][0-9][ -]?[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}", 20),
        ]),
        check: Some(tax_id),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "steueridentifikationsnummer",
            "steuer-identifikationsnummer",
            "steuerliche identifikationsnummer",
            "persönliche identifikationsnummer",
            "identifikationsnummer",
            "steuer-id",
            "steuerid",
            "steuer id",
            "steuer-idnr",
            "idnr",
            "id-nr",
            "bzst",
            "finanzamt",
            "tax id",
            "tax identification number",
            "tin",
        ],
        source: "AO § 139b; StIdV; ISO/IEC 7064 MOD 11,10",
    },
    Detector {
        kind: "DE_TAX_NUMBER",
        about: "German tax number of a tax office",
        family: Family::Identity,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("0[1-9][0-9]{11}", 20),
            pattern("1[0-6][0-9]{11}", 5),
            pattern("(?:11|2[1-46-8]|[13459][0-9])[0-9]{2}0[0-9]{8}", 5),
            pattern("[0-9]{3}/[0-9]{3}/[0-9]{5}", 45),
            pattern("[0-9]{2}/[0-9]{3}/[0-9]{5}", 45),
            pattern("[0-9]{3}/[0-9]{4}/[0-9]{4}", 40),
            pattern("[0-9]{2,3}/[0-9]{3,4}/[0-9]{4,5}", 20),
        ]),
        edges: Edges { before: b"/.-", after: b"/-", word_before: true, word_after: true },
        context: &[
            "steuernummer",
            "steuer-nr",
            "steuer nr",
            "steuernr",
            "st.-nr",
            "st-nr",
            "stnr",
            "finanzamt",
            "einkommensteuer",
            "umsatzsteuer",
            "gewerbesteuer",
            "körperschaftsteuer",
            "steuerbescheid",
            "elster",
            "tax number",
        ],
        source: "https://de.wikipedia.org/wiki/Steuernummer",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_VAT_ID",
        about: "German VAT number",
        family: Family::Organisation,
        country: Some("DE"),
        find: Find::Token(&[pattern("(?i)DE[ .-]?[0-9]{3}[ .-]?[0-9]{3}[ .-]?[0-9]{3}", 50)]),
        check: Some(vat_id),
        valid: 85,
        context: &[
            "umsatzsteuer-identifikationsnummer",
            "umsatzsteueridentifikationsnummer",
            "umsatzsteuer-id",
            "ust-idnr",
            "ust-id",
            "ust.-id",
            "ustidnr",
            "ust id",
            "mehrwertsteuer",
            "vat",
            "vat id",
            "vat-id",
            "vat number",
        ],
        source: "UStG § 27a; ISO/IEC 7064 MOD 11,10",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_BUSINESS_ID",
        about: "German economic identification number (W-IdNr.)",
        family: Family::Organisation,
        country: Some("DE"),
        find: Find::Token(&[pattern("(?i)DE[ ]?[0-9]{9}-[0-9]{5}", 65)]),
        context: &[
            "wirtschafts-identifikationsnummer",
            "wirtschaftsidentifikationsnummer",
            "wirtschafts-id",
            "w-idnr",
            "widnr",
            "bzst",
            "business identification number",
        ],
        source: "AO § 139c",
        ..Detector::EMPTY
    },
    Detector {
        kind: "DE_HANDELSREGISTER",
        about: "German commercial register number",
        family: Family::Organisation,
        country: Some("DE"),
        find: Find::Token(&[
            pattern("(?i)HR[AB][ ]{0,3}[0-9]{1,6}", 50),
            pattern("(?i)HR[AB][ -]{0,2}Nr\\.?[: ]{0,2}[0-9]{1,6}", 55),
        ]),
        context: &[
            "handelsregister",
            "handelsregisternummer",
            "handelsregister-nr",
            "handelsregistereintrag",
            "amtsgericht",
            "registergericht",
            "registernummer",
            "registerauszug",
            "hr-nummer",
            "commercial register",
        ],
        source: "HGB §§ 9, 14; HRV § 3",
        ..Detector::EMPTY
    },
];

/// Eleven digits, no leading zero, at most one of the first ten repeated (twice, or three times but not in
/// a row), MOD 11,10.
pub(crate) fn tax_id(text: &str) -> Check {
    let Some(plain) = digits_only(text, 11) else { return Check::Invalid };
    Check::from_bool(
        !plain.starts_with('0') && repeats_as_it_should(&plain) && checksum::mod_11_10(&plain),
    )
}

fn repeats_as_it_should(plain: &str) -> bool {
    let Some(first) = plain.get(..10) else { return false };
    let mut repeated = ('0'..='9')
        .map(|digit| (digit, first.matches(digit).count()))
        .filter(|(_, count)| *count > 1);
    let Some((digit, count)) = repeated.next() else { return true };
    let in_a_row = [digit, digit, digit].iter().collect::<String>();
    repeated.next().is_none() && count <= 3 && !first.contains(&in_a_row)
}

/// DE and nine digits: whether the ninth agrees is a sign, not a proof.
pub(crate) fn vat_id(text: &str) -> Check {
    let plain = plain(text);
    match plain.strip_prefix("DE").and_then(|rest| digits_only(rest, 9)) {
        Some(rest) if checksum::mod_11_10(&rest) => Check::Valid,
        Some(_) => Check::Undecided,
        None => Check::Invalid,
    }
}
