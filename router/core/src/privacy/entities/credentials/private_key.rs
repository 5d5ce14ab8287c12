//! Private keys: blocks between dashes, bare DER in base64, and the one-line forms of newer tools.
//!
//! A block begins at `-----BEGIN` and reaches to the end of its footer. Its line breaks may be written out
//! as `\n` or gone; a body holds no five dashes, so the next five are the footer or another header, and the
//! text is read once. The header alone counts: the rest may be in the next message. Certificates and public
//! keys are none.

use super::shape::{
    assigned, base64, long_runs, marked, named, own, run_end, run_start, token, url_safe,
};
use crate::privacy::detect::{Detector, Found, pattern};
use memchr::memmem;

const PEM: &str = "RFC 7468; RFC 1421";
const PKCS8: &str = "RFC 5958";
const AGE: &str = "https://github.com/C2SP/C2SP/blob/main/age.md";
/// Where every block begins.
const BEGIN: &[&str] = &["-----BEGIN "];
/// `-----BEGIN` and a label, in base64.
const BASE64_HEADERS: &[&str] = &[
    "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRV",
    "LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFW",
    "LS0tLS1CRUdJTiBQUklWQVRFIEtFW",
    "LS0tLS1CRUdJTiBPUEVOU1NIIFBSSVZBVEUgS0VZ",
    "LS0tLS1CRUdJTiBFTkNSWVBURUQgUFJJVkFURSBLRV",
];
/// The first fields of an RSA key in base64, behind its length.
const DER_HEADS: &[&str] = &["IBADANBgkqhkiG9w0BAQEFAASC", "IBAAKCAQEA", "IBAAKCAgEA", "IBAAKBgQ"];
const BIP32: &str = "https://github.com/bitcoin/bips/blob/master/bip-0032.mediawiki";

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    own("RSA_PRIVATE_KEY", "RSA private key", "RFC 8017, appendix A.1.2", BEGIN, |text, found| block(text, "-----BEGIN RSA PRIVATE KEY-----", found)),
    own("EC_PRIVATE_KEY", "elliptic curve private key", "RFC 5915", BEGIN, |text, found| block(text, "-----BEGIN EC PRIVATE KEY-----", found)),
    own("DSA_PRIVATE_KEY", "DSA private key", PEM, BEGIN, |text, found| block(text, "-----BEGIN DSA PRIVATE KEY-----", found)),
    own("OPENSSH_PRIVATE_KEY", "OpenSSH private key", "https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key", BEGIN, |text, found| block(text, "-----BEGIN OPENSSH PRIVATE KEY-----", found)),
    own("PGP_PRIVATE_KEY", "OpenPGP private key", "RFC 9580, section 6.2", BEGIN, |text, found| block(text, "-----BEGIN PGP PRIVATE KEY BLOCK-----", found)),
    own("PKCS8_PRIVATE_KEY", "PKCS #8 private key", PKCS8, BEGIN, |text, found| block(text, "-----BEGIN PRIVATE KEY-----", found)),
    own("ENCRYPTED_PRIVATE_KEY", "encrypted private key", PKCS8, BEGIN, |text, found| block(text, "-----BEGIN ENCRYPTED PRIVATE KEY-----", found)),
    own("OTHER_PRIVATE_KEY", "private key of another kind", PEM, &[" PRIVATE KEY----"], other_block),
    own("PUTTY_PRIVATE_KEY", "PuTTY private key", "https://the.earth.li/~sgtatham/putty/latest/htmldoc/AppendixC.html", &["PuTTY-User-Key-File-"], putty),
    own("BASE64_PRIVATE_KEY", "private key block in base64 once more", "RFC 4648", BASE64_HEADERS, |text, found| {
        long_runs(text, BASE64_HEADERS, base64, 24, 98, found);
    }),
    own("BARE_PRIVATE_KEY", "RSA private key in DER and base64", PKCS8, DER_HEADS, bare),
    own("JWK_PRIVATE_KEY", "private part of a JSON Web Key", "RFC 7518, section 6", &["\"d\":\"", "\"d\": \""], |text, found| {
        long_runs(text, &["\"d\":\"", "\"d\": \""], url_safe, 42, 90, found);
    }),
    marked("AGE_SECRET_KEY", "age identity", AGE, &["AGE-SECRET-KEY-1", "AGE-PLUGIN-"],
        &[pattern("AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}", 99), pattern("AGE-PLUGIN-[A-Z0-9]{2,20}-1[A-Z0-9]{40,160}", 95)]),
    named("WIREGUARD_KEY", "WireGuard private or preshared key", "https://www.wireguard.com/quickstart/", &["privatekey", "presharedkey", "private_key", "private-key"],
        &[pattern(assigned!("private[_-]?key|presharedkey", "[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]="), 95)]),
    token("EXTENDED_PRIVATE_KEY", "BIP 32 extended private key", BIP32, &["xprv", "yprv", "zprv", "tprv"], &[pattern("[xyzt]prv[1-9A-HJ-NP-Za-km-z]{107}", 98)]),
    named("ETHEREUM_PRIVATE_KEY", "Ethereum private key", "https://ethereum.org/en/developers/docs/accounts/",
        &["private_key", "privatekey", "private-key", "eth_key", "deployer_key", "wallet_key", "mnemonic"],
        &[pattern(assigned!("private[_-]?key|(?:eth|deployer|wallet)_key", "(?:0x)?[0-9a-fA-F]{64}"), 93)]),
    token("NOSTR_PRIVATE_KEY", "Nostr private key", "https://github.com/nostr-protocol/nips/blob/master/19.md", &["nsec1"], &[pattern("nsec1[02-9ac-hj-np-z]{58}", 98)]),
    token("SEED_PHRASE", "words of a wallet", "https://github.com/bitcoin/bips/blob/master/bip-0039.mediawiki",
        &["seed phrase", "recovery phrase", "mnemonic", "secret phrase", "助记词"],
        &[pattern("(?:(?i:(?:seed|recovery|secret) phrase|mnemonic(?: phrase)?)|助记词)[\"']?(?: is:?| ?[:=]|是|为)[ ]{0,2}[\"']?[a-z]{3,8}(?:[ ,]{1,2}[a-z]{3,8}){11}(?:(?:[ ,]{1,2}[a-z]{3,8}){3}(?:(?:[ ,]{1,2}[a-z]{3,8}){3}(?:(?:[ ,]{1,2}[a-z]{3,8}){3}(?:(?:[ ,]{1,2}[a-z]{3,8}){3})?)?)?)?", 88)]),
];

/// A block is no longer than this, in bytes.
const BODY: usize = 16 << 10;

/// A block with this header.
fn block(text: &str, header: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memmem::find(rest, header.as_bytes())) {
        let start = at + next;
        let (end, whole) = block_end(bytes, start + header.len());
        found(start..end, if whole { 99 } else { 90 });
        at = end;
    }
}

/// Where the block ends whose header ends at `body`, and whether its footer is there.
fn block_end(bytes: &[u8], body: usize) -> (usize, bool) {
    let rest = bytes.get(body..).unwrap_or_default();
    let near = |at: &usize| *at < BODY;
    let dashes = memmem::find(rest, b"-----").filter(near).map(|at| body + at);
    match dashes {
        Some(at) if bytes.get(at..).is_some_and(|footer| footer.starts_with(b"-----END ")) => {
            let label = run_end(bytes, at + 5, |byte| {
                byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' '
            });
            (run_end(bytes, label, |byte| byte == b'-').min(label + 5), true)
        }
        // Cut off: what is base64, with line breaks written out or not.
        _ => {
            let of = |byte| base64(byte) || matches!(byte, b'\n' | b'\r' | b'\\');
            let end = run_end(bytes, body, of);
            let tail = run_start(bytes, end, |byte| !base64(byte), end - body);
            (tail.max(body), false)
        }
    }
}

/// Labels that end in `PRIVATE KEY` and have no row.
fn other_block(text: &str, found: &mut Found<'_>) {
    const KNOWN: [&str; 6] = ["RSA ", "EC ", "DSA ", "OPENSSH ", "ENCRYPTED ", ""];
    let bytes = text.as_bytes();
    for at in memmem::find_iter(bytes, b" PRIVATE KEY----") {
        let label = run_start(
            bytes,
            at,
            |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b' ',
            48,
        );
        let Some(name) =
            text.get(label..at + 1).and_then(|name| name.trim_start().strip_prefix("BEGIN "))
        else {
            continue;
        };
        let start = run_start(bytes, label, |byte| byte == b'-', 5);
        if !KNOWN.contains(&name) && start < label {
            let header = run_end(bytes, at + 12, |byte| byte == b'-');
            found(start..block_end(bytes, header).0, 95);
        }
    }
}

/// From `PuTTY-User-Key-File-` to the end of `Private-MAC`.
fn putty(text: &str, found: &mut Found<'_>) {
    const HEADER: &[u8] = b"PuTTY-User-Key-File-";
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memmem::find(rest, HEADER)) {
        let start = at + next;
        let body = start + HEADER.len();
        let next = bytes
            .get(body..)
            .and_then(|rest| memmem::find(rest, HEADER))
            .map_or(bytes.len(), |next| body + next);
        let footer = bytes.get(body..next).and_then(|rest| memmem::find(rest, b"Private-MAC: "));
        let end = footer.map_or(run_end(bytes, body, |byte| byte.is_ascii_graphic()), |footer| {
            run_end(bytes, body + footer + 13, |byte| byte.is_ascii_hexdigit())
        });
        found(start..end, 97);
        at = if footer.is_some() { end } else { next };
    }
}

/// The first fields of an RSA key in DER are always alike: version 0 and the length of the modulus
/// (PKCS #1), or version 0 and the identifier of RSA (PKCS #8).
fn bare(text: &str, found: &mut Found<'_>) {
    let bytes = text.as_bytes();
    for head in DER_HEADS {
        let mut done = 0;
        for at in memmem::find_iter(bytes, head.as_bytes()) {
            let start = run_start(bytes, at, base64, 8);
            if start < done || at - start != 5 || bytes.get(start..start + 2) != Some(b"MI") {
                continue;
            }
            done = run_end(bytes, at, base64);
            if done - start > 60 {
                found(start..done, 97);
            }
        }
    }
}

#[cfg(test)]
pub(super) const SAMPLES: &[(&str, &str)] = &[
    ("RSA_PRIVATE_KEY", "-----BEGIN RSA {PK}-----\n{b64}\n{b64}\n{b40}\n-----END RSA {PK}-----"),
    ("EC_PRIVATE_KEY", "-----BEGIN EC {PK}-----\\n{b64}\\n{b40}==\\n-----END EC {PK}-----"),
    ("DSA_PRIVATE_KEY", "-----BEGIN DSA {PK}-----{b64}{b64}-----END DSA {PK}-----"),
    (
        "OPENSSH_PRIVATE_KEY",
        "-----BEGIN OPENSSH {PK}-----\n{b70}\n{b70}\n-----END OPENSSH {PK}-----",
    ),
    (
        "PGP_PRIVATE_KEY",
        "-----BEGIN PGP {PK} BLOCK-----\nVersion: x\n\n{b64}\n={b4}\n-----END PGP {PK} BLOCK-----",
    ),
    ("PKCS8_PRIVATE_KEY", "-----BEGIN {PK}-----\\n{b64}\\n{b64}\\n-----END {PK}-----"),
    (
        "ENCRYPTED_PRIVATE_KEY",
        "-----BEGIN ENCRYPTED {PK}-----\r\n{b64}\r\n-----END ENCRYPTED {PK}-----",
    ),
    ("OTHER_PRIVATE_KEY", "-----BEGIN ANY {PK}-----\n{b64}\n-----END ANY {PK}-----"),
    (
        "PUTTY_PRIVATE_KEY",
        "PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none\nPrivate-Lines: 1\n{b44}\nPrivate-MAC: {x64}",
    ),
    ("BASE64_PRIVATE_KEY", "LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRV{b300}"),
    ("BARE_PRIVATE_KEY", "MIIEvIBADANBgkqhkiG9w0BAQEFAASC{b800}="),
    ("BARE_PRIVATE_KEY", "MIIEoIBAAKCAQEA{b900}"),
    ("JWK_PRIVATE_KEY", "\"d\":\"{w43}"),
    ("AGE_SECRET_KEY", "AGE-SECRET-KEY-1{B58}"),
    ("WIREGUARD_KEY", "PrivateKey = {b42}A="),
    ("EXTENDED_PRIVATE_KEY", "xprv{k107}"),
    ("ETHEREUM_PRIVATE_KEY", "PRIVATE_KEY=0x{x64}"),
    ("NOSTR_PRIVATE_KEY", "nsec1{n58}"),
    ("SEED_PHRASE", "seed phrase is {L5} {L4} {L6} {L5} {L4} {L6} {L5} {L4} {L6} {L5} {L4} {L6}"),
];
