//! Every leaf of a prompt that holds content, each with its place and the label that covers it.
//!
//! One walk serves classification, byte counts and detectors: what one of them sees, all see.
//! The structs are taken apart field by field and without `..`, so a new field does not compile until
//! somebody has decided here what it is.
//!
//! Labels: a part's own, else its message's, else the prompt's. What a message holds beside its parts
//! (tool calls, the id of an answered call) takes the message's label, else the prompt's. What belongs
//! to no message, and the names of speakers, takes the prompt's. A leaf of zero bytes is no content.
//!
//! A sound is a leaf like any other and has bytes, but no text that anybody could read.

use super::at::At;
use crate::class::DataClass;
use crate::prompt::{
    Message, Part, PartContent, Prompt, ResponseFormat, Role, Tool, ToolCall, ToolChoice,
};

/// A string or a sound of a prompt.
#[derive(Clone, Copy)]
pub(super) struct Leaf<'a> {
    /// Where it stands.
    pub at: At,
    /// The label that covers it.
    pub label: Option<DataClass>,
    /// Its text; empty in a sound, and nowhere else.
    pub text: &'a str,
    /// Its length, at least 1.
    pub bytes: usize,
    /// Who says it, for what is said in a message.
    pub role: Option<Role>,
}

impl<'a> Leaf<'a> {
    fn of_text(at: At, label: Option<DataClass>, text: &'a str, role: Option<Role>) -> Self {
        Self { at, label, text, bytes: text.len(), role }
    }
}

/// Takes a leaf.
pub(super) type Visit<'v, 'a> = dyn FnMut(Leaf<'a>) + 'v;

/// Length of all content of a prompt, in bytes: its strings in UTF-8, and its sounds.
#[must_use]
pub fn content_bytes(prompt: &Prompt) -> u64 {
    let mut bytes = 0_u64;
    walk(prompt, &mut |leaf| {
        bytes = bytes.saturating_add(u64::try_from(leaf.bytes).unwrap_or(u64::MAX));
    });
    bytes
}

/// Shows every leaf that is not empty to `visit`, in the order of the prompt.
pub(super) fn walk<'a>(prompt: &'a Prompt, visit: &mut Visit<'_, 'a>) {
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
        embed: _,
    } = prompt;
    let label = *label;
    let mut filled = |leaf: Leaf<'a>| {
        if leaf.bytes > 0 {
            visit(leaf);
        }
    };
    for (index, message) in messages.iter().enumerate() {
        walk_message(index, message, label, &mut filled);
    }
    let mut leaf = |at, label, text, role| filled(Leaf::of_text(at, label, text, role));
    for (index, tool) in tools.iter().enumerate() {
        walk_tool(index, tool, label, &mut leaf);
    }
    match tool_choice {
        ToolChoice::Auto | ToolChoice::None | ToolChoice::Required => {}
        ToolChoice::Function(name) => leaf(At::ToolChoice, label, name, None),
    }
    match response_format {
        ResponseFormat::Text | ResponseFormat::JsonObject => {}
        ResponseFormat::JsonSchema { name, schema_json, strict: _ } => {
            leaf(At::SchemaName, label, name, None);
            leaf(At::Schema, label, schema_json, None);
        }
    }
    for (index, text) in stop.iter().enumerate() {
        leaf(At::Stop(index), label, text, None);
    }
    user.iter().for_each(|text| leaf(At::User, label, text, None));
    for (index, (key, value)) in metadata.iter().enumerate() {
        leaf(At::MetadataKey(index), label, key, None);
        leaf(At::MetadataValue(index), label, value, None);
    }
}

/// Takes the place, the label, the text and the speaker of a leaf.
type Take<'v, 'a> = dyn FnMut(At, Option<DataClass>, &'a str, Option<Role>) + 'v;

fn walk_message<'a>(
    index: usize,
    message: &'a Message,
    outer: Option<DataClass>,
    visit: &mut Visit<'_, 'a>,
) {
    let Message { role, parts, name, tool_calls, tool_call_id, label } = message;
    let (own, role) = (label.or(outer), Some(*role));
    for (part, Part { content, label }) in parts.iter().enumerate() {
        let label = label.or(own);
        match content {
            PartContent::Text(text) => {
                visit(Leaf::of_text(At::Text(index, part), label, text, role));
            }
            PartContent::Image { url, detail } => {
                visit(Leaf::of_text(At::ImageUrl(index, part), label, url, role));
                let at = At::ImageDetail(index, part);
                detail.iter().for_each(|text| visit(Leaf::of_text(at, label, text, role)));
            }
            PartContent::Audio { format: _, data } => {
                let at = At::Audio(index, part);
                visit(Leaf { at, label, text: "", bytes: data.len(), role });
            }
        }
    }
    let mut leaf = |at, label, text, role| visit(Leaf::of_text(at, label, text, role));
    name.iter().for_each(|name| leaf(At::Name(index), outer, name, role));
    for (call, ToolCall { id, name, arguments_json }) in tool_calls.iter().enumerate() {
        leaf(At::CallId(index, call), own, id, role);
        leaf(At::CallName(index, call), own, name, role);
        leaf(At::CallArguments(index, call), own, arguments_json, role);
    }
    tool_call_id.iter().for_each(|id| leaf(At::AnsweredCall(index), own, id, role));
}

fn walk_tool<'a>(index: usize, tool: &'a Tool, label: Option<DataClass>, leaf: &mut Take<'_, 'a>) {
    let Tool { name, description, parameters_json, strict: _ } = tool;
    leaf(At::ToolName(index), label, name, None);
    description.iter().for_each(|text| leaf(At::ToolDescription(index), label, text, None));
    parameters_json.iter().for_each(|text| leaf(At::ToolParameters(index), label, text, None));
}
