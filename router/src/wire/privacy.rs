//! Receipts in their chain, what came of following it, and the switch, for the wire.

use super::record;
use crate::egress::Standing;
use crate::store::{Chained, Hash, Verdict};
use littoral_proto::v1;
use std::fmt::Write as _;

/// A receipt and its place.
#[must_use]
pub fn chained(one: &Chained) -> v1::ChainedReceipt {
    let receipt = one.receipt.as_ref();
    v1::ChainedReceipt {
        sequence: one.sequence,
        at_unix_ms: one.at_unix_ms,
        principal: one.principal_key.clone(),
        receipt: receipt.map(|receipt| record::receipt(&one.request_id, receipt)),
        hash: hex(&one.hash),
        previous_hash: hex(&one.previous_hash),
    }
}

/// What came of following the chain.
#[must_use]
pub fn verdict(verdict: Verdict) -> v1::VerifyReceiptsResponse {
    let fault = verdict.fault.as_ref();
    v1::VerifyReceiptsResponse {
        intact: fault.is_none(),
        receipts: verdict.receipts,
        head_hash: hex(&verdict.head_hash),
        at_sequence: fault.and_then(|fault| fault.at_sequence),
        fault: verdict.fault.map(|fault| fault.sentence).unwrap_or_default(),
    }
}

/// How the switch stands.
#[must_use]
pub fn egress_state(standing: &Standing) -> v1::EgressState {
    let last = standing.last.clone();
    v1::EgressState {
        allowed: standing.allowed(),
        since_unix_ms: last.as_ref().map(|last| last.at_unix_ms),
        cut_streams: standing.cut,
        by: last.as_ref().map(|last| last.by.clone()).unwrap_or_default(),
        note: last.map(|last| last.note).unwrap_or_default(),
    }
}

/// Bytes in hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A hash written in hexadecimal; `None` if it is none.
#[must_use]
pub fn hash(text: &str) -> Option<Hash> {
    let text = text.trim().as_bytes();
    let mut hash = Hash::default();
    if text.len() != 2 * hash.len() {
        return None;
    }
    for (byte, digits) in hash.iter_mut().zip(text.chunks_exact(2)) {
        let digit = |at: usize| char::from(*digits.get(at)?).to_digit(16);
        *byte = u8::try_from(digit(0)? * 16 + digit(1)?).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_as_it_was_written_and_nothing_else_is_one() {
        let mut bytes = Hash::default();
        bytes[0] = 0xab;
        bytes[31] = 0x07;
        let text = hex(&bytes);
        assert_eq!(text.len(), 64);
        assert_eq!(hash(&text), Some(bytes));
        assert_eq!(hash(&format!(" {}\n", text.to_uppercase())), Some(bytes));
        for bad in ["", "ab", &text[1..], &text.replace('a', "g"), &"é".repeat(32)] {
            assert_eq!(hash(bad), None, "{bad:?}");
        }
    }
}
