//! Accounts, companies and post codes of the United States.
//!
//! A routing number begins with the district of a Federal Reserve Bank; 00 is the Treasury's, 80 was for
//! traveller's cheques. Account numbers have no form but their length. An employer identification number has
//! no check digit, but two digits in front that name the office that gave it out.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const US: Detector = Detector { family: Family::Payment, country: Some("US"), ..Detector::EMPTY };

const ABA: Detector = Detector {
    kind: "ABA_ROUTING_NUMBER",
    about: "routing number of a bank",
    check: Some(us_aba_routing),
    edges: BARE,
    context: &[
        "aba",
        "routing",
        "routing number",
        "routing no",
        "rtn",
        "routing transit",
        "bank routing",
        "abarouting",
        "bankrouting",
        "american bankers association",
        "fedwire",
        "ach",
        "direct deposit",
    ],
    source: "https://www.aba.com/about-us/routing-number; https://en.wikipedia.org/wiki/ABA_routing_transit_number",
    ..US
};

pub(super) static TABLE: &[Detector] = &[
    Detector { find: Find::Token(&[pattern("[0-3678][0-9]{8}", 5)]), valid: 30, ..ABA },
    Detector {
        find: Find::Token(&[pattern("[0-3678][0-9]{3}-[0-9]{4}-[0-9]", 30)]),
        valid: 60,
        ..ABA
    },
    Detector {
        kind: "US_BANK_NUMBER",
        about: "account at a bank",
        find: Find::Token(&[pattern("[0-9]{8,17}", 5)]),
        edges: BARE,
        context: &[
            "bank",
            "bank account",
            "account number",
            "account no",
            "account #",
            "account#",
            "acct",
            "checking account",
            "savings account",
            "debit card",
            "direct debit",
            "direct deposit",
            "wire transfer",
            "routing number",
            "cuenta bancaria",
            "número de cuenta",
        ],
        source: "ANSI X9.13; https://www.nacha.org/rules",
        ..US
    },
    Detector {
        kind: "US_EIN",
        about: "employer identification number",
        family: Family::Organisation,
        find: Find::Token(&[pattern("[0-9]{2}-[0-9]{7}", 35), pattern("[0-9]{9}", 1)]),
        check: Some(us_ein),
        edges: BARE,
        context: &[
            "ein",
            "fein",
            "employer identification",
            "employer id",
            "federal tax id",
            "federal id",
            "tax id",
            "tin",
            "w-9",
            "irs",
            "número de identificación del empleador",
        ],
        source: "https://www.irs.gov/businesses/small-businesses-self-employed/how-eins-are-assigned-and-valid-ein-prefixes",
        ..US
    },
    Detector {
        kind: "US_ZIP_CODE",
        about: "post code",
        family: Family::Place,
        find: Find::Token(&[
            pattern("[0-9]{5}-[0-9]{4}", 20),
            pattern(
                "(?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[ADEINOST]|N[CDEHJMVY]|O[HKR]|P[AR]|RI|S[CD]|T[NX]|UT|V[AT]|W[AIVY]),? [0-9]{5}(?:-[0-9]{4})?",
                35,
            ),
        ]),
        edges: BARE,
        context: &[
            "zip",
            "zip code",
            "zipcode",
            "zip+4",
            "postal code",
            "mailing address",
            "código postal",
        ],
        source: "https://pe.usps.com/text/dmm300/602.htm",
        ..US
    },
];

/// Routing number: weights 3, 7 and 1, and a district of the Federal Reserve in front.
pub(crate) fn us_aba_routing(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let district = matches!(reading::field(&digits, 0..2), 0..=12 | 21..=32 | 61..=72 | 80);
    let sum = reading::weigh(&digits, &[3, 7, 1, 3, 7, 1, 3, 7, 1]);
    Check::from_bool(district && sum > 0 && sum.is_multiple_of(10))
}

/// Employer identification number: a prefix that the Internal Revenue Service uses.
pub(crate) fn us_ein(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let prefix = reading::field(&digits, 0..2);
    let unused =
        matches!(prefix, 0 | 7..=9 | 17..=19 | 28 | 29 | 49 | 69 | 70 | 78 | 79 | 89 | 96 | 97);
    if unused || reading::is_one_digit(text) { Check::Invalid } else { Check::Undecided }
}
