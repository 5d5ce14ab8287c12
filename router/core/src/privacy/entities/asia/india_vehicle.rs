//! India: vehicle registration.
//!
//! State, district of the transport office, series, four digits: `KA 05 MH 1234`; the year, `BH`, four
//! digits and a series for vehicles of all India; armed forces, diplomats, and the forms of old, which are
//! so short that they count only with words near them. Four zeros are never given.

use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const SOURCE: &str = "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_India";

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IN_VEHICLE_REGISTRATION",
        about: "Indian vehicle registration number",
        family: Family::Vehicle,
        country: Some("IN"),
        find: Find::Token(&[
            pattern(
                "(?:A[NPRS]|BR|C[GHT]|D[DHLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKLPT]|WB)[0-9]{1,2}[A-Z]{1,3}[0-9]{4}",
                55,
            ),
            pattern(
                "(?i)(?:A[NPRS]|BR|C[GHT]|D[DHLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKLPT]|WB)[0-9]{1,2}[A-Z]{1,3}[0-9]{4}",
                30,
            ),
            pattern(
                "(?:A[NPRS]|BR|C[GHT]|D[DHLN]|G[AJ]|H[PR]|J[HK]|K[AL]|L[AD]|M[HLNPZ]|NL|O[DR]|P[BY]|RJ|SK|T[GNRS]|U[AKLPT]|WB)[ -]?[0-9]{1,2}[ -]?[A-Z]{1,3}[ -]?[0-9]{4}",
                50,
            ),
            pattern("[2-9][0-9][ -]?BH[ -]?[0-9]{4}[ -]?[A-HJ-NP-Z]{1,2}", 65),
            pattern("[A-Z]{2}[0-9][A-Z]{1,3}[0-9]{4}", 15),
            pattern("[A-Z]{2}[0-9]{2}[A-Z]{1,2}[0-9]{4}", 15),
        ]),
        check: Some(in_vehicle_registration),
        context: &[
            "rto",
            "vehicle",
            "plate",
            "registration",
            "registration number",
            "reg no",
            "number plate",
            "bike",
            "car",
            "scooter",
            "गाड़ी",
            "वाहन",
            "गाड़ी नंबर",
        ],
        source: SOURCE,
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_VEHICLE_REGISTRATION",
        about: "Indian vehicle registration number, military, diplomatic, or of old",
        family: Family::Vehicle,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("[0-9]{2}[ABCDEFHKPRX][0-9]{6}[A-Z]", 30),
            pattern("[0-9]{1,3}[ -]?(?:CD|CC|UN)[ -]?[1-9][0-9]{1,3}", 15),
            pattern("[A-Z]{3}[0-9]{4}", 5),
            pattern("[A-Z]{1,2}[0-9]{4}", 1),
            pattern("I[0-9]{5}", 1),
        ]),
        check: Some(in_vehicle_registration),
        context: &[
            "rto",
            "vehicle number",
            "vehicle no",
            "number plate",
            "license plate",
            "licence plate",
            "vehicle registration",
            "regn no",
            "registration plate",
            "वाहन",
            "गाड़ी नंबर",
        ],
        source: SOURCE,
        ..Detector::EMPTY
    },
];

/// `IN_VEHICLE_REGISTRATION`: four zeros are never given, nor district 0; else nobody can tell.
pub(crate) fn in_vehicle_registration(text: &str) -> Check {
    if text.ends_with("0000") || text.starts_with("00") { Check::Invalid } else { Check::Undecided }
}
