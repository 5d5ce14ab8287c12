//! What the router remembers: decisions, intents to send content away, how requests ended and the
//! receipts of that in a chain, what each dispatch took and what budgets have to remember, the policies they ended under, whether content may leave at all, and
//! the classes that sessions reached.
//!
//! The rows answer two questions long after the fact: why was this target chosen, and what left
//! the house. So an [`Row::Intent`] is committed *before* the first byte goes to a cloud; if the
//! router dies in the middle, the worst that can be said afterwards is "it may have been sent",
//! never "nothing was sent" about something that was. "Committed" is what the death of the process does not undo:
//! a transaction of the database, or a note beside it that the database takes in soon. Rows hold no content: not a word of a prompt
//! or an answer has a column to go to.
//!
//! There is one writer with one queue, and reads go through it too. That gives an order for free
//! (what was recorded is found), lets many small commits share one transaction, and keeps every
//! database call off the async threads.

use futures_util::future::BoxFuture;

mod chain;
mod checkpoints;
mod decisions;
mod egress;
mod ledger;
mod notes;
mod observed;
mod policies;
mod receipts;
mod rows;
mod schema;
mod session_labels;
mod sql;
mod sqlite;
#[cfg(test)]
mod tests;
mod unfinished;
mod writer;

pub use chain::{ChainFault, GENESIS, Hash};
pub use decisions::{DecisionLog, Logged, Page, Place, SpentInAll, When};
pub use egress::{EgressLog, EgressSwitched};
pub use ledger::{By, Ledger, SpentRow, UsageQuery, UsageRow, UsageSum};
pub use observed::{Counted, ObserveError, Observed};
pub use policies::{PolicyCause, PolicyEntry, PolicyHistory};
pub use receipts::{Chained, LONGEST_PAGE, ReceiptLog, ReceiptPage, Verdict};
pub use rows::{
    DecidedRow, EndedRow, EnergyRow, HoldingRow, IntentRow, Kept, OutcomeRow, ReceiptRow, Row,
    ServedRow,
};
pub use schema::{Durability, OpenError};
pub use session_labels::{SessionDigest, SessionLabels, session_digest};
pub use sqlite::SqliteStore;

/// The router's memory. Behind a trait because several routers may later share one.
pub trait Store: Send + Sync {
    /// Queues a row and returns at once. Use it for rows whose loss would be a pity and no more.
    ///
    /// # Errors
    /// [`StoreError::Full`] if the queue has no place (counted, and logged once in a while);
    /// [`StoreError::Closed`] after the store was closed.
    fn record(&self, row: Row) -> Result<(), StoreError>;

    /// Writes a row and waits until it is committed, so that it survives the death of this process.
    ///
    /// # Errors
    /// [`StoreError`]. After [`StoreError::Timeout`] the row may or may not be written later: what
    /// it would have allowed must not happen.
    fn commit(&self, row: Row) -> BoxFuture<'_, Result<(), StoreError>>;

    /// As [`Self::commit`], for an intent that cannot be there already: the id of its request was made up here.
    /// It may be noted beside the database, where it is found after the death of this process all the same.
    ///
    /// # Errors
    /// As [`Self::commit`].
    fn note(&self, row: Row) -> BoxFuture<'_, Result<(), StoreError>>;

    /// Everything kept of a request, or `None` if nothing is. It sees every row that was recorded
    /// or committed through this handle before the call. `principal_key` restricts it to one
    /// asker's requests; `None` is for administrators, and finds the latest request of that id.
    ///
    /// # Errors
    /// [`StoreError`].
    fn find<'a>(
        &'a self,
        request_id: &'a str,
        principal_key: Option<&'a str>,
    ) -> BoxFuture<'a, Result<Option<Kept>, StoreError>>;
}

/// Why a row is not written or not found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// The writer cannot keep up.
    #[error("the store's queue is full; is the disk slow or full?")]
    Full,
    /// No answer within the bound.
    #[error(
        "the store gave no answer within {limit_ms} ms; is the disk slow, or the database locked?"
    )]
    Timeout {
        /// How long was waited, in milliseconds.
        limit_ms: u64,
    },
    /// The store was closed, or its writer is gone.
    #[error("the store is closed")]
    Closed,
    /// The same row of the same request is already there. Rows are never replaced: a record that
    /// can be overwritten proves nothing.
    #[error(
        "the store already has this {what} of request {request_id}; a new request needs a new id"
    )]
    Duplicate {
        /// `decision`, `intent` or `outcome`.
        what: &'static str,
        /// Which request.
        request_id: String,
    },
    /// A stored row cannot be read back.
    #[error("read the {what} of {request_id}: {why}")]
    Damaged {
        /// `decision`, `intent`, `outcome`, `policy`, `budget` or `session label`.
        what: &'static str,
        /// Which request, which hash of a policy, the journal, or whose session.
        request_id: String,
        /// What does not fit.
        why: String,
    },
    /// The database refused.
    #[error("write to the store: {0}")]
    Database(String),
}
