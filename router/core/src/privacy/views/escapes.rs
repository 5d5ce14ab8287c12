//! Escapes that stand in a text: percent encoding (RFC 3986), HTML entities, JSON escapes (RFC 8259), and those
//! of programming languages: `\u{..}`, `\U........`, `\xNN`, `\141`, a backslash before a sign or a line end.
//!
//! They are told apart by their first byte, so one pass undoes them all. What decodes to no character
//! stays as it is.

use super::entities;
use super::rewrite::Rewrite;
use std::ops::Range;

/// No number in an escape has more digits.
const DIGITS_MOST: usize = 8;

/// An escape and what it stands for; `None` for a line that is continued.
struct Escape {
    end: usize,
    stands_for: Option<char>,
    /// Whether it gives a code and not just a backslash before a sign.
    coded: bool,
}

/// The text with the escapes undone, unless there are none of those that are wanted.
pub(super) fn undo<'t>(
    text: &'t str,
    limit: usize,
    wanted: &dyn Fn(Range<usize>) -> bool,
) -> Option<Rewrite<'t>> {
    let mut out = Rewrite::new(text, limit);
    let (mut copied, mut any) = (0, false);
    each(text, |range, escape| {
        out.copy(copied..range.start);
        if let Some(c) = escape.stands_for {
            out.put_char(c, &range);
        }
        copied = range.end;
        any = any || wanted(range);
        false
    });
    if !any {
        return None;
    }
    out.copy(copied..text.len());
    Some(out)
}

/// Whether there is an escape among those that are wanted that nobody needs: a code for a letter or a digit, or
/// for what begins another escape.
pub(super) fn hides(text: &str, wanted: &dyn Fn(Range<usize>) -> bool) -> bool {
    each(text, |range, escape| {
        let needless = |c: char| c.is_ascii_alphanumeric() || matches!(c, '%' | '&' | '\\' | '@');
        escape.coded && escape.stands_for.is_some_and(needless) && wanted(range)
    })
}

/// Calls `visit` for each escape until it says that this is enough; says whether it did.
fn each(text: &str, mut visit: impl FnMut(Range<usize>, &Escape) -> bool) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = next(bytes, at) {
        at = found + 1;
        if let Some(escape) = parse(bytes, found) {
            at = escape.end;
            if visit(found..escape.end, &escape) {
                return true;
            }
        }
    }
    false
}

fn next(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr3(b'%', b'&', b'\\', bytes.get(from..)?).map(|index| from + index)
}

fn parse(bytes: &[u8], at: usize) -> Option<Escape> {
    let rest = bytes.get(at..)?;
    match rest {
        [b'%', b'u', ..] => utf16(bytes, at, 2),
        [b'%', ..] => octets(bytes, at, |rest| hex_octet(rest, b"%")),
        [b'&', b'#', b'x' | b'X', ..] => reference(bytes, at + 3, 16),
        [b'&', b'#', ..] => reference(bytes, at + 2, 10),
        [b'&', ..] => {
            let (c, len) = entities::named(rest)?;
            coded(at + len, c)
        }
        [b'\\', ..] => backslash(bytes, at),
        _ => None,
    }
}

fn backslash(bytes: &[u8], at: usize) -> Option<Escape> {
    let rest = bytes.get(at + 1..)?;
    match rest {
        [b'u' | b'x', b'{', ..] => braced(bytes, at + 3),
        [b'u', ..] => utf16(bytes, at, 2),
        [b'U', ..] => {
            let (code, end) = number(bytes, at + 2, 16)?;
            (end == at + 10).then_some(())?;
            coded(end, char::from_u32(code)?)
        }
        [b'x', ..] => octets(bytes, at, |rest| hex_octet(rest, b"\\x")),
        [b'0'..=b'3', ..] => octets(bytes, at, octal_octet),
        [b'n', ..] => plain(at + 2, '\n'),
        [b'r', ..] => plain(at + 2, '\r'),
        [b't', ..] => plain(at + 2, '\t'),
        [b'\n', ..] => Some(Escape { end: at + 2, stands_for: None, coded: false }),
        [b'\r', b'\n', ..] => Some(Escape { end: at + 3, stands_for: None, coded: false }),
        [sign, ..] if sign.is_ascii_punctuation() => plain(at + 2, char::from(*sign)),
        _ => None,
    }
}

const fn plain(end: usize, c: char) -> Option<Escape> {
    Some(Escape { end, stands_for: Some(c), coded: false })
}

const fn coded(end: usize, c: char) -> Option<Escape> {
    Some(Escape { end, stands_for: Some(c), coded: true })
}

/// A character in UTF-8, each octet of which is an escape of its own.
pub(super) fn utf8(
    bytes: &[u8],
    at: usize,
    octet: impl Fn(&[u8]) -> Option<(u8, usize)>,
) -> Option<(char, usize)> {
    let mut octets = [0; 4];
    let mut end = at;
    let mut needed = 1;
    for index in 0..4 {
        if index == needed {
            break;
        }
        let (value, len) = octet(bytes.get(end..)?)?;
        if index == 0 {
            needed = match value {
                0xF0.. => 4,
                0xE0.. => 3,
                0xC0.. => 2,
                _ => 1,
            };
        }
        *octets.get_mut(index)? = value;
        end += len;
    }
    let c = std::str::from_utf8(octets.get(..needed)?).ok()?.chars().next()?;
    Some((c, end))
}

fn octets(bytes: &[u8], at: usize, octet: impl Fn(&[u8]) -> Option<(u8, usize)>) -> Option<Escape> {
    let (c, end) = utf8(bytes, at, octet)?;
    coded(end, c)
}

/// A prefix and two hexadecimal digits.
pub(super) fn hex_octet(rest: &[u8], prefix: &[u8]) -> Option<(u8, usize)> {
    let digits = rest.strip_prefix(prefix)?;
    let [high, low, ..] = digits else {
        return None;
    };
    Some((digit(*high, 16)? << 4 | digit(*low, 16)?, prefix.len() + 2))
}

fn octal_octet(rest: &[u8]) -> Option<(u8, usize)> {
    let [b'\\', high @ b'0'..=b'3', middle, low, ..] = rest else {
        return None;
    };
    Some((digit(*high, 8)? << 6 | digit(*middle, 8)? << 3 | digit(*low, 8)?, 4))
}

fn digit(byte: u8, radix: u32) -> Option<u8> {
    char::from(byte).to_digit(radix).and_then(|value| u8::try_from(value).ok())
}

/// `&#65;`, the semicolon of which browsers do not need.
fn reference(bytes: &[u8], at: usize, radix: u32) -> Option<Escape> {
    let (code, end) = number(bytes, at, radix)?;
    let end = end + usize::from(bytes.get(end) == Some(&b';'));
    coded(end, char::from_u32(code)?)
}

/// `\u{41}`.
fn braced(bytes: &[u8], at: usize) -> Option<Escape> {
    let (code, end) = number(bytes, at, 16)?;
    (bytes.get(end) == Some(&b'}')).then_some(())?;
    coded(end + 1, char::from_u32(code)?)
}

/// `\u0041`, or two of them for a character beyond the Basic Multilingual Plane.
fn utf16(bytes: &[u8], at: usize, prefix: usize) -> Option<Escape> {
    let unit = |from: usize| {
        let digits = bytes.get(from + prefix..from + prefix + 4)?;
        digits.iter().try_fold(0_u16, |code, byte| Some(code << 4 | u16::from(digit(*byte, 16)?)))
    };
    let end = at + prefix + 4;
    let first = unit(at)?;
    if let Some(c) = char::from_u32(u32::from(first)) {
        return coded(end, c);
    }
    (bytes.get(end..end + prefix) == bytes.get(at..at + prefix)).then_some(())?;
    let c = char::decode_utf16([first, unit(end)?]).next()?.ok()?;
    coded(end + prefix + 4, c)
}

/// A number and where it ends.
fn number(bytes: &[u8], at: usize, radix: u32) -> Option<(u32, usize)> {
    let mut code = 0_u32;
    let mut end = at;
    while let Some(value) = bytes.get(end).and_then(|byte| digit(*byte, radix)) {
        if end - at == DIGITS_MOST {
            return None;
        }
        code = code.checked_mul(radix)?.checked_add(u32::from(value))?;
        end += 1;
    }
    (end > at).then_some((code, end))
}
