//! Addresses that are spelled out so that robots do not read them: `name [at] example [dot] com`,
//! `name(at)example.com`, `name at example dot com`, `nombre arroba ejemplo punto com`, `name @ example.com`.
//!
//! In brackets an `at` is one for sure. As a word of its own it is one only where the point is spelled too,
//! and less surely so after words that stand before any `at` (`find us at example dot com`).

use super::super::tld;
use super::{is_atext, run_before};
use crate::privacy::detect::Found;
use memchr::{memchr3_iter, memmem};
use std::ops::Range;

const BRACKETED: u8 = 75;
const SPACED: u8 = 60;
const SPELLED: u8 = 45;
const UNLIKELY: u8 = 20;

/// Without one of these there is no such address.
#[rustfmt::skip]
pub(super) const WORDS: &[&str] = &[
    "(at", "[at", "{at", "( at", "[ at", "{ at", "(@", "[@", "{@", "( @", "[ @", "{ @", "(a)", "[a]", "{a}", "( a )",
    "[ a ]", "{ a }", "(ät", "[ät", "{ät", "( ät", "[ ät", "{ ät", "(dot", "[dot", "{dot", "( dot", "[ dot", "{ dot",
    "(.)", "[.]", "{.}", "(d0t", "[d0t", "{d0t", "(point", "[point", "(punkt", "[punkt", "(punto", "[punto", "(ponto",
    "[ponto", "(точка", "[точка", "arroba", "arobase", "chiocciola", "klammeraffe", " dot ", " d0t ", " @ ",
];

const AT_WORDS: &[&str] = &["at", "@", "arroba", "arobase", "ät", "a", "chiocciola", "klammeraffe"];
const DOT_WORDS: &[&str] = &["dot", ".", "punto", "point", "punkt", "ponto", "d0t", "точка"];
/// As words of their own, with the words for the point that go with them. Others are words of prose.
const PLAIN: &[(&str, &[&str])] = &[
    (" at ", &["dot", "d0t"]),
    (" AT ", &["dot", "d0t"]),
    (" @ ", DOT_WORDS),
    (" arroba ", &["punto", "ponto"]),
    (" arobase ", &["point"]),
];
const NO_NAMES: &[&str] = &[
    "us",
    "me",
    "it",
    "look",
    "is",
    "are",
    "online",
    "here",
    "visit",
    "available",
    "found",
    "site",
    "page",
];

/// Most labels of a domain.
const LABELS: usize = 6;

pub(super) fn find(text: &str, found: &mut Found<'_>) {
    for open in memchr3_iter(b'[', b'(', b'{', text.as_bytes()) {
        if let Some(end) = bracketed(text, open, AT_WORDS) {
            report(text, open..end, BRACKETED, DOT_WORDS, found);
        }
    }
    for (word, points) in PLAIN {
        let score = if *word == " @ " { SPACED } else { SPELLED };
        for at in memmem::find_iter(text.as_bytes(), word.as_bytes()) {
            report(text, at..at + word.len(), score, points, found);
        }
    }
}

/// The address whose sign stands there.
fn report(text: &str, sign: Range<usize>, score: u8, points: &[&str], found: &mut Found<'_>) {
    let spaces = text.as_bytes().get(..sign.start).unwrap_or_default().iter().rev().take(2);
    let name_end = sign.start - spaces.take_while(|byte| **byte == b' ').count();
    if sign.start - name_end > 1 {
        return;
    }
    let Some(start) = run_before(text, name_end, is_atext) else { return };
    let name = text.get(start..name_end).unwrap_or_default();
    let Some(lead) = name.find(|char: char| char.is_ascii_alphanumeric()) else { return };
    let Some((end, spelled)) = domain(text, sign.end, points) else { return };
    let score = match score {
        SPELLED if !spelled => return,
        SPELLED if NO_NAMES.iter().any(|word| name.eq_ignore_ascii_case(word)) => UNLIKELY,
        score => score,
    };
    found(start + lead..end, score);
}

/// End of the domain that begins at `at`, and whether a point of it is spelled.
fn domain(text: &str, at: usize, points: &[&str]) -> Option<(usize, bool)> {
    let mut at = skip_space(text, at);
    let mut spelled = false;
    let mut best = None;
    for count in 0..LABELS {
        let label = text.get(at..)?.bytes().take(63);
        let length = label.take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        let end = at + length;
        if length == 0 {
            break;
        }
        if count > 0 && text.get(at..end).is_some_and(tld::is_known) {
            best = Some((end, spelled));
        }
        let Some((next, in_words)) = point(text, end, points) else { break };
        spelled |= in_words;
        at = next;
    }
    best
}

/// Behind the point that stands at `at`, and whether it is spelled.
fn point(text: &str, at: usize, points: &[&str]) -> Option<(usize, bool)> {
    let bytes = text.as_bytes();
    if bytes.get(at) == Some(&b'.') {
        return Some((at + 1, false));
    }
    let from = skip_space(text, at);
    if bytes.get(from).is_some_and(|byte| b"[({".contains(byte)) {
        return bracketed(text, from, DOT_WORDS).map(|end| (skip_space(text, end), true));
    }
    let rest = text.get(from..)?;
    let word = points.iter().find(|word| {
        let end = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        end && rest.as_bytes().get(word.len()) == Some(&b' ')
    })?;
    (from > at).then_some((from + word.len() + 1, true))
}

/// Behind the closing bracket, where one of these words stands in the bracket at `open`.
fn bracketed(text: &str, open: usize, words: &[&str]) -> Option<usize> {
    let from = skip_space(text, open + 1);
    let rest = text.get(from..)?;
    let word = words.iter().find(|word| {
        let fits = rest.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        fits && rest
            .get(word.len()..)
            .is_some_and(|rest| rest.trim_start().starts_with([']', ')', '}']))
    })?;
    let close = skip_space(text, from + word.len());
    Some(close + 1)
}

fn skip_space(text: &str, at: usize) -> usize {
    if text.as_bytes().get(at) == Some(&b' ') { at + 1 } else { at }
}
