//! What a prompt cannot do without, read off its shape and not its words.

use crate::facts::Needs;
use crate::prompt::{Message, PartContent, Prompt, ResponseFormat, Role};

/// The abilities a target must have to answer this prompt. Tool calls in the history need a target
/// that knows tools as much as tools on offer do.
#[must_use]
pub fn needs(prompt: &Prompt) -> Needs {
    let called = |message: &Message| !message.tool_calls.is_empty() || message.role == Role::Tool;
    let has = |wanted: fn(&PartContent) -> bool| {
        let mut parts = prompt.messages.iter().flat_map(|message| &message.parts);
        parts.any(|part| wanted(&part.content))
    };
    Needs {
        tools: !prompt.tools.is_empty() || prompt.messages.iter().any(called),
        json_output: prompt.response_format != ResponseFormat::Text,
        image: has(|content| matches!(content, PartContent::Image { .. })),
        audio: has(|content| matches!(content, PartContent::Audio { .. })),
        logprobs: prompt.top_logprobs.is_some(),
        embeddings: prompt.embed.is_some(),
    }
}
