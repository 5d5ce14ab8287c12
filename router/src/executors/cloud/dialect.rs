//! The languages of providers: a closed set, each translated both ways without input or output.
//!
//! A dialect turns a prompt into the body of a request, and what comes back into pieces of an answer.
//! Dialects differ in what they can say. What one cannot say, no model of that provider has as an
//! ability ([`Dialect::carries`], [`Dialect::continues`]; the configuration refuses the claim), so a
//! decision knows it beforehand. What only one request in a thousand asks for (a seed, a penalty) is
//! no ability that decisions weigh; there the encoder refuses by name before anything is sent, and
//! blames the target, since another may do better. Nothing is ever left out in silence.

mod answer;
mod count;
pub mod embeddings;
mod unfit;

pub(super) use answer::{AnswerReader, Completed, Piece, Step};
pub(super) use count::count;
pub(super) use unfit::{Unfit, invalid, object, unsupported};

use super::anthropic;
use super::error::ErrorReader;
use super::openai::{self, OpenAi};
use bytes::Bytes;
use littoral_core::facts::Needs;
use littoral_core::flight::event::Blame;
use littoral_core::prompt::{Prompt, Remainder};
use serde::Serialize;

/// What is spoken at a provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAI's chat completions, with what this provider understands of them.
    OpenAi(OpenAi),
    /// Anthropic's messages.
    Anthropic,
}

/// How a dialect wants to be shown the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct KeyHeader {
    /// The header's name, in lower case.
    pub(super) name: &'static str,
    /// What stands before the key.
    pub(super) scheme: &'static str,
}

impl Dialect {
    /// OpenAI's dialect as spoken at this address.
    #[must_use]
    pub fn openai_at(base_url: &str) -> Self {
        Self::OpenAi(OpenAi::for_base_url(base_url))
    }

    /// The dialect's name in the configuration.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi(_) => "openai",
            Self::Anthropic => "anthropic",
        }
    }

    /// The abilities that a model reached through this dialect can have at most.
    #[must_use]
    pub const fn carries(self) -> Needs {
        match self {
            Self::OpenAi(_) => openai::CARRIES,
            Self::Anthropic => anthropic::CARRIES,
        }
    }

    /// Whether a begun turn of the assistant can be handed over to be continued exactly.
    #[must_use]
    pub const fn continues(self) -> bool {
        match self {
            Self::OpenAi(_) => false,
            Self::Anthropic => true,
        }
    }

    /// The path that requests go to, from the path of the base URL.
    pub(super) fn path(self, base: &str) -> String {
        let base = base.trim_end_matches('/');
        match self {
            Self::OpenAi(_) => format!("{base}/chat/completions"),
            // Anthropic's own clients take the base without the version.
            Self::Anthropic if base.ends_with("/v1") => format!("{base}/messages"),
            Self::Anthropic => format!("{base}/v1/messages"),
        }
    }

    pub(super) const fn key_header(self) -> KeyHeader {
        match self {
            Self::OpenAi(_) => KeyHeader { name: "authorization", scheme: "Bearer " },
            Self::Anthropic => KeyHeader { name: "x-api-key", scheme: "" },
        }
    }

    /// Headers of every request besides the key.
    pub(super) const fn headers(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::OpenAi(_) => &[],
            Self::Anthropic => &[("anthropic-version", anthropic::VERSION)],
        }
    }

    /// A prompt as the body of a request to one model. `remainder` says how much of the answer is asked
    /// for; the caller's own bound has gone into it.
    pub(super) fn encode(
        self,
        prompt: &Prompt,
        remainder: &Remainder,
        model: &str,
    ) -> Result<Bytes, Unfit> {
        match self {
            Self::OpenAi(known) => openai::request::encode(prompt, remainder, model, known),
            Self::Anthropic => anthropic::request::encode(prompt, remainder, model),
        }
    }

    /// Something that reads one answer.
    pub(super) fn reader(self, errors: ErrorReader<'_>) -> AnswerReader<'_> {
        match self {
            Self::OpenAi(_) => AnswerReader::OpenAi(openai::stream::AnswerReader::new(errors)),
            Self::Anthropic => {
                AnswerReader::Anthropic(anthropic::stream::AnswerReader::new(errors))
            }
        }
    }
}

/// The bytes of a body.
pub(super) fn body(request: &impl Serialize) -> Result<Bytes, Unfit> {
    let body = serde_json::to_vec(request).map_err(|_| Unfit {
        blame: Blame::Router,
        kind: "encode",
        why: "cannot be sent this request: it does not encode",
    })?;
    Ok(body.into())
}

#[cfg(test)]
mod tests;
