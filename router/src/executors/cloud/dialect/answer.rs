//! What every dialect's answer amounts to: pieces as they come, and at last how it ended.

use crate::executors::cloud::{anthropic, openai};
use littoral_core::flight::event::{Channel, Fault, Finish, TokenLogprob, ToolCallFragment, Usage};

/// A piece of an answer, before it is given the number of its dispatch.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::executors::cloud) enum Piece {
    /// Text, with its log-probabilities where asked for.
    Text(Channel, String, Vec<TokenLogprob>),
    /// A fragment of a tool call.
    ToolCall(ToolCallFragment),
}

/// How an answer ended well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::executors::cloud) struct Completed {
    pub(in crate::executors::cloud) finish: Finish,
    pub(in crate::executors::cloud) usage: Option<Usage>,
}

/// What the data of one event amounts to.
#[derive(Debug, PartialEq)]
pub(in crate::executors::cloud) enum Step {
    /// Pieces of the answer; more may come.
    Pieces(Vec<Piece>),
    /// The provider says that this was all.
    Done,
}

/// Reads one answer in its dialect.
pub(in crate::executors::cloud) enum AnswerReader<'a> {
    OpenAi(openai::stream::AnswerReader<'a>),
    Anthropic(anthropic::stream::AnswerReader<'a>),
}

impl AnswerReader<'_> {
    /// Reads the data of one event of a stream.
    pub(in crate::executors::cloud) fn event(&mut self, data: &str) -> Result<Step, Fault> {
        match self {
            Self::OpenAi(reader) => reader.event(data),
            Self::Anthropic(reader) => reader.event(data),
        }
    }

    /// Reads a whole answer, from a server that does not stream.
    pub(in crate::executors::cloud) fn whole(&mut self, body: &str) -> Result<Vec<Piece>, Fault> {
        match self {
            Self::OpenAi(reader) => reader.whole(body),
            Self::Anthropic(reader) => reader.whole(body),
        }
    }

    /// Whether the reason of its end has come, and with it the whole text.
    pub(in crate::executors::cloud) fn is_complete(&self) -> bool {
        match self {
            Self::OpenAi(reader) => reader.is_complete(),
            Self::Anthropic(reader) => reader.is_complete(),
        }
    }

    /// The end of the answer: well if it is complete, and with `fault` if not.
    pub(in crate::executors::cloud) fn end(self, fault: Fault) -> Result<Completed, Fault> {
        match self {
            Self::OpenAi(reader) => reader.end(fault),
            Self::Anthropic(reader) => reader.end(fault),
        }
    }
}
