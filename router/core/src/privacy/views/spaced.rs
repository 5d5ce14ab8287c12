//! Single characters with one and the same separator between each: `4 1 1 1 1 1`, `z-h-a-n-g-@`.

use super::bytes::{is_word, may_separate};
use super::collapse::Lines;
use super::marks::Marks;
use super::separator;
use crate::privacy::steps;

/// So many characters in a row,
const LEAST: usize = 6;
/// of which so many are letters or digits, or it is a rule or a frame.
const LEAST_WORDY: usize = 4;

/// Adds all such rows.
pub(super) fn find(text: &str, lines: &mut Lines<'_>) {
    let bytes = text.as_bytes();
    // Nobody stands alone before a separator behind two letters.
    let words = Marks::of(bytes, is_word);
    let separators = Marks::of(bytes, may_separate).not_behind_two(&words);
    let (mut at, mut done) = (0, 0);
    while let Some(separator) = separators.next(at) {
        at = separator + 1;
        let Some(single) = before(text, separator).filter(|start| *start >= done) else {
            continue;
        };
        if let Some(end) = row(text, single, lines) {
            (at, done) = (end, end);
        }
    }
}

/// Where the character before a separator begins, if it stands alone.
fn before(text: &str, separator: usize) -> Option<usize> {
    let mut head = text.get(..separator)?.chars();
    let single = head.next_back()?;
    let start = head.as_str().len();
    is_single(head.next_back().unwrap_or(' '), single).then_some(start)
}

/// Whether a character stands alone behind another one.
fn is_single(before: char, c: char) -> bool {
    match c {
        _ if c.is_ascii_alphanumeric() => !before.is_ascii_alphanumeric(),
        _ if c.is_ascii() => !c.is_whitespace() && separator::is_sign(before),
        _ => before.is_ascii_whitespace() || !before.is_alphanumeric(),
    }
}

/// Adds the row that begins there, if it is a word; says where it ends, if it is long.
fn row(text: &str, start: usize, lines: &mut Lines<'_>) -> Option<usize> {
    let row = Row::measure(text, start)?;
    steps::add(row.count);
    if row.count < LEAST {
        return None;
    }
    if row.wordy < LEAST_WORDY {
        return Some(row.end);
    }
    let mut at = start;
    for _ in 0..row.count {
        let c = text.get(at..)?.chars().next()?;
        lines.one(c, at);
        at += c.len_utf8() + row.gap;
    }
    lines.end(row.end);
    Some(row.end)
}

/// A row of characters with a separator of `gap` bytes between each.
struct Row {
    count: usize,
    wordy: usize,
    gap: usize,
    end: usize,
}

impl Row {
    fn measure(text: &str, start: usize) -> Option<Self> {
        let first = text.get(start..)?.chars().next()?;
        let after = start + first.len_utf8();
        let gap = separator::length(text.get(after..)?)?;
        let separator = text.get(after..after + gap)?;
        let mut row = Self { count: 0, wordy: 0, gap, end: start };
        let mut rest = text.get(start..)?;
        let mut at = start;
        while let Some(c) = rest.chars().next().filter(|c| !c.is_whitespace()) {
            if separator.starts_with(c) {
                break;
            }
            rest = rest.get(c.len_utf8()..)?;
            let word = c.is_ascii_alphanumeric();
            if word && rest.starts_with(|next: char| next.is_ascii_alphanumeric()) {
                break;
            }
            row.count += 1;
            row.wordy += usize::from(c.is_alphanumeric());
            row.end = at + c.len_utf8();
            let Some(next) = rest.strip_prefix(separator) else {
                break;
            };
            at = row.end + gap;
            rest = next;
        }
        Some(row)
    }
}
