//! What a byte is to the searches, looked up in one table: they look at every byte of every text.

/// ASCII letters and digits.
pub(super) const WORD: u8 = 1;
/// What else base64 is written with, in both alphabets.
pub(super) const SIGN: u8 = 2;
/// What a separator may begin with.
pub(super) const SEPARATOR: u8 = 4;

static CLASSES: [u8; 256] = classes();

/// Whether a byte is of one of some classes.
#[inline]
fn is(byte: u8, classes: u8) -> bool {
    CLASSES.get(usize::from(byte)).is_some_and(|class| class & classes != 0)
}

/// Where the first byte of some classes is, from a place on.
pub(super) fn find(bytes: &[u8], from: usize, classes: u8) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.iter().position(|byte| is(*byte, classes)).map(|index| from + index)
}

/// Where the first byte is that is not of some classes, or the end.
pub(super) fn skip(bytes: &[u8], from: usize, classes: u8) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !is(*byte, classes)).unwrap_or(rest.len())
}

/// Whether the last two bytes are letters or digits of ASCII.
pub(super) fn ends_in_word(bytes: &[u8]) -> bool {
    matches!(bytes, [.., before, last] if is(*before, WORD) && is(*last, WORD))
}

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut rest = table.as_mut_slice();
    let mut byte = 0_u8;
    while let [slot, tail @ ..] = rest {
        *slot = class(byte);
        rest = tail;
        byte = byte.wrapping_add(1);
    }
    table
}

const fn class(byte: u8) -> u8 {
    let word = if byte.is_ascii_alphanumeric() { WORD } else { 0 };
    let sign = if matches!(byte, b'+' | b'/' | b'-' | b'_') { SIGN } else { 0 };
    let separator = matches!(byte, b'\t' | b'\n' | b'\r' | b' ' | b'*'..=b'/' | b':' | b';')
        || matches!(byte, b'_' | b'|' | b'~' | 0xC2 | 0xE2 | 0xE3);
    word | sign | if separator { SEPARATOR } else { 0 }
}
