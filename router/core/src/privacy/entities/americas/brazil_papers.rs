//! Brazil, papers without a nationwide check digit: identity card (RG), passport, plate, post code.
//!
//! Each state numbers its identity cards itself; São Paulo's last character is a check digit, others' is
//! anything, so a wrong one decides nothing.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const BR: Detector = Detector { family: Family::Identity, country: Some("BR"), ..Detector::EMPTY };

const PLATE: &[&str] = &[
    "placa",
    "placa do veículo",
    "emplacamento",
    "veículo",
    "carro",
    "renavam",
    "detran",
    "license plate",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "BR_RG",
        about: "identity card",
        find: Find::Token(&[
            pattern(r"(?i)[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}-[0-9X]", 35),
            pattern(
                r"(?i)(?:MG|SP|RJ|PR|SC|RS|BA|PE|CE|GO|DF|ES|PA|AM|MT|MS)[- ]?[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}",
                15,
            ),
            pattern("(?i)[0-9]{7,8}-?[0-9X]", 1),
            pattern(r"[0-9]{1,2}\.[0-9]{3}\.[0-9]{3}", 5),
        ]),
        check: Some(br_rg),
        valid: 38,
        edges: GROUPED,
        context: &[
            "rg",
            "r.g",
            "registro geral",
            "carteira de identidade",
            "cédula de identidade",
            "identidade",
            "ssp",
            "ssp/sp",
            "órgão expedidor",
            "documento de identidade",
        ],
        source: "Lei 7.116/1983; https://pt.wikipedia.org/wiki/C%C3%A9dula_de_identidade",
        ..BR
    },
    Detector {
        kind: "BR_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{6}", 10)]),
        context: &[
            "passaporte",
            "número do passaporte",
            "passaporte brasileiro",
            "brazilian passport",
            "passport",
            "polícia federal",
        ],
        source: "https://en.wikipedia.org/wiki/Brazilian_passport",
        ..BR
    },
    Detector {
        kind: "BR_LICENSE_PLATE",
        about: "number plate",
        family: Family::Vehicle,
        find: Find::Token(&[
            pattern("[A-Z]{3}[0-9][A-J][0-9]{2}", 30),
            pattern("[A-Z]{3}-?[0-9]{4}", 15),
            pattern("(?i)[A-Z]{3}[- ]?[0-9][A-J0-9][0-9]{2}", 5),
        ]),
        context: PLATE,
        source: "Resolução CONTRAN 969/2022; https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_Brazil",
        ..BR
    },
    Detector {
        kind: "BR_CEP",
        about: "post code",
        family: Family::Place,
        find: Find::Token(&[
            pattern("[0-9]{5}-[0-9]{3}", 15),
            pattern(r"[0-9]{2}\.[0-9]{3}-[0-9]{3}", 35),
            pattern("[0-9]{8}", 1),
        ]),
        edges: BARE,
        context: &["cep", "código postal", "endereço", "logradouro", "bairro", "postal code"],
        source: "https://buscacepinter.correios.com.br; https://pt.wikipedia.org/wiki/C%C3%B3digo_de_Endere%C3%A7amento_Postal",
        ..BR
    },
];

/// Identity card: São Paulo's check digit (weights 2 to 9; X is ten) where it agrees.
pub(crate) fn br_rg(text: &str) -> Check {
    let plain = reading::plain(text);
    let Some((body, check)) = plain.split_at_checked(8).filter(|(_, check)| check.len() == 1)
    else {
        return Check::Undecided;
    };
    let Some(digits) = reading::digits::<8>(body) else { return Check::Undecided };
    let wanted = reading::to_eleven(reading::weigh(&digits, &[2, 3, 4, 5, 6, 7, 8, 9]));
    let given = if check == "X" { Some(10) } else { check.parse().ok() };
    if given == Some(wanted) { Check::Valid } else { Check::Undecided }
}
