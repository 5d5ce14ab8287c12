//! Harmless requests: what stands around a planted secret, and must never be found itself.

use littoral_proto::v1;
use v1::part::Content;

/// A part of text.
pub(super) fn text(text: &str) -> v1::Part {
    v1::Part { content: Some(Content::Text(text.into())), ..v1::Part::default() }
}

/// A message of text.
pub(super) fn message(role: v1::Role, words: &str) -> v1::Message {
    v1::Message { role: role.into(), parts: vec![text(words)], ..v1::Message::default() }
}

/// A request of these messages.
pub(super) fn request(messages: Vec<v1::Message>) -> v1::ChatRequest {
    v1::ChatRequest { messages, max_output_tokens: Some(24), ..v1::ChatRequest::default() }
}

/// A request of one message of a user.
pub(super) fn user(words: &str) -> v1::ChatRequest {
    request(vec![message(v1::Role::User, words)])
}

/// A request that holds nothing.
pub(super) fn harmless() -> v1::ChatRequest {
    user("Please write two friendly sentences about the sea.")
}

/// A tool that takes a note.
pub(super) fn tool(name: &str, description: &str, schema: &serde_json::Value) -> v1::Tool {
    v1::Tool {
        name: name.into(),
        description: Some(description.into()),
        parameters_json: Some(schema.to_string()),
        strict: None,
    }
}

/// A conversation in which the assistant called a tool and the tool answered.
pub(super) fn after_a_call(id: &str, arguments_json: &str, result: &str) -> v1::ChatRequest {
    let call = v1::ToolCall {
        id: id.into(),
        name: "take_note".into(),
        arguments_json: arguments_json.into(),
    };
    let mut asking = message(v1::Role::Assistant, "I write that down.");
    asking.tool_calls = vec![call];
    let mut answer = message(v1::Role::Tool, result);
    answer.tool_call_id = Some(id.into());
    request(vec![message(v1::Role::User, "Please take a note."), asking, answer])
}

/// The label on every part, every message and the whole; `Unspecified` is none.
pub(super) fn labelled(mut request: v1::ChatRequest, label: v1::DataClass) -> v1::ChatRequest {
    for message in &mut request.messages {
        message.data_class = label.into();
        for part in &mut message.parts {
            part.data_class = label.into();
        }
    }
    request.hints.get_or_insert_default().data_class = label.into();
    request
}
