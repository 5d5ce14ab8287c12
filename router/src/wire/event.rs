//! What a client is told, as events of the stream or as one message.

use super::class::{channel, finish};
use super::decision::{decision, target};
use super::record::{receipt, served, usage};
use crate::pipeline::told::{Done, Told};
use littoral_core::flight::action::{Emission, FailoverKind};
use littoral_core::flight::event::TokenLogprob;
use littoral_core::plan::Decision;
use littoral_proto::v1;
use littoral_proto::v1::chat_event::Event;

/// One event of the stream. `None` for what only the status says.
#[must_use]
pub fn event(told: Told, request_id: &str) -> Option<v1::ChatEvent> {
    let event = match told {
        Told::Routed(made) => Event::Routed(routed(request_id, &made.decision)),
        Told::Said(emission) => said(emission),
        Told::Used(tokens) => Event::Usage(usage(tokens)),
        Told::Done(end) => Event::Done(done(request_id, &end)),
        Told::Failed(_) => return None,
    };
    Some(v1::ChatEvent { event: Some(event) })
}

fn routed(request_id: &str, made: &Decision) -> v1::Routed {
    v1::Routed { request_id: request_id.into(), decision: Some(decision(made)) }
}

fn said(emission: Emission) -> Event {
    match emission {
        Emission::Delta { epoch, channel: stream, offset, text, logprobs } => {
            let logprobs = logprobs.into_iter().map(logprob).collect();
            let channel = channel(stream).into();
            Event::Delta(v1::Delta { epoch, channel, offset, text, logprobs })
        }
        Emission::ToolCallDelta { epoch, fragment } => Event::ToolCallDelta(v1::ToolCallDelta {
            epoch,
            index: fragment.index,
            id: fragment.id,
            name: fragment.name,
            arguments: fragment.arguments,
        }),
        Emission::Progress { done, of } => {
            Event::Progress(v1::Progress { prompt_tokens_read: done, prompt_tokens: of })
        }
        Emission::Failover { targets, why, kind, epoch, at_offset, .. } => {
            let kind = match kind {
                FailoverKind::Continued => v1::failover::Kind::Continued,
                FailoverKind::Reset => v1::failover::Kind::Reset,
            };
            Event::Failover(v1::Failover {
                from: targets.as_ref().map(|both| target(&both.0)),
                to: targets.as_ref().map(|both| target(&both.1)),
                reason: why,
                kind: kind.into(),
                epoch,
                at_offset,
            })
        }
    }
}

/// A log-probability for the wire.
#[must_use]
pub fn logprob(entry: TokenLogprob) -> v1::TokenLogprob {
    let alternative = |(token, logprob)| v1::token_logprob::Alternative { token, logprob };
    v1::TokenLogprob {
        token: entry.token,
        logprob: entry.logprob,
        top: entry.top.into_iter().map(alternative).collect(),
    }
}

/// The last event of a stream that succeeded.
#[must_use]
pub fn done(request_id: &str, end: &Done) -> v1::Done {
    v1::Done {
        finish_reason: finish(end.finish).into(),
        served: Some(served(&end.served)),
        receipt: Some(receipt(request_id, &end.receipt)),
    }
}

/// Adds one event to the one-message form of an answer. Text of earlier epochs is dropped.
pub fn fold(answer: &mut v1::ChatResponse, epoch: &mut u32, event: v1::ChatEvent) {
    match event.event {
        Some(Event::Routed(routed)) => {
            answer.request_id = routed.request_id;
            answer.decision = routed.decision;
        }
        Some(Event::Delta(delta)) if delta.epoch >= *epoch => {
            *epoch = delta.epoch;
            let text = match v1::Channel::try_from(delta.channel) {
                Ok(v1::Channel::Reasoning) => &mut answer.reasoning,
                Ok(v1::Channel::Refusal) => &mut answer.refusal,
                _ => &mut answer.text,
            };
            text.push_str(&delta.text);
            answer.logprobs.extend(delta.logprobs);
        }
        Some(Event::ToolCallDelta(delta)) if delta.epoch >= *epoch => fold_call(answer, delta),
        Some(Event::Failover(failover)) => {
            if failover.epoch > *epoch {
                *epoch = failover.epoch;
                answer.text.clear();
                answer.reasoning.clear();
                answer.refusal.clear();
                answer.tool_calls.clear();
                answer.logprobs.clear();
            }
            answer.failovers.push(failover);
        }
        Some(Event::Usage(usage)) => answer.usage = Some(usage),
        Some(Event::Done(done)) => answer.done = Some(done),
        _ => {}
    }
}

fn fold_call(answer: &mut v1::ChatResponse, delta: v1::ToolCallDelta) {
    let index = delta.index as usize;
    if index == answer.tool_calls.len() {
        answer.tool_calls.push(v1::ToolCall::default());
    }
    let Some(call) = answer.tool_calls.get_mut(index) else { return };
    if let Some(id) = delta.id {
        call.id = id;
    }
    if let Some(name) = delta.name {
        call.name = name;
    }
    call.arguments_json.push_str(&delta.arguments);
}
