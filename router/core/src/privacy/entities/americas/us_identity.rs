//! Numbers by which the United States know a person: social security, taxpayer, passport, immigration.
//!
//! A social security number has no check digit; what the Social Security Administration never issues (areas
//! 000, 666 and 9xx, group 00, serial 0000) and two numbers that were printed in advertisements are none.
//! `123-45-6789` counts: nothing reserves it, and people who try the gate type it. As nine bare digits it
//! is somebody counting. An ITIN has area 9xx and certain groups, so the two never meet.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const US: Detector = Detector { family: Family::Identity, country: Some("US"), ..Detector::EMPTY };

const SSN: Detector = Detector {
    kind: "US_SSN",
    about: "social security number",
    check: Some(us_ssn),
    context: &[
        "ssn",
        "ssn#",
        "ss#",
        "ss no",
        "ss number",
        "social security",
        "social sec",
        "soc sec",
        "soc. sec",
        "social insurance",
        "s.s.n",
        "seguro social",
        "seguridad social",
    ],
    source: "https://www.ssa.gov/employer/randomizationfaqs.html",
    ..US
};
const ITIN: Detector = Detector {
    kind: "US_ITIN",
    about: "individual taxpayer identification number",
    context: &[
        "itin",
        "taxpayer",
        "tax payer",
        "tax id",
        "taxid",
        "tin",
        "individual taxpayer",
        "irs",
        "w-7",
        "identificación del contribuyente",
    ],
    source: "IRM 3.21.263; https://www.irs.gov/individuals/individual-taxpayer-identification-number",
    ..US
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{3}-[0-9]{2}-[0-9]{4}", 60),
            pattern(r"[0-9]{3}\.[0-9]{2}\.[0-9]{4}", 45),
            pattern("[0-9]{3} - [0-9]{2} - [0-9]{4}", 45),
            pattern("[0-9]{3} [0-9]{2} [0-9]{4}", 40),
        ]),
        edges: Edges { before: b".", ..Edges::WORD },
        ..SSN
    },
    Detector {
        find: Find::Token(&[
            pattern("[0-9]{5}-[0-9]{4}", 5),
            pattern("[0-9]{3}-[0-9]{6}", 5),
            pattern("[0-9]{9}", 5),
        ]),
        edges: BARE,
        ..SSN
    },
    Detector {
        find: Find::Token(&[pattern(
            "9[0-9]{2}[-. ](?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[-. ][0-9]{4}",
            55,
        )]),
        edges: Edges { before: b".", ..Edges::WORD },
        ..ITIN
    },
    Detector {
        find: Find::Token(&[
            pattern("9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[0-9]{4}", 15),
            pattern("9[0-9]{2}[- ](?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[0-9]{4}", 5),
            pattern("9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[- ][0-9]{4}", 5),
        ]),
        edges: BARE,
        ..ITIN
    },
    Detector {
        kind: "US_ATIN",
        about: "adoption taxpayer identification number",
        find: Find::Token(&[
            pattern("9[0-9]{2}-93-[0-9]{4}", 50),
            pattern("9[0-9]{2}93[0-9]{4}", 5),
        ]),
        edges: BARE,
        context: &["atin", "adoption taxpayer", "adoption tax", "w-7a", "adoptee", "adoption"],
        source: "https://www.irs.gov/individuals/adoption-taxpayer-identification-number",
        ..US
    },
    Detector {
        kind: "US_PTIN",
        about: "preparer tax identification number",
        find: Find::Token(&[pattern("(?i)P[0-9]{8}", 15)]),
        context: &[
            "ptin",
            "preparer tax",
            "tax preparer",
            "paid preparer",
            "preparer id",
            "preparer",
        ],
        source: "https://www.irs.gov/tax-professionals/ptin-requirements-for-tax-return-preparers",
        ..US
    },
    Detector {
        kind: "US_PASSPORT",
        about: "passport number",
        find: Find::Token(&[pattern("(?i)[A-Z][0-9]{8}", 15), pattern("[0-9]{9}", 5)]),
        edges: Edges { before: b".", ..Edges::WORD },
        context: &[
            "passport",
            "us passport",
            "passport#",
            "passport number",
            "passport book",
            "passport card",
            "travel document",
            "pasaporte",
        ],
        source: "https://travel.state.gov/content/travel/en/passports/passport-help/next-generation-passport.html",
        ..US
    },
    Detector {
        kind: "US_ALIEN_NUMBER",
        about: "alien registration number of an immigrant",
        find: Find::Token(&[
            pattern("A-?[0-9]{3}-[0-9]{3}-[0-9]{3}", 50),
            pattern("(?i)A[-# ]?[0-9]{7,9}", 15),
        ]),
        context: &[
            "alien",
            "alien registration",
            "alien number",
            "a-number",
            "uscis",
            "green card",
            "immigration",
            "permanent resident",
            "número de extranjero",
        ],
        source: "https://www.uscis.gov/glossary-term/50684",
        ..US
    },
    Detector {
        kind: "US_USCIS_RECEIPT",
        about: "receipt number of an immigration case",
        find: Find::Token(&[pattern(
            "(?i)(?:EAC|VSC|WAC|CSC|LIN|NSC|SRC|TSC|MSC|NBC|IOE|YSC|ZAR|ZLA|ZCH|ZNY)[- ]?[0-9]{10}",
            50,
        )]),
        context: &["uscis", "receipt", "receipt number", "case status", "i-797", "petition"],
        source: "https://www.uscis.gov/glossary-term/50701",
        ..US
    },
    Detector {
        kind: "US_SEVIS_ID",
        about: "number of a foreign student",
        find: Find::Token(&[pattern("(?i)N00[0-9]{8}", 35)]),
        context: &["sevis", "i-20", "ds-2019", "f-1", "j-1", "international student"],
        source: "https://studyinthestates.dhs.gov/sevis-help-hub",
        ..US
    },
    Detector {
        kind: "US_DOD_ID",
        about: "number of a member of the armed forces",
        find: Find::Token(&[pattern("[0-9]{10}", 1)]),
        edges: BARE,
        context: &["edipi", "dod id", "dodid", "dod number", "dod identification", "cac card"],
        source: "DoDI 1000.30; https://www.cac.mil/common-access-card/cac-security",
        ..US
    },
    Detector {
        kind: "US_KNOWN_TRAVELER",
        about: "known traveler or redress number",
        find: Find::Token(&[pattern("(?i)TT[0-9A-Z]{2}[0-9]{5,6}", 20), pattern("[0-9]{7,9}", 1)]),
        edges: BARE,
        context: &[
            "known traveler",
            "known traveller",
            "ktn",
            "redress number",
            "tsa precheck",
            "global entry",
            "passid",
        ],
        source: "https://www.dhs.gov/trusted-traveler-programs",
        ..US
    },
];

/// Social security number: what is never issued is none, the rest has nothing to check.
pub(crate) fn us_ssn(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let (area, group, serial) = (
        reading::field(&digits, 0..3),
        reading::field(&digits, 3..5),
        reading::field(&digits, 5..9),
    );
    let never = area == 0 || area == 666 || area >= 900 || group == 0 || serial == 0;
    let printed = matches!((area, group, serial), (78, 5, 1120) | (219, 9, 9999));
    let counted = text == "123456789" || reading::is_one_digit(text);
    if never || printed || counted { Check::Invalid } else { Check::Undecided }
}
