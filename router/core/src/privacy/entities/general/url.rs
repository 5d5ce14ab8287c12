//! URLs and names of domains: what anybody may know.
//!
//! With a scheme, any host is one. A bare name (`example.com`) is one where its top-level domain is known; where
//! files and code end so too (`main.rs`, `self.services`) it is unlikely. Domains of e-mail addresses are none.
//! Quotes, brackets and the marks that end a sentence are not part of it, nor are other scripts behind an
//! ASCII path: `https://example.com/a谢谢`.
//!
//! `DOMAIN_NAME` is a URL with nothing behind the host, or a bare name near a word for it.

use super::domain::{Domain, Ending, domain_at};
use super::email::is_latin_mark;
use super::tld;
use crate::privacy::detect::{Detector, Edges, Family, Find, Found};
use crate::privacy::steps;
use std::ops::Range;

/// URLs and domains.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        kind: "URL",
        about: "web address",
        find: Find::Own(&[], find_urls),
        context: &[
            "url",
            "link",
            "website",
            "site",
            "webseite",
            "lien",
            "enlace",
            "ссылка",
            "链接",
            "リンク",
            "링크",
        ],
        source: "RFC 3986; IANA root zone database",
        ..PUBLIC
    },
    Detector {
        kind: "DOMAIN_NAME",
        about: "name of a domain",
        find: Find::Own(&[], find_domains),
        context: &[
            "domain",
            "domain name",
            "hostname",
            "website",
            "homepage",
            "dominio",
            "domaine",
            "域名",
            "ドメイン",
        ],
        source: "RFC 1035; IANA root zone database",
        ..PUBLIC
    },
];

const PUBLIC: Detector = Detector { family: Family::Public, edges: Edges::NONE, ..Detector::EMPTY };

const SCHEMES: &[&str] = &["http", "https", "ftp", "ftps", "sftp", "ws", "wss"];
/// The longest path that is read.
const LONGEST_PATH: usize = 2048;

const WITH_SCHEME: u8 = 60;
const ROOT: u8 = 65;
const BARE: u8 = 50;
const BARE_DOMAIN: u8 = 35;
const UNLIKELY: u8 = 20;

fn find_urls(text: &str, found: &mut Found<'_>) {
    schemes(text, &mut |url, _| found(url, WITH_SCHEME));
    let mut paths = Paths::of(text);
    names(text, &mut |name| {
        let end = paths.end(name.end);
        found(name.start..end, if is_likely(text, &name) { BARE } else { UNLIKELY });
    });
}

fn find_domains(text: &str, found: &mut Found<'_>) {
    schemes(text, &mut |url, is_root| {
        if is_root {
            found(url, ROOT);
        }
    });
    names(text, &mut |name| {
        let score = if is_likely(text, &name) { BARE_DOMAIN } else { UNLIKELY };
        found(name, score);
    });
}

/// Each URL with a scheme, and whether nothing stands behind its host.
fn schemes(text: &str, each: &mut dyn FnMut(Range<usize>, bool)) {
    let mut paths = Paths::of(text);
    for at in memchr::memmem::find_iter(text.as_bytes(), b"://") {
        let Some(scheme) = scheme_before(text, at) else { continue };
        if !SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
            continue;
        }
        let Some(host) = host_end(text, behind_user(text, at + 3)) else { continue };
        let end = paths.end(host);
        let path = text.get(host..end).unwrap_or_default();
        each(at - scheme.len()..end, matches!(path, "" | "/"));
    }
}

/// Where the host begins, behind `user@` or `user:password@`.
fn behind_user(text: &str, at: usize) -> usize {
    let authority = text.as_bytes().get(at..).unwrap_or_default().iter().take(256);
    let inside = |byte: &&u8| byte.is_ascii_graphic() && !b"/?#\"'<>`".contains(byte);
    let sign = authority.take_while(inside).enumerate().filter(|(_, byte)| **byte == b'@').last();
    sign.map_or(at, |(place, _)| at + place + 1)
}

/// The scheme before the colon at `at`.
pub(super) fn scheme_before(text: &str, at: usize) -> Option<&str> {
    let bytes = text.as_bytes().get(..at)?;
    let back = bytes.iter().rev().take(32);
    let length =
        back.take_while(|byte| byte.is_ascii_alphanumeric() || b"+.-".contains(byte)).count();
    let scheme = text.get(at - length..at)?;
    let lead = scheme.find(|char: char| char.is_ascii_alphabetic())?;
    scheme.get(lead..)
}

/// End of the host at `at`: a domain, an address, or a name in a network of its own.
pub(super) fn host_end(text: &str, at: usize) -> Option<usize> {
    if let Some(Domain { end, .. }) = domain_at(text, at) {
        return Some(end);
    }
    let rest = text.get(at..)?;
    if rest.starts_with('[') {
        let close = rest.bytes().take(64).position(|byte| byte == b']')?;
        return Some(at + close + 1);
    }
    let host = rest.bytes().take(253);
    let length =
        host.take_while(|byte| byte.is_ascii_alphanumeric() || b"-._".contains(byte)).count();
    let name = rest.get(..length)?.trim_end_matches(['.', '-']);
    (!name.is_empty()).then_some(at + name.len())
}

/// Where URLs of a text end. A URL in the path of another one ends with it, so what was read is remembered.
struct Paths<'t> {
    text: &'t str,
    /// What was read, all of which may stand in a path.
    read: Range<usize>,
}

impl<'t> Paths<'t> {
    const fn of(text: &'t str) -> Self {
        Self { text, read: 0..0 }
    }

    /// End of port, path, query and fragment that follow a host.
    fn end(&mut self, host: usize) -> usize {
        let rest = self.text.get(host..).unwrap_or_default();
        let port = rest.strip_prefix(':').map_or(0, |rest| {
            let digits = rest.bytes().take(6).take_while(u8::is_ascii_digit).count();
            if matches!(digits, 1..=5) { digits + 1 } else { 0 }
        });
        let path = rest.get(port..).unwrap_or_default();
        if !path.starts_with(['/', '?', '#']) {
            return host + port;
        }
        let whole = self.text.get(self.inside(host + port)).unwrap_or_default();
        host + port + whole.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']).len()
    }

    /// What may be of a path from a place on.
    fn inside(&mut self, start: usize) -> Range<usize> {
        if !self.read.contains(&start) {
            self.read = start..start;
        }
        let inside = |byte: &u8| byte.is_ascii_graphic() && !b"()<>\"'`{}[]|\\^".contains(byte);
        let longest = start + LONGEST_PATH;
        let more = self.text.as_bytes().get(self.read.end..).unwrap_or_default().iter();
        let most = longest.saturating_sub(self.read.end);
        let length = more.take(most).take_while(|byte| inside(byte)).count();
        steps::add(length);
        self.read.end += length;
        start..self.read.end.min(longest)
    }
}

/// Each bare name with a known top-level domain.
fn names(text: &str, each: &mut dyn FnMut(Range<usize>)) {
    let bytes = text.as_bytes();
    let inside = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    let mut done = 0;
    for dot in memchr::memchr_iter(b'.', bytes) {
        // Most points end a sentence.
        let ends = bytes.get(dot + 1).is_none_or(|next| next.is_ascii() && !inside(next));
        if dot < done || ends {
            continue;
        }
        let back = bytes
            .get(done..dot)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(253)
            .take_while(|b| inside(b));
        let start = dot - back.count();
        let ahead = bytes.get(dot..).unwrap_or_default();
        done = dot + ahead.iter().take_while(|byte| inside(byte)).count();
        let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
        let after = bytes.get(done).copied().unwrap_or(b' ');
        let name = bytes.get(start..done).unwrap_or_default();
        if !name.iter().any(u8::is_ascii_alphabetic) {
            continue;
        }
        let run = text.get(start..dot).unwrap_or_default();
        let Some(lead) = run.find(|char: char| char.is_ascii_alphanumeric()) else { continue };
        let letter = text.get(..start).and_then(|before| before.chars().next_back());
        if letter.is_some_and(is_latin_mark)
            || b"@/_%=\\$".contains(&before)
            || b"@_(+".contains(&after)
        {
            continue;
        }
        let Some(name) = domain_at(text, start + lead) else { continue };
        if name.ending == Ending::Known && has_name(text.get(start + lead..name.end)) {
            each(start + lead..name.end);
        }
    }
}

/// Whether a letter stands before the top-level domain: `3.am` is none.
fn has_name(name: Option<&str>) -> bool {
    let before = name.and_then(|name| name.rsplit_once('.')).map(|(before, _)| before);
    before.is_some_and(|before| before.bytes().any(|byte| byte.is_ascii_alphabetic()))
}

fn is_likely(text: &str, name: &Range<usize>) -> bool {
    let name = text.get(name.clone()).unwrap_or_default();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let www = name.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    www || tld::is_plain(ending)
}

#[cfg(test)]
mod tests {
    use super::super::tests::of_kind;
    use super::*;

    fn urls(text: &str) -> Vec<String> {
        of_kind(TABLE, "URL", text).into_iter().map(|hit| hit.0).collect()
    }

    #[test]
    fn urls_end_where_the_sentence_goes_on() {
        assert_eq!(
            urls("see https://www.example.com/a/b?c=d#e."),
            ["https://www.example.com/a/b?c=d#e"]
        );
        assert_eq!(urls("(http://example.org:8080/x)"), ["http://example.org:8080/x"]);
        assert_eq!(urls("网址https://example.com/a谢谢"), ["https://example.com/a"]);
        assert_eq!(urls("domains: example.com example.co.uk"), ["example.com", "example.co.uk"]);
        assert_eq!(urls("http://localhost:3000/"), ["http://localhost:3000/"]);
        assert_eq!(urls("\"https://example.com/\""), ["https://example.com/"]);
    }

    #[test]
    fn names_of_files_mail_and_brands_are_no_urls() {
        for text in ["'www.microsoft'", "ann@example.com", "3.am", "icon.png", "std::x", "1.2.3"] {
            assert!(urls(text).is_empty(), "{text} {:?}", urls(text));
        }
        assert_eq!(of_kind(TABLE, "URL", "main.rs"), [("main.rs".into(), UNLIKELY)]);
    }

    #[test]
    fn a_url_without_a_path_is_a_domain() {
        let kind = "DOMAIN_NAME";
        assert_eq!(
            of_kind(TABLE, kind, "http://Example.fr/"),
            [("http://Example.fr/".into(), ROOT)]
        );
        assert!(of_kind(TABLE, kind, "http://example.fr/a").is_empty());
        assert_eq!(of_kind(TABLE, kind, "at example.fr"), [("example.fr".into(), BARE_DOMAIN)]);
    }
}
