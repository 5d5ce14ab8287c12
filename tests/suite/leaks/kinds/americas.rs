//! Numbers by which states of America, Oceania and Africa know people.

use super::check_digits::{as_digit, grouped, read, weighted, with_luhn, written};
use super::{Carrier, Form, Kind, Made, Random};

/// United States, Canada, Brazil, Australia, South Africa.
pub(super) static KINDS: &[Kind] = &[
    number("US_SSN", "SSN", Carrier::WhenBare, |random| {
        // Areas 001 to 665 without 666; neither group nor serial is all zeros.
        let (area, group, serial) =
            (random.range(101, 665), random.range(1, 99), random.range(1001, 9899));
        Made::number(format!("{area}-{group:02}-{serial}"))
    }),
    number("US_ITIN", "ITIN", Carrier::WhenBare, |random| {
        let group = random.range(70, 88);
        Made::number(format!("9{:02}-{group}-{}", random.range(0, 99), random.range(1001, 9899)))
    }),
    number("CA_SIN", "social insurance number", Carrier::Needed, |random| {
        let first = as_digit(u32::try_from(random.range(1, 7)).expect("a digit"));
        let digits = [&[first][..], &random.digits(7)].concat();
        Made::number(grouped(&written(&with_luhn(digits)), &[3, 3], " "))
    }),
    number("BR_CPF", "CPF", Carrier::WhenBare, |random| {
        let cpf = written(&cpf(random));
        Made::number(format!("{}-{}", grouped(&cpf[..9], &[3, 3], "."), &cpf[9..]))
    }),
    number("AU_TFN", "tax file number", Carrier::Needed, |random| {
        Made::number(grouped(&written(&tax_file_number(random)), &[3, 3], " "))
    }),
    number("ZA_ID_NUMBER", "ID number", Carrier::Optional, |random| {
        let (year, month, day) = random.birthday();
        // Behind the date: sex and serial, citizenship, and an 8 that once told race.
        let text = format!("{:02}{month:02}{day:02}{:04}08", year % 100, random.range(1, 9999));
        Made::number(written(&with_luhn(read(&text))))
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

/// Nine digits and two check digits modulo 11 (Receita Federal).
fn cpf(random: &mut Random) -> Vec<u8> {
    let mut digits = random.digits(9);
    for first in [10, 11] {
        let weights: Vec<u32> = (2..=first).rev().collect();
        let rest = weighted(&digits, &weights) * 10 % 11;
        digits.push(as_digit(rest % 10));
    }
    digits
}

/// Nine digits whose weighted sum divides by 11 (Australian Taxation Office).
fn tax_file_number(random: &mut Random) -> Vec<u8> {
    const WEIGHTS: [u32; 9] = [1, 4, 3, 7, 5, 8, 6, 9, 10];
    loop {
        let digits = random.digits(9);
        if weighted(&digits, &WEIGHTS).is_multiple_of(11) {
            return digits;
        }
    }
}
