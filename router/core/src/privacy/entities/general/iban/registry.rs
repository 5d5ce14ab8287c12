//! Structure of the account part for each country, from the registry of SWIFT (release 101).
//!
//! `n` is digits, `a` letters, `c` either; a number says how many. Countries that use the form without being
//! registered follow behind.

use std::sync::LazyLock;

/// A structure and the countries that have it.
const STRUCTURES: &[(&str, &str)] = &[
    ("8n 12c", "AD"),
    ("19n", "AE IL SO TL"),
    ("8n 16c", "AL CY"),
    ("16n", "AT BA EE LT MN XK"),
    ("4a 20c", "AZ"),
    ("12n", "BE"),
    ("4a 6n 8c", "BG"),
    ("4a 14c", "BH"),
    ("23n", "BI DJ MR"),
    ("23n 1a 1c", "BR"),
    ("4c 4n 16c", "BY"),
    ("5n 12c", "CH LI"),
    ("18n", "CR DE ME RS VA"),
    ("20n", "CZ ES SE SK TN"),
    ("14n", "DK FI FO GL SD"),
    ("4c 20n", "DO"),
    ("25n", "EG"),
    ("2a 12n", "FK"),
    ("10n 11c 2n", "FR MC"),
    ("4a 14n", "GB IE"),
    ("2a 16n", "GE"),
    ("4a 15c", "GI"),
    ("7n 16c", "GR"),
    ("24c", "GT"),
    ("4a 20n", "HN NI SV"),
    ("17n", "HR"),
    ("24n", "HU PL"),
    ("4a 15n", "IQ"),
    ("22n", "IS"),
    ("1a 10n 12c", "IT SM"),
    ("4a 4n 18c", "JO YE"),
    ("4a 22c", "KW"),
    ("3n 13c", "KZ LU"),
    ("4n 20c", "LB"),
    ("4a 24c", "LC"),
    ("4a 13c", "LV"),
    ("21n", "LY PT ST"),
    ("20c", "MD"),
    ("3n 10c 2n", "MK"),
    ("4a 5n 18c", "MT"),
    ("4a 19n 3a", "MU"),
    ("4a 10n", "NL"),
    ("11n", "NO"),
    ("3n 16c", "OM"),
    ("4a 16c", "PK RO"),
    ("4a 21c", "PS QA"),
    ("14n 15c", "RU"),
    ("2n 18c", "SA"),
    ("4a 20n 3a", "SC"),
    ("15n", "SI"),
    ("6n 16c", "TR"),
    ("6n 19c", "UA"),
    ("4a 16n", "VG"),
    // Not registered.
    ("22n", "DZ IR"),
    ("21n", "AO CV MZ"),
    ("2c 22n", "BF BJ CI ML NE SN TG"),
    ("23n", "CF CG CM GA GQ KM MG TD"),
    ("2c 19n", "GW"),
    ("24n", "MA"),
];

/// For each letter, the letters that follow it in codes of countries, a bit for each.
static SECOND: LazyLock<[u32; 26]> = LazyLock::new(|| {
    let mut all = [0; 26];
    for code in STRUCTURES.iter().flat_map(|(_, codes)| codes.split(' ')) {
        if let [one, two] = code.as_bytes()
            && let Some(bits) = all.get_mut(usize::from(one - b'A'))
        {
            *bits |= 1 << (two - b'A');
        }
    }
    all
});

/// Whether two letters may be those of a country: a quick no for most. Others than letters may be anything.
pub(super) fn may_be_country(letters: [u8; 2]) -> bool {
    let [one, two] = letters.map(|letter| letter.to_ascii_uppercase().wrapping_sub(b'A'));
    one >= 26 || two >= 26 || SECOND.get(usize::from(one)).is_none_or(|bits| bits >> two & 1 == 1)
}

/// How the account part of this country is made.
pub(super) fn structure(country: &str) -> Option<&'static str> {
    let has =
        |codes: &str| codes.as_bytes().chunks(3).any(|code| code.starts_with(country.as_bytes()));
    STRUCTURES.iter().find(|(_, codes)| has(codes)).map(|(structure, _)| *structure)
}

/// Whether an account part, in capitals, is made so.
pub(super) fn fits(bban: &str, structure: &str) -> bool {
    let mut rest = bban;
    for part in structure.split(' ') {
        let (count, class) = part.split_at(part.len() - 1);
        let count: usize = count.parse().unwrap_or(usize::MAX);
        let Some((these, behind)) = rest.split_at_checked(count) else { return false };
        let fits = these.bytes().all(|byte| match class {
            "n" => byte.is_ascii_digit(),
            "a" => byte.is_ascii_uppercase(),
            _ => true,
        });
        if !fits {
            return false;
        }
        rest = behind;
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_that_has_a_structure_may_be_one() {
        let letters = || b'A'..=b'Z';
        for pair in letters().flat_map(|one| letters().map(move |two| [one, two])) {
            let known = structure(std::str::from_utf8(&pair).unwrap()).is_some();
            assert_eq!(may_be_country(pair), known, "{pair:?}");
            assert_eq!(may_be_country(pair.map(|letter| letter.to_ascii_lowercase())), known);
        }
        assert!(may_be_country(*b" D"));
    }

    #[test]
    fn every_structure_is_as_long_as_its_country_says() {
        assert!(fits("370400440532013000", structure("DE").unwrap()));
        assert!(!fits("37040044053201300", structure("DE").unwrap()));
        assert!(!fits("A70400440532013000", structure("DE").unwrap()));
        assert!(structure("US").is_none());
    }
}
