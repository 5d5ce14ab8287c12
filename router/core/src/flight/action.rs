//! What a flight asks its shell to do.

use super::event::{Channel, DispatchId, Fault, Finish, TokenLogprob, ToolCallFragment, Usage};
use crate::plan::Target;
use crate::prompt::Remainder;
use crate::reason::Reason;
use std::time::Duration;

/// An effect for the shell to perform, in the order given.
#[derive(Clone, PartialEq)]
pub enum Action {
    /// Send the request to attempt `attempt` of the plan. For a cloud the shell must clear first; if
    /// the gate refuses it answers with `Failed` and blame `Gate`.
    Dispatch {
        /// Number of this dispatch.
        dispatch: DispatchId,
        /// Index into the plan's attempts.
        attempt: usize,
        /// What it is asked for.
        remainder: Remainder,
        /// What it is for. The shell keeps repeats and hedges to their share of traffic, and answers one
        /// that is beyond it with `Failed`.
        purpose: Purpose,
    },
    /// Stop a dispatch and free its slot. Sent at most once for each dispatch, never after it ended.
    Cancel(DispatchId),
    /// Tell the client.
    Emit(Emission),
    /// Send [`super::event::Event::Timer`] at this moment (a later call replaces an earlier one).
    WakeAt(Duration),
    /// The flight is over: account, record, close. Always the last action, exactly once.
    End(Ending),
}

/// What a dispatch is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The first of its flight.
    First,
    /// Another attempt goes on in place of one that failed.
    Failover,
    /// The same attempt once more.
    Repeat,
    /// Another attempt beside one that is late.
    Hedge,
}

/// What the client is told.
#[derive(Clone, PartialEq)]
pub enum Emission {
    /// Text of the answer.
    Delta {
        /// Epoch the text belongs to.
        epoch: u32,
        /// Stream of text.
        channel: Channel,
        /// Byte offset in the channel of the epoch.
        offset: u64,
        /// The text. Content.
        text: String,
        /// Log-probabilities, if asked for.
        logprobs: Vec<TokenLogprob>,
    },
    /// A fragment of a tool call.
    ToolCallDelta {
        /// Epoch the fragment belongs to.
        epoch: u32,
        /// The fragment.
        fragment: ToolCallFragment,
    },
    /// The prompt is being read.
    Progress {
        /// Prompt tokens read.
        done: u32,
        /// Prompt tokens in all.
        of: u32,
    },
    /// Another target goes on.
    Failover {
        /// Attempt index that failed.
        from: usize,
        /// Attempt index that goes on.
        to: usize,
        /// The targets of both, in that order.
        targets: Option<Box<(Target, Target)>>,
        /// Why, without content.
        why: String,
        /// Whether the text so far still stands.
        kind: FailoverKind,
        /// Epoch from here on.
        epoch: u32,
        /// Offset at which the content channel goes on.
        at_offset: u64,
    },
}

/// Whether the text so far still stands after a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverKind {
    /// The next target continues the text exactly.
    Continued,
    /// The text so far is void; a new epoch starts at offset 0.
    Reset,
}

/// How a flight ended.
#[derive(Clone, Debug, PartialEq)]
pub struct Ending {
    /// Success or the named reason.
    pub result: Result<Answered, Failure>,
    /// One row for each dispatch, in order.
    pub dispatches: Vec<DispatchRow>,
    /// Failovers told to the client.
    pub failovers: u32,
}

/// A finished answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answered {
    /// Attempt index that finished it.
    pub attempt: usize,
    /// Why generation ended.
    pub finish: Finish,
    /// Tokens of the finishing dispatch, where known.
    pub usage: Option<Usage>,
    /// The last epoch.
    pub epoch: u32,
}

/// A failed flight.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The named reason.
    pub reason: Reason,
    /// What happened, attempt by attempt, without content.
    pub message: String,
    /// When a retry makes sense, in milliseconds.
    pub retry_after_ms: Option<u64>,
}

/// What became of one dispatch. For records: no content.
#[derive(Clone, Debug, PartialEq)]
pub struct DispatchRow {
    /// Attempt index in the plan.
    pub attempt: usize,
    /// Moment of the dispatch.
    pub at: Duration,
    /// Moment of its first token, if any came.
    pub first_token_at: Option<Duration>,
    /// Moment of its end.
    pub ended_at: Duration,
    /// The fault, where it failed; `None` for success or cancel.
    pub fault: Option<Fault>,
    /// Bytes of text it generated.
    pub text_bytes: u64,
}
