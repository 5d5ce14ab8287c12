//! Finland: personal identity code (hetu), business id (y-tunnus), passport.
//!
//! The sign between date and number tells the century: `+` 1800, `-` and Y to U 1900, A to F 2000.
//! Individual numbers from 900 on are for tests and temporary; they are found as well. A dash and
//! four digits may be a day and a time (`160214-1413`), which needs context.

use super::super::general::lone::lone;
use super::calendar::day_exists;
use super::numbers::{ALONE, APART, agree, behind, read, signs, sum, two, value};
use super::timestamps::unless_time;
use crate::privacy::detect::{Check, Detector, Edges, Family, Find, pattern};

/// Rows of Finland.
pub(super) static TABLE: &[Detector] = &[
    SIGNLESS,
    Detector { find: Find::Own(&[], |text, found| lone(text, &(10..=10), 30, found)), ..SIGNLESS },
    Detector {
        kind: "FI_PERSONAL_IDENTITY_CODE",
        about: "Finnish personal identity code",
        family: Family::Identity,
        country: Some("FI"),
        find: Find::Token(&[pattern("(?i)[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]", 30)]),
        check: Some(|text| unless_time(personal_identity_code(text), text)),
        valid: 100,
        edges: APART,
        context: HETU,
        source: "https://dvv.fi/en/personal-identity-code; Valtioneuvoston asetus 128/2010",
    },
    Detector {
        kind: "FI_BUSINESS_ID",
        about: "Finnish business id",
        family: Family::Organisation,
        country: Some("FI"),
        find: Find::Token(&[pattern("[0-9]{7}-[0-9]", 20), pattern("FI ?[0-9]{7}-?[0-9]", 35)]),
        check: Some(business_id),
        valid: 60,
        edges: Edges { before: b"-.+/", ..APART },
        context: &[
            "y-tunnus",
            "ytunnus",
            "yritystunnus",
            "fo-nummer",
            "företagsnummer",
            "alv-numero",
            "business id",
            "vat",
            "yritys",
        ],
        source: "Yritys- ja yhteisötietolaki 244/2001; https://www.ytj.fi",
    },
    Detector {
        kind: "FI_PASSPORT",
        about: "Finnish passport",
        family: Family::Identity,
        country: Some("FI"),
        find: Find::Token(&[pattern("(?i)[A-Z]{2}[0-9]{7}", 5)]),
        edges: ALONE,
        context: &[
            "passi",
            "passin numero",
            "pass",
            "passnummer",
            "passport",
            "passport number",
            "matkustusasiakirja",
        ],
        source: "https://en.wikipedia.org/wiki/Finnish_passport",
        ..Detector::EMPTY
    },
];

const HETU: &[&str] = &[
    "hetu",
    "henkilötunnus",
    "henkilötunnukseni",
    "sosiaaliturvatunnus",
    "personbeteckning",
    "personbeteckningen",
    "personal identity code",
    "social security number",
];

/// Without the sign of its century, as names of programs and fields of ten characters have it. Digits only are a
/// count or a time as often, so they must be alone in their line; of seconds since 1970 that stand alone, one in
/// 250 is taken for a code.
const SIGNLESS: Detector = Detector {
    kind: "FI_PERSONAL_IDENTITY_CODE",
    about: "Finnish personal identity code without its sign",
    family: Family::Identity,
    country: Some("FI"),
    find: Find::Token(&[pattern("(?i)[0-9]{9}[A-Y]", 10)]),
    check: Some(signless),
    valid: 60,
    edges: APART,
    context: HETU,
    source: "https://dvv.fi/en/personal-identity-code",
};

/// FI_PERSONAL_IDENTITY_CODE without its sign: right for one century at least.
pub(crate) fn signless(text: &str) -> Check {
    let (Some(date), Some(rest)) = (text.get(..6), text.get(6..)) else { return Check::Invalid };
    let valid = |sign| personal_identity_code(&format!("{date}{sign}{rest}")) == Check::Valid;
    Check::from_bool(valid('-') || valid('A') || valid('+'))
}

/// FI_PERSONAL_IDENTITY_CODE: a day of its century, and the nine digits modulo 31.
pub(crate) fn personal_identity_code(text: &str) -> Check {
    const CONTROL: &[u8; 31] = b"0123456789ABCDEFHJKLMNPRSTUVWXY";
    let (Some(date), Some(rest)) = (text.get(..6), text.get(7..10)) else { return Check::Invalid };
    let (Some(date), Some(rest)) = (plain::<6>(date), plain::<3>(rest)) else {
        return Check::Invalid;
    };
    let [sign, last] = [text.as_bytes().get(6), text.as_bytes().get(10)];
    let century = match sign.map(u8::to_ascii_uppercase) {
        Some(b'+') => 1800,
        Some(b'-' | b'U'..=b'Y') => 1900,
        Some(b'A'..=b'F') => 2000,
        _ => return Check::Invalid,
    };
    let [a, b, c, d, e, f] = date;
    let all = super::numbers::number(&date) * 1000 + super::numbers::number(&rest);
    let right = CONTROL.get((all % 31) as usize);
    let holds = right.is_some() && right == last.map(u8::to_ascii_uppercase).as_ref();
    let day = day_exists(century + two(e, f), two(c, d), two(a, b));
    Check::from_bool(text.len() == 11 && day && holds)
}

fn plain<const N: usize>(text: &str) -> Option<[u32; N]> {
    signs::<N>(text).filter(|all| all.iter().all(u8::is_ascii_digit)).map(|all| all.map(value))
}

/// FI_BUSINESS_ID: weights 7, 9, 10, 5, 8, 4, 2, modulo eleven.
pub(crate) fn business_id(text: &str) -> Check {
    let Some(digits) = read::<8>(behind(text, "FI")) else { return Check::Invalid };
    let total = sum(&digits, &[7, 9, 10, 5, 8, 4, 2, 1]);
    agree(total.is_multiple_of(11), &digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_right_without_the_sign_of_its_century_too() {
        // The example of the Digital and Population Data Services Agency, 131052-308T.
        assert_eq!(signless("131052308T"), Check::Valid);
        assert_eq!(signless("131052308t"), Check::Valid);
        for other in ["131052308U", "131352308T", "131052308", "13105-308T", "é31052308T"] {
            assert_eq!(signless(other), Check::Invalid, "{other}");
        }
    }
}
