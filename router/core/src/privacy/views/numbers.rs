//! Numbers in groups of which one is broken over a line end: `GB33 NWBK 47` and `84 3022`, `(212) 8` and
//! `05-5560`.
//!
//! The groups around the break are read as they stand, since detectors know them so. Groups have digits, or are
//! few capitals; prose ends the row. Rows of digits alone are for [`super::groups`]: they may be a table.

use super::collapse::Lines;
use std::ops::Range;

/// A row goes on for so many bytes to each side,
const REACH: usize = 48;
/// and capitals without a digit are so many.
const CAPITALS_MOST: usize = 4;

/// Adds the row around the parts of a token that is broken, if it has more groups than that.
pub(super) fn across(text: &str, tail: &Range<usize>, head: &Range<usize>, lines: &mut Lines<'_>) {
    if tail.is_empty() || head.is_empty() {
        return;
    }
    let bytes = text.as_bytes();
    let part = |range: &Range<usize>| bytes.get(range.clone()).unwrap_or_default();
    let line = part(&(tail.end.saturating_sub(REACH)..tail.end)).rsplit(is_line_end).next();
    let before = line.unwrap_or_default().rsplit(is_space);
    let line = part(&(head.start..bytes.len().min(head.start + REACH))).split(is_line_end).next();
    let behind = line.unwrap_or_default().split(is_space);
    if !before.clone().next().is_some_and(has_digit)
        && !behind.clone().next().is_some_and(has_digit)
    {
        return;
    }
    let (before, behind) = (row(before), row(behind));
    if before < tail.len() || behind < head.len() {
        return;
    }
    let (first, last) = (tail.end.saturating_sub(before), head.start + behind);
    let (before, behind) = (first..tail.end, head.start..last);
    let longer = before.len() > tail.len() || behind.len() > head.len();
    let plain =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b' ' | b'-' | b'.' | b'/' | b',');
    if !longer || part(&before).iter().chain(part(&behind)).all(plain) {
        return;
    }
    lines.part(before);
    lines.part(behind);
    lines.end(last);
}

/// Bytes of the groups of a row, with the spaces between them. The first one is broken and may be any
/// ASCII.
fn row<'b>(groups: impl Iterator<Item = &'b [u8]>) -> usize {
    let mut len = 0;
    for (index, group) in groups.enumerate() {
        if !group.is_ascii() || index > 0 && !is_group(group) {
            break;
        }
        len += group.len() + usize::from(index > 0);
    }
    len
}

const fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

const fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

/// Whether it may be a group of a number.
fn is_group(group: &[u8]) -> bool {
    let capitals = group.len() <= CAPITALS_MOST && group.iter().all(u8::is_ascii_uppercase);
    !group.is_empty() && (has_digit(group) || capitals)
}

fn has_digit(bytes: &[u8]) -> bool {
    bytes.iter().any(u8::is_ascii_digit)
}
