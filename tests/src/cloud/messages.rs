//! Anthropic's messages on the wire: what the real service checks of a request, and the bodies and
//! events that answer it.

use super::answer::{Answer, Framing};
use super::chat::line_end;
use super::speech::{Asked, Refused, refuse};
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde_json::{Value, json};

/// The headers that every request must have.
pub(super) fn check(head: &Parts) -> Result<(), Refused> {
    let is_set = |name: &str| head.headers.get(name).is_some_and(|value| !value.is_empty());
    if !is_set("x-api-key") {
        return refuse(StatusCode::UNAUTHORIZED, "x-api-key header is required");
    }
    if !is_set("anthropic-version") {
        return refuse(StatusCode::BAD_REQUEST, "anthropic-version: header is required");
    }
    Ok(())
}

/// What a body must be beyond that of any dialect.
pub(super) fn check_body(body: &Value) -> Result<(), Refused> {
    if body["max_tokens"].as_u64().is_none_or(|tokens| tokens == 0) {
        return refuse(StatusCode::BAD_REQUEST, "max_tokens: Field required");
    }
    let messages = body["messages"].as_array().into_iter().flatten();
    for message in messages {
        if !matches!(message["role"].as_str(), Some("user" | "assistant")) {
            return refuse(StatusCode::BAD_REQUEST, "messages: unexpected role");
        }
        let content = &message["content"];
        if content.as_str().is_none_or(str::is_empty)
            && content.as_array().is_none_or(Vec::is_empty)
        {
            return refuse(StatusCode::BAD_REQUEST, "messages: content must be non-empty");
        }
    }
    Ok(())
}

/// The body of a whole answer.
pub(super) fn message(answer: &Answer, asked: &Asked) -> Value {
    let mut content = Vec::new();
    if !answer.pieces.is_empty() {
        content.push(json!({"type": "text", "text": answer.text()}));
    }
    if let Some((name, arguments)) = &answer.tool_call {
        let input: Value = serde_json::from_str(&arguments.concat()).unwrap_or_default();
        content.push(json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": input}));
    }
    let mut message = envelope(asked);
    message["content"] = json!(content);
    message["stop_reason"] = json!(stop_reason(answer));
    let [input_tokens, output_tokens] = answer.told_usage();
    message["usage"] = json!({"input_tokens": input_tokens, "output_tokens": output_tokens});
    message
}

/// The JSON of each event up to the one before the last, and whether it carries a piece.
pub(super) fn chunks(answer: &Answer, asked: &Asked) -> Vec<(Value, bool)> {
    let [input_tokens, output_tokens] = answer.told_usage();
    let mut begun = envelope(asked);
    // The first token is counted at the beginning already.
    let first = if input_tokens.is_null() { Value::Null } else { 1.into() };
    begun["usage"] = json!({"input_tokens": input_tokens, "output_tokens": first});
    let mut chunks = vec![(json!({"type": "message_start", "message": begun}), false)];
    if !answer.pieces.is_empty() {
        let pieces = answer.pieces.iter().map(|text| json!({"type": "text_delta", "text": text}));
        block(&mut chunks, 0, &json!({"type": "text", "text": ""}), pieces);
    }
    if let Some((name, arguments)) = &answer.tool_call {
        let call = json!({"type": "tool_use", "id": "toolu_1", "name": name, "input": {}});
        let pieces = arguments.iter();
        let pieces = pieces.map(|json| json!({"type": "input_json_delta", "partial_json": json}));
        block(&mut chunks, 1, &call, pieces);
    }
    let delta = json!({"stop_reason": stop_reason(answer), "stop_sequence": null});
    let usage = json!({"output_tokens": output_tokens});
    chunks.push((json!({"type": "message_delta", "delta": delta, "usage": usage}), false));
    chunks
}

fn block(
    chunks: &mut Vec<(Value, bool)>,
    index: u32,
    block: &Value,
    deltas: impl Iterator<Item = Value>,
) {
    let begin = json!({"type": "content_block_start", "index": index, "content_block": block});
    chunks.push((begin, false));
    chunks.extend(deltas.map(|delta| {
        (json!({"type": "content_block_delta", "index": index, "delta": delta}), true)
    }));
    chunks.push((json!({"type": "content_block_stop", "index": index}), false));
}

/// The last event.
pub(super) fn last() -> Value {
    json!({"type": "message_stop"})
}

/// An error, as a body or as an event.
pub(super) fn error(message: &str) -> Value {
    json!({"type": "error", "error": {"type": "stand_in", "message": message}})
}

/// One server-sent event, with its kind for a name.
pub(super) fn event(chunk: &Value, framing: Framing) -> Bytes {
    let (end, name) = (line_end(framing), chunk["type"].as_str().unwrap_or_default());
    Bytes::from(format!("event: {name}{end}data: {chunk}{end}{end}"))
}

fn envelope(asked: &Asked) -> Value {
    json!({
        "id": "msg_stand_in",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": [],
        "stop_reason": null,
        "stop_sequence": null,
    })
}

/// The reason in this dialect's word; answers are scripted in OpenAI's.
fn stop_reason(answer: &Answer) -> &str {
    match answer.finish_reason {
        "stop" => "end_turn",
        "length" => "max_tokens",
        "tool_calls" => "tool_use",
        "content_filter" => "refusal",
        other => other,
    }
}
