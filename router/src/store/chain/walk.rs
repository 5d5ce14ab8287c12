//! Following the chain from its beginning, a receipt at a time: what comes first that does not hold,
//! and what that means, in a sentence.
//!
//! Every link is compared with three things: the number that must come next, the hash that came
//! before, and the hash of what it says itself. At the end stands the head, and beside it what the
//! writer remembers and what a person noted, which are the two that an editor of the file cannot edit.

use super::{GENESIS, Hash, Head, Link};

/// A receipt as it lies in the file: bytes, because an editor need not have kept to our types.
#[derive(Clone, Debug)]
pub(in crate::store) struct Kept {
    pub sequence: i64,
    pub at_unix_ms: i64,
    pub principal_key: Vec<u8>,
    pub request_id: Vec<u8>,
    pub receipt_json: Vec<u8>,
    pub previous_hash: Vec<u8>,
    pub hash: Vec<u8>,
}

/// The first thing that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainFault {
    /// What it is, in a sentence.
    pub sentence: String,
    /// Sequence number where it was found; absent where it is about no receipt.
    pub at_sequence: Option<u64>,
}

/// How far the chain was followed.
pub(in crate::store) struct Walk {
    /// Receipts that hold, from the first.
    walked: i64,
    previous: Hash,
    /// The head as the writer last wrote it, or read it at its start; absent where nothing in the file
    /// can be compared with it.
    remembered: Option<Head>,
    /// What a person noted, until it is met.
    noted: Option<Hash>,
}

impl Walk {
    /// From the beginning. A noted hash is to be met on the way.
    pub fn begin(remembered: Option<Head>, noted: Option<Hash>) -> Self {
        // Who noted the hash of an empty chain meets it at once.
        let noted = noted.filter(|hash| *hash != GENESIS);
        Self { walked: 0, previous: GENESIS, remembered, noted }
    }

    /// Sequence number of the last receipt that holds; 0 at the beginning.
    pub fn walked(&self) -> i64 {
        self.walked
    }

    /// Takes one step.
    pub fn step(&mut self, kept: &Kept) -> Result<(), ChainFault> {
        let (next, found) = (self.walked.saturating_add(1), kept.sequence);
        if found < next {
            return Err(at(found, format!("a receipt is numbered {found}, and the first is 1")));
        }
        if found > next {
            return Err(at(
                next,
                format!("receipt {next} is missing: {found} is the next one there"),
            ));
        }
        if kept.previous_hash != self.previous {
            let before = self.walked;
            let sentence = format!(
                "receipt {next} does not follow receipt {before}: one of the two was changed, \
                 replaced or put in another place"
            );
            return Err(at(next, sentence));
        }
        let link = Link {
            sequence: kept.sequence,
            at_unix_ms: kept.at_unix_ms,
            principal_key: &kept.principal_key,
            request_id: &kept.request_id,
            receipt_json: &kept.receipt_json,
        };
        let hash = link.hash(&self.previous);
        if kept.hash != hash {
            let sentence = format!(
                "receipt {next} was changed after it was written: its hash is not that of what it says"
            );
            return Err(at(next, sentence));
        }
        if self.remembered.is_some_and(|head| head.receipts == next && head.hash != hash) {
            let sentence = format!(
                "receipt {next} has another hash than the head had when this router last wrote or read \
                 it: one of the two was replaced"
            );
            return Err(at(next, sentence));
        }
        (self.walked, self.previous) = (next, hash);
        self.noted = self.noted.filter(|noted| *noted != hash);
        Ok(())
    }

    /// Compares the end with the head, once no receipt is left. `last` is the highest number there is.
    pub fn end(&self, head: Option<Head>, last: i64) -> Result<(), ChainFault> {
        let (walked, next) = (self.walked, self.walked.saturating_add(1));
        let Some(head) = head else {
            return Err(ChainFault {
                sentence: "the row that counts the receipts is gone or damaged, so it cannot be \
                           told whether the last ones are missing"
                    .into(),
                at_sequence: None,
            });
        };
        let remembered = self.remembered.map_or(0, |remembered| remembered.receipts);
        let counted = head.receipts.max(remembered);
        if walked < counted {
            let sentence = format!("receipt {next} is missing at the end: {counted} were written");
            return Err(at(next, sentence));
        }
        if head.receipts < remembered {
            let sentence = format!(
                "the head was changed: it counts {} receipts, and this router wrote {counted}",
                head.receipts
            );
            return Err(at(head.receipts.saturating_add(1), sentence));
        }
        if last > head.receipts {
            let added = head.receipts.saturating_add(1);
            let sentence = format!(
                "receipt {added} was added by somebody else: the router wrote {}",
                head.receipts
            );
            return Err(at(added, sentence));
        }
        if self.previous != head.hash {
            let sentence = format!(
                "receipt {walked} is not the one that was written last: the head has another hash"
            );
            return Err(at(walked, sentence));
        }
        match self.noted {
            None => Ok(()),
            Some(_) => Err(ChainFault {
                sentence: "the noted hash is not in the chain: receipts were removed or the chain \
                           was written anew since it was noted, or it is of another router"
                    .into(),
                at_sequence: None,
            }),
        }
    }
}

fn at(sequence: i64, sentence: String) -> ChainFault {
    ChainFault { sentence, at_sequence: u64::try_from(sequence).ok() }
}
