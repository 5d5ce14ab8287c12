//! Health insurance numbers of the provinces of Canada.
//!
//! Ontario's has Luhn's check and two letters that tell the version of the card; British Columbia's begins
//! with 9 and has a check of its own; Quebec's is the holder's name and birth (a woman's month plus 50).
//! The other provinces count bare digits and need their context.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const CA: Detector = Detector { family: Family::Health, country: Some("CA"), ..Detector::EMPTY };

const OHIP: Detector = Detector {
    kind: "CA_ONTARIO_HEALTH",
    about: "health card of Ontario",
    check: Some(ca_ontario_health),
    context: &[
        "ohip",
        "health card",
        "health number",
        "health insurance",
        "health card number",
        "carte santé",
        "hcn",
        "version code",
    ],
    source: "https://www.ontario.ca/page/apply-ohip-and-get-health-card; MOH Health Number validation",
    ..CA
};
const PHN: Detector = Detector {
    kind: "CA_BC_PHN",
    about: "personal health number of British Columbia",
    check: Some(ca_bc_phn),
    context: &[
        "phn",
        "personal health number",
        "msp",
        "bc services card",
        "carecard",
        "care card",
        "health number",
    ],
    source: "https://www2.gov.bc.ca/gov/content/health/health-drug-coverage/msp; BC PHN check digit routine",
    ..CA
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[1-9][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}", 30),
            pattern("[1-9][0-9]{3}[- ][0-9]{3}[- ][0-9]{3}[- ]?[A-Z]{2}", 50),
            pattern("[1-9][0-9]{9}[- ]?[A-Z]{2}", 20),
        ]),
        valid: 60,
        edges: GROUPED,
        ..OHIP
    },
    Detector { find: Find::Token(&[pattern("[1-9][0-9]{9}", 5)]), valid: 20, edges: BARE, ..OHIP },
    Detector {
        find: Find::Token(&[pattern("9[0-9]{3}[- ][0-9]{3}[- ][0-9]{3}", 40)]),
        valid: 60,
        edges: GROUPED,
        ..PHN
    },
    Detector { find: Find::Token(&[pattern("9[0-9]{9}", 5)]), valid: 35, edges: BARE, ..PHN },
    Detector {
        kind: "CA_QUEBEC_HEALTH",
        about: "health insurance of Quebec",
        find: Find::Token(&[
            pattern("[A-Z]{4}[- ][0-9]{4}[- ][0-9]{4}", 60),
            pattern("[A-Z]{4}[0-9]{8}", 45),
            pattern("(?i)[A-Z]{4}[- ]?[0-9]{4}[- ]?[0-9]{4}", 25),
        ]),
        check: Some(ca_quebec_health),
        edges: GROUPED,
        context: &[
            "ramq",
            "nam",
            "assurance maladie",
            "numéro d'assurance maladie",
            "carte soleil",
            "carte d'assurance maladie",
            "health insurance card",
            "medicare card",
        ],
        source: "https://www.ramq.gouv.qc.ca; https://en.wikipedia.org/wiki/RAMQ",
        ..CA
    },
    Detector {
        kind: "CA_HEALTH_NUMBER",
        about: "health number of another province",
        find: Find::Token(&[pattern("[0-9]{5}-[0-9]{4}", 5), pattern("[0-9]{8,10}", 1)]),
        edges: BARE,
        context: &[
            "phn:",
            "phn#",
            "phn number",
            "phin number",
            "health card",
            "health number",
            "personal health number",
            "health services number",
            "ahcip",
            "medicare number",
            "carte d'assurance-maladie",
            "mcp number",
        ],
        source: "https://en.wikipedia.org/wiki/Health_card",
        ..CA
    },
];

/// Health number of Ontario: Luhn's check, no 0 in front.
pub(crate) fn ca_ontario_health(text: &str) -> Check {
    let Some([first, ..]) = reading::digits::<10>(text) else { return Check::Invalid };
    Check::from_bool(first != 0 && checksum::luhn(text) && !reading::is_one_digit(text))
}

/// Personal health number of British Columbia: 9, eight digits with weights, and what they lack to eleven.
pub(crate) fn ca_bc_phn(text: &str) -> Check {
    let Some(digits) = reading::digits::<10>(text) else { return Check::Invalid };
    let [first, .., check] = digits;
    let sum = reading::weigh(&digits, &[0, 2, 4, 8, 5, 10, 9, 7, 3]);
    Check::from_bool(first == 9 && reading::to_eleven(sum) == check)
}

/// Health insurance number of Quebec: year, month and day of birth behind four letters.
pub(crate) fn ca_quebec_health(text: &str) -> Check {
    let Some(digits) = reading::digits::<8>(text) else { return Check::Invalid };
    let month = reading::field(&digits, 2..4);
    let month = if month > 50 { month - 50 } else { month };
    let (year, day) = (reading::field(&digits, 0..2), reading::field(&digits, 4..6));
    if reading::is_date(year, month, day) { Check::Undecided } else { Check::Invalid }
}
