//! Tokens that are broken over line ends: with a backslash, a quote, a plus or a hyphen, behind the marks of a
//! comment or a quotation.
//!
//! Each line end makes a line of what stands before and after it; where whole lines are one token, all of
//! them together make one more. A hyphen at the end may belong to the token or not, so both are made.
//! A number in groups goes on before and behind its broken group ([`super::numbers`]).
//! Words of letters only are prose, and digits only are for [`super::groups`].

use super::collapse::Lines;
use super::numbers;
use crate::privacy::steps;
use std::ops::Range;

/// A token before a line end has so many bytes.
const LEAST: usize = 4;
/// Between it and the line end are at most so many.
const TAIL_MOST: usize = 8;

/// Adds all such tokens.
pub(super) fn find(text: &str, lines: &mut Lines<'_>) {
    let bytes = text.as_bytes();
    let mut chain: Vec<Range<usize>> = Vec::new();
    for at in memchr::memchr_iter(b'\n', bytes) {
        let (tail, head) = (tail(bytes, at), head(bytes, at + 1));
        steps::add(tail.len() + head.len());
        numbers::across(text, &tail, &head, lines);
        let pair = (tail.len() >= LEAST && !head.is_empty()).then_some((tail, head));
        let Some((tail, head)) = pair else {
            close(text, &mut chain, lines);
            continue;
        };
        add(text, &[tail.clone(), head.clone()], lines);
        if text.get(tail.clone()).is_some_and(|tail| tail.ends_with('-')) {
            add(text, &[tail.start..tail.end - 1, head.clone()], lines);
        }
        if chain.last() != Some(&tail) {
            close(text, &mut chain, lines);
            chain.push(tail);
        }
        chain.push(head);
    }
    close(text, &mut chain, lines);
}

/// Adds the whole of a token in three lines or more.
fn close(text: &str, chain: &mut Vec<Range<usize>>, lines: &mut Lines<'_>) {
    if chain.len() > 2 {
        add(text, chain, lines);
    }
    chain.clear();
}

fn add(text: &str, parts: &[Range<usize>], lines: &mut Lines<'_>) {
    let part = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
    steps::add(parts.iter().map(Range::len).sum());
    let digits_only = parts.iter().all(|range| part(range).bytes().all(|b| b.is_ascii_digit()));
    if digits_only || !parts.iter().any(|range| is_marked(part(range))) {
        return;
    }
    parts.iter().for_each(|range| lines.part(range.clone()));
    lines.end(parts.last().map_or(0, |last| last.end));
}

/// The token at the end of the line that ends there.
fn tail(bytes: &[u8], line_end: usize) -> Range<usize> {
    let line = bytes.get(..line_end).unwrap_or_default();
    let junk = line.iter().rev().take(TAIL_MOST).take_while(|byte| is_joint(**byte)).count();
    let end = line_end - junk;
    let token = bytes.get(..end).unwrap_or_default();
    end - token.iter().rev().take_while(|byte| is_token(**byte)).count()..end
}

/// The token at the beginning of the line that begins there.
fn head(bytes: &[u8], line_start: usize) -> Range<usize> {
    let mut start = line_start;
    while let Some(len) = prefix(bytes.get(start..).unwrap_or_default()) {
        start += len;
    }
    let token = bytes.get(start..).unwrap_or_default();
    start..start + token.iter().take_while(|byte| is_token(**byte)).count()
}

const fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'+' | b'/' | b'=' | b'.' | b'@' | b'-')
}

const fn is_joint(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\\' | b'"' | b'\'' | b'`' | b'+' | b'&' | b'^')
}

/// Length of the mark of a comment, a quotation or a string that a line begins with. A slash or a plus may be
/// of the token itself, so a space or a quote must follow it.
const fn prefix(line: &[u8]) -> Option<usize> {
    match line {
        [b' ' | b'\t' | b'"' | b'\'' | b'`' | b'>' | b'#' | b'*', ..] => Some(1),
        [b'/', b'/', b' ', ..] => Some(3),
        [b'+', b' ' | b'"' | b'\'', ..] => Some(1),
        _ => None,
    }
}

/// Whether it has what words of prose have not.
fn is_marked(token: &str) -> bool {
    let bytes = token.as_bytes();
    let sign =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'@' | b'_' | b'=' | b'+' | b'/');
    bytes.iter().any(sign)
        || (bytes.iter().skip(1).any(u8::is_ascii_uppercase)
            && bytes.iter().any(u8::is_ascii_lowercase))
}
