//! Hexadecimal digits: in one piece, or in pairs with a separator, `41:42:43`, `0x41, 0x42`.

use super::map::Map;
use super::plain;
use crate::privacy::steps;
use std::ops::Range;

/// So many pairs are worth a look.
pub(super) const PAIRS_LEAST: usize = 6;

/// So many bytes are decoded before the rest is.
const TRIAL: usize = 8;

/// The text that the digits of some parts of a text decode to, if they do to one.
pub(super) fn text(text: &str, parts: &[Range<usize>]) -> Option<(String, Map)> {
    let (mut bytes, mut map) = (Vec::new(), Map::new());
    for part in parts {
        let digits = text.as_bytes().get(part.clone())?;
        for (index, pair) in digits.chunks(2).enumerate() {
            let start = part.start + index * 2;
            if bytes.len() == TRIAL && !plain::may_begin(&bytes) {
                return None;
            }
            bytes.push(octet(pair)?);
            map.unit(&(start..start + 2), 1, false);
        }
    }
    plain::text(&bytes, map)
}

/// Pairs with separators.
pub(super) struct Pairs {
    /// Where they stand.
    pub(super) range: Range<usize>,
    /// What they decode to, if that is a text.
    pub(super) text: Option<(String, Map)>,
}

/// The pairs that begin there, if there are enough of them.
pub(super) fn pairs(text: &str, start: usize) -> Option<Pairs> {
    let bytes = text.as_bytes();
    let prefix = usize::from(bytes.get(start..)?.starts_with(b"0x")) * 2;
    let (mut octets, mut map) = (Vec::new(), Map::new());
    let mut separator = None;
    let mut at = start;
    let mut end = start;
    while let Some(value) = pair(bytes, at, prefix) {
        end = at + prefix + 2;
        octets.push(value);
        map.unit(&(at..end), 1, false);
        let Some(gap) = gap(bytes.get(end..)?) else {
            break;
        };
        if *separator.get_or_insert(gap) != gap && gap != b"\n" {
            break;
        }
        at = end + gap.len();
    }
    steps::add(end - start);
    (octets.len() >= PAIRS_LEAST)
        .then(|| Pairs { range: start..end, text: plain::text(&octets, map) })
}

fn pair(bytes: &[u8], at: usize, prefix: usize) -> Option<u8> {
    let rest = bytes.get(at..)?;
    if prefix > 0 && !rest.starts_with(b"0x") {
        return None;
    }
    let end = rest.get(prefix + 2);
    let value = octet(rest.get(prefix..prefix + 2)?)?;
    (!end.is_some_and(u8::is_ascii_alphanumeric)).then_some(value)
}

fn gap(rest: &[u8]) -> Option<&[u8]> {
    let len = match rest {
        [b',' | b':' | b';' | b'-', b' ', ..] => 2,
        [b',' | b':' | b' ' | b'-' | b'\n' | b'_' | b'.' | b'|' | b';', ..] => 1,
        _ => return None,
    };
    rest.get(..len)
}

fn octet(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let [high, low] = pair else {
        return None;
    };
    u8::try_from(digit(*high)? << 4 | digit(*low)?).ok()
}
