//! Business identifier codes of banks (ISO 9362): four letters or digits, a country, two more, and three
//! for a branch: `DEUTDEFF`, `DEUTDEFF500`.
//!
//! Many a word in capitals has the shape (`ABSOLUTE`: LU is Luxembourg), so a word of context must be near.
//! Codes with four digits before the country are allowed since 2014 and not given out.

use crate::privacy::detect::{Detector, Edges, Family, Find, Found};

/// Banks.
pub(super) static TABLE: &[Detector] = &[Detector {
    kind: "BIC",
    about: "business identifier code of a bank (SWIFT)",
    family: Family::Payment,
    find: Find::Own(WORDS, find),
    edges: Edges { before: b"-/.", after: b"-/(", word_before: true, word_after: true },
    context: WORDS,
    source: "ISO 9362:2022",
    ..Detector::EMPTY
}];

/// Without one of these near it nothing is a code.
const WORDS: &[&str] = &[
    "bic",
    "swift",
    "swift code",
    "bic/swift",
    "swift/bic",
    "bank identifier",
    "iban",
    "wire transfer",
    "bankverbindung",
    "code banque",
    "código swift",
    "codice bic",
    "код банка",
    "СВИФТ",
    "银行代码",
    "銀行コード",
    "은행코드",
];

/// ISO 3166-1 codes, and XK, which SWIFT uses for Kosovo.
const COUNTRIES: &str = "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN \
    BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC \
    EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR \
    HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT \
    LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP \
    NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL \
    SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE \
    VG VI VN VU WF WS XK YE YT ZA ZM ZW";

fn find(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let word = bytes.get(at..).unwrap_or_default();
        let length =
            word.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count();
        if matches!(length, 8 | 11) && text.get(at..at + length).is_some_and(is_bic) {
            let has_digit = word.iter().take(length).any(u8::is_ascii_digit);
            found(at..at + length, if has_digit { 20 } else { 5 });
        }
        at += length.max(1);
    }
}

/// Whether it has the form of a code, and a country in it.
pub(crate) fn is_bic(code: &str) -> bool {
    let country = || code.get(4..6).is_some_and(|two| COUNTRIES.split(' ').any(|code| code == two));
    let rest = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
    matches!(code.len(), 8 | 11)
        && code.bytes().take(6).all(|byte| byte.is_ascii_uppercase())
        && code.bytes().skip(6).all(rest)
        && country()
}

#[cfg(test)]
mod tests {
    use super::super::tests::found;
    use super::*;

    #[test]
    fn a_code_counts_near_a_word_for_it() {
        assert_eq!(found(TABLE, "BIC: DEUTDEFF"), [(5..13, 50)]);
        assert_eq!(found(TABLE, "SWIFT代码DEUTDEFF500。"), [(11..22, 55)]);
        assert_eq!(found(TABLE, "an ABSOLUTE must, and a BIC elsewhere").len(), 1);
        assert!(found(TABLE, "an ABSOLUTE must").is_empty());
    }

    #[test]
    fn other_words_are_none() {
        for text in ["BIC DEUTXXFF", "BIC deutdeff", "BIC DEUTDEFF5", "BIC MY_DEUTDEFF"] {
            assert!(found(TABLE, text).is_empty(), "{text}");
        }
    }
}
