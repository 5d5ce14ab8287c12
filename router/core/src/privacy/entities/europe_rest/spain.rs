//! Spain: identity and tax numbers of persons (NIF), foreigners (NIE) and organisations (CIF).
//!
//! The letter behind a NIF is the number modulo 23. Old numbers are written without leading zeros, so seven
//! digits are allowed, weakly. `12345678L` and lower-case letters may be constants of source code and sizes;
//! they need a separator or context.

use super::numbers::{APART, behind, signs, value};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const LAW: &str = "Real Decreto 1553/2005 and 1065/2007; https://www.interior.gob.es, Cálculo del dígito de control del NIF/NIE";
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
const WHO: &[&str] = &[
    "nif",
    "dni",
    "d.n.i",
    "n.i.f",
    "documento nacional de identidad",
    "número de identificación fiscal",
    "identificación",
    "document nacional d'identitat",
    "nortasun agiria",
    "identidade",
    "cédula",
    "spanish id",
    "national id",
    "tax id",
];

const NIF: Detector = Detector {
    kind: "ES_NIF",
    about: "Spanish identity and tax number of a person",
    family: Family::Identity,
    country: Some("ES"),
    check: Some(nif),
    edges: APART,
    context: WHO,
    source: LAW,
    ..Detector::EMPTY
};
const CIF: Detector = Detector {
    kind: "ES_CIF",
    about: "Spanish tax number of an organisation",
    family: Family::Organisation,
    country: Some("ES"),
    check: Some(cif),
    edges: APART,
    context: &[
        "cif",
        "c.i.f",
        "nif",
        "código de identificación fiscal",
        "empresa",
        "sociedad",
        "razón social",
        "company",
        "vat",
        "iva",
    ],
    source: "Orden EHA/451/2008; https://es.wikipedia.org/wiki/Código_de_identificación_fiscal",
    ..Detector::EMPTY
};

/// Rows of Spain.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{8}[A-KM-Z]", 30),
            pattern("(?i)[0-9]{8} ?- ?[A-Z]", 40),
            pattern(r"(?i)[0-9]{2}[. ][0-9]{3}[. ][0-9]{3}[ -]?[A-Z]", 45),
            pattern("(?:ES)?[KLM][0-9]{7}[A-Z]", 30),
        ]),
        valid: 60,
        ..NIF
    },
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{8}[La-z]", 20),
            pattern("(?i)[0-9]{7}[A-Z]", 15),
            pattern("(?i)[0-9]{7}-[A-Z]", 20),
        ]),
        valid: 35,
        ..NIF
    },
    Detector {
        kind: "ES_NIE",
        about: "Spanish identity number of a foreigner",
        family: Family::Identity,
        country: Some("ES"),
        find: Find::Token(&[pattern("(?i)(?:ES)?[XYZ][ -]?[0-9]{7}[ -]?[A-Z]", 35)]),
        check: Some(nie),
        valid: 60,
        edges: APART,
        context: &[
            "nie",
            "n.i.e",
            "número de identificación de extranjero",
            "número de identidad de extranjero",
            "extranjero",
            "tarjeta de residencia",
            "residencia",
            "tie",
            "foreigner",
            "residence permit",
        ],
        source: LAW,
    },
    Detector {
        find: Find::Token(&[pattern("(?i)[ABCDEFGHJNPQRSUVW][0-9]{7}[0-9A-J]", 10)]),
        valid: 35,
        ..CIF
    },
    Detector {
        find: Find::Token(&[
            pattern("(?i)[ABCDEFGHJNPQRSUVW][ -][0-9]{7}-?[0-9A-J]", 20),
            pattern("(?i)ES ?[ABCDEFGHJNPQRSUVW][ -]?[0-9]{7}-?[0-9A-J]", 30),
        ]),
        valid: 60,
        ..CIF
    },
];

fn letter_of(number: u64, letter: u8) -> Check {
    let right = usize::try_from(number % 23).ok().and_then(|at| LETTERS.get(at));
    Check::from_bool(number > 0 && right == Some(&letter))
}

/// ES_NIF: the last letter is that of the number modulo 23.
pub(crate) fn nif(text: &str) -> Check {
    let text = behind(text, "ES");
    let (Some(last), Some(first)) = (text.bytes().next_back(), text.bytes().next()) else {
        return Check::Invalid;
    };
    let count = checksum::digits(text).count();
    let special = matches!(first.to_ascii_uppercase(), b'K' | b'L' | b'M');
    let letters = text.bytes().filter(u8::is_ascii_alphabetic).count();
    if !last.is_ascii_alphabetic()
        || letters != usize::from(special) + 1
        || !(count == 7 || count == 8 && !special)
    {
        return Check::Invalid;
    }
    let number = checksum::digits(text).fold(0, |all, digit| all * 10 + u64::from(digit));
    letter_of(number, last.to_ascii_uppercase())
}

/// ES_NIE: X, Y and Z count 0, 1 and 2, then as a NIF.
pub(crate) fn nie(text: &str) -> Check {
    let text = behind(text, "ES");
    let Some([first, middle @ .., last]) = signs::<9>(text) else { return Check::Invalid };
    let lead = u64::from(first.wrapping_sub(b'X'));
    if lead > 2 || !middle.iter().all(u8::is_ascii_digit) {
        return Check::Invalid;
    }
    let rest = middle.iter().fold(lead, |all, sign| all * 10 + u64::from(value(*sign)));
    letter_of(rest, last)
}

/// ES_CIF: seven digits and Luhn's check, written as a digit or as a letter (J is 0, A is 1).
pub(crate) fn cif(text: &str) -> Check {
    let text = behind(text, "ES");
    let Some([first, middle @ .., last]) = signs::<9>(text) else { return Check::Invalid };
    if !b"ABCDEFGHJNPQRSUVW".contains(&first) || !middle.iter().all(u8::is_ascii_digit) {
        return Check::Invalid;
    }
    let mut doubled = true;
    let mut total = 0;
    for sign in middle {
        let weight = if doubled { 2 } else { 1 };
        let product = value(sign) * weight;
        total += product / 10 + product % 10;
        doubled = !doubled;
    }
    let right = (10 - total % 10) % 10;
    let given = match last {
        b'J' => 0,
        b'A'..=b'I' => u32::from(last - b'A') + 1,
        b'0'..=b'9' => value(last),
        _ => return Check::Invalid,
    };
    Check::from_bool(right == given)
}
