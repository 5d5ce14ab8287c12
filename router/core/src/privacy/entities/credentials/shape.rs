//! What rows of credentials share: how a row is made, and what no real secret looks like.
//!
//! Almost every issuer gives its tokens a fixed beginning today. Where it does not, the name of a variable
//! is the fixed part ([`assigned!`]), and the span holds the name too. Documentation is full of keys that
//! are none (`xxxx`, `your-key`); [`varied`] takes those out. Published examples with the right form
//! (Amazon's end in `EXAMPLE`) are not taken out: nobody can tell them from a key by looking at them, and
//! to keep one at home costs nothing.

use crate::privacy::detect::{Check, Detector, Edges, Family, Find, Found, Own, Pattern};
use memchr::memmem;

/// A name, what stands between, and a value: `name = "value"`, `"name": "value"`, `name value`.
macro_rules! assigned {
    ($name:literal, $value:literal) => {
        concat!(
            "(?i:",
            $name,
            ")[\"'`\\]]{0,2}[ \t]{0,3}(?:[:=]{1,2}>?|,| is)?[ \t]{0,3}[\"'`]?",
            $value
        )
    };
}
pub(super) use assigned;

/// Letters and digits may stand before it, as in `\nghp_...` where a line break is written out.
const MARKED: Edges = Edges { before: b"", after: b"-", word_before: false, word_after: true };

/// A token that is known by a beginning that nothing else has.
pub(super) const fn marked(
    kind: &'static str,
    about: &'static str,
    source: &'static str,
    literals: &'static [&'static str],
    patterns: &'static [Pattern],
) -> Detector {
    Detector { edges: MARKED, ..token(kind, about, source, literals, patterns) }
}

/// A token that is known by a beginning that could stand inside of another word.
pub(super) const fn token(
    kind: &'static str,
    about: &'static str,
    source: &'static str,
    literals: &'static [&'static str],
    patterns: &'static [Pattern],
) -> Detector {
    Detector {
        kind,
        about,
        family: Family::Credential,
        find: Find::Literal(literals, patterns),
        check: Some(varied),
        edges: Edges { after: b"-", ..Edges::WORD },
        source,
        ..Detector::EMPTY
    }
}

/// A value without a form of its own, known by the name that it is given.
pub(super) const fn named(
    kind: &'static str,
    about: &'static str,
    source: &'static str,
    literals: &'static [&'static str],
    patterns: &'static [Pattern],
) -> Detector {
    Detector { check: Some(mixed), ..marked(kind, about, source, literals, patterns) }
}

/// A secret that a function of its own finds, where one of these words stands.
pub(super) const fn own(
    kind: &'static str,
    about: &'static str,
    source: &'static str,
    words: &'static [&'static str],
    find: Own,
) -> Detector {
    Detector {
        kind,
        about,
        family: Family::Credential,
        find: Find::Own(words, find),
        edges: Edges::NONE,
        source,
        ..Detector::EMPTY
    }
}

/// A token that a function of its own finds: as [`own`], and [`varied`].
pub(super) const fn own_token(
    kind: &'static str,
    about: &'static str,
    source: &'static str,
    words: &'static [&'static str],
    find: Own,
) -> Detector {
    Detector { check: Some(varied), ..own(kind, about, source, words, find) }
}

/// `Invalid` for what stands in the place of a key: one character over and over, `your-key-here`.
pub(super) fn varied(text: &str) -> Check {
    if is_stand_in(text) { Check::Invalid } else { Check::Undecided }
}

/// As [`varied`], and the value has digits and letters.
pub(super) fn mixed(text: &str) -> Check {
    let value = |byte: &&u8| byte.is_ascii_alphanumeric() || b"+/=_.~-".contains(byte);
    let mut digit = false;
    let mut letter = false;
    for byte in text.as_bytes().iter().rev().take_while(value) {
        digit |= byte.is_ascii_digit();
        letter |= byte.is_ascii_alphabetic();
    }
    if digit && letter { varied(text) } else { Check::Invalid }
}

fn is_stand_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    let end = bytes.get(bytes.len().saturating_sub(12)..).unwrap_or(bytes);
    if distinct(end) < 4 {
        return true;
    }
    let word = |word: &[u8]| bytes.windows(word.len()).any(|part| part.eq_ignore_ascii_case(word));
    [
        &b"xxxxx"[..],
        b"*****",
        b".....",
        b"your_",
        b"your-",
        b"-here",
        b"_here",
        b"placeholder",
        b"redacted",
    ]
    .into_iter()
    .any(word)
}

/// How many different bytes there are.
pub(super) fn distinct(bytes: &[u8]) -> u32 {
    let mut seen = [0u64; 4];
    for byte in bytes {
        if let Some(word) = seen.get_mut(usize::from(byte >> 6)) {
            *word |= 1 << (byte & 63);
        }
    }
    seen.iter().map(|word| word.count_ones()).sum()
}

/// A set of bytes that a token is written in.
pub(super) type Alphabet = fn(u8) -> bool;

/// Letters, digits, `-` and `_`: base64 for URLs.
pub(super) fn url_safe(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

/// As [`url_safe`], and points.
pub(super) fn dotted(byte: u8) -> bool {
    url_safe(byte) || byte == b'.'
}

/// Letters, digits, `+`, `/` and `=`: base64.
pub(super) fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// Where the run of such bytes ends that begins at `from`.
pub(super) fn run_end(bytes: &[u8], from: usize, of: Alphabet) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    from + rest.iter().take_while(|byte| of(**byte)).count()
}

/// As [`run_end`], but at most `most` bytes are looked at: functions that meet a run again and again use it.
pub(super) fn run_within(bytes: &[u8], from: usize, of: Alphabet, most: usize) -> usize {
    run_end(bytes.get(..bytes.len().min(from.saturating_add(most))).unwrap_or_default(), from, of)
}

/// Where the run of such bytes begins that ends before `to`; at most `most` bytes are looked at.
pub(super) fn run_start(bytes: &[u8], to: usize, of: Alphabet, most: usize) -> usize {
    let rest = bytes.get(to.saturating_sub(most)..to).unwrap_or_default();
    to - rest.iter().rev().take_while(|byte| of(**byte)).count()
}

/// Tokens of any length: a beginning, then at least `least` bytes of an alphabet. The whole run is found.
pub(super) fn long_runs(
    text: &str,
    beginnings: &[&str],
    of: Alphabet,
    least: usize,
    score: u8,
    found: &mut Found<'_>,
) {
    let bytes = text.as_bytes();
    for beginning in beginnings {
        let mut at = 0;
        while let Some(next) =
            bytes.get(at..).and_then(|rest| memmem::find(rest, beginning.as_bytes()))
        {
            let start = at + next;
            let body = start + beginning.len();
            let end = run_end(bytes, body, of);
            let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
            let inside = beginning.starts_with(|first: char| first.is_ascii_alphanumeric())
                && before.is_some_and(url_safe);
            // Four characters turn up in any long base64.
            let in_base64 = |byte: Option<u8>| matches!(byte, Some(b'+' | b'/'));
            let chance =
                beginning.len() < 5 && (in_base64(before) || in_base64(bytes.get(end).copied()));
            let inside = inside || chance;
            let whole = text.get(start..end);
            if end - body >= least && !inside && whole.is_some_and(|text| !is_stand_in(text)) {
                found(start..end, score);
            }
            at = end;
        }
    }
}
