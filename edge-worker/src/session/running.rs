//! One assignment, from its joined frames to its Finished.
//!
//! It ends by itself, by the router's Cancel, by its deadline, or because the worker stops; however
//! it ends, the engine's slot is let go first and the Finished goes out after. Both parsing and
//! tokenizing can take long for a large prompt and run off the async threads.

use super::outbox::{Outbox, Unsendable};
use crate::assignment;
use crate::engine::{Engine, Refusal, Running};
use futures_util::StreamExt as _;
use littoral_engine::{EngineError, Finish, GenerationEvent, TokenLogprob};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::worker_message::Message;
use littoral_proto::v1::{self as wire, Channel, Chunk, FinishReason, chunk, finished};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What every assignment of a session needs.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub engine: Arc<dyn Engine>,
    pub outbox: Outbox,
    /// Told whenever a model's load may have changed.
    pub load_changed: Arc<Notify>,
    /// The worker stops and waits no longer.
    pub stopping: CancellationToken,
}

/// Runs assignment `id`; `cancel` is the router's Cancel.
pub(super) async fn run(
    id: u64,
    payload: Vec<u8>,
    cancel: CancellationToken,
    around: Surroundings,
) -> Result<(), Unsendable> {
    let arrived = Instant::now();
    let (mut running, time_limit) = match start(payload, Arc::clone(&around.engine)).await {
        Ok(started) => started,
        Err(refusal) => return around.outbox.control(reject(id, refusal)),
    };
    around.outbox.control(Message::Accept(wire::Accept { assignment_id: id }))?;
    around.load_changed.notify_one();
    // An absurdly far deadline is none.
    let deadline = arrived.checked_add(time_limit);
    let result = tokio::select! {
        biased;
        () = cancel.cancelled() => finished::Result::Cancelled(wire::finished::Cancelled {}),
        () = around.stopping.cancelled() => failed("stopping", "the worker stops"),
        () = reached(deadline) => failed("deadline", "the time the router allowed is over"),
        result = relay(id, &mut running, &around) => result?,
    };
    drop(running);
    around.load_changed.notify_one();
    let result = Some(result);
    around.outbox.chunk(Message::Finished(wire::Finished { assignment_id: id, result })).await
}

/// The message that turns assignment `id` away.
pub(super) fn reject(id: u64, refusal: Refusal) -> Message {
    let cause = refusal.cause.into();
    Message::Reject(wire::Reject { assignment_id: id, cause, detail: refusal.detail })
}

async fn start(payload: Vec<u8>, engine: Arc<dyn Engine>) -> Result<(Running, Duration), Refusal> {
    let start = move || {
        let work = assignment::parse(&payload)?;
        drop(payload);
        let running = engine.start(&work.model, work.job)?;
        Ok((running, work.time_limit))
    };
    tokio::task::spawn_blocking(start).await.unwrap_or_else(|_| {
        Err(Refusal::new(Cause::Unsupported, "the engine failed while it took the request in"))
    })
}

async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Passes events on until the last one, and returns what that one means.
async fn relay(
    id: u64,
    running: &mut Running,
    around: &Surroundings,
) -> Result<finished::Result, Unsendable> {
    let mut offset: u64 = 0;
    let mut active = false;
    while let Some(event) = running.next().await {
        if !active {
            // The first event of all: the job has left the queue for a slot.
            active = true;
            around.load_changed.notify_one();
        }
        let body = match event {
            GenerationEvent::Prefill { done, of } => chunk::Body::Progress(wire::Progress {
                prompt_tokens_read: done,
                prompt_tokens: of,
            }),
            GenerationEvent::Text { text, logprobs, .. } => {
                let before = offset;
                offset += text.len() as u64;
                chunk::Body::Text(chunk::Text {
                    channel: Channel::Content.into(),
                    offset: before,
                    text,
                    logprobs: logprobs.into_iter().map(logprob).collect(),
                })
            }
            GenerationEvent::Finished { finish, usage, timings } => {
                return Ok(completed(finish, usage, timings));
            }
            GenerationEvent::Failed(error) => return Ok(engine_failure(&error)),
        };
        around.outbox.chunk(Message::Chunk(Chunk { assignment_id: id, body: Some(body) })).await?;
    }
    Ok(failed("engine", "the engine ended the generation without a result"))
}

fn completed(
    finish: Finish,
    usage: littoral_engine::Usage,
    timings: littoral_engine::Timings,
) -> finished::Result {
    let finish_reason = match finish {
        Finish::Stop => FinishReason::Stop,
        Finish::Length => FinishReason::Length,
        // Nobody here asked for it, so the engine itself gave up.
        Finish::Cancelled => return failed("engine", "the engine cancelled the generation"),
    };
    finished::Result::Completed(finished::Completed {
        finish_reason: finish_reason.into(),
        usage: Some(wire::Usage {
            prompt_tokens: usage.prompt_tokens,
            completion_tokens: usage.completion_tokens,
        }),
        timings: Some(wire::Timings {
            queue_ms: timings.queue_ms,
            prefill_ms: timings.prefill_ms,
            first_token_ms: timings.first_token_ms,
            decode_ms: timings.decode_ms,
        }),
    })
}

/// ONNX Runtime tells an exhausted memory only in words; it says "Failed to allocate memory" and
/// the C++ library "bad allocation" or `std::bad_alloc`.
fn engine_failure(error: &EngineError) -> finished::Result {
    let detail = error.to_string();
    let no_memory = ["Failed to allocate memory", "bad allocation", "bad_alloc"]
        .iter()
        .any(|words| detail.contains(words));
    failed(if no_memory { "out_of_memory" } else { "engine" }, &detail)
}

fn failed(kind: &str, detail: &str) -> finished::Result {
    finished::Result::Failed(finished::Failed { kind: kind.to_owned(), detail: detail.to_owned() })
}

/// A token that is only a piece of a character is no text of its own, which the wire shows as "".
fn logprob(token: TokenLogprob) -> wire::TokenLogprob {
    let text = |bytes| String::from_utf8(bytes).unwrap_or_default();
    let alternatives = token.top.into_iter().map(|top| wire::token_logprob::Alternative {
        token: text(top.bytes),
        logprob: top.logprob,
    });
    wire::TokenLogprob {
        top: alternatives.collect(),
        token: text(token.bytes),
        logprob: token.logprob,
    }
}
