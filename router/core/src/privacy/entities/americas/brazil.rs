//! Brazil, numbers with check digits: person (CPF), company (CNPJ), worker (PIS/PASEP/NIT), voter, driver,
//! health card (CNS), vehicle (RENAVAM).
//!
//! From July 2026 a CNPJ may have letters in its first twelve places (IN RFB 2229/2024); a character then
//! counts for its ASCII code less 48, which leaves digits what they were. Bare eleven digits are also mobile
//! telephone numbers, of which one in a hundred has the check digits of a CPF.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const BR: Detector = Detector { family: Family::Identity, country: Some("BR"), ..Detector::EMPTY };

const CPF: Detector = Detector {
    kind: "BR_CPF",
    about: "taxpayer (person)",
    check: Some(br_cpf),
    context: &[
        "cpf",
        "c.p.f",
        "cadastro de pessoa física",
        "cadastro de pessoas físicas",
        "pessoa física",
        "contribuinte",
        "receita federal",
        "documento",
        "titular",
    ],
    source: "IN RFB 2172/2024; https://pt.wikipedia.org/wiki/Cadastro_de_Pessoas_F%C3%ADsicas",
    ..BR
};
const CNPJ: Detector = Detector {
    kind: "BR_CNPJ",
    about: "taxpayer (company)",
    family: Family::Organisation,
    check: Some(br_cnpj),
    context: &[
        "cnpj",
        "c.n.p.j",
        "cadastro nacional da pessoa jurídica",
        "pessoa jurídica",
        "razão social",
        "inscrição",
        "empresa",
        "fornecedor",
    ],
    source: "IN RFB 2229/2024; https://pt.wikipedia.org/wiki/Cadastro_Nacional_da_Pessoa_Jur%C3%ADdica",
    ..BR
};
const PIS: Detector = Detector {
    kind: "BR_PIS",
    about: "worker (PIS, PASEP, NIT, NIS)",
    check: Some(br_pis),
    context: &[
        "pis",
        "pasep",
        "pis/pasep",
        "nit",
        "nis",
        "ctps",
        "carteira de trabalho",
        "fgts",
        "inss",
        "número do trabalhador",
    ],
    source: "https://pt.wikipedia.org/wiki/PIS/PASEP; CAIXA, Cadastro NIS",
    ..BR
};
const VOTER: Detector = Detector {
    kind: "BR_TITULO_ELEITOR",
    about: "voter",
    check: Some(br_voter),
    context: &[
        "título de eleitor",
        "titulo de eleitor",
        "título eleitoral",
        "eleitor",
        "inscrição eleitoral",
        "zona eleitoral",
        "seção eleitoral",
        "tse",
    ],
    source: "Resolução TSE 23.659/2021, art. 36",
    ..BR
};
const CNS: Detector = Detector {
    kind: "BR_CNS",
    about: "health card (SUS)",
    family: Family::Health,
    check: Some(br_cns),
    context: &[
        "cns",
        "cartão sus",
        "cartao sus",
        "cartão nacional de saúde",
        "cartão de saúde",
        "cartão do sus",
        "paciente",
    ],
    source: "Portaria MS 940/2011; https://pt.wikipedia.org/wiki/Cart%C3%A3o_Nacional_de_Sa%C3%BAde",
    ..BR
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern(r"[0-9]{3}\.[0-9]{3}\.[0-9]{3}[-/ ][0-9]{2}", 50),
            pattern("[0-9]{3} [0-9]{3} [0-9]{3}[- ][0-9]{2}", 30),
            pattern("[0-9]{9}-[0-9]{2}", 30),
        ]),
        valid: 100,
        edges: GROUPED,
        ..CPF
    },
    Detector { find: Find::Token(&[pattern("[0-9]{11}", 5)]), valid: 60, edges: BARE, ..CPF },
    Detector {
        find: Find::Token(&[
            pattern(r"(?i)[0-9A-Z]{2}\.[0-9A-Z]{3}\.[0-9A-Z]{3}/[0-9A-Z]{4}-[0-9]{2}", 60),
            pattern("[0-9A-Z]{8}/[0-9A-Z]{4}-[0-9]{2}", 50),
        ]),
        valid: 100,
        edges: GROUPED,
        ..CNPJ
    },
    Detector {
        find: Find::Token(&[pattern("[0-9A-Z]{8}[0-9]{4}-?[0-9]{2}", 5)]),
        check: Some(|text| reading::unless_day(text, br_cnpj(text))),
        valid: 60,
        edges: BARE,
        ..CNPJ
    },
    // Letters among the number of the branch: allowed, but there hexadecimal begins to pass.
    Detector {
        find: Find::Token(&[pattern("(?i)[0-9A-Z]{12}-?[0-9]{2}", 5)]),
        check: Some(|text| reading::unless_day(text, br_cnpj(text))),
        valid: 35,
        edges: BARE,
        ..CNPJ
    },
    Detector {
        find: Find::Token(&[
            pattern(r"[0-9]{3}\.[0-9]{5}\.[0-9]{2}-[0-9]", 50),
            pattern(r"[0-9]{3}\.[0-9]{4}\.[0-9]{3}-[0-9]", 50),
        ]),
        valid: 65,
        edges: GROUPED,
        ..PIS
    },
    Detector { find: Find::Token(&[pattern("[0-9]{11}", 5)]), valid: 30, edges: BARE, ..PIS },
    Detector {
        find: Find::Token(&[pattern("[0-9]{4} [0-9]{4} [0-9]{4}", 20)]),
        valid: 70,
        edges: Edges { before: b"-./+", ..Edges::WORD },
        ..VOTER
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{12}", 5)]),
        check: Some(|text| reading::unless_day(text, br_voter(text))),
        valid: 60,
        edges: BARE,
        ..VOTER
    },
    Detector {
        kind: "BR_CNH",
        about: "driving licence",
        find: Find::Token(&[pattern("[0-9]{11}", 5)]),
        check: Some(br_cnh),
        valid: 38,
        edges: BARE,
        context: &[
            "cnh",
            "carteira de motorista",
            "carteira nacional de habilitação",
            "habilitação",
            "detran",
            "registro de habilitação",
            "driver's license",
        ],
        source: "Resolução CONTRAN 886/2021; https://pt.wikipedia.org/wiki/Carteira_Nacional_de_Habilita%C3%A7%C3%A3o",
        ..BR
    },
    Detector {
        find: Find::Token(&[pattern("[1-27-9][0-9]{2} [0-9]{4} [0-9]{4} [0-9]{4}", 40)]),
        valid: 60,
        edges: BARE,
        ..CNS
    },
    Detector {
        find: Find::Token(&[pattern("[1-27-9][0-9]{14}", 5)]),
        valid: 35,
        edges: BARE,
        ..CNS
    },
    Detector {
        kind: "BR_RENAVAM",
        about: "registration of a vehicle",
        family: Family::Vehicle,
        find: Find::Token(&[pattern("[0-9]{11}", 5)]),
        check: Some(br_renavam),
        valid: 30,
        edges: BARE,
        context: &["renavam", "crlv", "crv", "veículo", "licenciamento", "detran", "ipva"],
        source: "Portaria DENATRAN 27/2013; https://pt.wikipedia.org/wiki/Renavam",
        ..BR
    },
];

/// A check digit of Brazil: what the sum lacks to eleven, and 0 for 10.
const fn check_digit(sum: u32) -> u32 {
    reading::to_eleven(sum) % 10
}

/// CPF: two check digits, each over all digits before it, and not eleven times the same.
pub(crate) fn br_cpf(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., one, two] = digits;
    let first = check_digit(reading::weigh(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]));
    let second = check_digit(reading::weigh(&digits, &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]));
    Check::from_bool(one == first && two == second && !reading::is_one_digit(text))
}

/// CNPJ: two check digits over twelve letters and digits; a letter counts from 17.
pub(crate) fn br_cnpj(text: &str) -> Check {
    const WEIGHTS: [u32; 13] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
    let plain = reading::plain(text);
    let values: Vec<u32> = plain.bytes().map(|byte| u32::from(byte.saturating_sub(b'0'))).collect();
    let (Some([one, two]), 14) = (values.get(12..), values.len()) else { return Check::Invalid };
    let first = check_digit(reading::weigh(&values, WEIGHTS.get(1..).unwrap_or_default()));
    let second = check_digit(reading::weigh(&values, &WEIGHTS));
    let zero = values.iter().all(|value| *value == 0);
    Check::from_bool(*one == first && *two == second && !zero)
}

/// PIS, PASEP, NIT and NIS: one check digit.
pub(crate) fn br_pis(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    Check::from_bool(check_digit(sum) == check && !reading::is_one_digit(text))
}

/// Voter: eight digits, the state (1 to 28), and a check digit for each; a remainder of 0 counts 1 in São
/// Paulo (01) and Minas Gerais (02).
pub(crate) fn br_voter(text: &str) -> Check {
    let Some(digits) = reading::digits::<12>(text) else { return Check::Invalid };
    let [.., tens, ones, one, two] = digits;
    let state = tens * 10 + ones;
    let rest = |sum: u32| match sum % 11 {
        0 if matches!(state, 1 | 2) => 1,
        10 => 0,
        rest => rest,
    };
    let first = rest(reading::weigh(&digits, &[2, 3, 4, 5, 6, 7, 8, 9]));
    let second = rest(7 * tens + 8 * ones + 9 * first);
    Check::from_bool((1..=28).contains(&state) && one == first && two == second)
}

/// Driving licence: two check digits; where the first would be 10 the second is two less, and of those some
/// counts disagree.
pub(crate) fn br_cnh(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., one, two] = digits;
    if reading::is_one_digit(text) {
        return Check::Invalid;
    }
    let first = reading::weigh(&digits, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
    let second = reading::weigh(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
    let less = if first == 10 { 2 } else { 0 };
    let wanted = match (second + 11 - less) % 11 {
        10 => 0,
        rest => rest,
    };
    match (one == first % 10, two == wanted) {
        (true, true) => Check::Valid,
        (true, false) if less > 0 => Check::Undecided,
        _ => Check::Invalid,
    }
}

/// Health card: fifteen digits with falling weights are a multiple of eleven.
pub(crate) fn br_cns(text: &str) -> Check {
    let Some(digits) = reading::digits::<15>(text) else { return Check::Invalid };
    let [first, ..] = digits;
    let sum = reading::weigh(&digits, &[15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    Check::from_bool(matches!(first, 1 | 2 | 7..=9) && sum.is_multiple_of(11))
}

/// Vehicle: one check digit over ten.
pub(crate) fn br_renavam(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]);
    Check::from_bool(sum * 10 % 11 % 10 == check && !reading::is_one_digit(text))
}
