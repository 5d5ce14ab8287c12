//! Addresses of machines, IPv4 and IPv6 (RFC 791, RFC 4291), with prefix length (RFC 4632) and zone.
//!
//! A run of hexadecimal digits, points and colons is read as a whole, so that no part of a time, of a MAC
//! address or of `2001::db8::1` is taken for one. A port is not part of it.
//!
//! Version numbers have the shape of IPv4 addresses: behind words such as `version`, behind a name with a
//! slash or dash (`Chrome/120.0.0.0`), or as part of a longer one, a match is unlikely. So are slices of code
//! (`a[1::2]`) for IPv6. What every machine has (`127.0.0.1`, `::1`, `0.0.0.0`) tells nothing. No
//! word of context makes these count: logs have `ip` in every line.

use crate::privacy::detect::{Detector, Edges, Family, Find, Found};
use std::net::{Ipv4Addr, Ipv6Addr};

/// Addresses of machines.
pub(super) static TABLE: &[Detector] = &[
    Detector {
        find: Find::Own(&[], find_likely),
        context: &[
            "ip",
            "ipv4",
            "ipv6",
            "ip address",
            "ip-address",
            "host",
            "server",
            "subnet",
            "cidr",
            "gateway",
            "dns",
            "ssh",
            "ping",
            "firewall",
            "IP-Adresse",
            "adresse ip",
            "dirección ip",
            "indirizzo ip",
            "endereço ip",
            "адрес",
            "айпи",
            "IP地址",
            "ipアドレス",
            "아이피",
        ],
        ..ADDRESS
    },
    Detector {
        about: "IP address that all machines have, or version number",
        find: Find::Own(&[], find_unlikely),
        ..ADDRESS
    },
];

const ADDRESS: Detector = Detector {
    kind: "IP_ADDRESS",
    about: "IP address",
    family: Family::Network,
    edges: Edges::NONE,
    source: "RFC 791, RFC 4291, RFC 4632",
    ..Detector::EMPTY
};

const LIKELY: u8 = 60;
/// All four numbers have one digit, as those of chapters and versions do.
const SHORT: u8 = 35;
const COMMON: u8 = 30;
const UNLIKELY: u8 = 15;
/// The longest address with its zone and prefix length is shorter.
const LONGEST: usize = 64;

fn find_likely(text: &str, found: &mut Found<'_>) {
    find(text, &mut |span, score| {
        if score > COMMON {
            found(span, score);
        }
    });
}

fn find_unlikely(text: &str, found: &mut Found<'_>) {
    find(text, &mut |span, score| {
        if score <= COMMON {
            found(span, score);
        }
    });
}

fn find(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut done = 0;
    for mark in memchr::memchr2_iter(b'.', b':', bytes) {
        if mark < done {
            continue;
        }
        let before = bytes.get(done..mark).unwrap_or_default().iter().rev();
        let start = mark - before.take_while(|byte| is_inside(**byte)).count();
        let behind = bytes.get(mark..).unwrap_or_default().iter();
        done = mark + behind.take_while(|byte| is_inside(**byte)).count();
        if (2..=LONGEST).contains(&(done - start)) {
            one(text, start, done, found);
        }
    }
}

fn is_inside(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || matches!(byte, b'.' | b':')
}

fn one(text: &str, start: usize, end: usize, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let Some(run) = text.get(start..end) else { return };
    let colons = memchr::memchr_iter(b':', run.as_bytes()).count();
    if colons >= 2 {
        let ends_word = !bytes.get(end).is_some_and(|byte| is_word(*byte));
        if let Some(span) = ends_word.then(|| v6(text, start, end)).flatten() {
            let score = score_v6(text.get(span.0..span.1).unwrap_or_default());
            if let Some(score) = score {
                found(span.0..suffix(text, span.1, 128), score);
            }
            return;
        }
    }
    if memchr::memchr_iter(b'.', run.as_bytes()).count() >= 3 {
        for (from, to) in numbers(text, start, end) {
            v4(text, from, to, found);
        }
    }
}

/// The IPv6 address that a run is, without a point behind it and a colon around it.
fn v6(text: &str, start: usize, end: usize) -> Option<(usize, usize)> {
    let run = text.get(start..end)?.trim_end_matches('.');
    let end = start + run.len();
    let behind_word =
        start.checked_sub(1).and_then(|at| text.as_bytes().get(at)).is_some_and(|b| is_word(*b));
    let tail = run.strip_suffix(':').map_or(run.len(), str::len);
    let heads = [0, usize::from(run.starts_with(':'))];
    for head in heads {
        for tail in [run.len(), tail] {
            let fits = run.get(head..tail).is_some_and(|part| part.parse::<Ipv6Addr>().is_ok());
            if fits && !(behind_word && head == 0) {
                return Some((start + head, end - (run.len() - tail)));
            }
        }
    }
    // `ip:fe80::1`, `addr:2001:db8::1`: a name, a colon.
    let (name, _) = run.split_once(':')?;
    let head = name.len() + 1;
    let part = run.get(head..)?;
    (name.len() > 4 && part.parse::<Ipv6Addr>().is_ok()).then_some((start + head, end))
}

/// None for what code is full of: `A::b`, `add::feed`.
fn score_v6(address: &str) -> Option<u8> {
    let digits = address.bytes().filter(u8::is_ascii_hexdigit).count();
    let decimal = address.bytes().any(|byte| byte.is_ascii_digit());
    match address {
        "::" => Some(10),
        "::1" => Some(COMMON),
        _ if !decimal && digits < 9 => None,
        _ if !decimal => Some(UNLIKELY),
        _ if digits < 5 => Some(20),
        _ => Some(LIKELY),
    }
}

/// Runs of digits and points in a run.
fn numbers(text: &str, start: usize, end: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let run = text.get(start..end).unwrap_or_default();
    run.split(|char: char| !char.is_ascii_digit() && char != '.').scan(start, move |at, part| {
        let from = *at;
        *at += part.len() + 1;
        Some((from, from + part.len()))
    })
}

/// The IPv4 address at the beginning of a run of digits and points.
fn v4(text: &str, from: usize, to: usize, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let Some(run) = text.get(from..to) else { return };
    let lead = run.len() - run.trim_start_matches('.').len();
    let start = from + lead;
    let word =
        |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(|byte| is_word(*byte));
    let mut groups = run.get(lead..).unwrap_or_default().split('.');
    let length: usize = groups.by_ref().take(4).map(str::len).sum::<usize>() + 3;
    let longer = groups.next().is_some_and(|group| !group.is_empty());
    let end = start + length;
    let Some(address) = text.get(start..end).and_then(|part| part.parse::<Ipv4Addr>().ok()) else {
        return;
    };
    if word(start.checked_sub(1)) || word(Some(end)) {
        return;
    }
    let score = match address {
        _ if longer || lead > 0 || follows_version(text, start) => UNLIKELY,
        _ if address.is_loopback() || address.is_unspecified() => COMMON,
        _ if address.octets().first() == Some(&255) => COMMON,
        _ if length == 7 => SHORT,
        _ => LIKELY,
    };
    found(start..suffix(text, end, 32), score);
}

/// Whether what stands before says that it is the version of something.
fn follows_version(text: &str, start: usize) -> bool {
    let bytes = text.as_bytes();
    let byte =
        |back: usize| start.checked_sub(back).and_then(|at| bytes.get(at)).copied().unwrap_or(b' ');
    let named = matches!(byte(1), b'/' | b'-') && byte(2).is_ascii_alphabetic();
    let compared = byte(1) == b'=' && matches!(byte(2), b'=' | b'>' | b'<' | b'~' | b'!');
    let mut from = start.saturating_sub(16);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before =
        text.get(from..start).unwrap_or_default().trim_end_matches([' ', ':', '=', '"', '\'', '.']);
    let word = before.rsplit(|char: char| !char.is_ascii_alphabetic()).next().unwrap_or_default();
    let words = [
        "version", "ver", "v", "release", "build", "firmware", "upgrade", "section", "chapter",
        "oid",
    ];
    named || compared || words.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// End of `%zone` and `/length` behind an address.
fn suffix(text: &str, end: usize, most: u32) -> usize {
    let bytes = text.as_bytes();
    let mut end = end;
    if most == 128 && bytes.get(end) == Some(&b'%') {
        let zone = bytes.get(end + 1..).unwrap_or_default().iter().take(16);
        let length =
            zone.take_while(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(byte)).count();
        end += if length > 0 { length + 1 } else { 0 };
    }
    let Some(rest) = text.get(end..).and_then(|rest| rest.strip_prefix('/')) else { return end };
    let length = rest.bytes().take(4).take_while(u8::is_ascii_digit).count();
    let value = rest.get(..length).and_then(|digits| digits.parse::<u32>().ok());
    let next = rest.as_bytes().get(length).copied().unwrap_or(b' ');
    let whole = !is_word(next) && next != b'/';
    if whole && value.is_some_and(|value| value <= most) { end + 1 + length } else { end }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests;
