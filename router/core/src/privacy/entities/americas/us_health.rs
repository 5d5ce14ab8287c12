//! Health care in the United States: who treats, who is insured, what is prescribed.
//!
//! Ten digits of an NPI are also seconds since 1970, so bare ones stay weak even where the check digit
//! agrees. An MBI leaves out S, L, O, I, B and Z and has its digits in fixed places: nothing else looks like
//! it. A HICN is the social security number of the insured with a letter behind it.

use super::reading::{self, BARE, GROUPED};
use super::us_identity::us_ssn;
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const US: Detector = Detector { family: Family::Health, country: Some("US"), ..Detector::EMPTY };

const NPI: Detector = Detector {
    kind: "US_NPI",
    about: "national provider identifier",
    check: Some(us_npi),
    context: &[
        "npi",
        "national provider",
        "provider id",
        "provider identifier",
        "provider number",
        "rendering provider",
        "billing provider",
        "prescriber",
        "taxonomy",
    ],
    source: "45 CFR 162.406; https://www.cms.gov/Regulations-and-Guidance/Administrative-Simplification/NationalProvIdentStand",
    ..US
};
const DEA: Detector = Detector {
    kind: "MEDICAL_LICENSE",
    about: "DEA registration of a prescriber",
    check: Some(us_dea),
    context: &[
        "dea",
        "dea number",
        "dea registration",
        "medical license",
        "medical licence",
        "medical certificate",
        "certificate number",
        "prescriber",
        "controlled substance",
    ],
    source: "21 CFR 1301; https://en.wikipedia.org/wiki/DEA_number",
    ..US
};
const MBI: Detector = Detector {
    kind: "US_MBI",
    about: "Medicare beneficiary identifier",
    context: &[
        "medicare",
        "mbi",
        "beneficiary",
        "cms",
        "medicaid",
        "hicn",
        "medicare id",
        "medicare number",
        "red white and blue card",
    ],
    source: "https://www.cms.gov/medicare/new-medicare-card/understanding-new-medicare-beneficiary-identifier-mbi",
    ..US
};
const HICN: Detector = Detector {
    kind: "US_HICN",
    about: "health insurance claim number (Medicare before 2020)",
    check: Some(us_hicn),
    context: &["hicn", "hic number", "medicare", "medicare claim", "claim number", "beneficiary"],
    source: "https://www.cms.gov/medicare/new-medicare-card; POMS RS 00202.001",
    ..US
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Token(&[pattern("[12][0-9]{3}[ -][0-9]{3}[ -][0-9]{3}", 40)]),
        valid: 60,
        edges: GROUPED,
        ..NPI
    },
    Detector { find: Find::Token(&[pattern("[12][0-9]{9}", 10)]), valid: 30, edges: BARE, ..NPI },
    Detector {
        find: Find::Token(&[pattern("[ABCDEFGHJKLMPRSTUX][A-Z][0-9]{7}", 20)]),
        valid: 45,
        ..DEA
    },
    Detector {
        find: Find::Token(&[
            pattern("(?i)[ABCDEFGHJKLMPRSTUX]9[0-9]{7}", 20),
            pattern("[abcdefghjklmprstux][A-Za-z][0-9]{7}", 15),
            pattern("[ABCDEFGHJKLMPRSTUX][a-z][0-9]{7}", 15),
        ]),
        valid: 30,
        ..DEA
    },
    Detector {
        find: Find::Token(&[
            pattern(
                "[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]-?[AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9]-?[AC-HJKMNP-RT-Y]{2}[0-9]{2}",
                50,
            ),
            pattern(
                "(?i)[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][- ][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][- ][AC-HJKMNP-RT-Y]{2}[0-9]{2}",
                60,
            ),
            pattern(
                "(?i)[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}",
                30,
            ),
        ]),
        ..MBI
    },
    Detector {
        find: Find::Token(&[
            pattern(
                "(?i)[0-9]{3}-[0-9]{2}-[0-9]{4}-?(?:[ABCDEFJKMTW][0-9]?|[EFJKQWD][A-Z1-9]?|TA|TB)",
                60,
            ),
            pattern("(?i)[0-9]{9}-?(?:[ABCDEFJKMTW][0-9]?|TA|TB)", 15),
        ]),
        ..HICN
    },
    Detector {
        find: Find::Token(&[pattern(
            "(?i)(?:W?CA|W?CD|W?CH|MA|WA|WD|WH|MH|PA|PD|PH|JA|A|H)-?[0-9]{3}-?[0-9]{2}-?[0-9]{4}",
            10,
        )]),
        ..HICN
    },
    Detector {
        kind: "US_CLIA",
        about: "number of a clinical laboratory",
        family: Family::Organisation,
        find: Find::Token(&[
            pattern("(?i)[0-9]{2}D[0-9]{7}", 10),
            pattern("(?i)[0-9]{2}[ -]D[ -][0-9]{7}", 40),
        ]),
        check: Some(us_clia),
        context: &[
            "clia",
            "clia number",
            "clia id",
            "lab",
            "laboratory",
            "clinical laboratory",
            "lab id",
            "lab number",
        ],
        source: "42 CFR 493; https://www.cms.gov/medicare/quality/clinical-laboratory-improvement-amendments",
        ..US
    },
    Detector {
        kind: "US_NDC",
        about: "national drug code",
        find: Find::Token(&[
            pattern("[0-9]{5}-[0-9]{4}-[0-9]{1,2}", 25),
            pattern("(?:[0-9]{5}-[0-9]{3}|[0-9]{4}-[0-9]{4})-[0-9]{2}", 25),
            pattern("[0-9]{10,11}", 1),
        ]),
        edges: BARE,
        context: &[
            "ndc",
            "national drug code",
            "drug code",
            "labeler",
            "prescription",
            "dispensed",
            "pharmacy",
            "medication",
        ],
        source: "21 CFR 207.33; https://www.fda.gov/drugs/drug-approvals-and-databases/national-drug-code-directory",
        ..US
    },
];

/// NPI: Luhn's check behind the prefix 80840 of ISO 7812 for American health care, which adds 24 to the
/// sum.
pub(crate) fn us_npi(text: &str) -> Check {
    let Some(digits) = reading::digits::<10>(text) else { return Check::Invalid };
    let [first, ..] = digits;
    let body = digits.split_last().map_or(&[][..], |(_, body)| body);
    let same = body.iter().all(|digit| *digit == first);
    let starts = matches!(first, 1 | 2);
    Check::from_bool(starts && !same && checksum::luhn(&format!("80840{}", reading::plain(text))))
}

/// DEA number: of six digits the odd ones and twice the even ones sum to the seventh.
pub(crate) fn us_dea(text: &str) -> Check {
    let plain = reading::plain(text);
    let number = plain.get(2..).and_then(reading::digits::<7>);
    let Some([a, b, c, d, e, f, check]) = number.filter(|_| plain.len() == 9) else {
        return Check::Invalid;
    };
    Check::from_bool((a + c + e + 2 * (b + d + f)) % 10 == check && !reading::is_one_digit(&plain))
}

/// HICN: the number in it is a social security number that may be issued.
pub(crate) fn us_hicn(text: &str) -> Check {
    let number: String = text.chars().filter(char::is_ascii_digit).take(9).collect();
    us_ssn(&number)
}

/// CLIA number: seven digits of which not all are the same.
pub(crate) fn us_clia(text: &str) -> Check {
    let plain = reading::plain(text);
    let number = plain.get(3..).filter(|number| number.len() == 7);
    match number.map(reading::is_one_digit) {
        Some(false) => Check::Undecided,
        _ => Check::Invalid,
    }
}
