//! Australia: tax file number, business and company number, passport, driving licence, bank account, benefits.
//!
//! An ABN has two check digits in front, so it never begins with 0. The last nine digits of a company's ABN
//! are its ACN.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, pattern};

const AU: Detector = Detector { family: Family::Identity, country: Some("AU"), ..Detector::EMPTY };

const ABN: Detector = Detector {
    kind: "AU_ABN",
    about: "business number",
    family: Family::Organisation,
    check: Some(au_abn),
    context: &[
        "abn",
        "a.b.n",
        "australian business number",
        "business number",
        "abr",
        "tax invoice",
        "gst",
        "sole trader",
    ],
    source: "https://abr.business.gov.au/Help/AbnFormat",
    ..AU
};
const ACN: Detector = Detector {
    kind: "AU_ACN",
    about: "company number",
    family: Family::Organisation,
    check: Some(au_acn),
    context: &[
        "acn",
        "a.c.n",
        "australian company number",
        "company number",
        "asic",
        "pty ltd",
        "arbn",
        "registered company",
    ],
    source: "https://asic.gov.au/for-business/registering-a-company/steps-to-register-a-company/australian-company-numbers/",
    ..AU
};
const TFN: Detector = Detector {
    kind: "AU_TFN",
    about: "tax file number",
    check: Some(au_tfn),
    context: &[
        "tfn",
        "t.f.n",
        "tax file number",
        "tax file no",
        "ato",
        "mygov",
        "superannuation",
        "tax return",
        "payg",
    ],
    source: "Taxation Administration Act 1953; https://en.wikipedia.org/wiki/Tax_file_number",
    ..AU
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[1-9][0-9][ -][0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", 10)]),
        valid: 80,
        edges: GROUPED,
        ..ABN
    },
    Detector { find: Find::Token(&[pattern("[1-9][0-9]{10}", 1)]), valid: 38, edges: BARE, ..ABN },
    // So are numbers grouped that count something, and who owns this one is public.
    Detector {
        find: Find::Token(&[pattern("[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", 10)]),
        valid: 38,
        edges: GROUPED,
        ..ACN
    },
    Detector { find: Find::Token(&[pattern("[0-9]{9}", 1)]), valid: 30, edges: BARE, ..ACN },
    Detector {
        find: Find::Token(&[pattern("[0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", 10)]),
        valid: 60,
        edges: GROUPED,
        ..TFN
    },
    Detector { find: Find::Token(&[pattern("[0-9]{9}", 1)]), valid: 30, edges: BARE, ..TFN },
    Detector {
        kind: "AU_PASSPORT",
        about: "passport number",
        find: Find::Token(&[
            pattern("(?i)P[A-FUWXZ][0-9]{7}", 30),
            pattern("(?i)(?:R[A-Z]|[A-Z])[0-9]{7}", 10),
        ]),
        context: &[
            "passport",
            "passport number",
            "passport no",
            "australian passport",
            "travel document",
            "dfat",
        ],
        source: "https://en.wikipedia.org/wiki/Australian_passport",
        ..AU
    },
    Detector {
        kind: "AU_DRIVER_LICENSE",
        about: "driving licence of a state",
        find: Find::Token(&[
            pattern("[0-9]{3} [0-9]{3} [0-9]{2,3}", 5),
            pattern("[0-9]{6,10}", 1),
            pattern("(?i)(?:[A-Z][0-9]{5,6}|[0-9]{4}[A-Z]{2})", 5),
        ]),
        edges: BARE,
        context: &[
            "driver licence",
            "driver's licence",
            "drivers licence",
            "driver license",
            "drivers license",
            "driver's license",
            "driving licence",
            "licence number",
            "licence no",
            "vicroads",
            "service nsw",
        ],
        source: "https://en.wikipedia.org/wiki/Driver%27s_licences_in_Australia",
        ..AU
    },
    Detector {
        kind: "AU_BANK_DETAILS",
        about: "branch (BSB) and account at a bank",
        family: Family::Payment,
        find: Find::Token(&[
            pattern("[0-9]{3}-[0-9]{3}[ -]{1,3}[0-9]{6,10}", 20),
            pattern("[0-9]{6} [0-9]{6,10}", 5),
            pattern("[0-9]{3}-[0-9]{3}", 5),
        ]),
        edges: BARE,
        context: &[
            "bsb",
            "bank state branch",
            "bank account",
            "account number",
            "account no",
            "account name",
            "payid",
            "direct debit",
        ],
        source: "https://en.wikipedia.org/wiki/Bank_state_branch",
        ..AU
    },
    Detector {
        kind: "AU_CENTRELINK_CRN",
        about: "customer of Centrelink",
        find: Find::Token(&[
            pattern("[2-5][0-9]{2}[ -][0-9]{3}[ -][0-9]{3}[ -]?[A-Z]", 45),
            pattern("(?i)[2-5][0-9]{8}[A-Z]", 15),
        ]),
        context: &[
            "crn",
            "centrelink",
            "customer reference number",
            "services australia",
            "concession card",
            "pension card",
            "health care card",
        ],
        source: "https://www.servicesaustralia.gov.au/your-customer-reference-number-crn",
        ..AU
    },
    Detector {
        kind: "AU_POSTCODE",
        about: "state and post code",
        family: Family::Place,
        find: Find::Token(&[pattern("(?:NSW|ACT|VIC|QLD|WA|TAS|NT),? [0-9]{4}", 35)]),
        context: &["postcode", "post code", "address", "street", "suburb", "postal address"],
        source: "https://auspost.com.au/postcode",
        ..AU
    },
];

/// ABN: less one in its first digit, the weighted sum of all is a multiple of 89.
pub(crate) fn au_abn(text: &str) -> Check {
    let Some(digits) = reading::digits::<11>(text) else { return Check::Invalid };
    let [first, ..] = digits;
    let sum = reading::weigh(&digits, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]);
    Check::from_bool(first > 0 && (sum + 79).is_multiple_of(89))
}

/// ACN: weights 8 to 1, and what the sum lacks to ten.
pub(crate) fn au_acn(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let sum = reading::weigh(&digits, &[8, 7, 6, 5, 4, 3, 2, 1]);
    Check::from_bool(sum > 0 && (10 - sum % 10) % 10 == check)
}

/// Tax file number: the weighted sum of nine digits is a multiple of eleven.
pub(crate) fn au_tfn(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let sum = reading::weigh(&digits, &[1, 4, 3, 7, 5, 8, 6, 9, 10]);
    Check::from_bool(sum > 0 && sum.is_multiple_of(11))
}
