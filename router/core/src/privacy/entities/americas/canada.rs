//! Canada: social insurance number, passport, business number, driving licences, post code.
//!
//! A social insurance number begins with neither 0 (not given out) nor 8 (business numbers); the business
//! number has the same check digit, so bare nine digits may be either. Licences of Ontario and Quebec carry
//! the holder's birth (a woman's month plus 50), which is all that can be checked of them.

use super::reading::{self, BARE, GROUPED};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const CA: Detector = Detector { family: Family::Identity, country: Some("CA"), ..Detector::EMPTY };

const SIN: Detector = Detector {
    kind: "CA_SIN",
    about: "social insurance number",
    check: Some(ca_sin),
    context: &[
        "sin",
        "sin number",
        "social insurance",
        "social insurance number",
        "nas",
        "numéro nas",
        "assurance sociale",
        "numéro d'assurance sociale",
        "service canada",
    ],
    source: "https://www.canada.ca/en/employment-social-development/services/sin.html",
    ..CA
};
const BUSINESS: Detector = Detector {
    kind: "CA_BN",
    about: "business number",
    family: Family::Organisation,
    check: Some(ca_business_number),
    edges: BARE,
    context: &[
        "business number",
        "bn",
        "cra",
        "canada revenue agency",
        "gst",
        "hst",
        "gst/hst",
        "payroll account",
        "program account",
        "numéro d'entreprise",
        "agence du revenu du canada",
        "tps",
        "tvh",
        "compte de programme",
    ],
    source: "https://www.canada.ca/en/revenue-agency/services/tax/businesses/topics/business-registration/business-number-program-account.html",
    ..CA
};
const LICENCE: Detector = Detector {
    kind: "CA_DRIVER_LICENSE",
    about: "driving licence of a province",
    context: &[
        "driver's licence",
        "driver's license",
        "drivers licence",
        "drivers license",
        "driver licence",
        "driver license",
        "licence number",
        "licence no",
        "dl#",
        "permis de conduire",
        "numéro de permis",
        "icbc",
        "saaq",
        "serviceontario",
    ],
    source: "https://en.wikipedia.org/wiki/Driver%27s_licences_in_Canada",
    ..CA
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[1-79][0-9]{2} [0-9]{3} [0-9]{3}", 50),
            pattern("[1-79][0-9]{2}-[0-9]{3}-[0-9]{3}", 50),
        ]),
        valid: 60,
        edges: GROUPED,
        ..SIN
    },
    Detector {
        find: Find::Token(&[
            pattern("[1-79][0-9]{8}", 5),
            pattern(r"[1-79][0-9]{2}\.[0-9]{3}\.[0-9]{3}", 5),
        ]),
        valid: 30,
        edges: BARE,
        ..SIN
    },
    Detector {
        kind: "CA_PASSPORT",
        about: "passport number",
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2}[0-9]{6}", 15),
            pattern("(?i)[A-Z][0-9]{6}[A-Z]{2}", 25),
        ]),
        context: &[
            "passport",
            "passport number",
            "canadian passport",
            "passeport",
            "numéro de passeport",
            "travel document",
            "titre de voyage",
        ],
        source: "https://www.canada.ca/en/immigration-refugees-citizenship/services/canadian-passports.html",
        ..CA
    },
    Detector {
        find: Find::Token(&[pattern("(?i)[0-9]{9} ?R[TPCMRZ] ?[0-9]{4}", 50)]),
        valid: 75,
        ..BUSINESS
    },
    Detector { find: Find::Token(&[pattern("[0-9]{9}", 5)]), valid: 20, ..BUSINESS },
    Detector {
        about: "driving licence of Ontario",
        find: Find::Token(&[
            pattern("(?i)[A-Z][0-9]{4}[- ][0-9]{5}[- ][0-9]{5}", 60),
            pattern("(?i)[A-Z][0-9]{14}", 25),
        ]),
        check: Some(ca_ontario_licence),
        ..LICENCE
    },
    Detector {
        about: "driving licence of Quebec",
        find: Find::Token(&[
            pattern("(?i)[A-Z][0-9]{4}[- ][0-9]{6}[- ][0-9]{2}", 60),
            pattern("(?i)[A-Z][0-9]{12}", 25),
        ]),
        check: Some(ca_quebec_licence),
        ..LICENCE
    },
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{6}-[0-9]{3}", 10),
            pattern("(?i)[A-Z]{5}[0-9]{9}", 15),
            pattern("[0-9]{7,9}", 1),
        ]),
        edges: BARE,
        ..LICENCE
    },
    Detector {
        kind: "CA_UCI",
        about: "unique client identifier of immigration",
        find: Find::Token(&[
            pattern("(?:[0-9]{2}-)?[0-9]{4}-[0-9]{4}", 10),
            pattern("[0-9]{8}(?:[0-9]{2})?", 1),
        ]),
        edges: BARE,
        context: &[
            "uci",
            "client id",
            "unique client identifier",
            "identificateur unique de client",
            "ircc",
            "permanent resident",
            "résident permanent",
        ],
        source: "https://www.canada.ca/en/immigration-refugees-citizenship/services/application/uci.html",
        ..CA
    },
    Detector {
        kind: "CA_BANK_ACCOUNT",
        about: "account at a bank with transit and institution",
        family: Family::Payment,
        find: Find::Token(&[
            pattern("[0-9]{5}-[0-9]{3}-[0-9]{7,12}", 35),
            pattern("[0-9]{5}-[0-9]{3}", 5),
            pattern("0[0-9]{8}", 1),
        ]),
        edges: BARE,
        context: &[
            "transit number",
            "institution number",
            "bank account",
            "void cheque",
            "direct deposit",
            "numéro de transit",
            "numéro d'institution",
            "compte bancaire",
            "spécimen de chèque",
        ],
        source: "Payments Canada Rule A5; Standard 006",
        ..CA
    },
    Detector {
        kind: "CA_POSTAL_CODE",
        about: "post code",
        family: Family::Place,
        find: Find::Token(&[
            pattern(
                "(?i)[ABCEGHJ-NPR-TVXY][0-9][ABCEGHJ-NPR-TV-Z] [0-9][ABCEGHJ-NPR-TV-Z][0-9]",
                35,
            ),
            pattern(
                "(?i)[ABCEGHJ-NPR-TVXY][0-9][ABCEGHJ-NPR-TV-Z]-?[0-9][ABCEGHJ-NPR-TV-Z][0-9]",
                10,
            ),
        ]),
        context: &[
            "postal code",
            "postal",
            "postcode",
            "mailing address",
            "shipping address",
            "code postal",
            "adresse",
            "ontario",
            "québec",
            "alberta",
            "british columbia",
        ],
        source: "https://en.wikipedia.org/wiki/Postal_codes_in_Canada",
        ..CA
    },
];

/// Social insurance number: Luhn's check, and neither 0 nor 8 in front.
pub(crate) fn ca_sin(text: &str) -> Check {
    let Some([first, ..]) = reading::digits::<9>(text) else { return Check::Invalid };
    Check::from_bool(!matches!(first, 0 | 8) && checksum::luhn(text))
}

/// Business number: Luhn's check over the first nine digits.
pub(crate) fn ca_business_number(text: &str) -> Check {
    let plain = reading::plain(text);
    let Some(number) = plain.get(..9).filter(|number| reading::digits::<9>(number).is_some())
    else {
        return Check::Invalid;
    };
    Check::from_bool(checksum::luhn(number) && !reading::is_one_digit(number))
}

/// Licence of Ontario: the last six digits are the day of birth.
pub(crate) fn ca_ontario_licence(text: &str) -> Check {
    let Some(digits) = reading::digits::<14>(text) else { return Check::Invalid };
    let month = reading::field(&digits, 10..12);
    let month = if month > 50 { month - 50 } else { month };
    let (year, day) = (reading::field(&digits, 8..10), reading::field(&digits, 12..14));
    if reading::is_date(year, month, day) { Check::Undecided } else { Check::Invalid }
}

/// Licence of Quebec: day, month and year of birth behind the first four digits.
pub(crate) fn ca_quebec_licence(text: &str) -> Check {
    let Some(digits) = reading::digits::<12>(text) else { return Check::Invalid };
    let month = reading::field(&digits, 6..8);
    let month = if month > 50 { month - 50 } else { month };
    let (day, year) = (reading::field(&digits, 4..6), reading::field(&digits, 8..10));
    if reading::is_date(year, month, day) { Check::Undecided } else { Check::Invalid }
}
