//! Numbers of payers and pharmacies in the United States: member, claim, authorization, referral,
//! prescription, tax number of a provider.
//!
//! Each payer has its own forms, so a number says nothing by itself; all of these need the words that are
//! written in front of them, and those words are phrases (`claim` alone is what anybody makes).

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const US: Detector = Detector {
    family: Family::Health,
    country: Some("US"),
    edges: Edges { before: b".+", ..Edges::WORD },
    ..Detector::EMPTY
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "US_HEALTH_INSURANCE_MEMBER_ID",
        about: "member of a health insurance",
        find: Find::Token(&[pattern("(?i)[A-Z]{1,5}-?[A-Z0-9]{5,14}", 5)]),
        check: Some(us_member_id),
        context: &[
            "member id",
            "member number",
            "member no",
            "subscriber id",
            "subscriber number",
            "insurance id",
            "health plan id",
            "plan member id",
            "policy id",
            "policy number",
            "health insurance",
            "insurance member",
            "insurance card",
            "medicaid id",
            "medicaid number",
        ],
        source: "https://www.cms.gov/medicare/cms-forms/cms-forms/downloads/cms1500.pdf (item 1a)",
        ..US
    },
    Detector {
        kind: "US_PRIOR_AUTHORIZATION_NUMBER",
        about: "prior authorization by a health insurance",
        find: Find::Token(&[pattern("(?i)PA-?[0-9]{6,12}", 10), pattern("[0-9]{6,12}", 1)]),
        context: &[
            "prior authorization",
            "prior auth",
            "preauthorization",
            "pre-authorization",
            "pre-auth",
            "authorization number",
            "authorization #",
            "authorization no",
            "auth number",
            "auth #",
        ],
        source: "https://www.cms.gov/medicare/cms-forms/cms-forms/downloads/cms1500.pdf (item 23)",
        ..US
    },
    Detector {
        kind: "US_CLAIM_NUMBER",
        about: "claim to a health insurance",
        find: Find::Token(&[pattern("(?i)CLM-?[0-9]{6,15}", 10), pattern("[0-9]{6,15}", 1)]),
        context: &[
            "claim number",
            "claim no",
            "claim #",
            "claim id",
            "medical claim",
            "healthcare claim",
            "insurance claim",
            "explanation of benefits",
        ],
        source: "https://www.cms.gov/medical-bill-rights/help/guides/explanation-of-benefits",
        ..US
    },
    Detector {
        kind: "US_PRESCRIPTION_NUMBER",
        about: "prescription at a pharmacy",
        find: Find::Token(&[pattern("(?i)RX-?[0-9]{6,12}", 20), pattern("[0-9]{6,12}", 1)]),
        context: &[
            "rx#",
            "rx number",
            "rx no",
            "prescription",
            "prescription number",
            "prescription no",
            "receta médica",
        ],
        source: "NCPDP Telecommunication Standard, field 402-D2",
        ..US
    },
    Detector {
        kind: "US_REFERRAL_NUMBER",
        about: "referral to a specialist",
        find: Find::Token(&[pattern("(?i)(?:REF|INF)-?[0-9]{6,12}", 5), pattern("[0-9]{6,12}", 1)]),
        context: &[
            "referral number",
            "referral no",
            "referral #",
            "referral id",
            "referral:",
            "infusion referral",
            "referring provider",
        ],
        source: "https://www.cms.gov/medicare/cms-forms/cms-forms/downloads/cms1500.pdf (item 23)",
        ..US
    },
    Detector {
        kind: "US_PROVIDER_TAX_ID",
        about: "tax number of a health care provider",
        family: Family::Organisation,
        find: Find::Token(&[pattern("[0-9]{2}-[0-9]{7}", 20)]),
        edges: BARE,
        context: &[
            "provider tax id",
            "provider tin",
            "provider ein",
            "provider",
            "billing provider",
            "tax id",
        ],
        source: "https://www.irs.gov/instructions/iss4",
        ..US
    },
];

/// Number of a member: 6 to 20 letters and digits, both among them.
pub(crate) fn us_member_id(text: &str) -> Check {
    let digit = text.bytes().any(|byte| byte.is_ascii_digit());
    let letter = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    if digit && letter && (6..=20).contains(&reading::plain(text).len()) {
        Check::Undecided
    } else {
        Check::Invalid
    }
}
