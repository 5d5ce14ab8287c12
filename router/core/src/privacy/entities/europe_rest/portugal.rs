//! Portugal: tax number (NIF), citizen card, social security (NISS), civil identification, passport, plates.
//!
//! Nine digits in groups of three may be an amount of money as well, so they need context or a prefix.

use super::numbers::{ALONE, APART, agree, behind, read, signs, sum, value};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const NIF: Detector = Detector {
    kind: "PT_NIF",
    about: "Portuguese tax number",
    family: Family::Identity,
    country: Some("PT"),
    check: Some(nif),
    edges: ALONE,
    context: &[
        "nif",
        "n.i.f",
        "contribuinte",
        "número de contribuinte",
        "número de identificação fiscal",
        "identificação fiscal",
        "nipc",
        "finanças",
        "tax number",
        "tax id",
        "vat",
        "iva",
    ],
    source: "Decreto-Lei 14/2013; https://pt.wikipedia.org/wiki/Número_de_identificação_fiscal",
    ..Detector::EMPTY
};

/// Rows of Portugal.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[1-9][0-9]{8}", 8),
            pattern("[1-9][0-9]{2}[ .-][0-9]{3}[ .-][0-9]{3}", 20),
        ]),
        valid: 35,
        ..NIF
    },
    Detector { find: Find::Token(&[pattern("PT[ -]?[1-9][0-9]{8}", 40)]), valid: 60, ..NIF },
    Detector {
        kind: "PT_CITIZEN_CARD",
        about: "Number of a Portuguese citizen card",
        family: Family::Identity,
        country: Some("PT"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{8}[ -]?[0-9][ -]?[A-Z][A-Z0-9][0-9]", 30),
            pattern("(?i)[0-9]{8}[ -][0-9][ -][A-Z0-9]{2}[0-9]", 35),
        ]),
        check: Some(citizen_card),
        valid: 60,
        edges: APART,
        context: &[
            "cartão de cidadão",
            "cartao de cidadao",
            "cartão do cidadão",
            "número de documento",
            "cc",
            "bilhete de identidade",
            "identificação civil",
            "citizen card",
            "identity card",
        ],
        source: "Lei 7/2007; Validação de Número de Documento do Cartão de Cidadão, AMA 2009",
    },
    Detector {
        kind: "PT_CIVIL_ID",
        about: "Portuguese civil identification number",
        family: Family::Identity,
        country: Some("PT"),
        find: Find::Token(&[pattern("[0-9]{7,8}(?:[ -][0-9])?", 5)]),
        edges: ALONE,
        context: &[
            "bilhete de identidade",
            "identificação civil",
            "número de identificação civil",
            "nic",
            "b.i.",
            "civil identification",
        ],
        source: "Lei 33/99",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PT_NISS",
        about: "Portuguese social security number",
        family: Family::Identity,
        country: Some("PT"),
        find: Find::Token(&[
            pattern("[12][0-9]{10}", 10),
            pattern("[12][0-9]{2} [0-9]{3} [0-9]{3} [0-9]{2}", 20),
        ]),
        check: Some(niss),
        valid: 35,
        edges: APART,
        context: &[
            "niss",
            "segurança social",
            "número de identificação de segurança social",
            "social security",
            "beneficiário",
            "identificação da segurança social",
        ],
        source: "https://www.seg-social.pt; Decreto-Lei 92/2004",
    },
    Detector {
        kind: "PT_PASSPORT",
        about: "Portuguese passport",
        family: Family::Identity,
        country: Some("PT"),
        find: Find::Token(&[pattern("(?i)[A-Z]{1,2}[0-9]{6}", 10)]),
        edges: ALONE,
        context: &[
            "passaporte",
            "número de passaporte",
            "passport",
            "passport number",
            "documento de viagem",
            "passaporte eletrónico",
        ],
        source: "https://en.wikipedia.org/wiki/Portuguese_passport",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PT_LICENSE_PLATE",
        about: "Portuguese number plate",
        family: Family::Vehicle,
        country: Some("PT"),
        find: Find::Token(&[
            pattern("[A-Z]{2}-[0-9]{2}-[0-9]{2}", 25),
            pattern("[0-9]{2}-[A-Z]{2}-[0-9]{2}", 25),
            pattern("[0-9]{2}-[0-9]{2}-[A-Z]{2}", 25),
            pattern("[A-Z]{2}-[0-9]{2}-[A-Z]{2}", 25),
        ]),
        edges: ALONE,
        context: &[
            "matrícula",
            "matricula",
            "viatura",
            "carro",
            "veículo",
            "license plate",
            "number plate",
        ],
        source: "Decreto-Lei 54/2005 and 2/2020",
        ..Detector::EMPTY
    },
];

/// PT_NIF: weights 9 to 2, modulo 11. A first digit that is not given out stays undecided.
pub(crate) fn nif(text: &str) -> Check {
    let Some(digits) = read::<9>(behind(text, "PT")) else { return Check::Invalid };
    let rest = sum(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let right = if rest < 2 { 0 } else { 11 - rest };
    let known = match digits[0] {
        1 | 2 | 3 | 5 | 6 | 8 => true,
        4 => digits[1] == 5,
        7 => digits[1] != 3 && digits[1] != 6,
        9 => matches!(digits[1], 0 | 1 | 8 | 9),
        _ => return Check::Invalid,
    };
    match agree(right == digits[8], &digits) {
        Check::Valid if !known => Check::Undecided,
        check => check,
    }
}

/// PT_CITIZEN_CARD: Luhn's check of twelve signs, A counts 10.
pub(crate) fn citizen_card(text: &str) -> Check {
    let Some(all) = signs::<12>(text) else { return Check::Invalid };
    let mut doubled = true;
    let mut total = 0;
    for sign in all {
        let product = if doubled { value(sign) * 2 } else { value(sign) };
        total += if doubled && product > 9 { product - 9 } else { product };
        doubled = !doubled;
    }
    agree(total.is_multiple_of(10), &all.map(value))
}

/// PT_NISS: prime weights; sum and check digit make a nine.
pub(crate) fn niss(text: &str) -> Check {
    let Some(digits) = read::<11>(text) else { return Check::Invalid };
    let rest = sum(&digits, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2]) % 10;
    Check::from_bool(matches!(digits[0], 1 | 2) && 9 - rest == digits[10])
}
