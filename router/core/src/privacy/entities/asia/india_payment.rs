//! India: payment addresses (UPI), codes of bank branches (IFSC), mobile numbers.
//!
//! A payment address is a name, `@`, and the handle of a provider, without a point behind it: that would be
//! an e-mail address. With a handle that is known it needs nothing more; with any other it may be a mention
//! of somebody and needs words near it. An IFSC is four letters of a bank, a zero, six characters.

use crate::privacy::detect::{Detector, Edges, Family, Find, Found, pattern};

/// Handles of providers (NPCI).
const HANDLES: &[&str] = &[
    "abfspay",
    "airtel",
    "albk",
    "allbank",
    "andb",
    "apl",
    "axisb",
    "axisbank",
    "axisgo",
    "axl",
    "barodampay",
    "boi",
    "centralbank",
    "citi",
    "citigold",
    "cnrb",
    "dbs",
    "federal",
    "fbl",
    "freecharge",
    "hdfcbank",
    "hdfcbankjd",
    "hsbc",
    "ibl",
    "icici",
    "idbi",
    "idfcbank",
    "idfcfirst",
    "ikwik",
    "indianbank",
    "indus",
    "jupiteraxis",
    "kbl",
    "kotak",
    "mbk",
    "myicici",
    "naviaxis",
    "okaxis",
    "okhdfcbank",
    "okicici",
    "oksbi",
    "paytm",
    "payzapp",
    "pingpay",
    "pnb",
    "postbank",
    "ptaxis",
    "pthdfc",
    "ptsbi",
    "ptyes",
    "rapl",
    "rbl",
    "sbi",
    "sib",
    "superyes",
    "timecosmos",
    "tapicici",
    "uboi",
    "uco",
    "unionbank",
    "upi",
    "waaxis",
    "wahdfcbank",
    "waicici",
    "wasbi",
    "yapl",
    "ybl",
    "yesbank",
    "yescred",
    "yesg",
    "yespay",
];
/// Longest name before the `@`, and longest handle, in bytes.
const NAME: usize = 64;
const HANDLE: usize = 20;

/// The rows.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "IN_UPI",
        about: "Indian payment address",
        family: Family::Payment,
        country: Some("IN"),
        find: Find::Own(&["@"], payment_addresses),
        context: &[
            "upi",
            "upi id",
            "vpa",
            "gpay",
            "google pay",
            "phonepe",
            "paytm",
            "bhim",
            "यूपीआई",
            "payment address",
        ],
        source: "https://www.npci.org.in/what-we-do/upi, https://en.wikipedia.org/wiki/Unified_Payments_Interface",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_IFSC",
        about: "Indian code of a bank branch",
        family: Family::Payment,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("(?i)[A-Z]{4}0[0-9]{6}", 30),
            pattern("(?i)[A-Z]{4}0[A-Z0-9]{6}", 10),
        ]),
        context: &[
            "ifsc",
            "ifsc code",
            "ifs code",
            "neft",
            "rtgs",
            "imps",
            "branch code",
            "bank account",
            "account number",
            "a/c no",
            "आईएफएससी",
        ],
        source: "Reserve Bank of India, https://en.wikipedia.org/wiki/Indian_Financial_System_Code",
        ..Detector::EMPTY
    },
    Detector {
        kind: "IN_MOBILE",
        about: "Indian mobile number",
        family: Family::Contact,
        country: Some("IN"),
        find: Find::Token(&[
            pattern("\\+91[ -]?[6-9][0-9]{4}[ -]?[0-9]{5}", 75),
            pattern("\\+91[ -]?[6-9][0-9]{2}[ -]?[0-9]{3}[ -]?[0-9]{4}", 75),
            pattern("[6-9][0-9]{4}[ -][0-9]{5}", 35),
            pattern("0?[6-9][0-9]{9}", 15),
            pattern("91[6-9][0-9]{9}", 25),
        ]),
        edges: Edges::NUMBER,
        context: &[
            "mobile",
            "mobile no",
            "phone",
            "phone number",
            "cell",
            "call",
            "contact",
            "whatsapp",
            "tel",
            "मोबाइल",
            "फोन",
            "फ़ोन",
            "नंबर",
        ],
        source: "National Numbering Plan, Department of Telecommunications",
        ..Detector::EMPTY
    },
];

/// Every `name@handle` that no point or further `@` continues.
fn payment_addresses(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'@', bytes) {
        let name = bytes.get(..at).unwrap_or_default().iter().rev();
        let name = name.take(NAME + 1).take_while(|byte| in_name(**byte)).count();
        let behind = bytes.get(at + 1..).unwrap_or_default();
        let handle =
            behind.iter().take(HANDLE + 1).take_while(|byte| byte.is_ascii_alphabetic()).count();
        if !(2..=NAME).contains(&name) || !(2..=HANDLE).contains(&handle) || goes_on(behind, handle)
        {
            continue;
        }
        let start = at - name + leading_signs(bytes.get(at - name..at).unwrap_or_default());
        let Some(provider) = text.get(at + 1..at + 1 + handle) else { continue };
        let known = HANDLES.iter().any(|known| known.eq_ignore_ascii_case(provider));
        if at - start >= 2 {
            found(start..at + 1 + handle, if known { 70 } else { 5 });
        }
    }
}

const fn in_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}

fn leading_signs(name: &[u8]) -> usize {
    name.iter().take_while(|byte| !byte.is_ascii_alphanumeric()).count()
}

/// Whether a domain, a path or another word goes on after the handle.
fn goes_on(behind: &[u8], handle: usize) -> bool {
    let word = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_alphanumeric);
    match behind.get(handle) {
        Some(b'.' | b'-' | b'@' | b'/' | b':') => word(behind.get(handle + 1)),
        next => word(next),
    }
}
