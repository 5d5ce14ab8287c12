//! Quoted-printable (RFC 2045): `=41`, and lines that are continued behind a `=`.
//!
//! A view of its own and not one of the escapes: `limit=10` looks the same, and undoing it there would spoil
//! what stands behind it.

use super::escapes::{hex_octet, utf8};
use super::rewrite::Rewrite;
use std::ops::Range;

/// The text with it undone, unless there is none of what is wanted. A number behind a sign of equality is
/// undone with the rest, but is no reason to.
pub(super) fn undo<'t>(
    text: &'t str,
    limit: usize,
    wanted: &dyn Fn(Range<usize>) -> bool,
) -> Option<Rewrite<'t>> {
    let bytes = text.as_bytes();
    let mut out = Rewrite::new(text, limit);
    let (mut copied, mut at, mut any) = (0, 0, false);
    while let Some(index) = bytes.get(at..).and_then(|rest| memchr::memchr(b'=', rest)) {
        let start = at + index;
        let Some((c, end)) = parse(bytes, start).filter(|_| !is_identifier(bytes, start)) else {
            at = start + 1;
            continue;
        };
        out.copy(copied..start);
        if let Some(c) = c {
            out.put_char(c, &(start..end));
        }
        (copied, at) = (end, end);
        any = any || (!is_number(bytes, start) && wanted(start..end));
    }
    if !any {
        return None;
    }
    out.copy(copied..text.len());
    Some(out)
}

/// So many hexadecimal digits are an identifier.
const IDENTIFIER: usize = 8;
/// No identifier has more.
const LONGEST: usize = 128;

/// Whether it is `=40969abf423153b0`.
fn is_identifier(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let digits = rest.iter().take(LONGEST).take_while(|byte| byte.is_ascii_hexdigit()).count();
    digits >= IDENTIFIER && !rest.get(digits).is_some_and(u8::is_ascii_alphanumeric)
}

/// Whether it is `=10` or `=100` and no letter follows.
fn is_number(bytes: &[u8], at: usize) -> bool {
    let rest = bytes.get(at + 1..).unwrap_or_default();
    let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let goes_on = |byte: &u8| byte.is_ascii_alphabetic() || matches!(byte, b'=' | b'@' | b'_');
    digits >= 2 && !rest.get(digits).is_some_and(goes_on)
}

/// What stands there, a continued line being `None`, and where it ends.
fn parse(bytes: &[u8], at: usize) -> Option<(Option<char>, usize)> {
    let follows = |c: &u8| !c.is_ascii_whitespace() && *c != b'=';
    let word = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(follows);
    match bytes.get(at + 1..)? {
        [b'\n', ..] if word => Some((None, at + 2)),
        [b'\r', b'\n', ..] if word => Some((None, at + 3)),
        _ => {
            let (c, end) = utf8(bytes, at, |rest| hex_octet(rest, b"="))?;
            let visible = !c.is_control() || matches!(c, '\n' | '\r' | '\t');
            visible.then_some((Some(c), end))
        }
    }
}
