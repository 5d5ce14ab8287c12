//! Blocks of base64 or hexadecimal digits in a text.
//!
//! A block is a run of the alphabet, or such runs that fill lines of equal length. Whether it is encoded text
//! is told by decoding it: words, names and paths nearly never make text. Where the whole run does not, it
//! may be glued to something (`id-`, a path), so its later characters and its pieces are tried too: a
//! bounded number of times, each ending after a few bytes that are no text.

use super::bytes::is_base64;
use super::map::Map;
use super::marks::Marks;
use super::{Encoding, base64, hex, opaque};
use crate::privacy::steps;
use std::collections::VecDeque;
use std::ops::Range;

/// A run has so many characters.
const LEAST: usize = 12;
/// A run with so many may have something glued to its front.
const GLUED_LEAST: usize = 24;

/// What a block turned out to be.
pub(super) enum Finding {
    /// A text.
    Text { range: Range<usize>, encoding: Encoding, text: String, map: Map },
    /// No text, and too long for an identifier.
    Opaque(Range<usize>),
}

/// Findings in their order.
pub(super) struct Blocks<'t> {
    text: &'t str,
    alphabet: Marks,
    at: usize,
    found: VecDeque<Finding>,
}

impl<'t> Blocks<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let alphabet = Marks::of(text.as_bytes(), is_base64);
        Self { text, alphabet, at: 0, found: VecDeque::new() }
    }
}

impl Iterator for Blocks<'_> {
    type Item = Finding;

    fn next(&mut self) -> Option<Finding> {
        while self.found.is_empty() {
            let run = self.run(self.at)?;
            self.at = run.end;
            if run.len() < LEAST {
                self.pairs(run.start);
            } else {
                self.candidate(run);
            }
        }
        self.found.pop_front()
    }
}

impl Blocks<'_> {
    /// The next run of the alphabet that is long enough, without a `0x` before it, or that a row of pairs may
    /// begin with.
    fn run(&self, from: usize) -> Option<Range<usize>> {
        let bytes = self.text.as_bytes();
        let mut end = from;
        loop {
            let start = self.alphabet.next(end)?;
            end = self.alphabet.end(start);
            match end - start {
                2 | 4 if may_be_pair(bytes, start) => return Some(start..end),
                LEAST.. => {
                    let prefix = end - start > LEAST && bytes.get(start..)?.starts_with(b"0x");
                    return Some(start + if prefix { 2 } else { 0 }..end);
                }
                _ => {}
            }
        }
    }

    fn candidate(&mut self, run: Range<usize>) {
        if matches!(self.text.as_bytes().get(run.start + 2), Some(b'-' | b'_'))
            && self.pairs(run.start)
        {
            return;
        }
        let parts = lines(self.text, run);
        let known = self.found.len();
        self.try_lines(&parts);
        self.at = parts.last().map_or(self.at, |last| last.end);
        if self.found.len() == known && opaque::is_opaque(self.text, &parts) {
            self.found.push_back(Finding::Opaque(span(&parts)));
        }
    }

    fn try_lines(&mut self, parts: &[Range<usize>]) {
        if let [first, rest @ ..] = parts
            && !rest.is_empty()
        {
            if self.whole(parts) {
                return;
            }
            self.single(first.clone());
            if rest.len() > 1 && self.whole(rest) {
                return;
            }
            rest.iter().for_each(|part| self.single(part.clone()));
        } else {
            parts.iter().for_each(|part| self.single(part.clone()));
        }
    }

    /// Takes one run: all of it, or without what is glued to its front, or in pieces.
    fn single(&mut self, run: Range<usize>) {
        if self.whole(std::slice::from_ref(&run)) {
            return;
        }
        if run.len() >= GLUED_LEAST + 3
            && !is_hex(self.text.as_bytes(), &run)
            && (1..4).any(|skip| self.whole(std::slice::from_ref(&(run.start + skip..run.end))))
        {
            return;
        }
        let part = self.text.get(run.clone()).unwrap_or_default();
        let mut start = run.start;
        for piece in part.split(['-', '_', '/', '+']) {
            if piece.len() >= LEAST && piece.len() < part.len() {
                self.whole(std::slice::from_ref(&(start..start + piece.len())));
            }
            start += piece.len() + 1;
        }
    }

    /// Takes parts as one block, if they decode to text.
    fn whole(&mut self, parts: &[Range<usize>]) -> bool {
        let bytes = self.text.as_bytes();
        let mut range = span(parts);
        steps::add(range.len());
        let is_hex = parts.iter().all(|part| part.len().is_multiple_of(2) && is_hex(bytes, part));
        if is_hex && let Some((text, map)) = hex::text(self.text, parts) {
            let prefix = bytes.get(..range.start).is_some_and(|before| before.ends_with(b"0x"));
            range.start -= usize::from(prefix) * 2;
            self.found.push_back(Finding::Text { range, encoding: Encoding::Hex, text, map });
            return true;
        }
        if !is_worth(self.text, parts) {
            return false;
        }
        let Some((text, map)) = base64::text(self.text, parts) else {
            return false;
        };
        let count = parts.iter().map(Range::len).sum::<usize>() % 4;
        range.end += base64::padding(self.text, range.end, count);
        self.found.push_back(Finding::Text { range, encoding: Encoding::Base64, text, map });
        true
    }

    /// Takes pairs with separators; says whether there are any.
    fn pairs(&mut self, start: usize) -> bool {
        let Some(pairs) = hex::pairs(self.text, start) else {
            return false;
        };
        self.at = self.at.max(pairs.range.end);
        if let Some((text, map)) = pairs.text {
            let (range, encoding) = (pairs.range, Encoding::Hex);
            self.found.push_back(Finding::Text { range, encoding, text, map });
        } else if pairs.range.len() / 3 * 2 >= opaque::LEAST {
            self.found.push_back(Finding::Opaque(pairs.range));
        }
        true
    }
}

fn span(parts: &[Range<usize>]) -> Range<usize> {
    parts.first().map_or(0, |first| first.start)..parts.last().map_or(0, |last| last.end)
}

/// Whether a pair of hexadecimal digits may begin there, which few words do.
fn may_be_pair(bytes: &[u8], start: usize) -> bool {
    let pair = bytes.get(start..start + 2);
    pair == Some(b"0x") || pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
}

fn is_hex(bytes: &[u8], part: &Range<usize>) -> bool {
    bytes.get(part.clone()).is_some_and(|part| part.iter().all(u8::is_ascii_hexdigit))
}

/// Whether it may be base64 and not a word or a number: letters, and a digit, a second case or a sign.
fn is_worth(text: &str, parts: &[Range<usize>]) -> bool {
    let mut seen = [false; 5];
    let [lower, upper, digit, standard, url] = &mut seen;
    for part in parts {
        for byte in text.as_bytes().get(part.clone()).unwrap_or_default() {
            match byte {
                b'a'..=b'z' => *lower = true,
                b'A'..=b'Z' => *upper = true,
                b'0'..=b'9' => *digit = true,
                b'+' | b'/' => *standard = true,
                _ => *url = true,
            }
        }
    }
    let padded = text.as_bytes().get(span(parts).end) == Some(&b'=');
    (*lower || *upper)
        && !(*standard && *url)
        && ((*lower && *upper) || *digit || *standard || padded)
}

/// The run, and those that continue it in whole lines of equal length.
fn lines(text: &str, run: Range<usize>) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let at_line_start = bytes.get(..run.start).is_none_or(|before| {
        before.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t')).is_none_or(|b| *b == b'\n')
    });
    let mut width = at_line_start.then_some(run.len());
    let mut parts = vec![run];
    while let Some(next) = parts.last().and_then(|last| next_line(bytes, last)) {
        let most = *width.get_or_insert(next.len());
        if next.len() > most {
            break;
        }
        let last = next.len() < most;
        parts.push(next);
        if last {
            break;
        }
    }
    parts
}

/// The run that fills the next line, if the present one goes to the end of its own.
fn next_line(bytes: &[u8], present: &Range<usize>) -> Option<Range<usize>> {
    if bytes.get(present.clone())?.ends_with(b"--") {
        return None;
    }
    let start = match bytes.get(present.end..)? {
        [b'\n', ..] => present.end + 1,
        [b'\r', b'\n', ..] => present.end + 2,
        _ => return None,
    };
    let line = bytes.get(start..)?;
    let indent = line.iter().position(|byte| !matches!(byte, b' ' | b'\t'))?;
    let start = start + indent;
    let line = bytes.get(start..)?;
    let len = line.iter().position(|byte| !is_base64(*byte)).unwrap_or(line.len());
    let whole =
        matches!(line.get(len), None | Some(b'\n' | b'\r' | b'=' | b'"' | b'\'' | b'<' | b')'));
    let rule = line.get(..len)?.starts_with(b"--");
    (len > 0 && whole && !rule).then_some(start..start + len)
}
