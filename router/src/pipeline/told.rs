//! What a client is told, whatever door it came through. A door turns it into its own wire form.

use crate::store::{ReceiptRow, ServedRow};
use littoral_core::flight::action::{Emission, Failure};
use littoral_core::flight::event::{Finish, Usage};
use littoral_core::record::Record;
use std::sync::Arc;

/// One thing to tell. The first is `Routed`; the last is `Done` or `Failed`.
#[derive(Clone, Debug)]
pub enum Told {
    /// Who was chosen, and why.
    Routed(Arc<Record>),
    /// Text, tool calls, progress, failover.
    Said(Emission),
    /// Tokens read and written by the target that finished.
    Used(Usage),
    /// The answer is complete.
    Done(Box<Done>),
    /// The answer failed, with the named reason.
    Failed(Failure),
}

/// The end of a complete answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Done {
    /// Why generation ended.
    pub finish: Finish,
    /// Who answered.
    pub served: ServedRow,
    /// What left.
    pub receipt: ReceiptRow,
}
