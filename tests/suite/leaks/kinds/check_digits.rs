//! Check digits, each by its standard. Written anew and not taken from the router: two wrongs by one hand
//! would agree.

/// Digits as they are written.
#[must_use]
pub fn written(digits: &[u8]) -> String {
    digits.iter().map(|digit| char::from(b'0' + digit)).collect()
}

/// The digits of a text; everything else is left out.
#[must_use]
pub fn read(text: &str) -> Vec<u8> {
    text.bytes().filter(u8::is_ascii_digit).map(|byte| byte - b'0').collect()
}

/// Digits in groups of these lengths, with a separator between.
#[must_use]
pub fn grouped(text: &str, lengths: &[usize], separator: &str) -> String {
    let (mut groups, mut rest) = (Vec::new(), text);
    for length in lengths {
        let (group, behind) = rest.split_at((*length).min(rest.len()));
        groups.push(group);
        rest = behind;
    }
    groups.push(rest);
    groups.retain(|group| !group.is_empty());
    groups.join(separator)
}

/// Sum of digits times weights.
#[must_use]
pub fn weighted(digits: &[u8], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| u32::from(*digit) * weight).sum()
}

/// A number below ten as a digit.
#[must_use]
pub fn as_digit(number: u32) -> u8 {
    u8::try_from(number).expect("a digit")
}

/// The digit that ISO/IEC 7812 (Luhn) puts behind these.
#[must_use]
pub fn luhn(digits: &[u8]) -> u8 {
    let double = |digit: u32| if digit > 4 { 2 * digit - 9 } else { 2 * digit };
    let one = |(at, digit): (usize, &u8)| {
        let digit = u32::from(*digit);
        if at % 2 == 0 { double(digit) } else { digit }
    };
    let sum: u32 = digits.iter().rev().enumerate().map(one).sum();
    as_digit((10 - sum % 10) % 10)
}

/// Digits with their Luhn digit behind.
#[must_use]
pub fn with_luhn(mut digits: Vec<u8>) -> Vec<u8> {
    digits.push(luhn(&digits));
    digits
}

/// Rest of a number of digits and capitals modulo 97, where A is 10 and Z is 35 (ISO/IEC 7064, MOD 97-10).
#[must_use]
pub fn mod_97(text: &str) -> u32 {
    text.chars().fold(0, |rest, character| match character.to_digit(36).expect("0-9 A-Z") {
        digit @ 0..=9 => (rest * 10 + digit) % 97,
        letter => (rest * 100 + letter) % 97,
    })
}

/// The digit that ISO/IEC 7064, MOD 11,10 puts behind these.
#[must_use]
pub fn mod_11_10(digits: &[u8]) -> u8 {
    let product = digits.iter().fold(10, |product, digit| {
        let sum = (u32::from(*digit) + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    as_digit((11 - product) % 10)
}

/// The digit that Verhoeff's scheme puts behind these (J. Verhoeff, 1969).
#[must_use]
pub fn verhoeff(digits: &[u8]) -> u8 {
    let check = digits.iter().rev().enumerate().fold(0, |check, (at, digit)| {
        let permuted = (0..=at % 8).fold(usize::from(*digit), |digit, _| STEP[digit]);
        dihedral(check, permuted)
    });
    let inverse = (0..10).find(|other| dihedral(check, *other) == 0).expect("a group has inverses");
    u8::try_from(inverse).expect("a digit")
}

/// The permutation that is applied once more at each place.
const STEP: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];

/// Product in the dihedral group of the pentagon: 0 to 4 turn, 5 to 9 turn and mirror.
const fn dihedral(a: usize, b: usize) -> usize {
    let (turn_a, turn_b) = (a % 5, b % 5);
    match (a < 5, b < 5) {
        (true, true) => (turn_a + turn_b) % 5,
        (true, false) => 5 + (turn_a + turn_b) % 5,
        (false, true) => 5 + (turn_a + 5 - turn_b) % 5,
        (false, false) => (turn_a + 5 - turn_b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_examples_have_the_digits_that_are_printed() {
        // ISO/IEC 7812 (Wikipedia), Verhoeff (Wikipedia), ISO 7064 by the German tax office's example.
        assert_eq!(luhn(&read("1789372997")), 4);
        assert_eq!(verhoeff(&read("236")), 3);
        assert_eq!(mod_11_10(&read("8609574271")), 9);
        // IBAN of the register's example for the United Kingdom, rearranged.
        assert_eq!(mod_97("NWBK60161331926819GB29"), 1);
        assert_eq!(weighted(&[1, 2, 3], &[3, 2, 1]), 10);
    }

    #[test]
    fn groups_are_cut_and_the_rest_is_kept() {
        assert_eq!(grouped("1234567", &[3, 2], " "), "123 45 67");
        assert_eq!(grouped("123", &[4, 4], "-"), "123");
    }
}
