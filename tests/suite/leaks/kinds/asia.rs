//! Numbers by which states of Asia know people.

use super::check_digits::{as_digit, grouped, read, verhoeff, weighted, written};
use super::{Carrier, Form, Kind, Made, Random};

/// China, India, Japan, Korea, Singapore.
pub(super) static KINDS: &[Kind] = &[
    number("CN_RESIDENT_ID", "身份证号", Carrier::Optional, |random| {
        let (year, month, day) = random.birthday();
        let region = random.pick(&["110105", "310104", "110101", "310101", "110108", "310110"]);
        let text = format!("{region}{year}{month:02}{day:02}{:03}", random.range(1, 999));
        // GB 11643: MOD 11-2 by weights.
        let sum = weighted(&read(&text), &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
        Made::number(format!("{text}{}", char::from(b"10X98765432"[(sum % 11) as usize])))
    }),
    number("IN_AADHAAR", "Aadhaar", Carrier::WhenBare, |random| {
        let mut digits = random.digits(11);
        digits[0] = digits[0].max(2);
        digits.push(verhoeff(&digits));
        Made::number(grouped(&written(&digits), &[4, 4], " "))
    }),
    number("IN_PAN", "PAN", Carrier::Optional, |random| {
        let (name, initial) =
            (random.text("ABCDEFGHJKLMNPRSTUV", 3), random.text("ABCDGKMNPRSTV", 1));
        let last = random.text("ABCDEFGHJKLMNPQRSTUVW", 1);
        Made::number(format!("{name}P{initial}{}{last}", random.range(1000, 9999)))
    }),
    number("JP_MY_NUMBER", "マイナンバー", Carrier::WhenBare, |random| {
        let mut digits = random.digits(11);
        let sum = weighted(&digits, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
        digits.push(as_digit(match sum % 11 {
            0 | 1 => 0,
            rest => 11 - rest,
        }));
        Made::number(grouped(&written(&digits), &[4, 4], " "))
    }),
    number("KR_RRN", "주민등록번호", Carrier::WhenBare, |random| {
        let (year, month, day) = random.birthday();
        let (sex, place) = (random.range(1, 2), random.range(0, 95));
        let text = format!(
            "{:02}{month:02}{day:02}{sex}{place:02}{:03}",
            year % 100,
            random.range(1, 999)
        );
        let sum = weighted(&read(&text), &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
        let text = format!("{text}{}", (11 - sum % 11) % 10);
        Made::number(format!("{}-{}", &text[..6], &text[6..]))
    }),
    number("SG_NRIC_FIN", "NRIC", Carrier::Optional, |random| {
        let digits = random.digits(7);
        let (series, offset) =
            if random.next_u64().is_multiple_of(2) { ("S", 0) } else { ("T", 4) };
        let sum = weighted(&digits, &[2, 7, 6, 5, 4, 3, 2]) + offset;
        let letter = char::from(b"JZIHGFEDCBA"[(sum % 11) as usize]);
        Made::number(format!("{series}{}{letter}", written(&digits)))
    }),
];

const fn number(
    name: &'static str,
    carrier: &'static str,
    need: Carrier,
    make: fn(&mut Random) -> Made,
) -> Kind {
    Kind { name, carrier, need, form: Form::Number, make }
}
