//! JSON Web Tokens.
//!
//! Three parts (signed) or five (encrypted) of base64 with points between; the first decodes to a JSON object
//! that names an algorithm. Tokens of Kubernetes and of Supabase are JSON Web Tokens whose claims say so. A
//! token is found whole, whatever its length; one that was cut off after the claims counts too.

use super::base64::decode;
use super::shape::{own, run_end, url_safe};
use crate::privacy::detect::{Detector, Edges, Found};
use memchr::memmem;
use std::ops::Range;

const JWT: &str = "RFC 7519; RFC 7515, section 3.1; RFC 7516, section 3.1";
/// `{"` in base64.
const BEGIN: &[&str] = &["eyJ"];
/// So much of the claims is read, in bytes.
const CLAIMS: usize = 1024;

#[rustfmt::skip]
pub(super) static TABLE: &[Detector] = &[
    Detector { edges: Edges::NONE, ..own("JSON_WEB_TOKEN", "JSON Web Token", JWT, BEGIN, |text, found| {
        each(text, &mut |span, header, _| {
            let named = header.windows(5).any(|part| part == b"\"alg\"" || part == b"\"enc\"");
            found(span, if named { 97 } else { 70 });
        });
    }) },
    own("KUBERNETES_SERVICE_TOKEN", "token of a Kubernetes service account",
        "https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/", BEGIN, |text, found| claiming(text, b"kubernetes", found)),
    own("SUPABASE_SERVICE_ROLE_KEY", "Supabase key that bypasses row security", "https://supabase.com/docs/guides/api/api-keys", BEGIN, |text, found| claiming(text, b"service_role", found)),
];

/// Tokens whose claims hold a word.
fn claiming(text: &str, word: &[u8], found: &mut Found<'_>) {
    each(text, &mut |span, _, claims| {
        let claims = decode(claims, CLAIMS).unwrap_or_default();
        if memmem::find(&claims, word).is_some() {
            found(span, 99);
        }
    });
}

/// Takes the span of a token, its header decoded, its claims not.
type Visit<'a> = dyn FnMut(Range<usize>, &[u8], &str) + 'a;

/// Each token: its span, its header decoded, its claims not.
fn each(text: &str, visit: &mut Visit<'_>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(next) = bytes.get(at..).and_then(|rest| memmem::find(rest, b"eyJ")) {
        let start = at + next;
        let first = run_end(bytes, start, url_safe);
        at = first;
        let inside = start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_some_and(u8::is_ascii_alphanumeric);
        // `\neyJ` is a line break that was written out.
        let escaped = start.checked_sub(2).and_then(|before| bytes.get(before)) == Some(&b'\\');
        if bytes.get(first) != Some(&b'.') || (inside && !escaped) {
            continue;
        }
        let Some(header) = text.get(start..first).and_then(|part| decode(part, 512)) else {
            continue;
        };
        let claims = run_end(bytes, first + 1, url_safe);
        if !header.starts_with(b"{\"") && !header.starts_with(b"{ ") || claims - first < 5 {
            continue;
        }
        let mut end = claims;
        for _ in 2..5 {
            if bytes.get(end) != Some(&b'.') {
                break;
            }
            let part = run_end(bytes, end + 1, url_safe);
            if part == end + 1 {
                break;
            }
            end = part;
        }
        at = end;
        visit(start..end, &header, text.get(first + 1..claims).unwrap_or_default());
    }
}
