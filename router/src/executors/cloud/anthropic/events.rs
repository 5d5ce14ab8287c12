//! The JSON of what comes back, as a stream of events or all at once.
//!
//! It is read leniently: unknown fields are passed over and every field may be absent, because servers
//! that imitate the API leave out what they have not got. What an answer cannot do without is checked
//! where it is used. Events and blocks of kinds that are not known come out as such.

use crate::executors::cloud::dialect::count;
use littoral_core::flight::event::{Finish, Usage};
use serde::Deserialize;
use serde_json::Value;

/// One event of a stream.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Event {
    MessageStart {
        message: Begun,
    },
    ContentBlockStart {
        index: u32,
        content_block: Block,
    },
    ContentBlockDelta {
        index: u32,
        delta: Delta,
    },
    ContentBlockStop {
        index: u32,
    },
    MessageDelta {
        delta: Ending,
        usage: Option<Counts>,
    },
    MessageStop,
    Ping,
    Error {
        #[serde(default)]
        error: Value,
    },
    /// The API may add events; its documents ask clients to pass over those they do not know.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
pub(super) struct Begun {
    pub(super) usage: Option<Counts>,
}

/// A block of an answer: at its beginning in a stream, whole otherwise.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Block {
    Text {
        #[serde(default)]
        text: String,
    },
    Thinking {
        #[serde(default)]
        thinking: String,
    },
    /// A thought in a form that only its maker reads.
    RedactedThinking,
    ToolUse {
        id: String,
        name: String,
        #[serde(default)]
        input: Value,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "they are the API's words")]
pub(super) enum Delta {
    TextDelta {
        text: String,
    },
    ThinkingDelta {
        thinking: String,
    },
    InputJsonDelta {
        partial_json: String,
    },
    /// Proves a thought to its maker; it is never sent back.
    SignatureDelta,
    /// Where in a document a text comes from; none is ever sent.
    CitationsDelta,
    #[serde(other)]
    UnknownDelta,
}

#[derive(Deserialize)]
pub(super) struct Ending {
    pub(super) stop_reason: Option<String>,
}

/// A whole answer, or an error in its place.
#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Whole {
    Message {
        content: Vec<Block>,
        stop_reason: Option<String>,
        usage: Option<Counts>,
    },
    Error {
        #[serde(default)]
        error: Value,
    },
}

/// Tokens so far. The three kinds of prompt tokens exclude each other.
#[derive(Clone, Copy, Default, Deserialize)]
pub(super) struct Counts {
    #[serde(default, deserialize_with = "count")]
    input_tokens: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    cache_read_input_tokens: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    cache_creation_input_tokens: Option<u32>,
    #[serde(default, deserialize_with = "count")]
    output_tokens: Option<u32>,
    output_tokens_details: Option<OutputDetails>,
}

#[derive(Clone, Copy, Deserialize)]
struct OutputDetails {
    #[serde(default, deserialize_with = "count")]
    thinking_tokens: Option<u32>,
}

impl Counts {
    /// Whether the generated tokens are among them.
    pub(super) fn has_output(self) -> bool {
        self.output_tokens.is_some()
    }

    /// Takes in later counts. They are sums from the beginning, and may be left out or 0 where they
    /// have not changed, so the larger one holds.
    pub(super) fn take_in(&mut self, later: Self) {
        self.input_tokens = self.input_tokens.max(later.input_tokens);
        self.cache_read_input_tokens =
            self.cache_read_input_tokens.max(later.cache_read_input_tokens);
        self.cache_creation_input_tokens =
            self.cache_creation_input_tokens.max(later.cache_creation_input_tokens);
        self.output_tokens = self.output_tokens.max(later.output_tokens);
        self.output_tokens_details = later.output_tokens_details.or(self.output_tokens_details);
    }

    /// The counts with all prompt tokens in one sum. Half a usage is none: a bill cannot be made of it.
    pub(super) fn usage(self) -> Option<Usage> {
        let cached_tokens = self.cache_read_input_tokens.unwrap_or(0);
        let cache_write_tokens = self.cache_creation_input_tokens.unwrap_or(0);
        let thinking = self.output_tokens_details.and_then(|details| details.thinking_tokens);
        Some(Usage {
            prompt_tokens: self
                .input_tokens?
                .saturating_add(cached_tokens)
                .saturating_add(cache_write_tokens),
            cached_tokens,
            cache_write_tokens,
            completion_tokens: self.output_tokens?,
            reasoning_tokens: thinking.unwrap_or(0),
        })
    }
}

/// What the API's word for the end of an answer means; `None` for a word that is unknown, or that only
/// comes of tools that run at the provider, which are never asked for.
pub(super) fn finish(word: &str) -> Option<Finish> {
    match word {
        "end_turn" | "stop_sequence" => Some(Finish::Stop),
        "max_tokens" | "model_context_window_exceeded" => Some(Finish::Length),
        "tool_use" => Some(Finish::ToolCalls),
        "refusal" => Some(Finish::ContentFilter),
        _ => None,
    }
}
