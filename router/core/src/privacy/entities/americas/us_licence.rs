//! Driving licences and plates of the states of the United States.
//!
//! Each state has its own form and most are bare digits, so these rows speak up by themselves only for the
//! groupings that nothing else has (Florida, Wisconsin, Illinois, Kansas); the rest needs its context, which
//! is phrases: `driver` alone is a piece of software.

use super::reading::GROUPED;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const LICENCE: Detector = Detector {
    kind: "US_DRIVER_LICENSE",
    about: "driving licence of a state",
    family: Family::Identity,
    country: Some("US"),
    context: &[
        "driver's license",
        "drivers license",
        "driver license",
        "driver's licence",
        "driver licence",
        "driving license",
        "driving licence",
        "driver's permit",
        "learner's permit",
        "driver id",
        "license number",
        "license no",
        "license #",
        "lic#",
        "dl#",
        "dl no",
        "dl number",
        "cdl",
        "cdls",
        "dls",
        "dmv",
        "licencia de conducir",
        "licencia de manejar",
    ],
    source: "AAMVA DL/ID card design standard; https://ntsi.com/drivers-license-format/",
    ..Detector::EMPTY
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            // Florida, Michigan, Minnesota, Maryland.
            pattern("(?i)[A-Z]-?[0-9]{3}-[0-9]{3}-[0-9]{3}-[0-9]{3}", 50),
            pattern("(?i)[A-Z][0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{3}-[0-9]", 60),
            // Wisconsin, Illinois.
            pattern("(?i)[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}(?:-[0-9]{2})?", 50),
            // New Jersey.
            pattern("(?i)[A-Z][0-9]{4}[ -][0-9]{5}[ -][0-9]{5}", 50),
            // Kansas.
            pattern("(?i)K[0-9]{2}-[0-9]{2}-[0-9]{4}", 45),
            // Colorado, and its like in old records.
            pattern("[0-9]{2}-[0-9]{3}-[0-9]{4}", 15),
            pattern("[0-9]{4}-[0-9]{2}-[0-9]{4}", 15),
            // New York, Pennsylvania.
            pattern("[0-9]{3} [0-9]{3} [0-9]{3}", 5),
            pattern("[0-9]{2} [0-9]{3} [0-9]{3}", 5),
        ]),
        edges: GROUPED,
        ..LICENCE
    },
    Detector {
        find: Find::Token(&[
            pattern(
                "(?i)(?:[A-Z][0-9]{1,14}|[A-Z][0-9]{18}|[A-Z]{2}[0-9]{2,7}|[0-9]{2}[A-Z]{3}[0-9]{5,6})",
                20,
            ),
            pattern(
                "(?i)(?:[A-Z][0-9]{6}R|[0-9]{7,9}[A-Z]|[A-Z]{2}[0-9]{6}[A-Z]|[0-9]{8}[A-Z]{2})",
                20,
            ),
            pattern("(?i)(?:[0-9]{3}[A-Z]{2}[0-9]{4}|[A-Z][0-9][A-Z][0-9][A-Z])", 20),
            pattern("(?:[0-9]{6,14}|[0-9]{16})", 1),
        ]),
        edges: Edges { after: b"-", ..Edges::WORD },
        ..LICENCE
    },
    // Washington: twelve letters, digits and asterisks, some digit or asterisk among them.
    Detector {
        find: Find::Token(&[pattern("WDL[A-Z0-9]{9}", 40), pattern(r"(?i)[A-Z][A-Z0-9*]{11}", 10)]),
        check: Some(us_washington_licence),
        edges: Edges { before: b"*", after: b"*", ..Edges::WORD },
        ..LICENCE
    },
    Detector {
        kind: "US_LICENSE_PLATE",
        about: "number plate of a state",
        family: Family::Vehicle,
        country: Some("US"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2,3}[ -]?[0-9]{3,4}", 5),
            pattern("(?i)[0-9]{1,3}[ -]?[A-Z]{2,3}[ -]?[0-9]{0,3}", 5),
            pattern("(?i)[A-Z]{1,3}[0-9]{1,2}[ -]?[A-Z]{1,3}[0-9]{0,2}", 5),
        ]),
        context: &[
            "license plate",
            "licence plate",
            "plate number",
            "plate no",
            "plate #",
            "number plate",
            "tag number",
            "vehicle registration",
            "placa",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_the_United_States",
        ..Detector::EMPTY
    },
];

/// Licence of Washington: twelve characters, the last of which the old form checks in no published way; a
/// word of letters alone is none.
pub(crate) fn us_washington_licence(text: &str) -> Check {
    let marks = text.bytes().filter(|byte| byte.is_ascii_digit() || *byte == b'*').count();
    if text.len() == 12 && marks > 0 { Check::Undecided } else { Check::Invalid }
}
