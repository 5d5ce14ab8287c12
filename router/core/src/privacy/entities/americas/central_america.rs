//! Central America and Cuba: Guatemala, El Salvador, Honduras, Nicaragua, Costa Rica, Panama.
//!
//! Several of these carry a date of birth, which with the official dashes makes them unlike anything else;
//! only those of Guatemala, El Salvador and Nicaragua have a check digit that is known.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const CUI: Detector = Detector {
    kind: "GT_CUI",
    about: "identity document of Guatemala",
    family: Family::Identity,
    country: Some("GT"),
    check: Some(gt_cui),
    edges: BARE,
    context: &[
        "dpi",
        "cui",
        "código único de identificación",
        "documento personal de identificación",
        "renap",
        "identificación",
    ],
    source: "Decreto 90-2005; https://es.wikipedia.org/wiki/Documento_Personal_de_Identificaci%C3%B3n_(Guatemala)",
    ..Detector::EMPTY
};
const CARD: &[&str] = &[
    "cédula",
    "cedula",
    "cédula de identidad",
    "cedula de identidad",
    "documento de identidad",
    "número de identidad",
    "identidad",
    "identity card",
];
const TAX: &[&str] = &[
    "nit",
    "número de identificación tributaria",
    "contribuyente",
    "factura",
    "tributaria",
    "tax id",
];

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{4} [0-9]{5} [0-9]{4}", 35),
            pattern("[0-9]{4}-[0-9]{5}-[0-9]{4}", 35),
        ]),
        valid: 60,
        ..CUI
    },
    // As long as the number of a barcode.
    Detector { find: Find::Token(&[pattern("[0-9]{13}", 5)]), valid: 35, ..CUI },
    Detector {
        kind: "GT_NIT",
        about: "taxpayer of Guatemala",
        family: Family::Identity,
        country: Some("GT"),
        find: Find::Token(&[pattern("(?i)[0-9]{6,8}-[0-9K]", 10)]),
        check: Some(|text| reading::unless_day(text, gt_nit(text))),
        valid: 35,
        edges: GROUPED,
        context: TAX,
        source: "https://portal.sat.gob.gt; https://es.wikipedia.org/wiki/N%C3%BAmero_de_Identificaci%C3%B3n_Tributaria",
    },
    Detector {
        kind: "SV_DUI",
        about: "identity document of El Salvador",
        family: Family::Identity,
        country: Some("SV"),
        find: Find::Token(&[pattern("[0-9]{8}-[0-9]", 10)]),
        check: Some(|text| reading::unless_day(text, sv_dui(text))),
        valid: 38,
        edges: GROUPED,
        context: &[
            "dui",
            "documento único de identidad",
            "documento unico",
            "rnpn",
            "identidad",
            "documento",
        ],
        source: "https://es.wikipedia.org/wiki/Documento_%C3%9Anico_de_Identidad",
    },
    Detector {
        kind: "SV_NIT",
        about: "taxpayer of El Salvador",
        family: Family::Identity,
        country: Some("SV"),
        find: Find::Token(&[pattern("[019][0-9]{3}-[0-9]{6}-[0-9]{3}-[0-9]", 40)]),
        check: Some(sv_nit),
        valid: 70,
        edges: GROUPED,
        context: TAX,
        source: "https://es.wikipedia.org/wiki/N%C3%BAmero_de_Identificaci%C3%B3n_Tributaria",
    },
    Detector {
        kind: "HN_ID",
        about: "identity card of Honduras",
        family: Family::Identity,
        country: Some("HN"),
        find: Find::Token(&[
            pattern("(?:0[1-9]|1[0-8])[0-9]{2}[- ](?:19|20)[0-9]{2}[- ][0-9]{5}", 45),
            pattern("(?:0[1-9]|1[0-8])[0-9]{2}(?:19|20)[0-9]{7}", 5),
        ]),
        edges: BARE,
        context: CARD,
        source: "https://www.rnp.hn; https://es.wikipedia.org/wiki/Documento_Nacional_de_Identificaci%C3%B3n_(Honduras)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "NI_CEDULA",
        about: "identity card of Nicaragua",
        family: Family::Identity,
        country: Some("NI"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{3}-[0-9]{6}-[0-9]{4}[A-Y]", 60),
            pattern("(?i)[0-9]{13}[A-Y]", 25),
        ]),
        check: Some(ni_cedula),
        valid: 75,
        context: CARD,
        source: "Ley 152 de Identificación Ciudadana; https://www.cse.gob.ni",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CR_CEDULA",
        about: "identity card of Costa Rica",
        family: Family::Identity,
        country: Some("CR"),
        find: Find::Token(&[
            pattern("0?[1-9]-0?[0-9]{3,4}-0?[0-9]{3,4}", 30),
            pattern("[1-9]0[0-9]{3}0[0-9]{3}", 1),
            pattern("[1-9][0-9]{8}", 1),
        ]),
        edges: BARE,
        context: CARD,
        source: "https://www.tse.go.cr; https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_(Costa_Rica)",
        ..Detector::EMPTY
    },
    Detector {
        kind: "PA_CEDULA",
        about: "identity card of Panama",
        family: Family::Identity,
        country: Some("PA"),
        find: Find::Token(&[
            pattern("(?:1[0-3]|[1-9])(?:PI|AV)?-[0-9]{1,4}-[0-9]{1,6}", 10),
            pattern("(?:PE|E|N|PI)-[0-9]{1,4}-[0-9]{1,6}", 30),
        ]),
        edges: BARE,
        context: CARD,
        source: "https://www.tribunal-electoral.gob.pa; https://es.wikipedia.org/wiki/C%C3%A9dula_de_identidad_personal",
        ..Detector::EMPTY
    },
    Detector {
        kind: "CU_NI",
        about: "identity number of Cuba",
        family: Family::Identity,
        country: Some("CU"),
        find: Find::Token(&[pattern("[0-9]{11}", 5)]),
        check: Some(cu_ni),
        edges: BARE,
        context: &[
            "carné de identidad",
            "carnet de identidad",
            "número de identidad",
            "número permanente",
            "identidad",
            "c.i",
        ],
        source: "Resolución 61/2013 MININT; https://es.wikipedia.org/wiki/Carn%C3%A9_de_identidad_(Cuba)",
        ..Detector::EMPTY
    },
];

/// Identity of Guatemala: eight digits, what they weigh, a department (1 to 22) and a municipality. How the
/// check digit is made is known from use only, so a wrong one decides nothing.
pub(crate) fn gt_cui(text: &str) -> Check {
    let Some(digits) = reading::digits::<13>(text) else { return Check::Invalid };
    let (department, town) = (reading::field(&digits, 9..11), reading::field(&digits, 11..13));
    let sum = reading::weigh(&digits, &[2, 3, 4, 5, 6, 7, 8, 9]);
    if !(matches!(department, 1..=22) && matches!(town, 1..=40)) {
        Check::Invalid
    } else if sum % 11 == reading::field(&digits, 8..9) {
        Check::Valid
    } else {
        Check::Undecided
    }
}

/// Taxpayer of Guatemala: weights from 2 upwards from the right; K is ten.
pub(crate) fn gt_nit(text: &str) -> Check {
    let plain = reading::plain(text);
    let Some((last, body)) =
        plain.split_at_checked(plain.len().saturating_sub(1)).map(|(body, last)| (last, body))
    else {
        return Check::Invalid;
    };
    let digits: Vec<u32> = checksum::digits(body).rev().collect();
    let sum: u32 = digits.iter().zip(2..).map(|(digit, weight)| digit * weight).sum();
    let given = if last == "K" { Some(10) } else { last.parse().ok() };
    let long = digits.len() == body.len() && (5..=11).contains(&body.len());
    Check::from_bool(long && given == Some(reading::to_eleven(sum)))
}

/// Identity of El Salvador: weights 9 to 2, and what the sum lacks to ten.
pub(crate) fn sv_dui(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[9, 8, 7, 6, 5, 4, 3, 2]);
    Check::from_bool(sum > 0 && (10 - sum % 10) % 10 == check)
}

/// Taxpayer of El Salvador: a birth, and a check digit that changed where the counter passed 100.
pub(crate) fn sv_nit(text: &str) -> Check {
    let Some(digits) = reading::digits::<14>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let (day, month, year) = (
        reading::field(&digits, 4..6),
        reading::field(&digits, 6..8),
        reading::field(&digits, 8..10),
    );
    let wanted = if reading::field(&digits, 10..13) <= 100 {
        reading::weigh(&digits, &[14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11 % 10
    } else {
        reading::to_eleven(reading::weigh(&digits, &[2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2])) % 10
    };
    Check::from_bool(reading::is_date(year, month, day) && wanted == check)
}

/// Identity card of Nicaragua: a birth behind the town, and a letter for what is left of 23.
pub(crate) fn ni_cedula(text: &str) -> Check {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXY";
    let plain = reading::plain(text);
    let Some(digits) = reading::digits::<13>(&plain).filter(|_| plain.len() == 14) else {
        return Check::Invalid;
    };
    let (day, month, year) = (
        reading::field(&digits, 3..5),
        reading::field(&digits, 5..7),
        reading::field(&digits, 7..9),
    );
    if !reading::is_date(year, month, day) {
        return Check::Invalid;
    }
    let rest = digits.iter().fold(0_usize, |rest, digit| (rest * 10 + *digit as usize) % 23);
    if LETTERS.get(rest) == plain.as_bytes().last() { Check::Valid } else { Check::Undecided }
}

/// Identity of Cuba: a birth in front. It has no check digit.
pub(crate) fn cu_ni(text: &str) -> Check {
    let born = reading::digits::<11>(text).is_some_and(|digits| reading::is_birth(&digits));
    if born { Check::Undecided } else { Check::Invalid }
}
