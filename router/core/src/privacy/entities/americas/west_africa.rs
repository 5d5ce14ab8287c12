//! Nigeria and Ghana: identity, bank verification, tax, passport, plate.
//!
//! The last digit of a Nigerian NIN is Verhoeff's check. A bank verification number is as long and has none.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const NG: Detector = Detector { family: Family::Identity, country: Some("NG"), ..Detector::EMPTY };
const GH: Detector = Detector { family: Family::Identity, country: Some("GH"), ..Detector::EMPTY };

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "NG_NIN",
        about: "national identification number",
        find: Find::Token(&[pattern("[0-9]{11}", 1)]),
        check: Some(ng_nin),
        valid: 35,
        edges: BARE,
        context: &[
            "nin",
            "national identification number",
            "national identity number",
            "nimc",
            "national identity",
            "nigeria id",
            "nigerian identification",
            "nin slip",
        ],
        source: "https://nimc.gov.ng",
        ..NG
    },
    Detector {
        kind: "NG_BVN",
        about: "bank verification number",
        family: Family::Payment,
        find: Find::Token(&[pattern("[0-9]{11}", 1)]),
        edges: BARE,
        context: &[
            "bvn",
            "bank verification number",
            "bank verification no",
            "bank verification",
            "nibss",
            "nigeria bank id",
            "bank identity number",
        ],
        source: "https://www.cbn.gov.ng/bvn/",
        ..NG
    },
    Detector {
        kind: "NG_NUBAN",
        about: "bank account",
        family: Family::Payment,
        find: Find::Token(&[pattern("[0-9]{10}", 1)]),
        edges: BARE,
        context: &[
            "nuban",
            "account number",
            "acct no",
            "gtbank",
            "zenith bank",
            "first bank",
            "naira",
        ],
        source: "CBN, Revised Standards on NUBAN, 2020",
        ..NG
    },
    Detector {
        kind: "NG_TIN",
        about: "taxpayer",
        find: Find::Token(&[pattern("[0-9]{8}-[0-9]{4}", 25), pattern("[0-9]{10}", 1)]),
        edges: BARE,
        context: &[
            "tin",
            "tax identification number",
            "firs",
            "taxpayer",
            "joint tax board",
            "jtb",
        ],
        source: "https://www.oecd.org/tax/automatic-exchange/crs-implementation-and-assistance/tax-identification-numbers/Nigeria-TIN.pdf",
        ..NG
    },
    Detector {
        kind: "NG_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[ABDF][0-9]{8}", 15)]),
        context: &[
            "passport",
            "passport number",
            "nigerian passport",
            "international passport",
            "immigration service",
            "travel document",
        ],
        source: "https://en.wikipedia.org/wiki/Nigerian_passport",
        ..NG
    },
    Detector {
        kind: "NG_VEHICLE_REGISTRATION",
        about: "number plate",
        family: Family::Vehicle,
        find: Find::Token(&[
            pattern("[A-Z]{3}-[0-9]{3}[A-Z]{2}", 50),
            pattern("[A-Z]{3} ?[0-9]{3}[A-Z]{2}", 35),
            pattern("(?i)[A-Z]{3}[- ]?[0-9]{3}[A-Z]{2}", 15),
        ]),
        check: Some(ng_plate),
        context: &[
            "plate number",
            "vehicle registration",
            "license plate",
            "licence plate",
            "number plate",
            "plate",
            "vehicle",
            "frsc",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_Nigeria",
        ..NG
    },
    Detector {
        kind: "GH_CARD",
        about: "Ghana card",
        find: Find::Token(&[pattern("(?i)GHA-?[0-9]{9}-?[0-9]", 65)]),
        context: &[
            "ghana card",
            "ghanacard",
            "nia",
            "national identification",
            "national id",
            "personal identification number",
        ],
        source: "https://nia.gov.gh; https://en.wikipedia.org/wiki/Ghana_Card",
        ..GH
    },
    Detector {
        kind: "GH_TIN",
        about: "taxpayer",
        find: Find::Token(&[pattern("(?i)[PCGQV]00[0-9]{7}[0-9X]", 20)]),
        check: Some(gh_tin),
        valid: 60,
        context: &[
            "tin",
            "tax identification number",
            "gra",
            "ghana revenue",
            "taxpayer",
            "tin number",
        ],
        source: "https://www.oecd.org/tax/automatic-exchange/crs-implementation-and-assistance/tax-identification-numbers/Ghana-TIN.pdf",
        ..GH
    },
    Detector {
        kind: "GH_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[GH][0-9]{7}", 10)]),
        context: &[
            "passport",
            "passport number",
            "ghanaian passport",
            "ghana passport",
            "travel document",
            "ecowas",
        ],
        source: "https://en.wikipedia.org/wiki/Ghanaian_passport",
        ..GH
    },
];

/// National identification number of Nigeria: Verhoeff's check over eleven digits.
pub(crate) fn ng_nin(text: &str) -> Check {
    let eleven = text.len() == 11 && reading::digits::<11>(text).is_some();
    Check::from_bool(eleven && checksum::verhoeff(text))
}

/// Plate of Nigeria: the serial runs from 001.
pub(crate) fn ng_plate(text: &str) -> Check {
    match reading::digits::<3>(text) {
        None | Some([0, 0, 0]) => Check::Invalid,
        Some(_) => Check::Undecided,
    }
}

/// Taxpayer of Ghana: nine digits times their places, and what is left of eleven; X is ten.
pub(crate) fn gh_tin(text: &str) -> Check {
    let plain = reading::plain(text);
    let Some(digits) = plain.get(1..10).and_then(reading::digits::<9>) else {
        return Check::Invalid;
    };
    let given = match plain.get(10..) {
        Some("X") => Some(10),
        Some(check) => check.parse().ok(),
        None => None,
    };
    let sum = reading::weigh(&digits, &[1, 2, 3, 4, 5, 6, 7, 8, 9]);
    Check::from_bool(given == Some(sum % 11))
}
