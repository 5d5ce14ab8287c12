//! The events of a streamed message: a start, blocks one after the other, an end.

use super::messages::{message_id, stop_reason, usage};
use crate::ingress::http::answer::Author;
use crate::ingress::http::error::{self, Shape};
use crate::ingress::http::served::Served;
use axum::response::sse::Event as Piece;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use serde_json::{Value, json};
use std::convert::Infallible;
use tonic::Status;

/// The kinds of blocks, one of which is open at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Text,
    Thinking,
    Call(u32),
}

/// Turns events into those of Anthropic's stream.
pub(super) struct Blocks {
    author: Author,
    begun: bool,
    open: Option<Open>,
    /// Blocks that were opened.
    count: u32,
    refused: bool,
    usage: v1::Usage,
    failovers: Vec<v1::Failover>,
}

impl Blocks {
    pub fn new(author: Author) -> Self {
        Self {
            author,
            begun: false,
            open: None,
            count: 0,
            refused: false,
            usage: v1::Usage::default(),
            failovers: Vec::new(),
        }
    }

    /// The pieces that an event becomes.
    pub fn on(&mut self, event: Result<Event, Status>) -> Vec<Result<Piece, Infallible>> {
        let mut out = Vec::new();
        match event {
            Ok(Event::Delta(delta)) => self.said(&delta, &mut out),
            Ok(Event::ToolCallDelta(delta)) => self.called(delta, &mut out),
            Ok(Event::Failover(failover)) => {
                self.author.is(failover.to.as_ref(), &[]);
                self.failovers.push(failover);
            }
            Ok(Event::Usage(usage)) => self.usage = usage,
            Ok(Event::Done(done)) => self.ended(&done, &mut out),
            Ok(Event::Routed(_) | Event::Progress(_)) => {}
            Err(status) => out.push(("error", error::event(Shape::Anthropic, &status))),
        }
        let piece =
            |(name, value): (&str, Value)| Ok(Piece::default().event(name).data(value.to_string()));
        out.into_iter().map(piece).collect()
    }

    fn said(&mut self, delta: &v1::Delta, out: &mut Vec<(&'static str, Value)>) {
        let thinks = delta.channel() == v1::Channel::Reasoning;
        self.refused |= delta.channel() == v1::Channel::Refusal;
        let said = if thinks {
            let start = json!({ "type": "thinking", "thinking": "", "signature": "" });
            self.open(Open::Thinking, &start, out);
            json!({ "type": "thinking_delta", "thinking": delta.text })
        } else {
            self.open(Open::Text, &json!({ "type": "text", "text": "" }), out);
            json!({ "type": "text_delta", "text": delta.text })
        };
        out.push(self.delta(&said));
    }

    fn called(&mut self, delta: v1::ToolCallDelta, out: &mut Vec<(&'static str, Value)>) {
        let start = json!({
            "type": "tool_use",
            "id": delta.id.unwrap_or_default(),
            "name": delta.name.unwrap_or_default(),
            "input": {},
        });
        self.open(Open::Call(delta.index), &start, out);
        if !delta.arguments.is_empty() {
            let said = json!({ "type": "input_json_delta", "partial_json": delta.arguments });
            out.push(self.delta(&said));
        }
    }

    fn ended(&mut self, done: &v1::Done, out: &mut Vec<(&'static str, Value)>) {
        self.author.was(done);
        self.begin(out);
        self.close(out);
        let reason = if self.refused { "refusal" } else { stop_reason(done.finish_reason()) };
        out.push((
            "message_delta",
            json!({
                "type": "message_delta",
                "delta": { "stop_reason": reason, "stop_sequence": null },
                "usage": usage(self.usage),
                "littoral": Served::of(&self.author.request_id, done, &self.failovers),
            }),
        ));
        out.push(("message_stop", json!({ "type": "message_stop" })));
    }

    /// Lets a block of this kind be the open one.
    fn open(&mut self, wanted: Open, start: &Value, out: &mut Vec<(&'static str, Value)>) {
        self.begin(out);
        if self.open == Some(wanted) {
            return;
        }
        self.close(out);
        self.open = Some(wanted);
        let index = self.count;
        self.count += 1;
        out.push((
            "content_block_start",
            json!({ "type": "content_block_start", "index": index, "content_block": start }),
        ));
    }

    fn close(&mut self, out: &mut Vec<(&'static str, Value)>) {
        if self.open.take().is_some() {
            let index = self.count.saturating_sub(1);
            out.push((
                "content_block_stop",
                json!({ "type": "content_block_stop", "index": index }),
            ));
        }
    }

    fn begin(&mut self, out: &mut Vec<(&'static str, Value)>) {
        if std::mem::replace(&mut self.begun, true) {
            return;
        }
        let message = json!({
            "id": message_id(&self.author.request_id),
            "type": "message",
            "role": "assistant",
            "model": self.author.model,
            "content": [],
            "stop_reason": null,
            "stop_sequence": null,
            "usage": usage(v1::Usage::default()),
        });
        out.push(("message_start", json!({ "type": "message_start", "message": message })));
    }

    fn delta(&self, said: &Value) -> (&'static str, Value) {
        let index = self.count.saturating_sub(1);
        let name = "content_block_delta";
        (name, json!({ "type": name, "index": index, "delta": said }))
    }
}
