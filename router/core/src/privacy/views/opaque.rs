//! Long blocks that decode to no text: pictures, archives, or a secret that somebody encrypted.
//!
//! Which it is nobody can tell here, so they are reported. Not reported is what is long and public by its
//! nature: digests and identifiers in a list, public keys, certificates.

use std::ops::Range;

/// Shorter ones are identifiers and tokens, which detectors know.
pub(super) const LEAST: usize = 256;
/// Lines of encoded data are not shorter.
const LINE_LEAST: usize = 24;
/// Hexadecimal digits of the usual digests.
const DIGESTS: [usize; 6] = [32, 40, 56, 64, 96, 128];
/// Where the name of what follows is looked for.
const LABEL_MOST: usize = 64;

/// Whether the parts are data that cannot be looked into.
pub(super) fn is_opaque(text: &str, parts: &[Range<usize>]) -> bool {
    let total: usize = parts.iter().map(Range::len).sum();
    let narrow = parts.len() > 1 && parts.iter().any(|part| part.len() < LINE_LEAST);
    let narrow = narrow && parts.first().is_none_or(|part| part.len() < LINE_LEAST);
    total >= LEAST && !narrow && is_mixed(text, parts) && !is_public(text, parts)
}

/// Whether it has two kinds of characters at least.
fn is_mixed(text: &str, parts: &[Range<usize>]) -> bool {
    let has = |kind: fn(&u8) -> bool| parts.iter().any(|part| bytes(text, part).iter().any(kind));
    let kinds = [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit];
    kinds.into_iter().filter(|kind| has(*kind)).count() >= 2
}

fn bytes<'t>(text: &'t str, part: &Range<usize>) -> &'t [u8] {
    text.as_bytes().get(part.clone()).unwrap_or_default()
}

fn is_public(text: &str, parts: &[Range<usize>]) -> bool {
    let start = parts.first().map_or(0, |first| first.start);
    let before = text.as_bytes().get(..start).unwrap_or_default().trim_ascii_end();
    let label = before.get(before.len().saturating_sub(LABEL_MOST)..).unwrap_or_default();
    let armour = [&b"CERTIFICATE-----"[..], b"PUBLIC KEY-----", b"REQUEST-----", b"CRL-----"];
    let ssh = [&b"ssh-"[..], b"ecdsa-sha2-", b"@openssh.com"];
    let first = parts.first().map_or(&b""[..], |part| bytes(text, part));
    armour.iter().any(|name| label.ends_with(name))
        || (first.starts_with(b"AAAA") && ssh.iter().any(|name| last_word(label, name)))
        || parts.iter().all(|part| is_listed(bytes(text, part)))
}

/// Whether the last word has the name in it.
fn last_word(label: &[u8], name: &[u8]) -> bool {
    let word = label.rsplit(|byte| byte.is_ascii_whitespace()).next().unwrap_or_default();
    word.windows(name.len()).any(|part| part == name)
}

/// Whether it is a digest or a UUID.
fn is_listed(part: &[u8]) -> bool {
    let hex = |byte: &u8| byte.is_ascii_hexdigit();
    let digest = DIGESTS.contains(&part.len()) && part.iter().all(hex);
    let dash = |index: usize| matches!(index, 8 | 13 | 18 | 23);
    let uuid = |(index, byte): (usize, &u8)| if dash(index) { *byte == b'-' } else { hex(byte) };
    let integrity = [&b"sha256-"[..], b"sha384-", b"sha512-"];
    digest
        || (part.len() == 36 && part.iter().enumerate().all(uuid))
        || integrity.iter().any(|name| part.starts_with(name))
}
