//! Reads `name = value` in any language, beginning at a word of the name.
//!
//! One pass over the text for all words of a row. Behind the word the name may go on with what does not
//! change its meaning (`password2`, `password_prod`), and with nothing else: `password_file` and
//! `token_count` hold no secret. Then quotes and brackets close, something says "is", and the value stands in
//! quotes on the same line, or bare up to a space.

use super::value::Written;
use super::words::{Pairs, word_at};
use crate::privacy::detect::Found;
use crate::privacy::steps;

/// Judges a value; `None` is for what is no secret.
pub(super) type Judge = fn(&str, Written) -> Option<u8>;

/// A name may end in these.
#[rustfmt::skip]
const ENDINGS: &[&str] = &[
    "", "s", "key", "value", "val", "string", "text", "raw", "plain", "prod", "production", "dev", "staging", "test", "old",
    "new", "live", "admin", "root", "master", "default", "db", "env", "current", "base64", "secret", "hex",
];
/// Names that begin so hold nothing secret.
#[rustfmt::skip]
const HARMLESS: &[&str] = &["next", "page", "continuation", "cancel", "cancellation", "sync", "csrf", "xsrf", "csrfmiddleware", "public", "pub", "unk", "pad", "eos", "bos", "mask", "sep", "stop", "cache", "primary", "sort"];
/// Words that say what something is.
#[rustfmt::skip]
const IS: &[&str] = &["is: ", "- ", "is ", "was ", "are ", "set to ", "= ", "是", "为", "是：", "es ", "est ", "ist ", "è ", "é ", "は", "が", "는", "은", "等于", "to "];
/// Quotes, and how each closes. Those of a cell of CSV (RFC 4180) and of a string of SQL are doubled.
const QUOTES: &[(&str, &str)] = &[
    ("\\\"", "\\\""),
    ("\"\"\"", "\"\"\""),
    ("\"\"", "\"\""),
    ("''", "''"),
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("「", "」"),
    ("“", "”"),
    ("‘", "’"),
    ("『", "』"),
];
/// So much of a name, and of a value, is read, in bytes.
const NAME: usize = 48;
const VALUE: usize = 512;

/// Finds each of these words, reads on, and reports the values that the judge takes for secrets.
pub(super) fn assignments(text: &str, words: &[&str], judge: Judge, found: &mut Found<'_>) {
    let begins = Pairs::of(words);
    let bytes = text.as_bytes();
    let mut next = 0;
    for (at, pair) in bytes.array_windows().enumerate() {
        if at < next || !begins.has(*pair) {
            continue;
        }
        let Some(word) = word_at(bytes, at, words) else { continue };
        if let Some((start, stop, score)) = read(text, at, at + word, judge) {
            next = at + word;
            found(start..stop, score);
        }
    }
}

/// Where the value stands, and how likely it is a secret.
fn read(text: &str, word: usize, end: usize, judge: Judge) -> Option<(usize, usize, u8)> {
    let before = text.get(..word)?;
    let bytes = text.as_bytes();
    let ascii = bytes.get(end.checked_sub(1)?)?.is_ascii();
    let head =
        before.len() - before.bytes().rev().take(NAME).take_while(|byte| is_name(*byte)).count();
    if ascii && is_harmless(text.get(head..word)?) {
        return None;
    }
    if end - word <= 4 && ascii && !is_short_name(text, head, word, end) {
        return None;
    }
    steps::add(end - head);
    let tail = if ascii {
        bytes
            .get(end..)?
            .iter()
            .take(NAME)
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count()
    } else {
        0
    };
    if !is_ending(text.get(end..end + tail)?) {
        return None;
    }
    let rest = Rest { text, at: end + tail };
    let flag = before.get(..head).is_some_and(|line| line.ends_with("--"))
        || text.get(head..word)?.starts_with("--");
    let (value, said) = rest.behind_sign(flag, ascii)?;
    value.secret(said, is_setting(text, head, end + tail), judge)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

/// `pass` and `pw` are names by themselves and before a sign; test runs say `PASS: name`.
fn is_short_name(text: &str, head: usize, word: usize, end: usize) -> bool {
    let name = text.get(word..end).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default().trim_start_matches(['"', '\'', ' ']);
    let alone = head == word && behind.starts_with([':', '=']);
    let verdict =
        name.starts_with(|first: char| first.is_ascii_uppercase()) && behind.starts_with(':');
    name.eq_ignore_ascii_case("pwd") || (alone && !verdict)
}

fn is_harmless(name: &str) -> bool {
    let low = name.to_ascii_lowercase();
    let last = low.rsplit('.').next().unwrap_or_default().trim_end_matches(['_', '-']);
    HARMLESS.iter().any(|word| {
        last.strip_suffix(word).is_some_and(|head| head.is_empty() || head.ends_with('_'))
    })
}

fn is_ending(tail: &str) -> bool {
    let low = tail
        .trim_start_matches('_')
        .trim_end_matches(|last: char| last.is_ascii_digit() || last == '_')
        .to_ascii_lowercase();
    ENDINGS.contains(&low.as_str())
}

/// Whether the name begins its line, as names do in files of settings, and is none of code.
fn is_setting(text: &str, head: usize, end: usize) -> bool {
    let Some(before) = text.as_bytes().get(head.saturating_sub(24)..head) else { return false };
    let line = match before.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => before.get(at + 1..).unwrap_or_default(),
        None if before.len() == head => before,
        None => return false,
    };
    let name = text.get(head..end).unwrap_or_default();
    let constant = name.bytes().all(|byte| !byte.is_ascii_lowercase());
    let begins = matches!(line.trim_ascii(), b"" | b"export" | b"set" | b"ENV" | b"-");
    match text.as_bytes().get(end) {
        Some(b'=') => begins && (constant || name.contains('.')),
        Some(b':') => begins,
        _ => false,
    }
}

/// A text from a place on.
#[derive(Clone, Copy)]
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

/// What was between a name and a value.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// `=` or `:`.
    Strong,
    /// A word.
    Word,
    /// A comma or a bracket, or only a space: a quoted value may follow, no other.
    Weak,
}

impl<'a> Rest<'a> {
    fn left(self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip(self, of: &[char], most: usize) -> Self {
        let left = self.left();
        let count: usize =
            left.chars().take(most).take_while(|one| of.contains(one)).map(char::len_utf8).sum();
        Self { at: self.at + count, ..self }
    }

    fn past(self, mark: &str) -> Option<Self> {
        self.left().starts_with(mark).then_some(Self { at: self.at + mark.len(), ..self })
    }

    /// The place behind the sign, and which sign it was.
    fn behind_sign(self, flag: bool, ascii: bool) -> Option<(Self, Sign)> {
        let closed = self.skip(&['\\', '"', '\'', '`', ']', ')', '*'], 4);
        let spaced = closed.skip(&[' ', '\t'], 4);
        for mark in [":=", "=>", "===", "==", "=", ":", "：", "＝"] {
            if let Some(behind) = spaced.past(mark) {
                let behind = if mark == ":" { behind.past_type() } else { behind };
                return Some((behind.skip(&[' ', '\t', '*'], 6), Sign::Strong));
            }
        }
        if let Some(behind) = closed.past(">").filter(|behind| behind.is_element()) {
            return Some((behind, Sign::Strong));
        }
        for word in IS {
            if let Some(behind) =
                spaced.past(word).filter(|_| spaced.at > self.at || !word.is_ascii())
            {
                return Some((behind.skip(&[' ', ':', '：'], 3), Sign::Word));
            }
        }
        if let Some(behind) = spaced.past_purpose() {
            return Some((behind, Sign::Word));
        }
        if flag || !ascii {
            return (spaced.at > self.at || !ascii).then_some((spaced, Sign::Word));
        }
        let behind =
            spaced.past(",").or_else(|| spaced.past("(")).unwrap_or(spaced).skip(&[' '], 2);
        let opens = |byte: &u8| matches!(byte, b'"' | b'\'');
        (behind.at > self.at && behind.text.as_bytes().get(behind.at).is_some_and(opens))
            .then_some((behind, Sign::Weak))
    }

    /// Behind the type and the sign of `name: Type = value`; here, if that is not what stands here.
    fn past_type(self) -> Self {
        let of = |byte: &u8| byte.is_ascii_alphanumeric() || b"_<>&[]|?.:' ".contains(byte);
        let length = self.left().bytes().take(NAME).take_while(of).count();
        let behind = Self { at: self.at + length, ..self };
        behind.past("= ").filter(|_| length > 2).unwrap_or(self)
    }

    /// Behind `for the server is` and the like.
    fn past_purpose(self) -> Option<Self> {
        let for_what =
            ["for ", "of ", "on ", "to ", "in "].iter().any(|word| self.left().starts_with(word));
        let of = |byte: &u8| byte.is_ascii_alphanumeric() || b" .-_'@".contains(byte);
        let length = self.left().bytes().take(NAME).take_while(of).count();
        let clause = self.left().get(..length).filter(|_| for_what)?;
        match clause.find(" is ") {
            Some(at) => Some(Self { at: self.at + at + 4, ..self }),
            None => Self { at: self.at + length, ..self }.past(": "),
        }
    }

    /// Whether an element of XML ends behind the value here.
    fn is_element(self) -> bool {
        let value = self.left().bytes().take(VALUE).position(|byte| byte == b'<' || byte == b'\n');
        value.is_some_and(|at| self.left().as_bytes().get(at..at + 2) == Some(b"</"))
    }

    /// The value here, if it is a secret.
    fn secret(self, sign: Sign, setting: bool, judge: Judge) -> Option<(usize, usize, u8)> {
        let literal = self.skip(&['b', 'r', 'u', 'f', 'L', '@'], 2);
        for (open, close) in QUOTES {
            let Some(inside) = self.past(open).or_else(|| literal.past(open)) else { continue };
            let left = inside.left();
            if matches!(*open, "\"\"" | "''") && !goes_on(left) {
                continue;
            }
            let line = left
                .char_indices()
                .find(|(at, one)| *one == '\n' || *at > VALUE)
                .map_or(left, |(at, _)| left.get(..at).unwrap_or(left));
            // Cut off before it closes: up to what cannot be in it.
            let ends =
                |one: char| one.is_whitespace() || !one.is_ascii() || matches!(one, '"' | '\'');
            let end = line.find(close).or_else(|| line.find(ends)).unwrap_or(line.len());
            let value = line.get(..end)?;
            let written = if sign == Sign::Weak { Written::Argument } else { Written::Quoted };
            return judge(value, written).map(|score| (inside.at, inside.at + value.len(), score));
        }
        if sign == Sign::Weak {
            return None;
        }
        let left = self.left();
        let stops = |byte: &u8| {
            byte.is_ascii_whitespace() || !byte.is_ascii() || b"\"'`<>,;&".contains(byte)
        };
        let length =
            left.bytes().take(VALUE).position(|byte| stops(&byte)).unwrap_or(left.len().min(VALUE));
        steps::add(length);
        let bare = left.get(..length)?;
        let value = trimmed(bare);
        let ends = matches!(left.as_bytes().get(length), None | Some(b'\n' | b'\r'));
        let written = match sign {
            Sign::Word => Written::Said,
            _ if setting && ends => Written::Setting,
            _ => Written::Bare,
        };
        judge(value, written).map(|score| (self.at, self.at + value.len(), score))
    }
}

/// Whether two quotes open a value that is quoted twice, and are none that is empty.
fn goes_on(behind: &str) -> bool {
    behind.starts_with(|one: char| !one.is_whitespace() && !",;:.)]}>\"'".contains(one))
}

/// Without what ends a sentence or closes what was opened before the value.
fn trimmed(bare: &str) -> &str {
    const PAIRS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];
    let count = |one: char| bare.chars().filter(|other| *other == one).count();
    let spares = || PAIRS.map(|(open, close)| count(close).saturating_sub(count(open)));
    // Few values end in what may have to be counted.
    let mut spare: Option<[usize; 3]> = None;
    bare.trim_end_matches(|last: char| {
        let Some(pair) = PAIRS.iter().position(|(_, close)| *close == last) else {
            return matches!(last, '.' | ',' | ';' | ':' | '?' | '*' | '\\');
        };
        match spare.get_or_insert_with(spares).get_mut(pair) {
            Some(spare) if *spare > 0 => {
                *spare -= 1;
                true
            }
            _ => false,
        }
    })
}
