//! Every string leaf of a prompt, each with the label that covers it.
//!
//! One walk serves classification, byte counts and, later, detectors: what one of them sees, all see.
//! The structs are taken apart field by field and without `..`, so a new field does not compile until
//! somebody has decided here what it is.
//!
//! Labels: a part's own, else its message's, else the prompt's. What a message holds beside its parts
//! (tool calls, the id of an answered call) takes the message's label, else the prompt's. What belongs
//! to no message, and the names of speakers, takes the prompt's. A leaf of zero bytes is no content.

use crate::class::DataClass;
use crate::prompt::{
    Message, Part, PartContent, Prompt, ResponseFormat, Tool, ToolCall, ToolChoice,
};

/// Takes a leaf: the label that covers it, and its text.
pub(super) type Visit<'a> = dyn FnMut(Option<DataClass>, &str) + 'a;

/// Length of all string content of a prompt, in UTF-8 bytes.
#[must_use]
pub fn content_bytes(prompt: &Prompt) -> u64 {
    let mut bytes = 0_u64;
    walk(prompt, &mut |_, text| {
        bytes = bytes.saturating_add(u64::try_from(text.len()).unwrap_or(u64::MAX));
    });
    bytes
}

/// Shows every leaf that is not empty to `visit`.
pub(super) fn walk(prompt: &Prompt, visit: &mut Visit<'_>) {
    let Prompt {
        messages,
        tools,
        tool_choice,
        response_format,
        sampling: _,
        stop,
        max_output_tokens: _,
        top_logprobs: _,
        user,
        metadata,
        label,
    } = prompt;
    let label = *label;
    let mut leaf = |label: Option<DataClass>, text: &str| {
        if !text.is_empty() {
            visit(label, text);
        }
    };
    for message in messages {
        walk_message(message, label, &mut leaf);
    }
    for tool in tools {
        walk_tool(tool, label, &mut leaf);
    }
    match tool_choice {
        ToolChoice::Auto | ToolChoice::None | ToolChoice::Required => {}
        ToolChoice::Function(name) => leaf(label, name),
    }
    match response_format {
        ResponseFormat::Text | ResponseFormat::JsonObject => {}
        ResponseFormat::JsonSchema { name, schema_json, strict: _ } => {
            leaf(label, name);
            leaf(label, schema_json);
        }
    }
    stop.iter().chain(user).for_each(|text| leaf(label, text));
    for (key, value) in metadata {
        leaf(label, key);
        leaf(label, value);
    }
}

fn walk_message(message: &Message, outer: Option<DataClass>, leaf: &mut Visit<'_>) {
    let Message { role: _, parts, name, tool_calls, tool_call_id, label } = message;
    let own = label.or(outer);
    for Part { content, label } in parts {
        let label = label.or(own);
        match content {
            PartContent::Text(text) => leaf(label, text),
            PartContent::Image { url, detail } => {
                leaf(label, url);
                detail.iter().for_each(|detail| leaf(label, detail));
            }
        }
    }
    name.iter().for_each(|name| leaf(outer, name));
    for ToolCall { id, name, arguments_json } in tool_calls {
        [id, name, arguments_json].into_iter().for_each(|text| leaf(own, text));
    }
    tool_call_id.iter().for_each(|id| leaf(own, id));
}

fn walk_tool(tool: &Tool, label: Option<DataClass>, leaf: &mut Visit<'_>) {
    let Tool { name, description, parameters_json, strict: _ } = tool;
    leaf(label, name);
    description.iter().chain(parameters_json).for_each(|text| leaf(label, text));
}
