//! `Debug` of the types that carry content. An event or an action may end up in a log line or a
//! panic message by accident; what people and models wrote must not, so text shows as its length.

use super::action::{Action, Emission};
use super::event::{Event, TokenLogprob, ToolCallFragment};
use std::fmt::{Debug, Formatter, Result};

/// Stands in for a piece of text.
struct Bytes(usize);

impl Debug for Bytes {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "<{} bytes>", self.0)
    }
}

impl Debug for TokenLogprob {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { token, logprob, top } = self;
        f.debug_struct("TokenLogprob")
            .field("token", &Bytes(token.len()))
            .field("logprob", logprob)
            .field("top", &top.len())
            .finish()
    }
}

impl Debug for ToolCallFragment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { index, id, name, arguments } = self;
        f.debug_struct("ToolCallFragment")
            .field("index", index)
            .field("id", &id.as_ref().map(|text| Bytes(text.len())))
            .field("name", &name.as_ref().map(|text| Bytes(text.len())))
            .field("arguments", &Bytes(arguments.len()))
            .finish()
    }
}

impl Debug for Event {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Accepted(dispatch) => f.debug_tuple("Accepted").field(dispatch).finish(),
            Self::Progress { dispatch, done, of } => {
                write!(f, "Progress({dispatch:?}, {done} of {of})")
            }
            Self::Delta { dispatch, channel, offset, text, logprobs } => f
                .debug_struct("Delta")
                .field("dispatch", dispatch)
                .field("channel", channel)
                .field("offset", offset)
                .field("text", &Bytes(text.len()))
                .field("logprobs", &logprobs.len())
                .finish(),
            Self::ToolCallDelta { dispatch, fragment } => {
                f.debug_tuple("ToolCallDelta").field(dispatch).field(fragment).finish()
            }
            Self::Finished { dispatch, finish, usage } => {
                f.debug_tuple("Finished").field(dispatch).field(finish).field(usage).finish()
            }
            Self::Failed { dispatch, fault } => {
                f.debug_tuple("Failed").field(dispatch).field(fault).finish()
            }
            Self::Timer => f.write_str("Timer"),
            Self::ClientGone => f.write_str("ClientGone"),
            Self::Shutdown => f.write_str("Shutdown"),
            Self::EgressCut => f.write_str("EgressCut"),
        }
    }
}

impl Debug for Action {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Dispatch { dispatch, attempt, remainder, purpose } => f
                .debug_struct("Dispatch")
                .field("dispatch", dispatch)
                .field("attempt", attempt)
                .field("remainder", remainder)
                .field("purpose", purpose)
                .finish(),
            Self::Cancel(dispatch) => f.debug_tuple("Cancel").field(dispatch).finish(),
            Self::Emit(emission) => f.debug_tuple("Emit").field(emission).finish(),
            Self::WakeAt(at) => f.debug_tuple("WakeAt").field(at).finish(),
            Self::End(ending) => f.debug_tuple("End").field(ending).finish(),
        }
    }
}

impl Debug for Emission {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Delta { epoch, channel, offset, text, logprobs } => f
                .debug_struct("Delta")
                .field("epoch", epoch)
                .field("channel", channel)
                .field("offset", offset)
                .field("text", &Bytes(text.len()))
                .field("logprobs", &logprobs.len())
                .finish(),
            Self::ToolCallDelta { epoch, fragment } => {
                f.debug_tuple("ToolCallDelta").field(epoch).field(fragment).finish()
            }
            Self::Progress { done, of } => write!(f, "Progress({done} of {of})"),
            Self::Failover { from, to, why, kind, epoch, at_offset, targets: _ } => f
                .debug_struct("Failover")
                .field("from", from)
                .field("to", to)
                .field("why", why)
                .field("kind", kind)
                .field("epoch", epoch)
                .field("at_offset", at_offset)
                .finish(),
        }
    }
}
