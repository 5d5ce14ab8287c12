//! Israel, the Gulf and Iran: identity numbers.
//!
//! Israel: nine digits by Luhn. Emirates: 784, year of birth, seven digits, Luhn's digit; the authority does
//! not publish the rule, so a grouped one that does not agree is undecided. Saudi Arabia: ten digits, the first
//! 1 for citizens and 2 for residents, Luhn's digit; bare ones read as seconds since 1970 and need words near
//! them. Kuwait: century, day of birth, order, a digit by MOD 11. Qatar: century and year, country, order.
//! Iran: ten digits by MOD 11.

use super::digits::{all_equal, decide, only_digits, part, short_date};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IL_ID",
        about: "Israeli identity number (Teudat Zehut)",
        family: Family::Identity,
        country: Some("IL"),
        find: Find::Token(&[pattern("[0-9]{8}-?[0-9]", 10), pattern("[0-9]-[0-9]{7}-[0-9]", 40)]),
        check: Some(il_id),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "תעודת זהות",
            "ת.ז",
            "ת\"ז",
            "תז",
            "מספר זהות",
            "מס' זהות",
            "teudat zehut",
            "israeli id",
            "id number",
            "identity number",
            "national id",
        ],
        source: "https://en.wikipedia.org/wiki/Israeli_identity_card",
    },
    Detector {
        kind: "AE_EMIRATES_ID",
        about: "Emirates identity number",
        family: Family::Identity,
        country: Some("AE"),
        find: Find::Token(&[
            pattern("784[- ](?:19|20)[0-9]{2}[- ][0-9]{7}[- ][0-9]", 65),
            pattern("784(?:19|20)[0-9]{10}", 30),
        ]),
        check: Some(ae_emirates_id),
        valid: 100,
        edges: Edges::NUMBER,
        context: &[
            "emirates id",
            "eid",
            "uae id",
            "الهوية",
            "الهوية الإماراتية",
            "رقم الهوية",
            "بطاقة الهوية",
            "identity card",
            "national id",
        ],
        source: "Federal Authority for Identity and Citizenship, https://en.wikipedia.org/wiki/Emirates_ID",
    },
    Detector {
        kind: "SA_NATIONAL_ID",
        about: "Saudi national identity, or residence (Iqama), number",
        family: Family::Identity,
        country: Some("SA"),
        find: Find::Token(&[pattern("[12][0-9]{9}", 5)]),
        check: Some(sa_national_id),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "iqama",
            "iqama no",
            "iqama number",
            "saudi id",
            "national id",
            "absher",
            "الهوية الوطنية",
            "رقم الهوية",
            "الإقامة",
            "رقم الإقامة",
            "إقامة",
        ],
        source: "https://en.wikipedia.org/wiki/National_identification_number#Saudi_Arabia",
    },
    Detector {
        kind: "KW_CIVIL_ID",
        about: "Kuwaiti civil number",
        family: Family::Identity,
        country: Some("KW"),
        find: Find::Token(&[pattern("[23][0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]{6}", 20)]),
        check: Some(kw_civil_id),
        valid: 60,
        edges: Edges::NUMBER,
        context: &[
            "civil id",
            "civil number",
            "paci",
            "kuwait id",
            "الرقم المدني",
            "البطاقة المدنية",
            "رقم مدني",
        ],
        source: "Public Authority for Civil Information, https://www.paci.gov.kw",
    },
    Detector {
        kind: "QA_QID",
        about: "Qatari identity number",
        family: Family::Identity,
        country: Some("QA"),
        find: Find::Token(&[pattern("[23][0-9]{10}", 8)]),
        edges: Edges::NUMBER,
        context: &[
            "qid",
            "qatar id",
            "qatari id",
            "residence permit",
            "الرقم الشخصي",
            "البطاقة الشخصية",
        ],
        source: "Ministry of Interior of Qatar, https://portal.moi.gov.qa",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IR_NATIONAL_CODE",
        about: "Iranian national code",
        family: Family::Identity,
        country: Some("IR"),
        find: Find::Token(&[pattern("[0-9]{10}", 5), pattern("[0-9]{3}-[0-9]{6}-[0-9]", 60)]),
        check: Some(ir_national_code),
        valid: 30,
        edges: Edges::NUMBER,
        context: &[
            "کد ملی",
            "کدملی",
            "شماره ملی",
            "کارت ملی",
            "code melli",
            "kode melli",
            "national code",
        ],
        source: "https://fa.wikipedia.org/wiki/کارت_شناسایی_ملی",
    },
];

/// `IL_ID`: Luhn's digit agrees.
pub(crate) fn il_id(text: &str) -> Check {
    let digits = only_digits(text);
    decide(text, digits.len() == 9 && !all_equal(&digits) && checksum::luhn(&digits))
}

/// `AE_EMIRATES_ID`: Luhn's digit agrees, or it is grouped, and nobody can tell.
pub(crate) fn ae_emirates_id(text: &str) -> Check {
    let digits = only_digits(text);
    let grouped = text.len() > digits.len();
    match (digits.len() == 15 && digits.starts_with("784"), checksum::luhn(&digits)) {
        (true, true) => Check::Valid,
        (true, false) if grouped => Check::Undecided,
        _ => Check::Invalid,
    }
}

/// `SA_NATIONAL_ID`: Luhn's digit agrees.
pub(crate) fn sa_national_id(text: &str) -> Check {
    decide(text, text.len() == 10 && text.starts_with(['1', '2']) && checksum::luhn(text))
}

/// `KW_CIVIL_ID`: the day of birth exists and the last digit agrees.
pub(crate) fn kw_civil_id(text: &str) -> Check {
    let century = if text.starts_with('3') { 2000 } else { 1900 };
    let sum = checksum::weighted(text, &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    let agrees = part(text, 11, 1) == Some(11 - sum % 11);
    decide(text, text.len() == 12 && short_date(text, 1, century) && agrees)
}

/// `IR_NATIONAL_CODE`: the last digit agrees, and not all are one.
pub(crate) fn ir_national_code(text: &str) -> Check {
    let digits = only_digits(text);
    let rest = checksum::weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    let check = if rest < 2 { rest } else { 11 - rest };
    let agrees = part(&digits, 9, 1) == Some(check) && !all_equal(&digits);
    decide(text, digits.len() == 10 && agrees)
}
