//! International bank account numbers (ISO 13616).
//!
//! Length and structure are those of the country in the registry of SWIFT; two check digits by mod 97. Groups
//! of any size, with a space, a dash or a point between. All letters are of one case: `KW81 aBKU ..` is no way
//! to write one.

mod registry;

use crate::privacy::detect::checksum::mod_97;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// Bank accounts.
pub(super) static TABLE: &[Detector] = &[Detector {
    kind: "IBAN_CODE",
    about: "international bank account number",
    family: Family::Payment,
    find: Find::Token(&[pattern("(?i)[A-Z]{2} ?[0-9]{2}(?:[ .-]?[A-Z0-9]){11,30}", 30)]),
    check: Some(iban),
    valid: 100,
    edges: Edges::WORD,
    context: &[
        "iban",
        "bank",
        "account",
        "account number",
        "transfer",
        "transaction",
        "Konto",
        "Kontonummer",
        "Bankverbindung",
        "Überweisung",
        "compte",
        "rib",
        "virement",
        "cuenta",
        "conto",
        "bonifico",
        "conta",
        "rekening",
        "konto",
        "bankszámla",
        "cont",
        "счет",
        "рахунок",
        "λογαριασμός",
        "hesap",
        "حساب",
        "银行账户",
    ],
    source: "ISO 13616-1; https://www.swift.com/standards/data-standards/iban-international-bank-account-number",
    ..Detector::EMPTY
}];

/// The longest that is assigned is of 33 characters (Russia); the standard allows one more.
const LONGEST: usize = 34;

/// Whether country, length, structure and check digits agree.
pub(crate) fn iban(text: &str) -> Check {
    if let [one, two, ..] = text.as_bytes()
        && !registry::may_be_country([*one, *two])
    {
        return Check::Invalid;
    }
    let mut kept = [0_u8; LONGEST];
    let mut length = 0;
    for byte in text.bytes().filter(u8::is_ascii_alphanumeric) {
        let Some(place) = kept.get_mut(length) else { return Check::Invalid };
        *place = byte.to_ascii_uppercase();
        length += 1;
    }
    let compact = kept.get(..length).and_then(|kept| std::str::from_utf8(kept).ok());
    Check::from_bool(is_of_one_case(text) && compact.is_some_and(agrees))
}

fn agrees(compact: &str) -> bool {
    let (Some(country), Some(bban)) = (compact.get(..2), compact.get(4..)) else { return false };
    let Some(structure) = registry::structure(country) else { return false };
    if !registry::fits(bban, structure) {
        return false;
    }
    let mut turned = [0_u8; LONGEST];
    let head = compact.len() - 4;
    for (place, byte) in turned.iter_mut().zip(bban.bytes().chain(compact.bytes().take(4))) {
        *place = byte;
    }
    let turned = turned.get(..head + 4).and_then(|turned| std::str::from_utf8(turned).ok());
    turned.and_then(mod_97) == Some(1)
}

fn is_of_one_case(text: &str) -> bool {
    let upper = text.bytes().filter(u8::is_ascii_uppercase).count();
    let lower = text.bytes().filter(u8::is_ascii_lowercase).count();
    upper == 0 || lower == 0
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn the_examples_of_the_registry_are_found() {
        for text in [
            "GB29 NWBK 6016 1331 9268 19",
            "DE89370400440532013000",
            "gb29nwbk60161331926819",
            "FR14 2004 1010 0505 0001 3M02 606",
            "MT84MALT011000012345MTLCAST001S",
            "NO93-8601-1117-947",
            "BR1800360305000010009795493C1",
            "SC18SSCB11010000000000001497USD",
            "LC55HEMM000100010012001200023015",
            "VG96 VPVG 0000 0123 4567 8901",
        ] {
            assert_eq!(found(TABLE, &format!("an {text} X")), [(3..3 + text.len(), 100)], "{text}");
        }
    }

    #[test]
    fn a_wrong_digit_length_structure_or_country_makes_it_something_else() {
        for text in [
            "GB29 NWBK 6016 1331 9268 18",
            "DE8937040044053201300",
            "CH93 A076 2011 6238 5295 7",
            "AB150120690000003111141",
            "KW81 aBKU 0000 0000 0000 1234 5601 01",
            "xDE89370400440532013000",
        ] {
            assert!(found(TABLE, text).is_empty(), "{text}");
        }
    }
}
