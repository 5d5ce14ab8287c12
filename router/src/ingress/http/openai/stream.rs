//! The pieces of a streamed completion. Each event becomes one piece; the last ones tell who answered.

use super::chat::{Usage, chat_id, finish_reason};
use crate::ingress::http::answer::{Author, unix_s};
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::served::Served;
use axum::response::sse::Event as Piece;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use serde_json::{Value, json};
use std::convert::Infallible;
use tonic::Status;

/// Turns events into pieces.
pub(super) struct Chunks {
    author: Author,
    wants_usage: bool,
    id: String,
    created: u64,
    begun: bool,
    usage: Option<v1::Usage>,
    failovers: Vec<v1::Failover>,
}

impl Chunks {
    pub fn new(author: Author, wants_usage: bool) -> Self {
        Self {
            id: chat_id(&author.request_id),
            author,
            wants_usage,
            created: unix_s(),
            begun: false,
            usage: None,
            failovers: Vec::new(),
        }
    }

    /// The pieces that an event becomes.
    pub fn on(&mut self, event: Result<Event, Status>) -> Vec<Result<Piece, Infallible>> {
        let chunks = match event {
            Ok(Event::Delta(delta)) => vec![self.said(&delta)],
            Ok(Event::ToolCallDelta(delta)) => vec![self.called(delta)],
            Ok(Event::Failover(failover)) => {
                self.author.is(failover.to.as_ref(), &[]);
                self.failovers.push(failover);
                Vec::new()
            }
            Ok(Event::Usage(usage)) => {
                self.usage = Some(usage);
                Vec::new()
            }
            Ok(Event::Done(done)) => return self.ended(&done),
            Ok(Event::Routed(_) | Event::Progress(_)) => Vec::new(),
            Err(status) => vec![error::event(Shape::OpenAi, &status)],
        };
        chunks.iter().map(piece).collect()
    }

    fn said(&mut self, delta: &v1::Delta) -> Value {
        let name = match delta.channel() {
            v1::Channel::Reasoning => "reasoning_content",
            v1::Channel::Refusal => "refusal",
            v1::Channel::Content | v1::Channel::Unspecified => "content",
        };
        let logprobs = (!delta.logprobs.is_empty()).then(|| choice_logprobs(&delta.logprobs));
        self.chunk(json!({ name: delta.text }), logprobs.as_ref(), None)
    }

    fn called(&mut self, delta: v1::ToolCallDelta) -> Value {
        let mut call =
            json!({ "index": delta.index, "function": { "arguments": delta.arguments } });
        if let Some(id) = delta.id {
            call["id"] = id.into();
            call["type"] = "function".into();
        }
        if let Some(name) = delta.name {
            call["function"]["name"] = name.into();
        }
        self.chunk(json!({ "tool_calls": [call] }), None, None)
    }

    fn ended(&mut self, done: &v1::Done) -> Vec<Result<Piece, Infallible>> {
        self.author.was(done);
        let mut last = self.chunk(json!({}), None, Some(finish_reason(done.finish_reason())));
        let served = json!(Served::of(&self.author.request_id, done, &self.failovers));
        last["littoral"] = served.clone();
        let mut chunks = vec![last];
        if self.wants_usage {
            let mut tokens = self.empty();
            tokens["usage"] = json!(self.usage.map(Usage::of));
            tokens["littoral"] = served;
            chunks.push(tokens);
        }
        let end = Ok(Piece::default().data("[DONE]"));
        chunks.iter().map(piece).chain([end]).collect()
    }

    fn chunk(&mut self, mut delta: Value, logprobs: Option<&Value>, finish: Option<&str>) -> Value {
        if !std::mem::replace(&mut self.begun, true) {
            delta["role"] = "assistant".into();
        }
        let mut chunk = self.empty();
        chunk["choices"] = json!([{
            "index": 0,
            "delta": delta,
            "logprobs": logprobs,
            "finish_reason": finish,
        }]);
        chunk
    }

    fn empty(&self) -> Value {
        json!({
            "id": self.id,
            "object": "chat.completion.chunk",
            "created": self.created,
            "model": self.author.model,
            "choices": [],
        })
    }
}

fn piece(value: &Value) -> Result<Piece, Infallible> {
    Ok(Piece::default().data(value.to_string()))
}

/// Log-probabilities in OpenAI's form.
pub(super) fn choice_logprobs(all: &[v1::TokenLogprob]) -> Value {
    let one = |token: &str, logprob: f32| {
        // A token that is only a part of a character has no text, and its bytes are not known here.
        let bytes = (!token.is_empty()).then(|| token.as_bytes().to_vec());
        json!({ "token": token, "logprob": logprob, "bytes": bytes })
    };
    let content: Vec<Value> = all
        .iter()
        .map(|said| {
            let mut told = one(&said.token, said.logprob);
            let top: Vec<Value> =
                said.top.iter().map(|other| one(&other.token, other.logprob)).collect();
            told["top_logprobs"] = top.into();
            told
        })
        .collect();
    json!({ "content": content, "refusal": null })
}
