//! Forms as browsers send them (URL Living Standard, `application/x-www-form-urlencoded`), in the query of an
//! address or alone: `name=value&other=value`, where a plus is a space.
//!
//! A plus is a plus everywhere else, so this is no part of the escapes: each form with a plus in it is made a
//! text of its own, a line for each pair. A name is set apart from its value by a colon and a space, as no
//! number follows a sign of equality.

use super::escapes::{hex_octet, utf8};
use super::rewrite::Rewrite;
use crate::privacy::steps;
use std::ops::Range;

/// The pairs of all forms that have a plus, unless there are none with one that is wanted.
pub(super) fn undo<'t>(
    text: &'t str,
    limit: usize,
    wanted: &dyn Fn(Range<usize>) -> bool,
) -> Option<Rewrite<'t>> {
    let bytes = text.as_bytes();
    let mut out = Rewrite::new(text, limit);
    let (mut at, mut any) = (0, false);
    while let Some(index) = bytes.get(at..).and_then(|rest| memchr::memchr(b'+', rest)) {
        let plus = at + index;
        let token = token(bytes, at, plus);
        at = token.end;
        steps::add(token.len());
        if let Some(start) = pairs_start(bytes, &token, plus) {
            any = any || wanted(plus..plus + 1);
            write(bytes, start..token.end, &mut out);
        }
    }
    any.then_some(out)
}

/// What stands around a place, not before `from`, up to what no address holds.
fn token(bytes: &[u8], from: usize, place: usize) -> Range<usize> {
    let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>');
    let before = bytes.get(from..place).unwrap_or_default();
    let start = before.iter().rposition(ends).map_or(from, |index| from + index + 1);
    let behind = bytes.get(place..).unwrap_or_default();
    start..place + behind.iter().position(ends).unwrap_or(behind.len())
}

/// Where the first name begins, if one with a value stands before the plus.
fn pairs_start(bytes: &[u8], token: &Range<usize>, plus: usize) -> Option<usize> {
    let before = bytes.get(token.start..plus)?;
    let equal = memchr::memchr(b'=', before)?;
    let name = before.get(..equal)?.iter().rev().take_while(|byte| is_name(**byte)).count();
    (name > 0).then_some(token.start + equal - name)
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b'%' | b'~')
}

/// Writes pairs, each in a line.
fn write(bytes: &[u8], pairs: Range<usize>, out: &mut Rewrite<'_>) {
    let (mut at, mut copied, mut named) = (pairs.start, pairs.start, false);
    while at < pairs.end {
        let (end, put) = match bytes.get(at) {
            Some(b'+') => (at + 1, Put::Text(" ")),
            Some(b'=') if !named => (at + 1, Put::Text(": ")),
            Some(b'&') => (at + 1, Put::Text("\n")),
            Some(b'%') => match utf8(bytes, at, |rest| hex_octet(rest, b"%")) {
                Some((c, end)) => (end, Put::Char(c)),
                None => (at + 1, Put::Same),
            },
            _ => (at + 1, Put::Same),
        };
        named = matches!(bytes.get(at), Some(b'=')) || named && bytes.get(at) != Some(&b'&');
        if !matches!(put, Put::Same) {
            out.copy(copied..at);
            copied = end;
        }
        match put {
            Put::Text(text) => out.put(text, &(at..end)),
            Put::Char(c) => out.put_char(c, &(at..end)),
            Put::Same => {}
        }
        at = end;
    }
    out.copy(copied..pairs.end);
    out.put("\n", &(pairs.end..pairs.end));
}

/// What is written for a piece of a form.
enum Put {
    Same,
    Text(&'static str),
    Char(char),
}
