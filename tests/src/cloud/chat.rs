//! OpenAI chat completions on the wire: what a request asks for, and the bodies and events that
//! answer it. Checks what the real service checks, so that a client that would fail there fails here.

use super::answer::{Answer, Framing, Tally};
use super::embeddings;
use super::speech::{Asked, Refused, refuse};
use axum::body::Bytes;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use serde_json::{Value, json};

/// The address and the header that every request must have.
pub(super) fn check(head: &Parts) -> Result<(), Refused> {
    if !["/v1/chat/completions", embeddings::PATH].contains(&head.uri.path()) {
        return refuse(StatusCode::NOT_FOUND, "unknown request URL");
    }
    let authorization = head.headers.get(header::AUTHORIZATION).and_then(|v| v.to_str().ok());
    if !authorization.is_some_and(|v| v.len() > 7 && v.starts_with("Bearer ")) {
        return refuse(StatusCode::UNAUTHORIZED, "no key in the authorization header");
    }
    Ok(())
}

/// Whether a stream shall end with a usage event.
pub(super) fn wants_usage(body: &Value, stream: bool) -> Result<bool, Refused> {
    let options = &body["stream_options"];
    if !stream && !options.is_null() {
        return refuse(StatusCode::BAD_REQUEST, "`stream_options` needs `stream`");
    }
    Ok(options["include_usage"].as_bool().unwrap_or(false))
}

/// The body of a whole answer.
pub(super) fn completion(answer: &Answer, asked: &Asked) -> Value {
    let mut message = json!({"role": "assistant", "content": answer.text(), "refusal": null});
    if let Some((name, arguments)) = &answer.tool_call {
        let function = json!({"name": name, "arguments": arguments.concat()});
        message["tool_calls"] = json!([{"id": "call_1", "type": "function", "function": function}]);
    }
    let finish_reason = answer.finish_reason;
    let choice =
        json!({"index": 0, "message": message, "logprobs": null, "finish_reason": finish_reason});
    let mut body = envelope("chat.completion", asked);
    body["choices"] = json!([choice]);
    body["usage"] = usage(answer);
    body
}

/// The JSON of each event of a streamed answer, and whether it carries a piece of text.
pub(super) fn chunks(answer: &Answer, asked: &Asked) -> Vec<(Value, bool)> {
    let chunk = |delta: Value, finish_reason: Option<&str>| {
        let mut chunk = envelope("chat.completion.chunk", asked);
        chunk["choices"] = json!([
            {"index": 0, "delta": delta, "logprobs": null, "finish_reason": finish_reason}
        ]);
        if asked.include_usage {
            chunk["usage"] = Value::Null;
        }
        chunk
    };
    let mut chunks = vec![(chunk(json!({"role": "assistant", "content": ""}), None), false)];
    chunks.extend(answer.pieces.iter().map(|text| (chunk(json!({"content": text}), None), true)));
    if let Some((name, arguments)) = &answer.tool_call {
        let function = json!({"name": name, "arguments": ""});
        let call = json!({"index": 0, "id": "call_1", "type": "function", "function": function});
        chunks.push((chunk(json!({"tool_calls": [call]}), None), false));
        chunks.extend(arguments.iter().map(|arguments| {
            let call = json!({"index": 0, "function": {"arguments": arguments}});
            (chunk(json!({"tool_calls": [call]}), None), true)
        }));
    }
    chunks.push((chunk(json!({}), Some(answer.finish_reason)), false));
    if asked.include_usage && answer.tally != Tally::Nothing {
        let mut last = envelope("chat.completion.chunk", asked);
        last["choices"] = json!([]);
        last["usage"] = usage(answer);
        chunks.push((last, false));
    }
    chunks
}

fn envelope(object: &str, asked: &Asked) -> Value {
    json!({
        "id": "chatcmpl-stand-in",
        "object": object,
        "created": 1_700_000_000,
        "model": asked.model,
    })
}

fn usage(answer: &Answer) -> Value {
    let [prompt, completion] = answer.told_usage();
    let total = answer.usage.0.saturating_add(answer.usage.1);
    json!({"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": total})
}

/// An error, as a body or as an event.
pub(super) fn error(message: &str) -> Value {
    json!({"error": {"message": message, "type": "stand_in", "param": null, "code": null}})
}

/// One server-sent event.
pub(super) fn event(data: &str, framing: Framing) -> Bytes {
    Bytes::from(format!("data: {data}{0}{0}", line_end(framing)))
}

/// A comment line, which a client must ignore.
pub(super) fn comment(framing: Framing) -> Bytes {
    Bytes::from(format!(": keep-alive{0}{0}", line_end(framing)))
}

/// How a line ends.
pub(super) const fn line_end(framing: Framing) -> &'static str {
    match framing {
        Framing::Lf => "\n",
        Framing::CrLf => "\r\n",
        Framing::Cr => "\r",
    }
}
