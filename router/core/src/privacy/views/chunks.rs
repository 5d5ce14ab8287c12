//! Tokens of one length with one separator: `AKIA IOSF ODNN 7EXA MPLE`, also over line ends.
//!
//! Prose has such rows by chance, `the cat sat`, so one token must have a digit, or a capital that is
//! not its first letter. Rows of digits alone are for [`super::groups`].

use super::bytes::is_word;
use super::collapse::Lines;
use super::groups::is_gap;
use super::marks::Marks;
use super::separator::{is_line_end, is_sign};
use crate::privacy::steps;
use std::ops::Range;

/// So many tokens make a row.
const LEAST: usize = 3;
const SHORTEST: usize = 2;
const LONGEST: usize = 16;

/// Adds all such rows.
pub(super) fn find(text: &str, lines: &mut Lines<'_>) {
    if !is_marked(text.as_bytes()) {
        return;
    }
    let words = Marks::of(text.as_bytes(), is_word);
    let mut row = Row::new(text, false);
    let mut at = 0;
    while let Some(start) = words.next(at) {
        at = words.end(start);
        if row.goes_on(&(start..at)) {
            row.take(start..at, lines);
        } else {
            row.last = start..at;
        }
    }
    row.close(lines);
    if memchr::memchr3(b'+', b'/', b'=', text.as_bytes()).is_some() {
        find_wide(text, lines);
    }
}

/// Adds those whose tokens have signs of base64.
fn find_wide(text: &str, lines: &mut Lines<'_>) {
    let member = |byte: &u8| byte.is_ascii_alphanumeric() || is_wide(byte);
    let mut row = Row::new(text, true);
    let mut at = 0;
    while let Some(index) = text.as_bytes().get(at..).and_then(|rest| rest.iter().position(member))
    {
        let start = at + index;
        let rest = text.as_bytes().get(start..).unwrap_or_default();
        at = start + rest.iter().position(|byte| !member(byte)).unwrap_or(rest.len());
        row.take(start..at, lines);
    }
    row.close(lines);
}

const fn is_wide(byte: &u8) -> bool {
    matches!(byte, b'+' | b'/' | b'=')
}

/// A row of tokens so far: two at least, or none and the last token.
struct Row<'t> {
    text: &'t str,
    /// Whether only rows with signs of base64 are wanted.
    wide: bool,
    last: Range<usize>,
    tokens: Vec<Range<usize>>,
    separator: Option<&'t str>,
}

impl<'t> Row<'t> {
    const fn new(text: &'t str, wide: bool) -> Self {
        Self { text, wide, last: 0..0, tokens: Vec::new(), separator: None }
    }

    /// Whether a token goes on with the row, or may begin one with the last token.
    const fn goes_on(&self, token: &Range<usize>) -> bool {
        !self.tokens.is_empty() || token.end - token.start == self.last.end - self.last.start
    }

    /// Continues the row with a token, or begins another one.
    fn take(&mut self, token: Range<usize>, lines: &mut Lines<'_>) {
        let last = std::mem::replace(&mut self.last, token.clone());
        let equal = token.len() == last.len();
        if self.tokens.is_empty() && !(equal && (SHORTEST..=LONGEST).contains(&token.len())) {
            return;
        }
        let gap = self.text.get(last.end..token.start).and_then(separator);
        let same = gap.is_some_and(|gap| {
            is_line_end(gap) || self.separator.is_none_or(|separator| separator == gap)
        });
        if !self.tokens.is_empty() {
            if same && token.len() <= last.len() {
                self.tokens.push(token);
                self.separator = self.separator.or(gap.filter(|gap| !is_line_end(gap)));
                if equal {
                    return;
                }
            }
            self.close(lines);
        }
        if equal && gap.is_some() {
            self.tokens.extend([last, self.last.clone()]);
            self.separator = gap.filter(|gap| !is_line_end(gap));
        }
    }

    /// Adds the row, if it is one, and begins again.
    fn close(&mut self, lines: &mut Lines<'_>) {
        steps::add(self.tokens.len());
        if self.is_wanted() {
            self.tokens.iter().for_each(|token| lines.part(token.clone()));
            lines.end(self.last_end());
        }
        self.tokens.clear();
        self.separator = None;
    }

    fn last_end(&self) -> usize {
        self.tokens.last().map_or(0, |last| last.end)
    }

    fn is_wanted(&self) -> bool {
        let part = |token: &Range<usize>| self.text.get(token.clone()).unwrap_or_default();
        let digits = |token| part(token).bytes().all(|byte| byte.is_ascii_digit());
        let for_groups = self.separator.is_none_or(|separator| separator.chars().all(is_gap));
        self.tokens.len() >= LEAST
            && self.tokens.iter().any(|token| is_marked(part(token).as_bytes()))
            && !(for_groups && self.tokens.iter().all(digits))
            && (!self.wide
                || self.tokens.iter().any(|token| part(token).bytes().any(|b| is_wide(&b))))
    }
}

/// The gap, if it is one separator, with a space after it perhaps.
fn separator(gap: &str) -> Option<&str> {
    let mut chars = gap.chars();
    let first = chars.next().filter(|c| is_sign(*c))?;
    let ok = matches!((first, chars.next()), (_, None | Some(' ')) | ('\r', Some('\n')));
    (ok && chars.next().is_none()).then_some(gap)
}

/// Whether it has a digit, or a capital behind another letter, and not capitals only. Without a branch for
/// each byte, since it is asked of whole texts too.
fn is_marked(bytes: &[u8]) -> bool {
    let behind = bytes.get(1..).unwrap_or_default();
    let digit = bytes.iter().fold(false, |found, byte| found | byte.is_ascii_digit());
    let small = bytes.iter().fold(false, |found, byte| found | byte.is_ascii_lowercase());
    let inner = bytes.iter().zip(behind).fold(false, |found, (byte, next)| {
        found | (byte.is_ascii_alphabetic() & next.is_ascii_uppercase())
    });
    digit || (small && inner)
}
