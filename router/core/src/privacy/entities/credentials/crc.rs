//! Check sums that issuers put into their tokens.
//!
//! GitHub and npm: the last six of 36 characters are the CRC-32 of the 30 before, in base 62 with the digits
//! first, the capitals next. GitLab's routable tokens end in the CRC-32 of all before, prefix included, as
//! seven digits of base 36. A wrong sum stays undecided: people write examples, and cut what they paste.

use super::shape::varied;
use crate::privacy::detect::Check;

/// A token `prefix_` with 30 characters and their sum.
pub(super) fn base62(text: &str) -> Check {
    let body = text.rsplit('_').next().unwrap_or_default();
    let (Some(signed), Some(sum), 36) = (body.get(..30), body.get(30..), body.len()) else {
        return varied(text);
    };
    agree(text, number(sum, 62), crc32(signed.as_bytes()))
}

/// A routable token of GitLab; one of the older form has no point in it.
pub(super) fn base36(text: &str) -> Check {
    match text.len().checked_sub(7).and_then(|at| text.split_at_checked(at)) {
        Some((signed, sum)) if signed.contains('.') => {
            agree(text, number(sum, 36), crc32(signed.as_bytes()))
        }
        _ => varied(text),
    }
}

fn agree(text: &str, sum: Option<u64>, computed: u32) -> Check {
    if sum == Some(u64::from(computed)) { Check::Valid } else { varied(text) }
}

/// A number in base 36 (digits, small letters) or 62 (digits, capitals, small letters).
fn number(text: &str, base: u64) -> Option<u64> {
    text.bytes().try_fold(0u64, |sum, byte| {
        let digit = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' if base == 62 => byte - b'A' + 10,
            b'a'..=b'z' if base == 62 => byte - b'a' + 36,
            b'a'..=b'z' => byte - b'a' + 10,
            _ => return None,
        };
        sum.checked_mul(base)?.checked_add(u64::from(digit))
    })
}

/// CRC-32 of IEEE 802.3, reflected.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_check_value_of_crc_32_comes_out() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(number("zz", 36), Some(35 * 36 + 35));
        assert_eq!(number("Az", 62), Some(10 * 62 + 61));
    }
}
