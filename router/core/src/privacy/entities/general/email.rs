//! E-mail addresses (RFC 5321, RFC 6531).
//!
//! From each `@` (or `%40`, `&#64;`) a way of at most 64 bytes to the left and 253 to the right.
//!
//! - With Han, Kana, Hangul or Cyrillic around, the local part is ASCII: `邮箱zhangsan@example.com谢谢`. Only
//!   where no ASCII stands before the `@` is it of another script: with a domain of another script, or in
//!   a script that writes spaces between words. Latin letters with marks belong to it always.
//! - `=`, `/`, quotes and brackets, though RFC 5321 allows some of them, end it: in `?mail=a@example.com`
//!   they are not part of it.
//! - `git@host:owner/repository` is how one clones, and an account that all people share.
//! - What ends as a file does (`icon@2x.png`) is no address.

mod obfuscated;

use super::domain::{Ending, domain_at};
use crate::privacy::detect::{Detector, Edges, Family, Find, Found};

/// E-mail addresses.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "EMAIL_ADDRESS",
        about: "e-mail address",
        family: Family::Contact,
        find: Find::Own(SIGNS, find),
        edges: Edges::NONE,
        context: CONTEXT,
        source: "RFC 5321, RFC 6531",
        ..Detector::EMPTY
    },
    Detector {
        kind: "EMAIL_ADDRESS",
        about: "e-mail address, spelled out against robots",
        family: Family::Contact,
        find: Find::Own(obfuscated::WORDS, obfuscated::find),
        edges: Edges::NONE,
        context: CONTEXT,
        source: "https://en.wikipedia.org/wiki/Address_munging",
        ..Detector::EMPTY
    },
];

const CONTEXT: &[&str] = &[
    "email",
    "e-mail",
    "mail",
    "mailto",
    "contact",
    "correo",
    "courriel",
    "E-Mail-Adresse",
    "mailadresse",
    "posta elettronica",
    "почта",
    "邮箱",
    "邮件",
    "電子郵件",
    "メール",
    "이메일",
    "البريد",
    "ईमेल",
    "อีเมล",
];

/// The longest local part, in bytes.
pub(super) const LONGEST_LOCAL: usize = 64;

/// The sign, as it is and as it is escaped.
const SIGNS: &[&str] = &["@", "%40", "&#64;", "&commat;"];

const KNOWN: u8 = 90;
const INTERNATIONAL: u8 = 70;
const UNKNOWN: u8 = 45;
const SHARED: u8 = 20;

fn find(text: &str, found: &mut Found<'_>) {
    for at in memchr::memchr3_iter(b'@', b'%', b'&', text.as_bytes()) {
        let Some(rest) = text.get(at..) else { continue };
        let Some(sign) = SIGNS.iter().find(|sign| rest.starts_with(**sign)) else { continue };
        let Some(domain) = domain_at(text, at + sign.len()) else { continue };
        let Some((start, foreign)) = local_before(text, at, domain.ending) else { continue };
        let local = text.get(start..at).unwrap_or_default();
        let is_path = text.as_bytes().get(domain.end) == Some(&b':');
        let score = match domain.ending {
            _ if is_path && ["git", "hg", "svn"].contains(&local) => SHARED,
            _ if foreign => {
                UNKNOWN.max(if domain.ending == Ending::Known { 0 } else { INTERNATIONAL })
            }
            Ending::Known => KNOWN,
            Ending::International => INTERNATIONAL,
            Ending::Unknown => UNKNOWN,
        };
        found(start..domain.end, score);
    }
}

/// Where the local part before `at` begins, and whether it is of another script.
fn local_before(text: &str, at: usize, ending: Ending) -> Option<(usize, bool)> {
    if let Some(start) = quoted_before(text, at) {
        return Some((start, false));
    }
    let latin = run_before(text, at, |char| is_atext(char) || is_latin_mark(char))?;
    if latin < at {
        let start = skip_escape(text, latin);
        let part = text.get(start..at)?;
        let lead = part.find(|char: char| char.is_alphanumeric() || char == '_')?;
        return Some((start + lead, false));
    }
    let allowed = |char: char| {
        char.is_alphanumeric() && (ending == Ending::International || !is_unspaced(char))
            || matches!(char, '.' | '_' | '-')
    };
    let start = run_before(text, at, allowed)?;
    (start < at).then_some((start, true))
}

/// Where the run of such characters before `at` begins; none if it is longer than a local part.
pub(super) fn run_before(text: &str, at: usize, belongs: impl Fn(char) -> bool) -> Option<usize> {
    let mut start = at;
    for (place, char) in text.get(..at)?.char_indices().rev() {
        if !belongs(char) {
            break;
        }
        if at - place > LONGEST_LOCAL {
            return None;
        }
        start = place;
    }
    Some(start)
}

/// What a local part is made of here.
pub(super) fn is_atext(char: char) -> bool {
    char.is_ascii_alphanumeric() || ".!#$*+-^_~'".contains(char)
}

/// Latin letters with marks.
pub(super) fn is_latin_mark(char: char) -> bool {
    matches!(char, '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Scripts that write no spaces between words.
fn is_unspaced(char: char) -> bool {
    matches!(char, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{2E80}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}')
        || char >= '\u{20000}'
}

/// `%3Ajohn`: the two digits belong to the percent sign.
fn skip_escape(text: &str, start: usize) -> usize {
    let escaped = start > 0 && text.as_bytes().get(start - 1) == Some(&b'%');
    let digits =
        text.get(start..start + 2).is_some_and(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
    if escaped && digits { start + 2 } else { start }
}

/// `"john doe"@example.com`.
fn quoted_before(text: &str, at: usize) -> Option<usize> {
    let inside = text.get(..at)?.strip_suffix('"')?;
    let from = inside.len().saturating_sub(LONGEST_LOCAL);
    let open = inside.bytes().enumerate().skip(from).rfind(|(_, byte)| *byte == b'"')?.0;
    let name = inside.get(open + 1..)?;
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" ._-".contains(&byte));
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric());
    (plain && ends(name.bytes().next()) && ends(name.bytes().last())).then_some(open)
}

#[cfg(test)]
mod tests;
