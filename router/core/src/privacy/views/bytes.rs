//! What a byte is to the searches. They look at every byte of every text, so nothing here branches.

/// ASCII letters and digits.
#[inline]
pub(super) const fn is_word(byte: u8) -> bool {
    ((byte | 0x20).wrapping_sub(b'a') < 26) | (byte.wrapping_sub(b'0') < 10)
}

/// What base64 is written with, in both alphabets.
#[inline]
pub(super) const fn is_base64(byte: u8) -> bool {
    is_word(byte) | (byte == b'+') | (byte == b'/') | (byte == b'-') | (byte == b'_')
}

/// What a separator may begin with.
#[inline]
pub(super) const fn may_separate(byte: u8) -> bool {
    (byte == b' ')
        | (byte == b'\t')
        | (byte == b'\n')
        | (byte == b'\r')
        | (byte.wrapping_sub(b'*') <= b'/' - b'*')
        | (byte == b':')
        | (byte == b';')
        | (byte == b'_')
        | (byte == b'|')
        | (byte == b'~')
        | (byte == 0xC2)
        | (byte == 0xE2)
        | (byte == 0xE3)
}
