//! The name of a policy's content.
//!
//! The canonical form is the compiled policy as JSON: field order is that of the structs, lists are
//! in file order, numbers in their shortest exact form. Hashing the compiled form rather than the
//! file means that a comment does not change the hash, and that two files that decide alike have one.

use super::Policy;
use sha2::{Digest, Sha256};

/// Goes in front of the content, so that a later canonical form cannot collide with this one.
const DOMAIN: &[u8] = b"littoral policy, canonical form 1\n";

/// SHA-256 of the canonical form, in lower-case hexadecimal.
pub(super) fn of(policy: &Policy) -> String {
    // The compiled form holds strings, finite numbers, enums and lists only, which JSON can always
    // hold; were that to change, the debug form is as exact and never fails.
    let canonical =
        serde_json::to_vec(policy).unwrap_or_else(|_| format!("{policy:?}").into_bytes());
    let digest = Sha256::new().chain_update(DOMAIN).chain_update(&canonical).finalize();
    digest.iter().fold(String::with_capacity(64), |mut hex, byte| {
        for nibble in [byte >> 4, byte & 15] {
            hex.push(char::from_digit(u32::from(nibble), 16).unwrap_or('0'));
        }
        hex
    })
}
