//! From the bytes of a file to its text. What is no text is an error: nobody would have looked into it.

use crate::failure::Failure;
use std::path::Path;

/// A file's text: UTF-8, or UTF-16 where it begins with a byte order mark.
///
/// # Errors
/// It is neither.
pub(super) fn text(bytes: Vec<u8>, path: &Path) -> Result<String, Failure> {
    let utf16 = |from: fn([u8; 2]) -> u16, rest: &[u8]| {
        let (pairs, odd) = rest.as_chunks::<2>();
        let units: Vec<u16> = pairs.iter().map(|pair| from(*pair)).collect();
        String::from_utf16(&units).ok().filter(|_| odd.is_empty())
    };
    let text = match bytes.as_slice() {
        [0xFF, 0xFE, rest @ ..] => utf16(u16::from_le_bytes, rest),
        [0xFE, 0xFF, rest @ ..] => utf16(u16::from_be_bytes, rest),
        _ => String::from_utf8(bytes).ok(),
    };
    text.ok_or_else(|| {
        let name = path.display();
        Failure::new(format!(
            "{name} is no text in UTF-8, nor in UTF-16 with a byte order mark, so nobody can say what is in it"
        ))
        .fix("convert it first, for example with `iconv -f latin1 -t utf-8`; a picture or a program cannot be scanned")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: Vec<u8>) -> Option<String> {
        text(bytes, Path::new("letter.txt")).ok()
    }

    #[test]
    fn text_is_read_in_utf_8_and_in_utf_16_of_both_orders_and_nothing_else_is_text() {
        let said = "Straße 7";
        assert_eq!(read(said.into()).as_deref(), Some(said));
        let units = || std::iter::once(0xFEFF).chain(said.encode_utf16());
        assert_eq!(read(units().flat_map(u16::to_le_bytes).collect()).as_deref(), Some(said));
        assert_eq!(read(units().flat_map(u16::to_be_bytes).collect()).as_deref(), Some(said));
        for bytes in [b"Stra\xDFe".to_vec(), vec![0xFF, 0xFE, 0x41], vec![0xFF, 0xFE, 0x00, 0xD8]] {
            assert_eq!(read(bytes), None);
        }
    }
}
