//! Base64 (RFC 4648), standard or safe for URLs, with or without padding, in one line or more.
//!
//! A hand of its own, since every byte must know its characters; decoders of the shelf return bytes only.

use super::map::Map;
use super::plain;
use std::ops::Range;

/// So many characters are decoded before the rest is.
const TRIAL: usize = 32;

/// The text that the characters of some parts of a text decode to, if they do to one.
pub(super) fn text(text: &str, parts: &[Range<usize>]) -> Option<(String, Map)> {
    if !begins_as_text(text, parts) {
        return None;
    }
    let mut decoded = Decoded::default();
    decoded.take(characters(text, parts));
    decoded.finish(text, parts);
    plain::text(&decoded.bytes, decoded.map)
}

/// Whether the first characters may decode to text. Nearly all words fail here, so it keeps no map.
fn begins_as_text(text: &str, parts: &[Range<usize>]) -> bool {
    let mut bytes = [0; TRIAL / 4 * 3];
    let (mut len, mut bits, mut count) = (0, 0_u32, 0);
    for (_, value) in characters(text, parts).take(TRIAL) {
        bits = bits << 6 | u32::from(value);
        count += 1;
        if count % 4 == 0
            && let Some(group) = bytes.get_mut(len..len + 3)
        {
            let [_, decoded @ ..] = bits.to_be_bytes();
            group.copy_from_slice(&decoded);
            len += 3;
        }
    }
    bytes.get(..len).is_some_and(|bytes| len > 0 && plain::may_begin(bytes))
}

/// Bytes so far, and the characters of a group that is not full.
#[derive(Default)]
struct Decoded {
    bytes: Vec<u8>,
    map: Map,
    bits: u32,
    count: usize,
    start: usize,
    end: usize,
}

impl Decoded {
    fn take(&mut self, characters: impl Iterator<Item = (usize, u8)>) {
        for (at, value) in characters {
            if self.count == 0 {
                self.start = at;
            }
            self.bits = self.bits << 6 | u32::from(value);
            self.count += 1;
            self.end = at + 1;
            if self.count == 4 {
                let [_, group @ ..] = self.bits.to_be_bytes();
                self.put(&group, self.end);
            }
        }
    }

    /// The last group, which its padding belongs to. A single character makes no byte.
    fn finish(&mut self, text: &str, parts: &[Range<usize>]) {
        let after = parts.last().map_or(0, |last| last.end);
        let padding = padding(text, after, self.count);
        let bits = self.bits << (6 * (4 - self.count.min(4)));
        let [_, group @ ..] = bits.to_be_bytes();
        if self.count > 1 {
            self.put(group.get(..self.count - 1).unwrap_or_default(), self.end + padding);
        }
    }

    fn put(&mut self, group: &[u8], end: usize) {
        let source = self.start..end;
        let even = group.len() == 3 && source.len() == 4;
        self.bytes.extend_from_slice(group);
        self.map.unit(&source, group.len(), even);
        (self.bits, self.count) = (0, 0);
    }
}

/// How many signs of padding follow `count` characters beyond whole groups.
pub(super) fn padding(text: &str, after: usize, count: usize) -> usize {
    let most = if count > 1 { 4 - count.min(4) } else { 0 };
    let rest = text.as_bytes().get(after..).unwrap_or_default();
    rest.iter().take(most).take_while(|byte| **byte == b'=').count()
}

fn characters<'t>(
    text: &'t str,
    parts: &'t [Range<usize>],
) -> impl Iterator<Item = (usize, u8)> + 't {
    parts.iter().flat_map(move |part| {
        let bytes = text.as_bytes().get(part.clone()).unwrap_or_default();
        bytes
            .iter()
            .enumerate()
            .filter_map(|(index, byte)| Some((part.start + index, value(*byte)?)))
    })
}

const fn value(byte: u8) -> Option<u8> {
    Some(match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    })
}
