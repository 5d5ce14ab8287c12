//! `POST /v1/chat/completions`.

use super::request::ChatBody;
use super::stream::{Chunks, choice_logprobs};
use crate::ingress::http::HttpDoor;
use crate::ingress::http::answer::{Author, Begun, Sent, begin, served, unix_s};
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::hints;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use littoral_proto::v1;
use serde_json::{Value, json};
use std::time::Duration;
use tonic::Status;

/// A silent stream says so this often, so that nobody on the way takes it for dead.
pub(in crate::ingress::http) const STILL_HERE: Duration = Duration::from_secs(10);

/// Answers a chat completion.
pub(in crate::ingress::http) async fn complete(
    State(door): State<HttpDoor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    error::told(Shape::OpenAi, answer(&door, &parts, body).await)
}

async fn answer(
    door: &HttpDoor,
    parts: &http::request::Parts,
    body: Body,
) -> Result<Response, Status> {
    let mut body: ChatBody = door.json(&parts.headers, body).await?;
    let hinted = hints::read(&parts.headers, body.metadata.get_or_insert_default())?;
    let (streams, wants_usage) = (body.stream.unwrap_or(false), body.wants_usage());
    let one_call = body.wants_one_call();
    let wire = body.into_wire(hinted)?;
    let sent = Sent::of(door.pipeline(), streams);
    let request = door.read(parts, wire, sent)?;
    let begun = begin(door.chat.ask(request).await?).await?.with_calls(one_call);
    if streams { Ok(stream(begun, sent, wants_usage)) } else { whole(begun).await }
}

fn stream(begun: Begun, sent: Sent, wants_usage: bool) -> Response {
    let Begun { author, events } = begun;
    let headers = author.headers();
    let mut chunks = Chunks::new(author, wants_usage);
    let pieces =
        sent.events(events).flat_map(move |event| futures_util::stream::iter(chunks.on(event)));
    let sse = Sse::new(pieces).keep_alive(KeepAlive::new().interval(STILL_HERE));
    (headers, sse).into_response()
}

async fn whole(begun: Begun) -> Result<Response, Status> {
    let (author, answer, done) = begun.whole().await?;
    Ok((author.headers(), Json(completion(&author, answer, &done))).into_response())
}

fn completion(author: &Author, answer: v1::ChatResponse, done: &v1::Done) -> Value {
    let some = |text: String| (!text.is_empty()).then_some(text);
    let calls: Vec<Value> = answer
        .tool_calls
        .into_iter()
        .map(|call| {
            json!({
                "id": call.id,
                "type": "function",
                "function": { "name": call.name, "arguments": call.arguments_json },
            })
        })
        .collect();
    let content = if calls.is_empty() && answer.refusal.is_empty() {
        Some(answer.text)
    } else {
        some(answer.text)
    };
    let mut message = json!({
        "role": "assistant",
        "content": content,
        "refusal": some(answer.refusal),
    });
    if let Some(reasoning) = some(answer.reasoning) {
        message["reasoning_content"] = reasoning.into();
    }
    if !calls.is_empty() {
        message["tool_calls"] = calls.into();
    }
    let logprobs = (!answer.logprobs.is_empty()).then(|| choice_logprobs(&answer.logprobs));
    json!({
        "id": chat_id(&author.request_id),
        "object": "chat.completion",
        "created": unix_s(),
        "model": author.model,
        "choices": [{
            "index": 0,
            "message": message,
            "logprobs": logprobs,
            "finish_reason": finish_reason(done.finish_reason()),
        }],
        "usage": answer.usage.map(usage),
        "littoral": served(&author.request_id, done, &answer.failovers),
    })
}

/// The identifier of an answer: that of its request, in the vendor's form.
pub(super) fn chat_id(request_id: &str) -> String {
    format!("chatcmpl-{request_id}")
}

pub(super) fn usage(usage: v1::Usage) -> Value {
    json!({
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens.saturating_add(usage.completion_tokens),
    })
}

pub(super) const fn finish_reason(reason: v1::FinishReason) -> &'static str {
    match reason {
        v1::FinishReason::Length => "length",
        v1::FinishReason::ToolCalls => "tool_calls",
        v1::FinishReason::ContentFilter => "content_filter",
        v1::FinishReason::Stop | v1::FinishReason::Unspecified => "stop",
    }
}
