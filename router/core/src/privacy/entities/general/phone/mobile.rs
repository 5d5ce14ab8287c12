//! Mobile numbers with their country code and without a plus, as programs keep them: `447911123456`.
//!
//! Any digits could be such a number, so only those count that are all of their line, and only the codes whose
//! plans give mobile numbers a prefix and a length of their own. North America has neither.

use super::super::lone::lone;
use crate::privacy::detect::{Check, Found};

/// As many digits as such numbers have.
const DIGITS: std::ops::RangeInclusive<usize> = 10..=13;
/// How likely it is one, in percent.
const SCORE: u8 = 45;

/// What such a number begins with, and how many digits follow: national numbering plans, ITU-T E.129.
#[rustfmt::skip]
const MOBILE: &[(&str, &[usize])] = &[
    ("201", &[9]), ("2348", &[9]), ("2547", &[8]), ("276", &[8]), ("277", &[8]), ("278", &[8]), ("3069", &[8]),
    ("316", &[8]), ("324", &[8]), ("336", &[8]), ("337", &[8]), ("346", &[8]), ("347", &[8]), ("3519", &[8]),
    ("3538", &[8]), ("3584", &[7, 8]), ("3620", &[7]), ("3630", &[7]), ("3670", &[7]), ("393", &[8, 9]),
    ("3806", &[8]), ("3809", &[8]), ("407", &[8]), ("417", &[8]), ("4206", &[8]), ("4207", &[8]), ("436", &[8, 9, 10]),
    ("447", &[9]), ("467", &[8]), ("474", &[7]), ("479", &[7]), ("485", &[8]), ("486", &[8]), ("487", &[8]),
    ("4915", &[8, 9]), ("4916", &[8, 9]), ("4917", &[8, 9]), ("549", &[10]), ("601", &[8, 9]), ("614", &[8]), ("628", &[9, 10]), ("639", &[9]),
    ("668", &[8]), ("669", &[8]), ("79", &[9]), ("8170", &[8]), ("8180", &[8]), ("8190", &[8]), ("8210", &[8]),
    ("849", &[8]), ("861", &[10]), ("905", &[9]), ("9198", &[8]), ("9199", &[8]), ("919", &[9]), ("918", &[9]), ("917", &[9]), ("923", &[9]),
    ("9665", &[8]), ("9715", &[8]), ("9725", &[8]), ("989", &[9]),
];

/// Finds those that are all of their line.
pub(super) fn find(text: &str, found: &mut Found<'_>) {
    lone(text, &DIGITS, SCORE, found);
}

/// Whether it has the prefix and the length of one, and not one digit only behind it.
pub(super) fn check(text: &str) -> Check {
    let possible = MOBILE.iter().any(|(prefix, lengths)| {
        let begins = prefix.as_bytes().first() == text.as_bytes().first();
        let fits = begins && lengths.iter().any(|length| prefix.len() + length == text.len());
        let rest = if fits { text.strip_prefix(prefix) } else { None };
        rest.is_some_and(|rest| {
            let first = rest.bytes().next();
            rest.bytes().all(|byte| byte.is_ascii_digit())
                && !rest.bytes().all(|byte| Some(byte) == first)
        })
    });
    if possible { Check::Undecided } else { Check::Invalid }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mobile_number_has_its_prefix_and_its_length() {
        for number in ["447400123456", "33612345678", "34612345678", "393412345678"] {
            assert_eq!(check(number), Check::Undecided, "{number}");
        }
        for number in ["44740012345", "44740012345X", "12125550123", "447000000000", "1700000000"] {
            assert_eq!(check(number), Check::Invalid, "{number}");
        }
    }

    #[test]
    fn it_counts_alone_in_its_line() {
        let count = |text: &str| {
            let mut count = 0;
            find(text, &mut |_, _| count += 1);
            count
        };
        assert_eq!((count("447400123456"), count("id 447400123456")), (1, 0));
    }
}
