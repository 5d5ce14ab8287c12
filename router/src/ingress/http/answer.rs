//! What all HTTP answers have in common: who answers, told in headers before the first word and in the last
//! piece.

use crate::ingress::chat::{Answer, in_words};
use crate::pipeline::Pipeline;
use crate::pipeline::request::Delivery;
use crate::pipeline::told::Told;
use crate::wire::class::tier;
use crate::wire::decision::target as wire_target;
use crate::wire::{event, status};
use axum::http::{HeaderMap, HeaderValue};
use futures_util::{Stream, StreamExt as _, stream};
use littoral_core::plan::Attempt;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::target::At;
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;
use tonic::Status;

/// So long the head of a stream is kept back, in the hope of a first word. What fails before that is an HTTP
/// error, which clients know how to try again.
const HEAD_LIMIT: Duration = Duration::from_secs(5);

/// A stream whose first words have come, or that lets wait for them.
pub(super) struct Begun {
    /// Who answers, as far as is known.
    pub author: Author,
    /// Everything after `routed`.
    pub events: EventStream,
}

/// What the clients of a door that cannot take text back are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// All of it at the end.
    Whole,
    /// Piece by piece.
    Streamed,
    /// Piece by piece in form, and all of it at the end, because the policy wants it so.
    KeptBack,
}

impl Sent {
    /// How a request is answered that asks for a stream or not.
    pub fn of(pipeline: &Pipeline, streams: bool) -> Self {
        match (streams, pipeline.policy.load().fallback().buffer) {
            (false, _) => Self::Whole,
            (true, true) => Self::KeptBack,
            (true, false) => Self::Streamed,
        }
    }

    /// How it is told. What is kept back can be taken back before anybody has it.
    pub const fn delivery(self) -> Delivery {
        match self {
            Self::Whole => Delivery::Whole,
            Self::Streamed => Delivery::ForGood,
            Self::KeptBack => Delivery::InPieces,
        }
    }

    /// The events as they are sent.
    pub fn events(self, events: EventStream) -> EventStream {
        match self {
            Self::Whole | Self::Streamed => events,
            Self::KeptBack => Box::pin(stream::once(kept_back(events)).flat_map(stream::iter)),
        }
    }
}

impl Begun {
    /// Keeps calls of functions after the first back, where `one` is all that was asked for.
    pub fn with_calls(self, one: bool) -> Self {
        let Self { author, events } = self;
        let kept = events.filter(move |event| {
            let more = matches!(event, Ok(Event::ToolCallDelta(call)) if one && call.index > 0);
            std::future::ready(!more)
        });
        Self { author, events: Box::pin(kept) }
    }

    /// Waits for the end: who answered, what, and how it went.
    ///
    /// # Errors
    /// It failed.
    pub async fn whole(self) -> Result<(Author, v1::ChatResponse, v1::Done), Status> {
        let Self { mut author, mut events } = self;
        let (mut answer, mut epoch) = (v1::ChatResponse::default(), 0);
        while let Some(event) = events.next().await {
            event::fold(&mut answer, &mut epoch, v1::ChatEvent { event: Some(event?) });
        }
        let done = answer.done.take().ok_or_else(|| Status::internal("the answer has no end"))?;
        author.was(&done);
        Ok((author, answer, done))
    }
}

/// Waits for the end, and tells then what the answer is.
async fn kept_back(mut events: EventStream) -> Vec<Result<Event, Status>> {
    let (mut answer, mut epoch) = (v1::ChatResponse::default(), 0);
    while let Some(event) = events.next().await {
        match event {
            Ok(event) => event::fold(&mut answer, &mut epoch, v1::ChatEvent { event: Some(event) }),
            Err(status) => return vec![Err(status)],
        }
    }
    let v1::ChatResponse { text, reasoning, refusal, logprobs, .. } = answer;
    let mut all: Vec<Event> = answer.failovers.into_iter().map(Event::Failover).collect();
    let said = |channel: v1::Channel, text: String, logprobs| {
        let delta = v1::Delta { channel: channel.into(), text, logprobs, ..v1::Delta::default() };
        (!delta.text.is_empty()).then_some(Event::Delta(delta))
    };
    all.extend(said(v1::Channel::Reasoning, reasoning, Vec::new()));
    all.extend(said(v1::Channel::Content, text, logprobs));
    all.extend(said(v1::Channel::Refusal, refusal, Vec::new()));
    let calls = (0..).zip(answer.tool_calls);
    all.extend(calls.map(|(index, call)| {
        let (id, name) = (Some(call.id), Some(call.name));
        let arguments = call.arguments_json;
        Event::ToolCallDelta(v1::ToolCallDelta { epoch: 0, index, id, name, arguments })
    }));
    all.extend(answer.usage.map(Event::Usage));
    all.extend(answer.done.map(Event::Done));
    all.into_iter().map(Ok).collect()
}

/// What happens to a request, after `routed`.
pub(super) type EventStream = Pin<Box<dyn Stream<Item = Result<Event, Status>> + Send>>;

/// Who answers a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author {
    pub request_id: String,
    /// `worker/model` or `provider/model`.
    pub target: String,
    pub model: String,
    pub tier: Option<v1::Tier>,
}

impl Author {
    /// Headers that say it.
    pub fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let mut say = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        say("x-littoral-request-id", &self.request_id);
        // OpenAI's name for it, and Anthropic's.
        say("x-request-id", &self.request_id);
        say("request-id", &self.request_id);
        say("x-littoral-target", &self.target);
        if let Some(tier) = self.tier {
            say("x-littoral-tier", tier_name(tier));
            say("x-littoral-on-device", if tier == v1::Tier::Device { "true" } else { "false" });
        }
        headers
    }
}

/// Waits for the first words of an answer.
///
/// # Errors
/// It failed before the first.
pub(super) async fn begin(answer: Answer) -> Result<Begun, Status> {
    let Answer { id, mut told } = answer;
    let record = match told.next().await {
        Some(Told::Routed(record)) => record,
        Some(Told::Failed(failure)) => return Err(status::failed(&failure, &id)),
        _ => return Err(Status::internal("the answer ended before it began")),
    };
    let attempts = record.decision.plan().map_or(&[][..], |plan| &plan.attempts);
    let mut author = Author::of(&id);
    if let Some(first) = attempts.first() {
        author.is(Some(&wire_target(&first.target)), attempts);
    }
    let mut events = told.filter_map(move |told| {
        let event = in_words(told, &id).and_then(|event| event.map(|told| told.event).transpose());
        std::future::ready(event)
    });
    let mut held = VecDeque::new();
    let until = tokio::time::Instant::now() + HEAD_LIMIT;
    while let Ok(next) = tokio::time::timeout_at(until, events.next()).await {
        let Some(event) = next else { break };
        let event = event?;
        if let Event::Failover(failover) = &event {
            author.is(failover.to.as_ref(), attempts);
        }
        let waits = matches!(event, Event::Failover(_) | Event::Progress(_));
        held.push_back(Ok(event));
        if !waits {
            break;
        }
    }
    Ok(Begun { author, events: Box::pin(stream::iter(held).chain(events)) })
}

impl Author {
    /// Nobody yet.
    pub fn of(request_id: &str) -> Self {
        let (target, model) = (String::new(), String::new());
        Self { request_id: request_id.into(), target, model, tier: None }
    }

    /// Who it was in the end.
    pub fn was(&mut self, done: &v1::Done) {
        let Some(served) = &done.served else { return };
        if let Some(target) = &served.target {
            self.target = target_name(target);
            self.model.clone_from(&target.model);
        }
        self.tier = Some(served.tier());
    }

    /// Another target answers.
    pub fn is(&mut self, target: Option<&v1::Target>, planned: &[Attempt]) {
        let Some(target) = target else { return };
        let planned = planned.iter().find(|attempt| wire_target(&attempt.target) == *target);
        let cloud = matches!(target.at, Some(At::Provider(_))).then_some(v1::Tier::Cloud);
        self.tier = planned.map(|attempt| tier(attempt.tier)).or(cloud);
        self.target = target_name(target);
        self.model.clone_from(&target.model);
    }
}

/// A target in one word.
pub(super) fn target_name(target: &v1::Target) -> String {
    let at = match &target.at {
        Some(At::Worker(worker)) => &worker.worker_id,
        Some(At::Provider(provider)) => provider,
        None => return target.model.clone(),
    };
    format!("{at}/{}", target.model)
}

pub(super) const fn tier_name(tier: v1::Tier) -> &'static str {
    match tier {
        v1::Tier::Device => "device",
        v1::Tier::Edge => "edge",
        v1::Tier::Cloud => "cloud",
        v1::Tier::Unspecified => "unknown",
    }
}

/// Seconds since the Unix epoch.
pub(super) fn unix_s() -> u64 {
    crate::clock::unix_ms() / 1_000
}
