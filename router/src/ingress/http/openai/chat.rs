//! `POST /v1/chat/completions`.

use super::request::ChatBody;
use super::stream::{Chunks, choice_logprobs};
use crate::ingress::http::HttpDoor;
use crate::ingress::http::answer::{Author, Begun, Sent, begin, unix_s};
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::hints;
use crate::ingress::http::served::Served;
use axum::Json;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use littoral_proto::v1;
use serde::Serialize;
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
    let (author, mut answer, done) = begun.whole().await?;
    let failovers = std::mem::take(&mut answer.failovers);
    let completion = Completion::of(&author, answer, (&done, &failovers));
    Ok((author.headers(), Json(completion)).into_response())
}

/// A whole answer.
#[derive(Serialize)]
struct Completion<'a> {
    id: String,
    object: &'static str,
    created: u64,
    model: &'a str,
    choices: [Choice; 1],
    usage: Option<Usage>,
    littoral: Served<'a>,
}

#[derive(Serialize)]
struct Choice {
    index: u32,
    message: Message,
    logprobs: Option<Value>,
    finish_reason: &'static str,
}

#[derive(Serialize)]
struct Message {
    role: &'static str,
    content: Option<String>,
    refusal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning_content: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_calls: Vec<Value>,
}

impl<'a> Completion<'a> {
    fn of(
        author: &'a Author,
        answer: v1::ChatResponse,
        (done, failovers): (&'a v1::Done, &'a [v1::Failover]),
    ) -> Self {
        let logprobs = (!answer.logprobs.is_empty()).then(|| choice_logprobs(&answer.logprobs));
        let usage = answer.usage.map(Usage::of);
        let finish_reason = finish_reason(done.finish_reason());
        Self {
            id: chat_id(&author.request_id),
            object: "chat.completion",
            created: unix_s(),
            model: &author.model,
            choices: [Choice { index: 0, message: Message::of(answer), logprobs, finish_reason }],
            usage,
            littoral: Served::of(&author.request_id, done, failovers),
        }
    }
}

impl Message {
    fn of(answer: v1::ChatResponse) -> Self {
        let some = |text: String| (!text.is_empty()).then_some(text);
        let says_nothing_else = answer.tool_calls.is_empty() && answer.refusal.is_empty();
        let call = |call: v1::ToolCall| {
            json!({
                "id": call.id,
                "type": "function",
                "function": { "name": call.name, "arguments": call.arguments_json },
            })
        };
        Self {
            role: "assistant",
            content: if says_nothing_else { Some(answer.text) } else { some(answer.text) },
            refusal: some(answer.refusal),
            reasoning_content: some(answer.reasoning),
            tool_calls: answer.tool_calls.into_iter().map(call).collect(),
        }
    }
}

/// The identifier of an answer: that of its request, in the vendor's form.
pub(super) fn chat_id(request_id: &str) -> String {
    format!("chatcmpl-{request_id}")
}

/// Tokens, in OpenAI's words.
#[derive(Serialize)]
pub(super) struct Usage {
    prompt_tokens: u32,
    completion_tokens: u32,
    total_tokens: u32,
}

impl Usage {
    pub(super) const fn of(usage: v1::Usage) -> Self {
        let v1::Usage { prompt_tokens, completion_tokens, .. } = usage;
        let total_tokens = prompt_tokens.saturating_add(completion_tokens);
        Self { prompt_tokens, completion_tokens, total_tokens }
    }
}

pub(super) const fn finish_reason(reason: v1::FinishReason) -> &'static str {
    match reason {
        v1::FinishReason::Length => "length",
        v1::FinishReason::ToolCalls => "tool_calls",
        v1::FinishReason::ContentFilter => "content_filter",
        v1::FinishReason::Stop | v1::FinishReason::Unspecified => "stop",
    }
}
