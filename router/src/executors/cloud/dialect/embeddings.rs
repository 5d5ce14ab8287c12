//! Texts into vectors, in the dialects that have a way to ask for it.
//!
//! Pure translation, as for chat: the embedding executor sends what [`encode`] writes to where [`path`]
//! says, reads no more than [`EmbeddingRequest::limit_bytes`] of the answer, and gives it to [`read`].
//! A vector can be turned back into much of its text, so vectors are content as texts are.

use super::{Dialect, Unfit, unsupported};
use crate::executors::cloud::error::ErrorReader;
use crate::executors::cloud::openai;
use bytes::Bytes;
use littoral_core::flight::event::Fault;
use littoral_core::prompt::{Message, PartContent, Prompt};
use std::fmt;

/// Dimensions that an answer may have where none were asked for. Models in use have up to 4,096.
const MOST_DIMENSIONS: u32 = 8_192;
/// A number as JSON, with its comma and the white space of servers that indent.
const NUMBER_BYTES: usize = 48;
/// A vector without its numbers.
const ROW_BYTES: usize = 512;
/// An answer without its vectors.
const ENVELOPE_BYTES: usize = 16 * 1024;

/// What a prompt asks vectors of, from one model: the text of each message.
#[must_use]
pub fn asked(prompt: &Prompt, model: &str) -> EmbeddingRequest {
    let text = |message: &Message| {
        let texts = message.parts.iter().filter_map(|part| match &part.content {
            PartContent::Text(text) => Some(text.as_str()),
            PartContent::Image { .. } | PartContent::Audio { .. } => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    EmbeddingRequest {
        model: model.to_owned(),
        texts: prompt.messages.iter().map(text).collect(),
        dimensions: prompt.embed.and_then(|embed| embed.dimensions),
        user: prompt.user.clone(),
    }
}

/// What one model shall turn into vectors. Content: never stored, never logged.
#[derive(Clone, PartialEq)]
pub struct EmbeddingRequest {
    /// Name the provider knows the model by.
    pub model: String,
    /// The texts; at least one, and none of them empty.
    pub texts: Vec<String>,
    /// Length of each vector; absent means the model's own.
    pub dimensions: Option<u32>,
    /// End-user identifier for a provider's abuse monitoring.
    pub user: Option<String>,
}

impl fmt::Debug for EmbeddingRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EmbeddingRequest({} texts to {})", self.texts.len(), self.model)
    }
}

impl EmbeddingRequest {
    /// The longest answer that can be an answer to this, in bytes. Whoever reads from a connection stops
    /// there; [`read`] refuses what is longer.
    #[must_use]
    pub fn limit_bytes(&self) -> usize {
        let dimensions = self.dimensions.unwrap_or(MOST_DIMENSIONS);
        let numbers =
            usize::try_from(dimensions).unwrap_or(usize::MAX).saturating_mul(NUMBER_BYTES);
        let rows = self.texts.len().saturating_mul(numbers.saturating_add(ROW_BYTES));
        rows.saturating_add(ENVELOPE_BYTES)
    }
}

/// The vectors of a request's texts. Content, like the texts.
#[derive(Clone, PartialEq)]
pub struct Embeddings {
    /// One vector for each text, in the order of the texts, all of one length.
    pub vectors: Vec<Vec<f32>>,
    /// Tokens of all texts, where the provider says so.
    pub prompt_tokens: Option<u32>,
}

impl fmt::Debug for Embeddings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dimensions = self.vectors.first().map_or(0, Vec::len);
        write!(f, "Embeddings({} of {dimensions} dimensions)", self.vectors.len())
    }
}

/// The exchange that an answer belongs to.
#[derive(Clone, Copy)]
pub struct Exchange<'a> {
    /// The provider's name in the configuration.
    pub provider: &'a str,
    /// The body that was sent, whose words no error may repeat.
    pub sent: &'a [u8],
    /// The key that was shown, which no error may repeat either.
    pub key: &'a [u8],
}

/// The path that requests for vectors go to, from the path of the base URL; `None` where the dialect has
/// no way to ask for them.
#[must_use]
pub fn path(dialect: Dialect, base: &str) -> Option<String> {
    match dialect {
        Dialect::OpenAi(_) => Some(format!("{}/embeddings", base.trim_end_matches('/'))),
        Dialect::Anthropic => None,
    }
}

/// The body of a request for vectors.
///
/// # Errors
/// A [`Fault`] and nothing is to be sent: the dialect has no way to ask for it, or nobody could make
/// sense of it.
pub fn encode(
    dialect: Dialect,
    request: &EmbeddingRequest,
    provider: &str,
) -> Result<Bytes, Fault> {
    written(dialect, request).map_err(|unfit| unfit.fault(provider))
}

fn written(dialect: Dialect, request: &EmbeddingRequest) -> Result<Bytes, Unfit> {
    match dialect {
        Dialect::OpenAi(_) => openai::embeddings::encode(request),
        Dialect::Anthropic => Err(unsupported("has no embeddings")),
    }
}

/// Reads the whole body of an answer with status 200.
///
/// # Errors
/// A [`Fault`] that names what is wrong: an error in the place of an answer, or one that is not what the
/// dialect allows. A vector too few, too many, or of another length than the others is never passed on.
pub fn read(
    dialect: Dialect,
    request: &EmbeddingRequest,
    exchange: Exchange<'_>,
    answer: &[u8],
) -> Result<Embeddings, Fault> {
    let Exchange { provider, sent, key } = exchange;
    let errors = ErrorReader { provider, sent, key };
    if answer.len() > request.limit_bytes() {
        return Err(errors.garbage("sent an answer that is too long"));
    }
    match dialect {
        Dialect::OpenAi(_) => openai::embeddings::read(request, errors, answer),
        Dialect::Anthropic => Err(unsupported("has no embeddings").fault(provider)),
    }
}

#[cfg(test)]
mod tests;
