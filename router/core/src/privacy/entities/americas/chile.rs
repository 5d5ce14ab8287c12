//! Chile: national number (RUT, RUN) and passport.
//!
//! The check character is K for ten. Written without points it looks like a date with a counter behind
//! (`20240115-3`): those count only in context.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const CL: Detector = Detector { family: Family::Identity, country: Some("CL"), ..Detector::EMPTY };

const RUT: Detector = Detector {
    kind: "CL_RUT",
    about: "person or company (RUT, RUN)",
    check: Some(cl_rut),
    context: &[
        "rut",
        "r.u.t",
        "r.u.n",
        "rol único tributario",
        "rol único nacional",
        "rol unico tributario",
        "cédula de identidad",
        "cedula de identidad",
        "carnet de identidad",
        "registro civil",
        "sii",
    ],
    source: "https://www.sii.cl; https://es.wikipedia.org/wiki/Rol_%C3%9Anico_Tributario",
    ..CL
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern(r"(?i)[0-9]{1,3}\.[0-9]{3}\.[0-9]{3} ?- ?[0-9K]", 50)]),
        valid: 65,
        edges: GROUPED,
        ..RUT
    },
    Detector {
        find: Find::Token(&[pattern("(?i)[0-9]{7,8}-[0-9K]", 15)]),
        check: Some(|text| reading::unless_day(text, cl_rut(text))),
        valid: 45,
        edges: GROUPED,
        ..RUT
    },
    Detector {
        find: Find::Token(&[pattern("(?i)[1-9][0-9]{6,7}[0-9K]", 1)]),
        valid: 15,
        edges: BARE,
        ..RUT
    },
    Detector {
        kind: "CL_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z][0-9]{8}", 10), pattern("[0-9]{9}", 1)]),
        edges: BARE,
        context: &[
            "pasaporte",
            "número de pasaporte",
            "pasaporte chileno",
            "chilean passport",
            "passport",
            "registro civil",
        ],
        source: "https://en.wikipedia.org/wiki/Chilean_passport",
        ..CL
    },
];

/// RUT: weights 2 to 7 from the right, again and again; K is ten.
pub(crate) fn cl_rut(text: &str) -> Check {
    let plain = reading::plain(text);
    let mut bytes = plain.bytes().rev();
    let given = match bytes.next() {
        Some(b'K') => 10,
        Some(digit @ b'0'..=b'9') => u32::from(digit - b'0'),
        _ => return Check::Invalid,
    };
    let mut sum = 0;
    for (byte, weight) in bytes.zip((2..=7).cycle()) {
        let digit @ b'0'..=b'9' = byte else { return Check::Invalid };
        sum += u32::from(digit - b'0') * weight;
    }
    let long = (7..=10).contains(&plain.len());
    Check::from_bool(
        long && sum > 0 && reading::to_eleven(sum) == given && !reading::is_one_digit(text),
    )
}
