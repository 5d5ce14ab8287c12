//! From a request on the wire to a job for the engine.
//!
//! The router sends only what the worker offered, so a field that cannot be honoured here is its
//! fault: it is refused by name and never dropped, because an answer without the tool or the image
//! that were asked for looks right and is wrong. What the engine can judge by
//! itself (ranges, lengths) is left to it. No refusal quotes a word of the request.

mod embed;
mod form;
mod tools;

use crate::engine::Refusal;
use littoral_engine::{Conversation, Job, Sampling, Texts, Turn};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::{self as wire, Role, part};
use prost::Message as _;
use std::time::Duration;

/// An assignment that can be started.
pub(crate) struct Work {
    /// Name of the model.
    pub model: String,
    /// What it shall do.
    pub task: Task,
    /// Time it may take, from the arrival of the assignment.
    pub time_limit: Duration,
    /// The trace that it is a part of, as the router wrote it; empty: of none.
    pub traceparent: String,
}

/// What a model can be asked for.
pub(crate) enum Task {
    /// An answer.
    Chat(Box<Job>),
    /// Vectors.
    Embed(Texts),
}

/// Reads a serialised `Assignment`.
pub(crate) fn parse(payload: &[u8]) -> Result<Work, Refusal> {
    let assignment = wire::Assignment::decode(payload)
        .map_err(|_| malformed("the joined frames are no serialised Assignment"))?;
    if assignment.deadline_ms == 0 {
        return Err(malformed("deadline_ms is 0"));
    }
    let time_limit = Duration::from_millis(assignment.deadline_ms);
    let (model, traceparent) = (assignment.model.clone(), assignment.traceparent.clone());
    let task = match assignment.embed {
        Some(embed) => Task::Embed(embed::texts(assignment, embed)?),
        None => Task::Chat(Box::new(job(assignment)?)),
    };
    Ok(Work { model, task, time_limit, traceparent })
}

fn job(assignment: wire::Assignment) -> Result<Job, Refusal> {
    Ok(Job {
        sampling: assignment.sampling.map(sampling).transpose()?.unwrap_or_default(),
        stop: assignment.stop,
        max_tokens: assignment.max_output_tokens,
        top_logprobs: assignment.top_logprobs.map(top_logprobs).transpose()?,
        conversation: Conversation {
            messages: turns(assignment.messages)?,
            assistant_prefix: assignment.assistant_prefix,
            tools: tools::tools(assignment.tools)?,
        },
        tool_choice: tools::choice(assignment.tool_choice)?,
        session: assignment.session,
        form: form::form(assignment.response_format)?,
    })
}

fn turns(messages: Vec<wire::Message>) -> Result<Vec<Turn>, Refusal> {
    if messages.is_empty() {
        return Err(malformed("messages is empty"));
    }
    messages.into_iter().enumerate().map(|(at, message)| turn(at, message)).collect()
}

fn turn(at: usize, message: wire::Message) -> Result<Turn, Refusal> {
    let role = match message.role() {
        Role::System => "system",
        Role::User => "user",
        Role::Assistant => "assistant",
        Role::Tool => "tool",
        Role::Unspecified => return Err(malformed(format!("messages[{at}].role is not set"))),
    };
    if role != "assistant" && !message.tool_calls.is_empty() {
        return Err(malformed(format!("messages[{at}].tool_calls: only an assistant calls tools")));
    }
    let calls = message.tool_calls.into_iter().map(tools::call).collect();
    let answers = message.tool_call_id.filter(|_| role == "tool");
    let texts = texts_of(at, message.parts)?;
    // Several parts are paragraphs of one text: the chat templates of text models take a string.
    Ok(Turn { calls, answers, ..Turn::new(role, texts.join("\n")) })
}

/// The texts of the parts of message `at`.
fn texts_of(at: usize, parts: Vec<wire::Part>) -> Result<Vec<String>, Refusal> {
    let text = |(part_at, part): (usize, wire::Part)| match part.content {
        Some(part::Content::Text(text)) => Ok(text),
        Some(part::Content::Image(_)) => {
            Err(unsupported(format!("messages[{at}].parts[{part_at}]: no images on this worker")))
        }
        Some(part::Content::Audio(_)) => {
            Err(unsupported(format!("messages[{at}].parts[{part_at}]: no sounds on this worker")))
        }
        None => Err(malformed(format!("messages[{at}].parts[{part_at}] is empty"))),
    };
    parts.into_iter().enumerate().map(text).collect()
}

fn sampling(asked: wire::Sampling) -> Result<Sampling, Refusal> {
    if asked.top_k == Some(0) {
        return Err(unsupported("sampling.top_k is 0, it must be at least 1"));
    }
    Ok(Sampling {
        temperature: asked.temperature,
        top_k: asked.top_k,
        top_p: asked.top_p,
        min_p: asked.min_p,
        repetition_penalty: asked.repetition_penalty,
        frequency_penalty: asked.frequency_penalty,
        presence_penalty: asked.presence_penalty,
        seed: asked.seed,
    })
}

fn top_logprobs(asked: u32) -> Result<u8, Refusal> {
    u8::try_from(asked).map_err(|_| unsupported(format!("top_logprobs is {asked}")))
}

fn malformed(detail: impl Into<String>) -> Refusal {
    Refusal::new(Cause::Malformed, detail)
}

fn unsupported(detail: impl Into<String>) -> Refusal {
    Refusal::new(Cause::Unsupported, detail)
}

#[cfg(test)]
mod tests;
