//! Numbers by which states of Northern and Western Europe know people.

use super::check_digits::{as_digit, grouped, mod_11_10, read, weighted, with_luhn, written};
use super::{Carrier, Form, Kind, Made, Random};

/// United Kingdom, Germany, Netherlands, Sweden, Finland.
pub(super) static KINDS: &[Kind] = &[
    number("UK_NHS", "NHS number", Carrier::Needed, |random| {
        Made::number(grouped(&written(&nhs(random)), &[3, 3], " "))
    }),
    number("UK_NINO", "National Insurance number", Carrier::Optional, |random| {
        let prefix = random.pick(&["AB", "CE", "EH", "JG", "LM", "PW", "SY", "TK"]);
        let digits = grouped(&written(&random.digits(6)), &[2, 2], " ");
        Made::number(format!("{prefix} {digits} {}", random.pick(&["A", "B", "C", "D"])))
    }),
    number("DE_TAX_ID", "Steuer-ID", Carrier::WhenBare, |random| {
        Made::number(grouped(&written(&tax_id(random)), &[2, 3, 3], " "))
    }),
    number("NL_BSN", "BSN", Carrier::Needed, |random| Made::number(written(&bsn(random)))),
    number("SE_PERSONNUMMER", "personnummer", Carrier::WhenBare, |random| {
        let (year, month, day) = random.birthday();
        let text = format!("{:02}{month:02}{day:02}{:03}", year % 100, random.range(1, 989));
        let digits = written(&with_luhn(read(&text)));
        Made::number(format!("{}-{}", &digits[..6], &digits[6..]))
    }),
    number("FI_PERSONAL_IDENTITY_CODE", "henkilötunnus", Carrier::Optional, |random| {
        let (year, month, day) = random.birthday();
        let (date, serial) = (format!("{day:02}{month:02}{:02}", year % 100), random.range(2, 899));
        let number: usize = format!("{date}{serial:03}").parse().expect("digits");
        let check = char::from(b"0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31]);
        // The dash says the century and is part of it.
        Made {
            core: format!("{date}{serial:03}{check}"),
            value: format!("{date}-{serial:03}{check}"),
        }
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

/// Nine digits and a check digit modulo 11; a remainder that would need ten is not given out.
fn nhs(random: &mut Random) -> Vec<u8> {
    loop {
        let mut digits = random.digits(9);
        // 4 and 6 begin those that England gives out.
        digits[0] = if random.next_u64().is_multiple_of(2) { 4 } else { 6 };
        let check = (11 - weighted(&digits, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        if check < 10 {
            digits.push(as_digit(check));
            return digits;
        }
    }
}

/// Ten digits of which exactly one occurs twice, not three in a row, and ISO 7064 MOD 11,10.
fn tax_id(random: &mut Random) -> Vec<u8> {
    loop {
        let mut digits = random.digits(10);
        let count = |wanted: u8| digits.iter().filter(|digit| **digit == wanted).count();
        let mut counts: Vec<usize> = (0..10).map(count).collect();
        counts.sort_unstable();
        if counts == [0, 1, 1, 1, 1, 1, 1, 1, 1, 2] {
            digits.push(mod_11_10(&digits));
            return digits;
        }
    }
}

/// Nine digits that pass the test of eleven.
fn bsn(random: &mut Random) -> Vec<u8> {
    loop {
        let digits = random.digits(9);
        let (last, first) = digits.split_last().expect("nine digits");
        if weighted(first, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == u32::from(*last) {
            return digits;
        }
    }
}
