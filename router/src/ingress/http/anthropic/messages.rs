//! `POST /v1/messages`, and `POST /v1/messages/count_tokens`.

use super::request::MessageBody;
use super::stream::Blocks;
use crate::ingress::chat;
use crate::ingress::http::HttpDoor;
use crate::ingress::http::answer::{Author, Begun, Sent, begin};
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::hints;
use crate::ingress::http::openai::STILL_HERE;
use crate::ingress::http::served::Served;
use crate::pipeline::request::Delivery;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::sse::{Event as Piece, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use littoral_proto::v1;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tonic::Status;

/// Answers a message.
pub(in crate::ingress::http) async fn create(
    State(door): State<HttpDoor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    error::told(Shape::Anthropic, answer(&door, &parts, body).await)
}

/// Counts the tokens of a message that is not sent to anybody.
pub(in crate::ingress::http) async fn count(
    State(door): State<HttpDoor>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let counted = async {
        let (wire, _) = read(&door, &parts, body, false).await?;
        let request = chat::read(door.pipeline(), &parts.extensions, wire, Delivery::Whole)?;
        Ok(door.pipeline().tokens.count(&request.prompt).await.tokens)
    };
    let counted = counted.await;
    let counted = counted.map(|tokens| Json(json!({ "input_tokens": tokens })).into_response());
    error::told(Shape::Anthropic, counted)
}

/// How a message is to be answered.
struct Wanted {
    streams: bool,
    /// One tool is used at most.
    one_call: bool,
}

async fn read(
    door: &HttpDoor,
    parts: &http::request::Parts,
    body: Body,
    answers: bool,
) -> Result<(v1::ChatRequest, Wanted), Status> {
    let mut body: MessageBody = door.json(&parts.headers, body).await?;
    let given = body.metadata.take().unwrap_or_default();
    let mut pairs: BTreeMap<String, String> =
        given.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let hinted = hints::read(&parts.headers, &mut pairs)?;
    body.metadata = Some(pairs.into_iter().map(|(name, value)| (name, Some(value))).collect());
    let wanted = Wanted { streams: body.stream.unwrap_or(false), one_call: body.wants_one_call() };
    Ok((body.into_wire(hinted, answers)?, wanted))
}

async fn answer(
    door: &HttpDoor,
    parts: &http::request::Parts,
    body: Body,
) -> Result<Response, Status> {
    let (wire, Wanted { streams, one_call }) = read(door, parts, body, true).await?;
    let sent = Sent::of(door.pipeline(), streams);
    let request = door.read(parts, wire, sent)?;
    let begun = begin(door.chat.ask(request).await?).await?.with_calls(one_call);
    if streams { Ok(stream(begun, sent)) } else { whole(begun).await }
}

fn stream(begun: Begun, sent: Sent) -> Response {
    let Begun { author, events } = begun;
    let headers = author.headers();
    let mut blocks = Blocks::new(author);
    let pieces =
        sent.events(events).flat_map(move |event| futures_util::stream::iter(blocks.on(event)));
    let ping = Piece::default().event("ping").data("{\"type\": \"ping\"}");
    let sse = Sse::new(pieces).keep_alive(KeepAlive::new().interval(STILL_HERE).event(ping));
    (headers, sse).into_response()
}

async fn whole(begun: Begun) -> Result<Response, Status> {
    let (author, answer, done) = begun.whole().await?;
    Ok((author.headers(), Json(message(&author, answer, &done))).into_response())
}

fn message(author: &Author, answer: v1::ChatResponse, done: &v1::Done) -> Value {
    let mut content = Vec::new();
    if !answer.reasoning.is_empty() {
        content.push(json!({ "type": "thinking", "thinking": answer.reasoning, "signature": "" }));
    }
    let refused = !answer.refusal.is_empty();
    for text in [answer.text, answer.refusal].into_iter().filter(|text| !text.is_empty()) {
        content.push(json!({ "type": "text", "text": text }));
    }
    for call in answer.tool_calls {
        // What a model writes is checked where it runs; a cloud's may be broken all the same.
        let input = serde_json::from_str(&call.arguments_json).unwrap_or_else(|_| json!({}));
        content
            .push(json!({ "type": "tool_use", "id": call.id, "name": call.name, "input": input }));
    }
    json!({
        "id": message_id(&author.request_id),
        "type": "message",
        "role": "assistant",
        "model": author.model,
        "content": content,
        "stop_reason": if refused { "refusal" } else { stop_reason(done.finish_reason()) },
        "stop_sequence": null,
        "usage": usage(answer.usage.unwrap_or_default()),
        "littoral": Served::of(&author.request_id, done, &answer.failovers),
    })
}

/// The identifier of an answer: that of its request, in the vendor's form.
pub(super) fn message_id(request_id: &str) -> String {
    format!("msg_{request_id}")
}

pub(super) fn usage(usage: v1::Usage) -> Value {
    json!({ "input_tokens": usage.prompt_tokens, "output_tokens": usage.completion_tokens })
}

pub(super) const fn stop_reason(reason: v1::FinishReason) -> &'static str {
    match reason {
        v1::FinishReason::Length => "max_tokens",
        v1::FinishReason::ToolCalls => "tool_use",
        v1::FinishReason::ContentFilter => "refusal",
        v1::FinishReason::Stop | v1::FinishReason::Unspecified => "end_turn",
    }
}
