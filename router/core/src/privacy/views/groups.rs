//! Groups of digits with any separators between them: `4111*1111 1111/1111`, over line ends too.
//!
//! Another number may stand next to the one that is meant: `7 4111*1111*1111*1111`. So beside the whole row,
//! each part of it that has one and the same separator throughout may be a line of its own. What can be no
//! number ([`super::grouping`]) is no line.

use super::collapse::Lines;
use super::grouping::Row;
use crate::privacy::{digit, steps};
use std::ops::{Range, RangeInclusive};

/// A number has so many digits.
const DIGITS: RangeInclusive<usize> = 8..=40;
/// Between two groups there are at most so many separators.
const GAP_MOST: usize = 3;
/// So many letters may be attached to the first and to the last group.
const LETTERS_MOST: usize = 4;

/// Adds all such rows.
pub(super) fn find(text: &str, lines: &mut Lines<'_>) {
    let bytes = text.as_bytes();
    let mut groups = Vec::new();
    let mut at = 0;
    while let Some(start) = digit::next(bytes, at) {
        groups.clear();
        at = start;
        loop {
            let end = digits_end(bytes, at);
            groups.push(at..end);
            at = end;
            match gap_end(text, end) {
                Some(next) => at = next,
                None => break,
            }
        }
        steps::add(groups.len());
        let row = Row { text, groups: &groups };
        if row.is_number() {
            add(row, lines);
        }
        add_parts(row, lines);
    }
}

fn digits_end(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len())
}

/// Where the next group begins, if separators lead to one.
fn gap_end(text: &str, from: usize) -> Option<usize> {
    let mut at = from;
    for c in text.get(from..)?.chars().take(GAP_MOST + 1) {
        if c.is_ascii_digit() {
            return (at > from).then_some(at);
        }
        if !is_gap(c) {
            return None;
        }
        at += c.len_utf8();
    }
    None
}

/// Whether it may stand between two groups.
pub(super) const fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '-' | '.' | '_' | '/' | '*' | ',' | '(' | ')' | '|')
        || matches!(c, '·' | '•' | '∙' | '⋅' | '・' | '、')
}

/// Adds the parts of a row that have the same separator throughout, unless that is all of it.
fn add_parts(row: Row<'_>, lines: &mut Lines<'_>) {
    let mut first = 0;
    while first + 1 < row.groups.len() {
        let mut last = first + 1;
        while row.gap(last).is_some() && row.gap(last) == row.gap(first) {
            last += 1;
        }
        let part = Row { groups: row.groups.get(first..=last).unwrap_or_default(), ..row };
        steps::add(part.groups.len());
        if part.groups.len() < row.groups.len() && part.is_number_beside_others() {
            add(part, lines);
        }
        first = last;
    }
}

fn add(row: Row<'_>, lines: &mut Lines<'_>) {
    let digits: usize = row.groups.iter().map(Range::len).sum();
    let ([first, .., last], true) = (row.groups, DIGITS.contains(&digits)) else {
        return;
    };
    let bytes = row.text.as_bytes();
    let before = letters(bytes.get(..first.start).unwrap_or_default().iter().rev());
    let after = letters(bytes.get(last.end..).unwrap_or_default().iter());
    lines.part(first.start - before..first.start);
    row.groups.iter().for_each(|group| lines.part(group.clone()));
    lines.part(last.end..last.end + after);
    lines.end(last.end + after);
}

/// How many letters are attached; none if they are too many, or part of a longer word.
fn letters<'b>(mut bytes: impl Iterator<Item = &'b u8>) -> usize {
    for count in 0..=LETTERS_MOST {
        match bytes.next() {
            Some(byte) if byte.is_ascii_alphabetic() => {}
            Some(byte) if byte.is_ascii_digit() => return 0,
            _ => return count,
        }
    }
    0
}
