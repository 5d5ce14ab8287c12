//! South Africa: identity number, passport, licences, tax numbers, company, plate.
//!
//! Thirteen digits of an identity number may also be milliseconds since 1970; those who were born in 2010 to
//! 2021 have such numbers, so theirs count only in context. Day and year of birth: any of the last two
//! centuries, since nothing here reads a clock.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

const ZA: Detector = Detector { family: Family::Identity, country: Some("ZA"), ..Detector::EMPTY };

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "ZA_ID_NUMBER",
        about: "identity number",
        find: Find::Token(&[
            pattern("[0-9]{10}[0-2][89][0-9]", 20),
            pattern("[0-9]{6} [0-9]{4} [0-2][89][0-9]", 40),
        ]),
        check: Some(|text| reading::unless_clock(text, za_id_number(text))),
        valid: 100,
        edges: Edges { before: b".+", ..Edges::WORD },
        context: &[
            "identity number",
            "id number",
            "id no",
            "south african id",
            "sa id",
            "rsa id",
            "smart id",
            "national id",
            "identity document",
            "identiteitsnommer",
            "id-nommer",
            "inombolo yesazisi",
        ],
        source: "Identification Act 68 of 1997; https://en.wikipedia.org/wiki/South_African_identity_card",
        ..ZA
    },
    Detector {
        kind: "ZA_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[ADMT][0-9]{8}", 20)]),
        context: &[
            "passport",
            "passport number",
            "travel document",
            "south african passport",
            "rsa passport",
            "paspoort",
            "dha",
        ],
        source: "https://en.wikipedia.org/wiki/South_African_passport",
        ..ZA
    },
    Detector {
        kind: "ZA_DRIVER_LICENSE",
        about: "driving licence",
        find: Find::Token(&[pattern("(?i)[0-9]{6,10}[A-Z0-9]{2,5}", 15)]),
        check: Some(za_driver_licence),
        context: &[
            "driving licence",
            "driving license",
            "driver's licence",
            "driver's license",
            "drivers licence",
            "drivers license",
            "licence number",
            "license number",
            "rybewys",
            "bestuurslisensie",
            "enatis",
            "natis",
        ],
        source: "https://en.wikipedia.org/wiki/Driving_licence_in_South_Africa",
        ..ZA
    },
    Detector {
        kind: "ZA_INCOME_TAX_NUMBER",
        about: "taxpayer",
        find: Find::Token(&[pattern("[01239][0-9]{9}", 5)]),
        check: Some(za_tax_number),
        valid: 20,
        edges: BARE,
        context: &[
            "sars",
            "tax reference",
            "income tax",
            "tax number",
            "taxpayer",
            "tax registration",
            "itr12",
            "belastingnommer",
        ],
        source: "https://www.oecd.org/tax/automatic-exchange/crs-implementation-and-assistance/tax-identification-numbers/South-Africa-TIN.pdf",
        ..ZA
    },
    Detector {
        kind: "ZA_VAT_NUMBER",
        about: "value added tax number",
        family: Family::Organisation,
        find: Find::Token(&[pattern("4[0-9]{9}", 15)]),
        edges: BARE,
        context: &[
            "vat",
            "vat number",
            "vat registration",
            "tax invoice",
            "sars",
            "value added tax",
            "btw",
        ],
        source: "https://www.sars.gov.za/types-of-tax/value-added-tax/",
        ..ZA
    },
    Detector {
        kind: "ZA_COMPANY_REGISTRATION",
        about: "registration of a company",
        family: Family::Organisation,
        find: Find::Token(&[
            pattern("(?:18|19|20)[0-9]{2}/[0-9]{6}/[0-9]{2}", 40),
            pattern("(?i)(?:CK|K|T|W|B|M|N|NR)(?:18|19|20)[0-9]{2}/[0-9]{6}(?:/[0-9]{2})?", 35),
        ]),
        context: &[
            "cipc",
            "company registration",
            "registration number",
            "close corporation",
            "company reg",
            "reg no",
            "enterprise number",
        ],
        source: "Companies Act 71 of 2008; https://www.cipc.co.za",
        ..ZA
    },
    Detector {
        kind: "ZA_TRAFFIC_REGISTER_NUMBER",
        about: "person or organisation in the traffic register",
        find: Find::Token(&[pattern("[0-9]{13}", 1)]),
        check: Some(za_traffic_register),
        edges: BARE,
        context: &[
            "traffic register",
            "traffic register number",
            "trn",
            "enatis",
            "natis",
            "vehicle register",
        ],
        source: "National Road Traffic Regulations, 2000, reg. 32",
        ..ZA
    },
    Detector {
        kind: "ZA_LICENSE_PLATE",
        about: "number plate",
        family: Family::Vehicle,
        find: Find::Token(&[
            pattern("(?i)[A-Z]{2} ?[0-9]{2} ?[A-Z]{2} ?(?:GP|ZN|WP|EC|NC|FS|LP|L|MP|NW)", 30),
            pattern("(?i)[A-Z]{2,4}[0-9]{2,4}[A-Z]{0,4}(?:GP|ZN|WP|EC|NC|FS|LP|MP|NW)", 20),
            pattern("(?i)[A-Z]{2,3} ?[0-9]{2,3} ?(?:GP|ZN|WP|EC|NC|FS|LP|L|MP|NW)", 20),
            pattern("(?i)[0-9]{2,3} ?[A-Z]{2,3} ?EC", 15),
            pattern("C[A-Z]{0,2} ?[0-9]{3}[ -]?[0-9]{3}", 15),
        ]),
        context: &[
            "licence plate",
            "license plate",
            "number plate",
            "plate number",
            "vehicle registration",
            "registration",
            "nommerplaat",
            "enatis",
        ],
        source: "https://en.wikipedia.org/wiki/Vehicle_registration_plates_of_South_Africa",
        ..ZA
    },
];

/// Identity number: a birth, a citizenship (0 to 2), an 8 or 9, and Luhn's check.
pub(crate) fn za_id_number(text: &str) -> Check {
    let Some(digits) = reading::digits::<13>(text) else { return Check::Invalid };
    let [.., citizenship, race, _] = digits;
    let born = text.get(..6).map(has_valid_birth_date) == Some(Check::Valid);
    Check::from_bool(born && citizenship <= 2 && matches!(race, 8 | 9) && checksum::luhn(text))
}

/// Six digits that are a day of birth: year, month, day.
pub(crate) fn has_valid_birth_date(text: &str) -> Check {
    Check::from_bool(reading::digits::<6>(text).is_some_and(|digits| reading::is_birth(&digits)))
}

/// Driving licence: ten to fourteen characters with a letter among them.
pub(crate) fn za_driver_licence(text: &str) -> Check {
    let letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if letter && (10..=14).contains(&text.len()) { Check::Undecided } else { Check::Invalid }
}

/// Taxpayer: Luhn's check where it agrees; companies carry numbers in which it need not.
pub(crate) fn za_tax_number(text: &str) -> Check {
    let Some([first, ..]) = reading::digits::<10>(text) else { return Check::Invalid };
    if !matches!(first, 0..=3 | 9) {
        return Check::Invalid;
    }
    if checksum::luhn(text) { Check::Valid } else { Check::Undecided }
}

/// Traffic register: thirteen digits that are no identity number.
pub(crate) fn za_traffic_register(text: &str) -> Check {
    let thirteen = reading::digits::<13>(text).is_some();
    if thirteen && za_id_number(text) == Check::Invalid { Check::Undecided } else { Check::Invalid }
}
