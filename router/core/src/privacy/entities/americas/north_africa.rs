//! Egypt, Morocco, Algeria and Tunisia.
//!
//! An Egyptian national number is a century, a birth, a governorate and a serial; how its last digit is made
//! has not been published, so nothing but the date can be checked. A time stamp of
//! fourteen digits passes for one on a few days of 2010 and 2011: what begins with a day is left to context.

use super::reading::{self, BARE};
use crate::privacy::detect::{Check, Detector, Family, Find, checksum, pattern};

const PERSON: Detector = Detector { family: Family::Identity, ..Detector::EMPTY };

pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "EG_NATIONAL_ID",
        about: "national number of Egypt",
        country: Some("EG"),
        find: Find::Token(&[pattern("[23][0-9]{13}", 35)]),
        check: Some(|text| reading::unless_day(text, eg_national_id(text))),
        valid: 50,
        edges: BARE,
        context: &[
            "national id",
            "national number",
            "id number",
            "الرقم القومي",
            "رقم قومي",
            "رقم البطاقة",
            "بطاقة الرقم القومي",
            "البطاقة الشخصية",
        ],
        source: "Law 143 of 1994; https://en.wikipedia.org/wiki/Egyptian_National_Identity_Card",
        ..PERSON
    },
    Detector {
        kind: "EG_TAX_NUMBER",
        about: "taxpayer of Egypt",
        country: Some("EG"),
        find: Find::Token(&[pattern("[0-9]{3}-[0-9]{3}-[0-9]{3}", 5), pattern("[0-9]{9}", 1)]),
        edges: BARE,
        context: &[
            "tax number",
            "tax registration",
            "tax id",
            "الرقم الضريبي",
            "رقم التسجيل الضريبي",
            "البطاقة الضريبية",
        ],
        source: "https://www.eta.gov.eg",
        ..PERSON
    },
    Detector {
        kind: "EG_PASSPORT",
        about: "passport number",
        country: Some("EG"),
        find: Find::Token(&[pattern("(?i)A[0-9]{8}", 10)]),
        context: &[
            "passport",
            "passport number",
            "egyptian passport",
            "جواز السفر",
            "رقم الجواز",
            "جواز سفر",
        ],
        source: "https://en.wikipedia.org/wiki/Egyptian_passport",
        ..PERSON
    },
    Detector {
        kind: "MA_CIN",
        about: "identity card of Morocco",
        country: Some("MA"),
        find: Find::Token(&[pattern("(?i)[A-Z]{1,2}[0-9]{4,7}", 5)]),
        context: &[
            "cin",
            "cine",
            "cnie",
            "carte nationale",
            "carte d'identité nationale",
            "carte nationale d'identité",
            "البطاقة الوطنية",
            "رقم البطاقة الوطنية",
            "dgsn",
        ],
        source: "Loi 04-20; https://www.cnie.ma",
        ..PERSON
    },
    Detector {
        kind: "MA_ICE",
        about: "company of Morocco",
        family: Family::Organisation,
        country: Some("MA"),
        find: Find::Token(&[pattern("00[0-9]{13}", 20)]),
        check: Some(ma_ice),
        valid: 60,
        edges: BARE,
        context: &[
            "ice",
            "identifiant commun",
            "identifiant fiscal",
            "entreprise",
            "registre de commerce",
            "التعريف الموحد للمقاولة",
        ],
        source: "https://www.ice.gov.ma/ICE/Guide_ICE.pdf",
    },
    Detector {
        kind: "DZ_NIN",
        about: "identity number of Algeria",
        country: Some("DZ"),
        find: Find::Token(&[pattern("[0-9]{18}", 5)]),
        edges: BARE,
        context: &[
            "nin",
            "numéro d'identification national",
            "carte d'identité",
            "carte biométrique",
            "رقم التعريف الوطني",
            "الرقم التعريفي الوطني",
            "بطاقة التعريف",
        ],
        source: "Décret présidentiel 10-210; https://www.interieur.gov.dz",
        ..PERSON
    },
    Detector {
        kind: "DZ_NIF",
        about: "taxpayer of Algeria",
        family: Family::Organisation,
        country: Some("DZ"),
        find: Find::Token(&[
            pattern("[0-9]{15}(?:[0-9]{5})?", 1),
            pattern("[0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3} [0-9]{3}", 5),
        ]),
        edges: BARE,
        context: &[
            "nif",
            "n.i.f",
            "identification fiscale",
            "identifiant fiscal",
            "الرقم الجبائي",
            "رقم التعريف الجبائي",
        ],
        source: "https://www.mfdgi.gov.dz",
        ..PERSON
    },
    Detector {
        kind: "TN_CIN",
        about: "identity card of Tunisia",
        country: Some("TN"),
        find: Find::Token(&[pattern("[01][0-9]{7}", 5)]),
        edges: BARE,
        context: &[
            "cin",
            "carte d'identité",
            "carte d'identité nationale",
            "بطاقة التعريف",
            "بطاقة التعريف الوطنية",
            "ب.ت.و",
            "رقم بطاقة",
        ],
        source: "Loi 93-27; https://en.wikipedia.org/wiki/National_identity_cards_in_Tunisia",
        ..PERSON
    },
    Detector {
        kind: "TN_MATRICULE_FISCAL",
        about: "taxpayer of Tunisia",
        family: Family::Organisation,
        country: Some("TN"),
        find: Find::Token(&[
            pattern("(?i)[0-9]{7} ?/? ?[A-HJ-NP-TV-Z]/[ABDNP]/[CEMNP]/[0-9]{3}", 60),
            pattern("(?i)[0-9]{7} ?/?[A-HJ-NP-TV-Z] ?[ABDNP] ?[CEMNP] ?[0-9]{3}", 40),
            pattern("(?i)[0-9]{7}/?[A-HJ-NP-TV-Z]", 5),
        ]),
        context: &[
            "matricule fiscal",
            "matricule fiscale",
            "mf",
            "identifiant fiscal",
            "المعرف الجبائي",
            "tva",
        ],
        source: "https://www.registre-entreprises.tn",
        ..PERSON
    },
    Detector {
        kind: "TN_RIB",
        about: "bank account in Tunisia or Morocco",
        family: Family::Payment,
        country: Some("TN"),
        find: Find::Token(&[pattern("[0-9]{20}(?:[0-9]{4})?", 10)]),
        check: Some(tn_rib),
        valid: 80,
        edges: BARE,
        context: &[
            "rib",
            "relevé d'identité bancaire",
            "compte bancaire",
            "virement",
            "banque",
            "الحساب البنكي",
        ],
        source: "https://fr.wikipedia.org/wiki/Basic_Bank_Account_Number",
    },
];

/// National number of Egypt: a century, a birth and a governorate.
pub(crate) fn eg_national_id(text: &str) -> Check {
    let Some(digits) = reading::digits::<14>(text) else { return Check::Invalid };
    let [century, ..] = digits;
    let born = reading::is_date(
        reading::field(&digits, 1..3),
        reading::field(&digits, 3..5),
        reading::field(&digits, 5..7),
    );
    let governorate =
        matches!(reading::field(&digits, 7..9), 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88);
    Check::from_bool(matches!(century, 2 | 3) && born && governorate)
}

/// Company of Morocco: fifteen digits are a multiple of 97.
pub(crate) fn ma_ice(text: &str) -> Check {
    let fifteen = reading::digits::<15>(text).is_some();
    Check::from_bool(fifteen && checksum::mod_97(&reading::plain(text)) == Some(0))
}

/// Bank account of Tunisia (20 digits) or Morocco (24): a multiple of 97.
pub(crate) fn tn_rib(text: &str) -> Check {
    let long = matches!(text.len(), 20 | 24);
    Check::from_bool(long && checksum::mod_97(text) == Some(0) && !reading::is_one_digit(text))
}
