//! East and southern Africa beside South Africa: Kenya, Tanzania, Uganda, Rwanda, Zimbabwe, Zambia,
//! Mozambique, Angola, Mauritius.
//!
//! Zimbabwe's check letter and Mauritius' check character decide; the others are forms of letters and digits
//! that little else has, or bare digits that need their context.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

const PERSON: Detector = Detector { family: Family::Identity, ..Detector::EMPTY };
const CARD: &[&str] = &[
    "national id",
    "national identity",
    "national identity card",
    "id number",
    "id no",
    "id card",
    "nid",
    "nin",
    "kitambulisho",
];
const ZIMBABWE: Detector = Detector {
    kind: "ZW_NATIONAL_ID",
    about: "identity card of Zimbabwe",
    country: Some("ZW"),
    check: Some(zw_id),
    context: CARD,
    source: "National Registration Act (Chapter 10:17); https://www.rg.gov.zw",
    ..PERSON
};

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "KE_NATIONAL_ID",
        about: "identity card of Kenya",
        country: Some("KE"),
        find: Find::Token(&[pattern("[0-9]{7,8}", 1)]),
        edges: BARE,
        context: &[
            "national id",
            "national identity",
            "national identity card",
            "id number",
            "nid",
            "kenyan id",
            "kenya national id",
            "registration number",
            "id card",
            "national registration",
            "kitambulisho",
            "huduma",
            "maisha",
        ],
        source: "Registration of Persons Act (Cap. 107); https://www.ecitizen.go.ke",
        ..PERSON
    },
    Detector {
        kind: "KE_KRA_PIN",
        about: "taxpayer of Kenya",
        country: Some("KE"),
        find: Find::Token(&[
            pattern("[AP][0-9]{9}[A-Z]", 50),
            pattern("(?i)[AP][0-9]{9}[A-Z]", 30),
        ]),
        context: &["kra", "kra pin", "pin number", "itax", "taxpayer", "pin certificate"],
        source: "https://www.kra.go.ke/individual/individual-pin-registration/learn-about-pin/about-pin",
        ..PERSON
    },
    Detector {
        kind: "KE_PASSPORT",
        about: "passport number",
        country: Some("KE"),
        find: Find::Token(&[pattern("(?i)(?:A|B|C|AK|BK|CK)[0-9]{6,8}", 10)]),
        context: &[
            "passport",
            "passport number",
            "kenyan passport",
            "pasipoti",
            "travel document",
            "immigration",
        ],
        source: "https://en.wikipedia.org/wiki/Kenyan_passport",
        ..PERSON
    },
    Detector {
        kind: "TZ_NIN",
        about: "identity number of Tanzania",
        country: Some("TZ"),
        find: Find::Token(&[
            pattern("(?:19|20)[0-9]{6}-[0-9]{5}-[0-9]{5}-[0-9]{2}", 60),
            pattern("(?:19|20)[0-9]{18}", 20),
        ]),
        check: Some(tz_nin),
        edges: Edges::NUMBER,
        context: &[
            "nida",
            "nin",
            "national id",
            "kitambulisho",
            "kitambulisho cha taifa",
            "namba ya nida",
        ],
        source: "https://www.nida.go.tz",
        ..PERSON
    },
    Detector {
        kind: "UG_NIN",
        about: "identity number of Uganda",
        country: Some("UG"),
        find: Find::Token(&[
            pattern("[CAP][MF][0-9]{8}[0-9A-Z]{4}", 50),
            pattern("(?i)[CAP][MF][0-9]{2}[0-9A-Z]{10}", 15),
        ]),
        context: CARD,
        source: "Registration of Persons Act 2015; https://www.nira.go.ug",
        ..PERSON
    },
    Detector {
        kind: "RW_NID",
        about: "identity number of Rwanda",
        country: Some("RW"),
        find: Find::Token(&[
            pattern("[123] (?:19|20)[0-9]{2} [78] [0-9]{7} [0-9] [0-9]{2}", 60),
            pattern("[123](?:19|20)[0-9]{2}[78][0-9]{10}", 25),
        ]),
        edges: BARE,
        context: &["indangamuntu", "national id", "nid", "nida", "irangamuntu", "carte d'identité"],
        source: "https://www.nida.gov.rw",
        ..PERSON
    },
    Detector {
        find: Find::Token(&[
            pattern("(?i)[0-9]{2}[- ][0-9]{6,7} ?[A-Z] ?[0-9]{2}", 35),
            pattern("(?i)[0-9]{2}-[0-9]{6,7}-[A-Z]-[0-9]{2}", 50),
        ]),
        valid: 60,
        ..ZIMBABWE
    },
    Detector {
        find: Find::Token(&[pattern("[0-9]{8,9}[A-Z][0-9]{2}", 10)]),
        valid: 45,
        edges: BARE,
        ..ZIMBABWE
    },
    Detector {
        kind: "ZM_NRC",
        about: "registration card of Zambia",
        country: Some("ZM"),
        find: Find::Token(&[pattern("[0-9]{6}/[0-9]{2}/[1-3]", 45)]),
        edges: BARE,
        context: &[
            "nrc",
            "national registration card",
            "nrc number",
            "nrc no",
            "zambia",
            "registration card",
        ],
        source: "National Registration Act (Cap. 126)",
        ..PERSON
    },
    Detector {
        kind: "MZ_NUIT",
        about: "taxpayer of Mozambique",
        country: Some("MZ"),
        find: Find::Token(&[pattern("[0-9]{3} ?[0-9]{3} ?[0-9]{3}", 1)]),
        check: Some(mz_nuit),
        valid: 15,
        edges: BARE,
        context: &[
            "nuit",
            "nuit n",
            "contribuinte",
            "número único de identificação tributária",
            "autoridade tributária",
            "imposto",
            "moçambique",
        ],
        source: "https://www.at.gov.mz",
        ..PERSON
    },
    Detector {
        kind: "AO_BI",
        about: "identity card of Angola",
        country: Some("AO"),
        find: Find::Token(&[pattern("[0-9]{9}[A-Z]{2}0[0-9]{2}", 50)]),
        context: &[
            "bilhete de identidade",
            "bi n",
            "b.i",
            "nif",
            "número do bi",
            "identidade",
            "angola",
        ],
        source: "Lei 4/09; https://www.bi.gov.ao",
        ..PERSON
    },
    Detector {
        kind: "MU_NID",
        about: "identity card of Mauritius",
        country: Some("MU"),
        find: Find::Token(&[pattern("(?i)[A-Z][0-9]{12}[0-9A-G]", 20)]),
        check: Some(mu_nid),
        valid: 80,
        context: &[
            "national identity",
            "nid",
            "nic",
            "identity card",
            "carte d'identité",
            "mauritius",
        ],
        source: "https://mnis.govmu.org/English/ID%20Card/Pages/default.aspx",
        ..PERSON
    },
];

/// Identity of Tanzania: year, month and day of birth in front.
pub(crate) fn tz_nin(text: &str) -> Check {
    let Some(digits) = reading::digits::<20>(text) else { return Check::Invalid };
    let (year, month, day) = (
        reading::field(&digits, 0..4),
        reading::field(&digits, 4..6),
        reading::field(&digits, 6..8),
    );
    if reading::is_date(year, month, day) { Check::Undecided } else { Check::Invalid }
}

/// Identity of Zimbabwe: the letter is what is left of 23 of district and number.
pub(crate) fn zw_id(text: &str) -> Check {
    const LETTERS: &[u8] = b"ZABCDEFGHJKLMNPQRSTVWXY";
    let plain = reading::plain(text);
    let Some(at) = plain.find(|char: char| char.is_ascii_uppercase()) else {
        return Check::Invalid;
    };
    let (Some(number), Some(letter)) = (plain.get(..at), plain.as_bytes().get(at)) else {
        return Check::Invalid;
    };
    let rest = number.parse::<u64>().ok().and_then(|number| usize::try_from(number % 23).ok());
    if matches!(at, 8 | 9) && rest.and_then(|rest| LETTERS.get(rest)) == Some(letter) {
        Check::Valid
    } else {
        Check::Undecided
    }
}

/// Taxpayer of Mozambique: weights 8, 9, 4, 5, 6, 7, 8, 9, and what is left of eleven; ten is 1.
pub(crate) fn mz_nuit(text: &str) -> Check {
    let Some(digits) = reading::digits::<9>(text) else { return Check::Invalid };
    let [.., check] = digits;
    let rest = reading::weigh(&digits, &[8, 9, 4, 5, 6, 7, 8, 9]) % 11;
    Check::from_bool(check == if rest == 10 { 1 } else { rest } && !reading::is_one_digit(text))
}

/// Identity of Mauritius: a letter, a birth, and what all thirteen weigh to seventeen.
pub(crate) fn mu_nid(text: &str) -> Check {
    let plain = reading::plain(text);
    let Some(digits) = plain.get(1..13).and_then(reading::digits::<12>) else {
        return Check::Invalid;
    };
    let (day, month, year) = (
        reading::field(&digits, 0..2),
        reading::field(&digits, 2..4),
        reading::field(&digits, 4..6),
    );
    let values = plain.chars().map(|char| char.to_digit(36).unwrap_or_default());
    let sum: u32 = values.zip((2..=14).rev()).map(|(value, weight)| value * weight).sum();
    let given = plain.get(13..).and_then(|check| u32::from_str_radix(check, 36).ok());
    let agrees = given == Some((17 - sum % 17) % 17);
    Check::from_bool(plain.len() == 14 && reading::is_date(year, month, day) && agrees)
}
