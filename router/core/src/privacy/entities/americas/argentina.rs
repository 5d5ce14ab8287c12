//! Argentina: tax and labour (CUIT, CUIL), identity card (DNI), account (CBU, CVU), passport.
//!
//! Where the check digit of a CUIT would be ten, it is 9 (mostly another prefix is taken instead).

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const AR: Detector = Detector { family: Family::Identity, country: Some("AR"), ..Detector::EMPTY };

const CUIT: Detector = Detector {
    kind: "AR_CUIT",
    about: "taxpayer or worker (CUIT, CUIL, CDI)",
    check: Some(ar_cuit),
    context: &[
        "cuit",
        "cuil",
        "c.u.i.t",
        "clave única de identificación tributaria",
        "afip",
        "arca",
        "anses",
        "monotributo",
        "contribuyente",
    ],
    source: "https://www.argentina.gob.ar/arca; https://es.wikipedia.org/wiki/Clave_%C3%9Anica_de_Identificaci%C3%B3n_Tributaria",
    ..AR
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[235][0-9]-[0-9]{8}-[0-9]", 40),
            pattern("[235][0-9] [0-9]{8} [0-9]", 30),
            pattern(r"[235][0-9][-.][0-9]{2}\.[0-9]{3}\.[0-9]{3}[-.][0-9]", 40),
        ]),
        valid: 80,
        edges: GROUPED,
        ..CUIT
    },
    Detector {
        find: Find::Token(&[pattern("2[03-7][0-9]{9}", 5)]),
        valid: 60,
        edges: BARE,
        ..CUIT
    },
    // Companies and foreign countries; two to the power of 35 is one of them.
    Detector { find: Find::Token(&[pattern("[35][0-9]{10}", 5)]), valid: 35, edges: BARE, ..CUIT },
    Detector {
        kind: "AR_DNI",
        about: "identity card",
        find: Find::Token(&[
            pattern(r"(?i)[FM]?[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}", 15),
            pattern("[0-9]{7,8}", 1),
        ]),
        edges: BARE,
        context: &[
            "dni",
            "d.n.i",
            "documento nacional de identidad",
            "documento",
            "nro. de documento",
            "número de documento",
            "renaper",
            "libreta cívica",
        ],
        source: "Ley 17.671; https://es.wikipedia.org/wiki/Documento_Nacional_de_Identidad_(Argentina)",
        ..AR
    },
    Detector {
        kind: "AR_CBU",
        about: "bank or payment account (CBU, CVU)",
        family: Family::Payment,
        find: Find::Token(&[pattern("[0-9]{22}", 20), pattern("[0-9]{8}[- ][0-9]{14}", 40)]),
        check: Some(ar_cbu),
        valid: 100,
        edges: GROUPED,
        context: &[
            "cbu",
            "cvu",
            "clave bancaria uniforme",
            "cuenta bancaria",
            "transferencia",
            "banco",
            "alias",
        ],
        source: "BCRA Comunicación A 2622; https://es.wikipedia.org/wiki/Clave_Bancaria_Uniforme",
        ..AR
    },
    Detector {
        kind: "AR_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z]{3}[0-9]{6}", 15), pattern("(?i)[0-9]{8}[A-Z]", 10)]),
        context: &[
            "pasaporte",
            "número de pasaporte",
            "pasaporte argentino",
            "argentine passport",
            "passport",
            "renaper",
        ],
        source: "https://en.wikipedia.org/wiki/Argentine_passport",
        ..AR
    },
];

/// CUIT and CUIL: a known prefix, and a check digit; ten is written 9.
pub(crate) fn ar_cuit(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let prefix =
        matches!(reading::field(&digits, 0..2), 20 | 23..=27 | 30 | 33 | 34 | 50 | 51 | 55);
    let sum = reading::weigh(&digits, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    let wanted = match reading::to_eleven(sum) {
        10 => 9,
        digit => digit,
    };
    Check::from_bool(prefix && wanted == check)
}

/// CBU: a block of bank and branch and a block of the account, each with a check digit (weights 3, 1, 7 and
/// 9 from the right).
pub(crate) fn ar_cbu(text: &str) -> Check {
    let Some(digits) = reading::digits::<22>(text) else { return Check::Invalid };
    let (bank, account) = digits.split_at(8);
    Check::from_bool(block(bank) && block(account) && !reading::is_one_digit(text))
}

fn block(digits: &[u32]) -> bool {
    let Some((check, body)) = digits.split_last() else { return false };
    let weights = [3, 1, 7, 9].into_iter().cycle();
    let sum: u32 = body.iter().rev().zip(weights).map(|(digit, weight)| digit * weight).sum();
    (10 - sum % 10) % 10 == *check
}
