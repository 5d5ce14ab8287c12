//! Whether bytes are a text, and which.
//!
//! UTF-8, or UTF-16 of either order. Random bytes make Han characters by the dozen when they are read as
//! UTF-16, so half of its units must be ASCII, or nearly all of a longer text from the usual blocks.

use super::map::Map;

/// So many in a hundred characters can be printed.
const PRINTABLE_PERCENT: usize = 90;
/// So many units of UTF-16 without ASCII are believed.
const FOREIGN_LEAST: usize = 12;

/// The text, and its map to where the bytes came from.
pub(super) fn text(bytes: &[u8], map: Map) -> Option<(String, Map)> {
    if let Some((text, len)) = utf8(bytes)
        && is_printable(text.chars())
    {
        let mut map = map;
        map.cut(len);
        return Some((text.to_owned(), map));
    }
    let order = order(bytes)?;
    let text: String = char::decode_utf16(units(bytes, order)).collect::<Result<_, _>>().ok()?;
    if !is_printable(text.chars()) {
        return None;
    }
    let mut outer = Map::new();
    let mut at = 0;
    for c in text.chars() {
        let len = c.len_utf16() * 2;
        outer.unit(&map.source(at..at + len), c.len_utf8(), false);
        at += len;
    }
    Some((text, outer))
}

/// Whether bytes may be the beginning of a text: a quick no for nearly all that are none.
pub(super) fn may_begin(bytes: &[u8]) -> bool {
    let zeros = bytes.iter().filter(|byte| **byte == 0).count();
    zeros * 3 >= bytes.len()
        || order(bytes).is_some()
        || utf8(bytes).is_some_and(|(text, _)| {
            text.chars().filter(|c| !printable(*c)).count() <= 1 + bytes.len() / 8
        })
}

/// As much of it as is whole; only the last character may be cut.
fn utf8(bytes: &[u8]) -> Option<(&str, usize)> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some((text, text.len())),
        Err(error) if error.error_len().is_none() => {
            let whole = bytes.get(..error.valid_up_to())?;
            std::str::from_utf8(whole).ok().map(|text| (text, whole.len()))
        }
        Err(_) => None,
    }
}

/// Makes a unit of two bytes.
type Order = fn([u8; 2]) -> u16;

/// The byte order, if it looks like UTF-16.
fn order(bytes: &[u8]) -> Option<Order> {
    let orders: [Order; 2] = [u16::from_le_bytes, u16::from_be_bytes];
    let count = bytes.len() / 2;
    orders.into_iter().find(|order| {
        let ascii = units(bytes, *order).filter(|unit| (9..0x7F).contains(unit)).count();
        let usual = units(bytes, *order).filter(|unit| is_usual(*unit)).count();
        count >= 4 && ascii * 2 >= count || count >= FOREIGN_LEAST && usual * 20 >= count * 19
    })
}

fn units(bytes: &[u8], order: Order) -> impl Iterator<Item = u16> {
    bytes.chunks_exact(2).filter_map(move |pair| pair.try_into().ok().map(order))
}

const fn is_usual(unit: u16) -> bool {
    matches!(unit, 9 | 10 | 13 | 0x20..=0x7E | 0x3000..=0x30FF | 0x4E00..=0x9FFF | 0xFF00..=0xFF65)
        || matches!(unit, 0x400..=0x45F | 0xFEFF)
}

fn is_printable(chars: impl Iterator<Item = char>) -> bool {
    let (mut all, mut good) = (0, 0);
    for c in chars {
        all += 1;
        good += usize::from(printable(c));
    }
    all > 0 && good * 100 >= all * PRINTABLE_PERCENT
}

const fn printable(c: char) -> bool {
    match c {
        '\n' | '\r' | '\t' => true,
        '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => false,
        _ => !(c <= '\u{1F}' || (c >= '\u{7F}' && c <= '\u{9F}')),
    }
}
