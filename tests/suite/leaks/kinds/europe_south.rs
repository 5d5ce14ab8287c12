//! Numbers by which states of Southern and Central Europe know people.

use super::check_digits::{as_digit, grouped, read, weighted, written};
use super::{Carrier, Form, Kind, Made, Random};

/// France, Spain, Italy, Poland.
pub(super) static KINDS: &[Kind] = &[
    number("FR_NIR", "numéro de sécurité sociale", Carrier::Optional, |random| {
        Made::number(grouped(&nir(random), &[1, 2, 2, 2, 3, 3], " "))
    }),
    number("ES_NIF", "DNI", Carrier::Needed, |random| {
        let number = random.range(10_000_000, 79_999_999);
        let letter =
            char::from(b"TRWAGMYFPDXBNJZSQVHLCKE"[usize::try_from(number % 23).expect("small")]);
        Made::number(format!("{number}{letter}"))
    }),
    Kind {
        name: "IT_FISCAL_CODE",
        carrier: "codice fiscale",
        need: Carrier::Optional,
        form: Form::Number,
        make: |random| Made::number(fiscal_code(random)),
    },
    number("PL_PESEL", "PESEL", Carrier::Optional, |random| {
        let (year, month, day) = random.birthday();
        let text = format!("{:02}{month:02}{day:02}{:04}", year % 100, random.range(0, 9999));
        let mut digits = read(&text);
        let sum = weighted(&digits, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3]);
        digits.push(as_digit((10 - sum % 10) % 10));
        Made::number(written(&digits))
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

/// Sex, year, month, department, commune, serial and a key modulo 97 (INSEE).
fn nir(random: &mut Random) -> String {
    let (year, month, _) = random.birthday();
    let (sex, department) = (random.range(1, 2), random.range(21, 95));
    let (commune, serial) = (random.range(1, 899), random.range(1, 899));
    let text = format!("{sex}{:02}{month:02}{department}{commune:03}{serial:03}", year % 100);
    let key = 97 - text.parse::<u64>().expect("digits") % 97;
    format!("{text}{key:02}")
}

/// Consonants of the names, date of birth (women: day plus 40), place, and a check letter.
fn fiscal_code(random: &mut Random) -> String {
    let (year, month, day) = random.birthday();
    let name = random.text("BCDFGLMNPRSTVZ", 6);
    let month = char::from(b"ABCDEHLMPRST"[usize::try_from(month - 1).expect("small")]);
    let day = day + 40 * (random.next_u64() % 2);
    let place = random.pick(&["A944", "D612", "F205", "F839", "G273", "H501", "L219"]);
    let text = format!("{name}{:02}{month}{day:02}{place}", year % 100);
    format!("{text}{}", fiscal_letter(&text))
}

/// The letter by the decree of 23 December 1976: places 1, 3, 5 … have values of their own.
fn fiscal_letter(text: &str) -> char {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let value = |character: char| match character.to_digit(36).expect("0-9 A-Z") {
        digit @ 0..=9 => digit,
        letter => letter - 10,
    };
    let one = |(at, character): (usize, char)| match value(character) {
        value if at % 2 == 0 => ODD[value as usize],
        value => value,
    };
    let sum: u32 = text.chars().enumerate().map(one).sum();
    char::from(b'A' + as_digit_of_26(sum))
}

fn as_digit_of_26(sum: u32) -> u8 {
    u8::try_from(sum % 26).expect("below 26")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_letter_is_that_of_the_example_of_the_finance_ministry() {
        assert_eq!(fiscal_letter("RSSMRA85T10A562"), 'S');
    }
}
