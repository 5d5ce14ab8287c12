//! Check digits. Each function takes digits, or characters, without separators.

/// Value of each ASCII digit of a text; other characters are left out.
pub fn digits(text: &str) -> impl DoubleEndedIterator<Item = u32> + Clone + '_ {
    text.bytes().filter(u8::is_ascii_digit).map(|byte| u32::from(byte - b'0'))
}

/// Luhn's check (ISO/IEC 7812-1, annex B): every second digit from the right is doubled, and the digits of
/// all of them sum to a multiple of ten. False for an empty text.
#[must_use]
pub fn luhn(text: &str) -> bool {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let (mut sums, mut any) = ((0_u32, 0_u32), false);
    for digit in digits(text) {
        // What was even from the right so far is odd with one digit more.
        let doubled = DOUBLED.get(digit as usize).copied().unwrap_or_default();
        sums = (sums.1 + digit, sums.0 + doubled);
        any = true;
    }
    any && sums.0.is_multiple_of(10)
}

/// Sum of each digit times its weight. Digits without a weight are left out.
#[must_use]
pub fn weighted(text: &str, weights: &[u32]) -> u32 {
    digits(text).zip(weights).map(|(digit, weight)| digit * weight).sum()
}

/// Remainder of letters and digits read as a number in which A is 10 and Z is 35 (ISO/IEC 7064, MOD
/// 97-10, as ISO 13616 uses it). `None` for any other character.
#[must_use]
pub fn mod_97(text: &str) -> Option<u32> {
    let mut rest = 0_u32;
    for char in text.chars() {
        let value = char.to_digit(36)?;
        rest = if value < 10 { rest * 10 + value } else { rest * 100 + value } % 97;
    }
    Some(rest)
}

/// ISO/IEC 7064, MOD 11-2, of all digits, the last of which may be X (10): whether they agree.
#[must_use]
pub fn mod_11_2(text: &str) -> bool {
    let mut sum = 0_u32;
    for byte in text.bytes() {
        let value = match byte {
            b'0'..=b'9' => u32::from(byte - b'0'),
            b'X' | b'x' => 10,
            _ => return false,
        };
        sum = (sum * 2 + value) % 11;
    }
    !text.is_empty() && sum == 1
}

/// ISO/IEC 7064, MOD 11-10, of all digits: whether they agree.
#[must_use]
pub fn mod_11_10(text: &str) -> bool {
    let mut product = 10_u32;
    let mut all = digits(text);
    let Some(check) = all.next_back() else { return false };
    for digit in all {
        let sum = (product + digit) % 10;
        product = if sum == 0 { 20 } else { sum * 2 } % 11;
    }
    (11 - product) % 10 == check
}

/// Verhoeff's check (J. Verhoeff, Error Detecting Decimal Codes, 1969): the dihedral group of order ten.
#[must_use]
pub fn verhoeff(text: &str) -> bool {
    const PERMUTE: [[usize; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    const MULTIPLY: [[usize; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    let mut check = 0;
    let mut count = 0;
    for (row, digit) in
        digits(text).rev().zip(PERMUTE.iter().cycle()).map(|(digit, row)| (row, digit))
    {
        let permuted = row.get(digit as usize).copied().unwrap_or_default();
        check = MULTIPLY.get(check).and_then(|row| row.get(permuted)).copied().unwrap_or_default();
        count += 1;
    }
    count > 1 && check == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_agree_and_a_changed_digit_does_not() {
        // ISO/IEC 7812-1 (Luhn), ISO 13616 (97), GB 11643 (11-2), DIN ISO 7064 (11-10), Verhoeff.
        assert!(luhn("79927398713") && !luhn("79927398710") && !luhn(""));
        assert_eq!(mod_97("WEST12345698765432GB82"), Some(1));
        assert_eq!(mod_97("WEST 1"), None);
        assert!(mod_11_2("11010519491231002X") && !mod_11_2("110105194912310021"));
        assert!(mod_11_10("07945") && !mod_11_10("07946"));
        assert!(verhoeff("2363") && !verhoeff("2364") && !verhoeff("0"));
        assert_eq!(weighted("12-3", &[3, 2, 1]), 10);
    }
}
