//! Mexico: population key (CURP), tax (RFC), voter's key, social security (NSS), account (CLABE), passport.
//!
//! The last character of an RFC is a check digit, but the tax authority has given out numbers whose check
//! disagrees: those stay undecided. CURP counts Ñ as a letter between N and O; it is never in one, being
//! written X.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const MX: Detector = Detector { family: Family::Identity, country: Some("MX"), ..Detector::EMPTY };

const RFC: Detector = Detector {
    kind: "MX_RFC",
    about: "federal taxpayer",
    check: Some(mx_rfc),
    valid: 65,
    context: &[
        "rfc",
        "registro federal de contribuyentes",
        "contribuyente",
        "sat",
        "cfdi",
        "factura",
        "homoclave",
        "tax id",
    ],
    source: "https://www.sat.gob.mx; https://es.wikipedia.org/wiki/Registro_Federal_de_Contribuyentes_(M%C3%A9xico)",
    ..MX
};
const NSS: Detector = Detector {
    kind: "MX_NSS",
    about: "social security number",
    check: Some(mx_nss),
    edges: BARE,
    context: &[
        "nss",
        "imss",
        "seguro social",
        "número de seguridad social",
        "numero de seguridad social",
        "seguridad social",
        "afiliación",
        "social security",
    ],
    source: "https://www.imss.gob.mx; https://es.wikipedia.org/wiki/Instituto_Mexicano_del_Seguro_Social",
    ..MX
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "MX_CURP",
        about: "population registry key",
        find: Find::Token(&[pattern("(?i)[A-Z]{4}[0-9]{6}[HMX][A-Z]{2}[A-Z]{3}[0-9A-Z][0-9]", 50)]),
        check: Some(mx_curp),
        valid: 100,
        context: &[
            "curp",
            "clave única",
            "clave unica",
            "registro de población",
            "clave única de registro de población",
            "renapo",
            "population registry",
        ],
        source: "DOF 18 October 2021, Instructivo Normativo para la asignación de la CURP",
        ..MX
    },
    Detector {
        find: Find::Token(&[
            pattern("(?i)[A-ZÑ&]{4}[- ]?[0-9]{6}[- ]?[0-9A-Z]{2}[0-9A]", 50),
            pattern("(?i)[A-ZÑ&]{3}[- ]?[0-9]{6}[- ]?[0-9A-Z]{2}[0-9A]", 35),
        ]),
        ..RFC
    },
    Detector {
        kind: "MX_CLAVE_ELECTOR",
        about: "voter's key",
        find: Find::Token(&[pattern("(?i)[A-ZÑ]{6}[0-9]{8}[HM][0-9]{3}", 60)]),
        check: Some(mx_voter_key),
        context: &[
            "clave de elector",
            "clave elector",
            "ine",
            "ife",
            "credencial para votar",
            "credencial de elector",
            "voter",
        ],
        source: "https://www.ine.mx/credencial/; https://es.wikipedia.org/wiki/Credencial_para_votar_(M%C3%A9xico)",
        ..MX
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{2}-[0-9]{2}-[0-9]{2}-[0-9]{4}-[0-9]", 40)]),
        valid: 60,
        ..NSS
    },
    Detector { find: Find::Token(&[pattern("[0-9]{11}", 5)]), valid: 30, ..NSS },
    Detector {
        kind: "MX_CLABE",
        about: "bank account",
        family: Family::Payment,
        find: Find::Token(&[
            pattern("[0-9]{18}", 10),
            pattern("[0-9]{3}[- ][0-9]{3}[- ][0-9]{11}[- ][0-9]", 40),
        ]),
        check: Some(mx_clabe),
        valid: 60,
        context: &[
            "clabe",
            "clabe interbancaria",
            "cuenta clabe",
            "spei",
            "transferencia",
            "banco",
            "cuenta bancaria",
            "interbancaria",
        ],
        source: "https://en.wikipedia.org/wiki/CLABE; Banxico Circular 14/2017",
        ..MX
    },
    Detector {
        kind: "MX_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z][0-9]{8}", 10), pattern("[0-9]{10,11}", 1)]),
        edges: BARE,
        context: &[
            "pasaporte",
            "número de pasaporte",
            "pasaporte mexicano",
            "mexican passport",
            "passport",
            "sre",
        ],
        source: "https://en.wikipedia.org/wiki/Mexican_passport",
        ..MX
    },
];

/// CURP: a birth, a state, and a check digit over the seventeen characters before it.
pub(crate) fn mx_curp(text: &str) -> Check {
    const STATES: &[&str] = &[
        "AS", "BC", "BS", "CC", "CL", "CM", "CS", "CH", "DF", "DG", "GT", "GR", "HG", "JC", "MC",
        "MN", "MS", "NT", "NL", "OC", "PL", "QT", "QR", "SP", "SL", "SR", "TC", "TS", "TL", "VZ",
        "YN", "ZS", "NE", "CX",
    ];
    let plain = reading::plain(text);
    let birth = plain.get(4..10).and_then(reading::digits::<6>);
    let state = plain.get(11..13).is_some_and(|state| STATES.contains(&state));
    if plain.len() != 18 || !state || !birth.is_some_and(|birth| reading::is_birth(&birth)) {
        return Check::Invalid;
    }
    let values = plain.chars().map(|char| match char.to_digit(36).unwrap_or_default() {
        // Ñ stands between N and O.
        value if value > 23 => value + 1,
        value => value,
    });
    let sum: u32 = values.zip((2..=18).rev()).map(|(value, weight)| value * weight).sum();
    Check::from_bool(
        plain.chars().last().and_then(|check| check.to_digit(10)) == Some((10 - sum % 10) % 10),
    )
}

/// RFC: a birth or a founding, and a check digit that most agree with.
pub(crate) fn mx_rfc(text: &str) -> Check {
    const ALPHABET: &str = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ";
    let upper: Vec<char> = text
        .chars()
        .filter(|char| !matches!(char, '-' | ' '))
        .flat_map(char::to_uppercase)
        .collect();
    let Some((check, body)) = upper.split_last() else { return Check::Invalid };
    let date: String = body.iter().rev().skip(2).take(6).rev().collect();
    let born = reading::digits::<6>(&date).is_some_and(|date| reading::is_birth(&date));
    if !matches!(body.len(), 11 | 12) || !born {
        return Check::Invalid;
    }
    // A company's is one shorter, and counts a space in front.
    let sum: usize = body
        .iter()
        .rev()
        .zip(2..)
        .map(|(char, weight)| {
            weight * ALPHABET.chars().position(|known| known == *char).unwrap_or_default()
        })
        .sum();
    let sum = if body.len() == 11 { sum + 13 * 37 } else { sum };
    let wanted = match 11 - sum % 11 {
        11 => '0',
        10 => 'A',
        digit => char::from(b'0' + u8::try_from(digit).unwrap_or_default()),
    };
    if wanted == *check { Check::Valid } else { Check::Undecided }
}

/// Voter's key: a birth and one of 32 states, or 33 for born abroad.
pub(crate) fn mx_voter_key(text: &str) -> Check {
    let number: String = text.chars().skip(6).take(8).collect();
    let Some(digits) = reading::digits::<8>(&number) else { return Check::Invalid };
    let state = reading::field(&digits, 6..8);
    let known = matches!(state, 1..=33 | 87 | 88);
    if reading::is_birth(&digits) && known { Check::Undecided } else { Check::Invalid }
}

/// Social security number: Luhn's check over eleven digits.
pub(crate) fn mx_nss(text: &str) -> Check {
    let eleven = reading::digits::<11>(text).is_some();
    Check::from_bool(eleven && checksum::luhn(text) && !reading::is_one_digit(text))
}

/// CLABE: weights 3, 7 and 1, of each product only the last digit. It counts by itself only with a bank that
/// had a code when this was written; one in ten of all long identifiers would pass else.
pub(crate) fn mx_clabe(text: &str) -> Check {
    let Some(digits) = reading::digits::<18>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let weights = [3, 7, 1].into_iter().cycle().take(17);
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| digit * weight % 10).sum();
    if (10 - sum % 10) % 10 != check || reading::is_one_digit(text) {
        return Check::Invalid;
    }
    if is_bank(reading::field(&digits, 0..3)) { Check::Valid } else { Check::Undecided }
}

/// Codes of the Mexican Bankers' Association.
const fn is_bank(code: u32) -> bool {
    matches!(
        code,
        1 | 2 | 6 | 9 | 12 | 14 | 19 | 21 | 30 | 32 | 36 | 37 | 42 | 44 | 58..=60 | 62 | 72 | 106 | 108 | 110
            | 112 | 113 | 124 | 126..=133 | 135..=138 | 140 | 141 | 143 | 145 | 147 | 148 | 150..=152
            | 154..=158 | 160 | 166..=168 | 600..=602 | 605..=608 | 610 | 613..=623 | 626..=634
            | 636..=638 | 640..=642 | 646..=648 | 652 | 653 | 655 | 656 | 659 | 670 | 677 | 680 | 683..=685
            | 689 | 699 | 703 | 706 | 710 | 715 | 722 | 723 | 728 | 730 | 732 | 738 | 741 | 812 | 846
            | 901..=903
    )
}
