//! The chain of receipts: each holds the hash of the one before, so that none can be changed, taken
//! out or put elsewhere without breaking all that follow.
//!
//! What a hash is taken of is written out byte for byte in [`Link::hash`] and never changes; another
//! form would be another version with another mark in front. The head (how many there are, and the last
//! hash) has a row of its own: without it, receipts cut off the end would leave a chain that looks whole.
//!
//! The writer keeps the head in memory. It is the only one that appends, and it remembers what it
//! wrote: who cuts the end off under a running router, head and all, is found out too.

mod walk;

pub use walk::ChainFault;
pub(super) use walk::{Kept, Walk};

use super::rows::EndedRow;
use super::{StoreError, sql};
use ring::digest::{Context, SHA256};
use rusqlite::{Connection, OptionalExtension as _, params};

/// SHA-256.
pub type Hash = [u8; 32];

/// The hash before the first receipt.
pub const GENESIS: Hash = [0; 32];

/// In front of everything that is hashed: what it is, and in which form.
const MARK: &[u8] = b"littoral receipt 1\0";

const SELECT_HEAD: &str = "SELECT receipts, hash FROM receipts_head";
const SELECT_LAST: &str = "SELECT max(sequence) FROM receipts";
const INSERT: &str = "INSERT INTO receipts
    (sequence, at_unix_ms, principal_key, request_id, receipt_json, previous_hash, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const STORE_HEAD: &str =
    "INSERT OR REPLACE INTO receipts_head (only_row, receipts, hash) VALUES (1, ?1, ?2)";

/// What of a receipt is bound into the chain.
pub(super) struct Link<'a> {
    pub sequence: i64,
    pub at_unix_ms: i64,
    pub principal_key: &'a [u8],
    pub request_id: &'a [u8],
    pub receipt_json: &'a [u8],
}

impl Link<'_> {
    /// SHA-256 over the mark `littoral receipt 1` and a zero byte, the 32 bytes of the hash before,
    /// sequence number and time as 8 bytes each, then principal, request and receipt, each behind its
    /// length in 8 bytes. Numbers are big-endian; lengths keep the fields apart.
    pub fn hash(&self, previous: &Hash) -> Hash {
        let mut context = Context::new(&SHA256);
        context.update(MARK);
        context.update(previous);
        context.update(&self.sequence.to_be_bytes());
        context.update(&self.at_unix_ms.to_be_bytes());
        for field in [self.principal_key, self.request_id, self.receipt_json] {
            context.update(&(field.len() as u64).to_be_bytes());
            context.update(field);
        }
        let mut hash = GENESIS;
        hash.copy_from_slice(context.finish().as_ref());
        hash
    }
}

/// How far the chain goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Head {
    /// Sequence number of the last receipt; 0 where there is none.
    pub receipts: i64,
    /// Its hash.
    pub hash: Hash,
}

/// The end of the chain, for whoever appends.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain(Option<Head>);

impl Chain {
    /// The end as it was last written or read.
    pub fn head(&mut self, connection: &Connection) -> Result<Head, StoreError> {
        if let Some(head) = self.0 {
            return Ok(head);
        }
        let head = read_head(connection).map_err(|error| sql::database_error(&error))?;
        Ok(*self.0.insert(head))
    }

    /// Reads the end anew next time: a transaction did not come through.
    pub fn forget(&mut self) {
        self.0 = None;
    }

    /// Appends the receipt of a request that is over, in the transaction that is open.
    pub fn append(&mut self, connection: &Connection, ended: &EndedRow) -> Result<(), StoreError> {
        let Head { receipts, hash: previous } = self.head(connection)?;
        let at_unix_ms = i64::try_from(ended.at_unix_ms).unwrap_or(i64::MAX);
        let (sequence, json) = (receipts.saturating_add(1), sql::json(&ended.outcome.receipt)?);
        let link = Link {
            sequence,
            at_unix_ms,
            principal_key: ended.principal_key.as_bytes(),
            request_id: ended.request_id.as_bytes(),
            receipt_json: json.as_bytes(),
        };
        let hash = link.hash(&previous);
        let (principal, request) = (&ended.principal_key, &ended.request_id);
        let values = params![sequence, at_unix_ms, principal, request, json, previous, hash];
        sql::execute(connection, INSERT, values)
            .and_then(|()| sql::execute(connection, STORE_HEAD, params![sequence, hash]))
            .map_err(|error| sql::database_error(&error))?;
        self.0 = Some(Head { receipts: sequence, hash });
        Ok(())
    }
}

/// The end of the chain in the file. A number that is taken, by a row that nobody here wrote, is not
/// taken again: the router must go on writing, and the break is found by whoever verifies.
fn read_head(connection: &Connection) -> rusqlite::Result<Head> {
    let stored = stored_head(connection)?.unwrap_or(Head { receipts: 0, hash: GENESIS });
    let last = connection.query_row(SELECT_LAST, [], |row| row.get::<_, Option<i64>>(0))?;
    Ok(Head { receipts: stored.receipts.max(last.unwrap_or(0)), ..stored })
}

/// What the head's row says; absent where the row is gone or is none.
pub(super) fn stored_head(connection: &Connection) -> rusqlite::Result<Option<Head>> {
    let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?));
    let found = connection.query_row(SELECT_HEAD, [], row).optional()?;
    Ok(found.and_then(|(receipts, hash)| Some(Head { receipts, hash: hash.try_into().ok()? })))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link<'a>(sequence: i64, texts: [&'a str; 3]) -> Link<'a> {
        let [principal_key, request_id, receipt_json] = texts.map(str::as_bytes);
        Link { sequence, at_unix_ms: 1_800_000_000_000, principal_key, request_id, receipt_json }
    }

    /// Made with another implementation of SHA-256 over the same bytes. If this changes, no chain
    /// that exists can be verified any more.
    #[test]
    fn the_hash_of_a_receipt_never_changes() {
        let hash = link(1, ["local/local/local", "r1", "{}"]).hash(&GENESIS);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(hex, "8b24d758aaae7f779e2797381b1ac3a7525482546e9008a84c94f36a23d386b7");
    }

    #[test]
    fn what_stands_in_one_field_cannot_be_moved_to_another() {
        let hash = |texts| link(1, texts).hash(&GENESIS);
        let one = hash(["ab", "c", "d"]);
        for other in [["a", "bc", "d"], ["ab", "", "cd"], ["", "abc", "d"], ["abcd", "", ""]] {
            assert_ne!(one, hash(other), "{other:?}");
        }
        assert_ne!(one, link(2, ["ab", "c", "d"]).hash(&GENESIS));
        assert_ne!(one, link(1, ["ab", "c", "d"]).hash(&one));
    }
}
