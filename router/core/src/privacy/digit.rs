//! Where the next digit of a text is. Most of prose has none, so it is asked of many bytes at once.

/// So many bytes are asked at once; a compiler makes a few instructions of that.
const STRIDE: usize = 16;

/// Where the first ASCII digit is, from a place on.
pub(super) fn next(bytes: &[u8], from: usize) -> Option<usize> {
    let (strides, _) = bytes.get(from..)?.as_chunks::<STRIDE>();
    let has = |stride: &[u8; STRIDE]| {
        stride.iter().fold(false, |found, byte| found | byte.is_ascii_digit())
    };
    let without = strides.iter().position(has).unwrap_or(strides.len());
    let start = from + without * STRIDE;
    bytes.get(start..)?.iter().position(u8::is_ascii_digit).map(|index| start + index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_digit_is_found_wherever_it_is() {
        for len in 0..70 {
            let mut text = vec![b'a'; len];
            assert_eq!(next(&text, 0), None);
            for at in 0..len {
                text[at] = b'7';
                for from in 0..=len {
                    assert_eq!(next(&text, from), (from <= at).then_some(at));
                }
                text[at] = b':';
            }
        }
        assert_eq!(next(b"1", 2), None);
    }
}
