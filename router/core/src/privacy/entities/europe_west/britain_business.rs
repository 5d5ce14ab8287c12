//! United Kingdom: taxes, companies, bank branches.
//!
//! A taxpayer reference has its check digit first. A VAT number has two check digits, of which there are two
//! series (modulo 97, and since 2010 with 55 added).

use super::plain::{all_equal, digits_only, number, plain};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, checksum, pattern};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "UK_UTR",
        about: "British Unique Taxpayer Reference",
        family: Family::Identity,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("[0-9]{10}", 5),
            pattern("[0-9]{5} [0-9]{5}", 10),
            pattern("(?i)[0-9]{10}K", 20),
        ]),
        check: Some(taxpayer),
        valid: 25,
        edges: Edges::NUMBER,
        context: &[
            "utr",
            "unique taxpayer reference",
            "unique tax reference",
            "taxpayer reference",
            "tax reference",
            "self assessment",
            "self-assessment",
            "corporation tax",
            "hmrc",
        ],
        source: "https://www.gov.uk/find-utr-number",
    },
    Detector {
        kind: "UK_VAT",
        about: "British VAT number",
        family: Family::Organisation,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("(?i)(?:GB|XI)[ ]?[0-9]{3}[ ]?[0-9]{4}[ ]?[0-9]{2}(?:[ ]?[0-9]{3})?", 40),
            pattern("[0-9]{3} [0-9]{4} [0-9]{2}", 10),
        ]),
        check: Some(vat),
        valid: 60,
        context: &[
            "vat",
            "vat number",
            "vat no",
            "vat reg",
            "vat registration",
            "value added tax",
            "hmrc",
        ],
        source: "https://en.wikipedia.org/wiki/VAT_identification_number",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_COMPANY_NUMBER",
        about: "British company number",
        family: Family::Organisation,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("[0-9]{8}", 5),
            pattern("(?:SC|NI|OC|SO|NC|FC|SF|NF|LP|SL|NL|IP|RC|CE|GE|GS|SE|R0)[0-9]{6}", 20),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "company number",
            "company no",
            "company registration",
            "registered number",
            "registered in england",
            "registered in scotland",
            "companies house",
            "crn",
        ],
        source: "Companies House, Uniform Resource Identifiers, company number prefixes",
        ..Detector::EMPTY
    },
    Detector {
        kind: "UK_BANK_ACCOUNT",
        about: "British sort code, with or without an account number",
        family: Family::Payment,
        country: Some("GB"),
        find: Find::Token(&[
            pattern("[0-9]{2}-[0-9]{2}-[0-9]{2}", 5),
            pattern("[0-9]{2}[ -][0-9]{2}[ -][0-9]{2}[ /:,]{1,3}[0-9]{8}", 35),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "sort code",
            "sortcode",
            "sort-code",
            "bank account",
            "account number",
            "account no",
            "bacs",
            "faster payments",
        ],
        source: "https://en.wikipedia.org/wiki/Sort_code",
        ..Detector::EMPTY
    },
];

/// The first digit checks the other nine: weights 6 to 10 and 5 to 2, modulo eleven.
pub(crate) fn taxpayer(text: &str) -> Check {
    let plain = plain(text);
    let Some(plain) = digits_only(plain.trim_end_matches('K'), 10) else { return Check::Invalid };
    let rest = checksum::weighted(&plain, &[0, 6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
    let check = "21987654321".get(rest as usize..).and_then(|checks| checks.chars().next());
    Check::from_bool(!all_equal(&plain) && plain.chars().next() == check)
}

/// Seven digits with weights eight to two, and two check digits that make the sum a multiple of 97, alone or
/// with 55. A branch has three digits more.
pub(crate) fn vat(text: &str) -> Check {
    let plain = plain(text);
    let digits = plain.trim_start_matches("GB").trim_start_matches("XI");
    let Some(digits) = digits_only(digits, 9).or_else(|| digits_only(digits, 12)) else {
        return Check::Invalid;
    };
    let sum = u64::from(checksum::weighted(&digits, &[8, 7, 6, 5, 4, 3, 2]));
    let Some(check) = number(&digits, 7..9) else { return Check::Invalid };
    let sum = sum + check;
    Check::from_bool(!all_equal(&digits) && (sum % 97 == 0 || (sum + 55) % 97 == 0))
}
