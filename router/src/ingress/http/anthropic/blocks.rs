//! Blocks of content, as Anthropic's clients write them. Results of tools come in a message of the user
//! there, and are messages of their own here.

use crate::ingress::http::openai::{part, text_part};
use crate::wire::violation::Violations;
use littoral_proto::v1;
use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum InContent {
    Text(String),
    Blocks(Vec<InBlock>),
}

/// A block of any kind. A wish about caches (`cache_control`) and other fields that steer nothing here are not
/// looked at.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct InBlock {
    #[serde(rename = "type")]
    kind: String,
    text: Option<String>,
    source: Option<InSource>,
    id: Option<String>,
    name: Option<String>,
    input: Option<Map<String, Value>>,
    tool_use_id: Option<String>,
    content: Option<InContent>,
    is_error: Option<bool>,
}

#[derive(Deserialize)]
pub(super) struct InSource {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    media_type: Option<String>,
    #[serde(default)]
    data: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// Content that can only be text.
pub(super) fn text_only(content: InContent, path: &str, bad: &mut Violations) -> Vec<v1::Part> {
    match content {
        InContent::Text(text) => vec![text_part(text)],
        InContent::Blocks(blocks) => {
            let one = |(index, block): (usize, InBlock)| match block.text {
                Some(text) if block.kind == "text" => Some(text_part(text)),
                _ => {
                    bad.add(format!("{path}[{index}].type"), "must be text");
                    None
                }
            };
            blocks.into_iter().enumerate().filter_map(one).collect()
        }
    }
}

/// Adds a message, in the wire's words, and before it those that its results of tools become.
pub(super) fn to_wire(
    role: &str,
    content: InContent,
    path: &str,
    messages: &mut Vec<v1::Message>,
    bad: &mut Violations,
) {
    let role = match role {
        "user" => v1::Role::User,
        "assistant" => v1::Role::Assistant,
        _ => {
            bad.add(format!("{path}.role"), "must be user or assistant");
            v1::Role::User
        }
    };
    let mut message = v1::Message { role: role.into(), ..v1::Message::default() };
    match content {
        InContent::Text(text) => message.parts.push(text_part(text)),
        InContent::Blocks(blocks) => {
            for (index, block) in blocks.into_iter().enumerate() {
                let path = format!("{path}.content[{index}]");
                match (block.kind.as_str(), role) {
                    ("tool_result", v1::Role::User) => {
                        messages.extend(result(block, &path, bad));
                    }
                    ("tool_use", v1::Role::Assistant) => {
                        message.tool_calls.extend(call(block, &path, bad));
                    }
                    // A model is not told its earlier thoughts.
                    ("thinking" | "redacted_thinking", v1::Role::Assistant) => {}
                    _ => message.parts.extend(part_of(block, &path, bad)),
                }
            }
        }
    }
    let only_results = role == v1::Role::User
        && message.parts.is_empty()
        && messages.last().is_some_and(|last| last.role() == v1::Role::Tool);
    if !only_results {
        messages.push(message);
    }
}

fn part_of(block: InBlock, path: &str, bad: &mut Violations) -> Option<v1::Part> {
    match (block.kind.as_str(), block.text, block.source) {
        ("text", Some(text), None) => Some(text_part(text)),
        ("image", None, Some(source)) => {
            let url = match (source.kind.as_str(), source.media_type, source.data, source.url) {
                ("base64", Some(kind), Some(data), None) => format!("data:{kind};base64,{data}"),
                ("url", None, None, Some(url)) => url,
                _ => {
                    let known = "must be base64 with media_type and data, or url";
                    bad.add(format!("{path}.source.type"), known);
                    return None;
                }
            };
            Some(part(v1::part::Content::Image(v1::Image { url, detail: None })))
        }
        _ => {
            let known = "must be text or image (tool_result in a user's message, tool_use in an assistant's), \
                         with its fields";
            bad.add(format!("{path}.type"), known);
            None
        }
    }
}

fn call(block: InBlock, path: &str, bad: &mut Violations) -> Option<v1::ToolCall> {
    let (Some(id), Some(name)) = (block.id, block.name) else {
        bad.add(path, "a tool_use needs id and name");
        return None;
    };
    let arguments_json = Value::Object(block.input.unwrap_or_default()).to_string();
    Some(v1::ToolCall { id, name, arguments_json })
}

fn result(block: InBlock, path: &str, bad: &mut Violations) -> Option<v1::Message> {
    let Some(id) = block.tool_use_id else {
        bad.add(format!("{path}.tool_use_id"), "is needed");
        return None;
    };
    let mut parts = match block.content {
        None => Vec::new(),
        Some(InContent::Text(text)) => vec![text_part(text)],
        Some(InContent::Blocks(blocks)) => {
            let one = |(index, block)| part_of(block, &format!("{path}.content[{index}]"), bad);
            blocks.into_iter().enumerate().filter_map(one).collect()
        }
    };
    if block.is_error == Some(true) {
        // OpenAI's dialect, and with it ours, has no other way to say that a tool failed.
        parts.insert(0, text_part("The tool failed:".into()));
    }
    if parts.is_empty() {
        parts.push(text_part(String::new()));
    }
    Some(v1::Message {
        role: v1::Role::Tool.into(),
        parts,
        tool_call_id: Some(id),
        ..v1::Message::default()
    })
}
