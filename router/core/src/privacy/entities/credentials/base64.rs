//! Reads base64 by hand, both alphabets, as far as somebody needs to look.

/// The first `most` bytes at most. `None` where a character is of neither alphabet, or nothing comes out.
pub(super) fn decode(text: &str, most: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(most.min(text.len()));
    let (mut bits, mut held) = (0u32, 0u32);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from((bits >> held) & 0xFF).unwrap_or_default());
            if out.len() >= most {
                break;
            }
        }
    }
    (!out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_alphabets_are_read_and_others_are_not() {
        assert_eq!(decode("aGVsbG8=", 99).as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode("_-8", 99), decode("/+8", 99));
        assert_eq!(decode("aGVsbG8=", 2).as_deref(), Some(&b"he"[..]));
        assert_eq!(decode("a b", 99), None);
    }
}
