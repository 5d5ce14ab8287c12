//! Where a domain name ends in running text.
//!
//! Letters of other scripts may follow without a space: in `zhangsan@example.com谢谢` the domain is
//! `example.com`. So a name in ASCII that ends with a known top-level domain ends there; only where none
//! does are other scripts part of it (`例子.中国`), and there too it ends behind a known name. A sentence
//! that follows without a space (`example.com.Thanks`) is no part of it either.

use super::tld;

/// The longest name that DNS knows, in bytes.
const LONGEST: usize = 253;

/// A domain name.
pub(super) struct Domain {
    /// Where it ends.
    pub end: usize,
    /// How it ends.
    pub ending: Ending,
}

/// How a domain name ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With a known top-level domain.
    Known,
    /// With a known one, and some of it is in another script than the Latin.
    International,
    /// With letters that may be one.
    Unknown,
}

/// The domain name that begins at `start` and has at least one point in it.
pub(super) fn domain_at(text: &str, start: usize) -> Option<Domain> {
    let (end, known) = ascii_labels(text, start);
    let next = text.get(end..).and_then(|rest| rest.chars().next());
    let cut = next.is_some_and(|char| !char.is_ascii() && char.is_alphanumeric());
    let last = last_label(text.get(start..end)?);
    match (last, known) {
        (Some(label), _) if tld::is_known(label) => Some(Domain { end, ending: Ending::Known }),
        _ if cut => international(text, start),
        (Some(label), Some(before))
            if label.starts_with(|char: char| char.is_ascii_uppercase()) =>
        {
            Some(Domain { end: before, ending: Ending::Known })
        }
        (Some(label), _) if may_be_ending(label) => Some(Domain { end, ending: Ending::Unknown }),
        _ => None,
    }
}

/// End of the ASCII labels from `start` on, and of the last known top-level domain before that end.
fn ascii_labels(text: &str, start: usize) -> (usize, Option<usize>) {
    let bytes = text.as_bytes();
    let in_label =
        |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    let (mut at, mut known, mut label) = (start, None, None);
    while at - start < LONGEST {
        if in_label(at) {
            at += 1;
            continue;
        }
        let dot = bytes.get(at) == Some(&b'.');
        let goes_on = dot && at > start && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        if !goes_on {
            break;
        }
        let name = label.and_then(|from: usize| text.get(from..at));
        known = if name.is_some_and(tld::is_known) { Some(at) } else { known };
        at += 1;
        label = Some(at);
    }
    while at > start && bytes.get(at - 1) == Some(&b'-') {
        at -= 1;
    }
    (at, known)
}

fn last_label(name: &str) -> Option<&str> {
    let (before, label) = name.rsplit_once('.')?;
    (!before.is_empty()).then_some(label)
}

fn may_be_ending(label: &str) -> bool {
    label.len() >= 2
        && label.len() <= 24
        && label.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !tld::is_file(label)
}

/// The name of any script that begins at `start`.
fn international(text: &str, start: usize) -> Option<Domain> {
    let rest = text.get(start..)?;
    let mut end = 0;
    let mut label = None;
    for (at, char) in rest.char_indices() {
        let after = rest.get(at + 1..).and_then(|rest| rest.chars().next());
        let dot = char == '.' && at > 0 && after.is_some_and(char::is_alphanumeric);
        let belongs = char.is_alphanumeric() || char == '-' || is_mark(char) || dot;
        if !belongs || at + char.len_utf8() > LONGEST {
            break;
        }
        end = at + char.len_utf8();
        label = if dot { Some(end) } else { label };
    }
    let label = label?;
    let last = rest.get(label..end)?;
    if let Some(length) = tld::international(last) {
        return Some(Domain { end: start + label + length, ending: Ending::International });
    }
    let ascii = last.find(|char: char| !char.is_ascii_alphabetic()).unwrap_or(last.len());
    let known = last.get(..ascii).is_some_and(tld::is_known);
    known.then_some(Domain { end: start + label + ascii, ending: Ending::International })
}

/// Vowel signs of the Indic scripts are no letters, and part of a word.
fn is_mark(char: char) -> bool {
    matches!(char, '\u{0900}'..='\u{0DFF}' | '\u{0E30}'..='\u{0E4E}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(&str, Ending)> {
        domain_at(text, 0).map(|domain| (&text[..domain.end], domain.ending))
    }

    #[test]
    fn a_name_ends_where_its_top_level_domain_does() {
        assert_eq!(found("example.com谢谢"), Some(("example.com", Ending::Known)));
        assert_eq!(found("example.co.uk. Thanks"), Some(("example.co.uk", Ending::Known)));
        assert_eq!(found("example.com.Thanks"), Some(("example.com", Ending::Known)));
        assert_eq!(found("例子.中国谢谢"), Some(("例子.中国", Ending::International)));
        assert_eq!(found("exämple.de "), Some(("exämple.de", Ending::International)));
        assert_eq!(found("db1.prod.internal:80"), Some(("db1.prod.internal", Ending::Unknown)));
    }

    #[test]
    fn files_and_versions_are_no_names() {
        for text in ["2x.png", "18.2.0", "example.", "example", "foo..com", ".com"] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
