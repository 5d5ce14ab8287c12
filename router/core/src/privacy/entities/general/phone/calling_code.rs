//! Country codes (ITU-T E.164) and how many digits follow each.
//!
//! Lengths are those of fixed and mobile numbers in the published numbering plans. A code that is not
//! assigned, or a length that its plan does not know, makes it something else: `+20240101`, `+1.2345678901`.

use super::{is_date, split_extension};
use crate::privacy::detect::Check;
use crate::privacy::detect::checksum::digits;

/// Least and most digits behind each of these codes.
struct Plan {
    least: usize,
    most: usize,
    codes: &'static [u32],
}

const fn plan(least: usize, most: usize, codes: &'static [u32]) -> Plan {
    Plan { least, most, codes }
}

const PLANS: &[Plan] = &[
    plan(4, 5, &[290]),
    plan(4, 7, &[683, 690]),
    plan(5, 5, &[247, 500, 682]),
    plan(5, 7, &[676, 677, 678, 688]),
    plan(5, 8, &[686]),
    plan(5, 10, &[685]),
    plan(5, 11, &[352]),
    plan(5, 12, &[43]),
    plan(6, 6, &[298, 299, 672, 687]),
    plan(6, 7, &[597]),
    plan(6, 9, &[252, 355, 376, 421, 508, 681]),
    plan(6, 10, &[53, 95]),
    plan(6, 11, &[39, 358]),
    plan(6, 12, &[49, 359, 381]),
    plan(7, 7, &[238, 239, 246, 248, 269, 291, 297, 592, 673, 674, 680, 691, 692]),
    plan(7, 8, &[241, 599, 670, 675, 853, 961, 965, 975]),
    plan(7, 9, &[46, 220, 231, 245, 265, 354, 385, 423, 967, 968]),
    plan(7, 10, &[230, 243, 263, 267, 353, 372, 960]),
    plan(7, 11, &[501, 503, 507, 595, 679, 974]),
    plan(7, 12, &[882]),
    plan(
        8,
        8,
        &[
            45, 47, 65, 216, 222, 223, 226, 227, 228, 232, 235, 236, 253, 257, 266, 350, 356, 357,
            370, 371, 373, 374, 386, 389, 505, 509, 598, 800, 808, 852, 973, 993,
        ],
    ),
    plan(
        8,
        9,
        &[
            32, 36, 51, 66, 213, 224, 233, 237, 250, 258, 264, 268, 377, 382, 387, 591, 689, 886,
            962, 963, 966, 971, 972,
        ],
    ),
    plan(8, 10, &[20, 57, 60, 63, 64, 82, 234, 378, 506, 850, 855, 856, 880, 964, 970, 976, 977]),
    plan(8, 11, &[502, 504, 593]),
    plan(8, 12, &[62, 383, 883]),
    plan(
        9,
        9,
        &[
            27, 31, 33, 34, 40, 41, 48, 56, 61, 93, 94, 211, 212, 218, 221, 240, 242, 244, 249,
            251, 254, 255, 256, 260, 261, 262, 351, 375, 380, 420, 590, 594, 596, 979, 992, 994,
            995, 998,
        ],
    ),
    plan(9, 10, &[44, 81, 84, 92, 881, 996]),
    plan(9, 11, &[86]),
    plan(9, 12, &[870]),
    plan(10, 10, &[1, 7, 30, 52, 58, 90, 91, 98, 225, 229]),
    plan(10, 11, &[54, 55]),
    plan(11, 11, &[888]),
    plan(12, 12, &[878]),
];

/// Whether `+CC ..` has an assigned code and a length that its plan knows.
pub(crate) fn international(text: &str) -> Check {
    let (number, _) = split_extension(text.trim_start_matches('+'));
    Check::from_bool(is_grouped_sanely(number) && has_plan(number))
}

/// The same of `00CC ..` and `011 CC ..`.
pub(crate) fn dialled(text: &str) -> Check {
    let number = text.strip_prefix("00").or_else(|| text.strip_prefix("011")).unwrap_or(text);
    let number = number.trim_start_matches([' ', '-']);
    match is_grouped_sanely(number) && has_plan(number) {
        true => Check::Undecided,
        false => Check::Invalid,
    }
}

/// No date, no fraction, and each bracket closed.
fn is_grouped_sanely(number: &str) -> bool {
    let marks = || number.chars().filter(|char| !char.is_ascii_digit());
    let fraction = marks().count() == 1 && marks().all(|mark| mark == '.');
    let open = number.matches('(').count();
    let closed = number.matches(')').count();
    open <= closed && closed <= open + 1 && !fraction && !is_date(number)
}

fn has_plan(number: &str) -> bool {
    // `+44 (0)20`: the trunk prefix is not dialled from abroad.
    let (before, behind) = number.split_once("(0)").unwrap_or((number, ""));
    let all = || digits(before).chain(digits(behind));
    let count = all().count();
    let mut code = 0;
    for (at, digit) in all().take(3).enumerate() {
        code = code * 10 + digit;
        if let Some(plan) = PLANS.iter().find(|plan| plan.codes.contains(&code)) {
            let rest = count - at - 1;
            return (plan.least..=plan.most).contains(&rest)
                && (code != 1 || is_american(all().skip(1)));
        }
    }
    false
}

/// North American numbers: neither area nor exchange begins with 0 or 1 (nanpa.com).
fn is_american(digits: impl Iterator<Item = u32>) -> bool {
    digits.enumerate().all(|(at, digit)| !matches!(at, 0 | 3) || digit >= 2)
}
