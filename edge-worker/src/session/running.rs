//! One assignment, from its joined frames to its Finished.
//!
//! It ends by itself, by the router's Cancel, by its deadline, or because the worker stops; however
//! it ends, the engine's slot is let go first and the Finished goes out after. Both parsing and
//! tokenizing can take long for a large prompt and run off the async threads.

use super::outbox::{Outbox, Unsendable};
use super::outcome::{completed, engine_failure, failed};
use super::pieces::Pieces;
use super::starting;
use super::traced::AssignmentTrace;
use crate::assignment::Task;
use crate::energy::{Charge, Meter, Spent};
use crate::engine::{Engine, Refusal, Running};
use crate::performance::Performance;
use futures_util::StreamExt as _;
use littoral_engine::{GenerationEvent, Timings, Usage};
use littoral_kit::telemetry::span::Spans;
use littoral_proto::v1::worker_message::Message;
use littoral_proto::v1::{self as wire, Chunk, finished};
use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// What every assignment of a session needs.
#[derive(Clone)]
pub(super) struct Surroundings {
    pub engine: Arc<dyn Engine>,
    pub outbox: Outbox,
    /// What requests cost.
    pub meter: Meter,
    /// How each model has been lately.
    pub performance: Arc<Performance>,
    /// Requests each model runs at once, by its name.
    pub slots: Arc<HashMap<String, u32>>,
    /// Begins the spans of assignments.
    pub spans: Spans,
    /// Told whenever a model's load may have changed.
    pub load_changed: Arc<Notify>,
    /// The worker stops and waits no longer.
    pub stopping: CancellationToken,
    /// The device goes to sleep; another one after it woke.
    pub asleep: CancellationToken,
}

/// Runs assignment `id`; `cancel` is the router's Cancel.
pub(super) async fn run(
    id: u64,
    payload: Vec<u8>,
    cancel: CancellationToken,
    around: Surroundings,
) -> Result<(), Unsendable> {
    let arrived = Instant::now();
    let arrival = SystemTime::now();
    let work = match starting::read(payload).await {
        Ok(work) => work,
        Err(refusal) => return around.outbox.control(reject(id, refusal)),
    };
    let trace = AssignmentTrace::begin(&around.spans, &work, arrival);
    // An absurdly far deadline is none.
    let mut cut = pin!(cut_off(&cancel, &around, arrived.checked_add(work.time_limit)));
    let ready = tokio::select! {
        biased;
        result = &mut cut => {
            trace.ended(&result);
            return tell_end(id, result, &around).await;
        }
        ready = trace.loading(starting::ready(&work.model, around.engine.as_ref())) => ready,
    };
    let model = work.model.clone();
    let embeds = matches!(work.task, Task::Embed(_));
    let started = match ready {
        Ok(()) => starting::start(work, Arc::clone(&around.engine)).await,
        Err(refusal) => Err(refusal),
    };
    let mut running = match started {
        Ok(running) => running,
        Err(refusal) => {
            trace.refused(refusal.cause);
            return around.outbox.control(reject(id, refusal));
        }
    };
    let slots = around.slots.get(&model).copied().unwrap_or(1);
    let charge = around.meter.charge(&model, slots);
    let mut account = Accounting { charge, model, read: false, embeds };
    around.outbox.control(Message::Accept(wire::Accept { assignment_id: id }))?;
    around.load_changed.notify_one();
    let result = tokio::select! {
        biased;
        result = &mut cut => result,
        result = relay(id, &mut running, &mut account, &around) => result?,
    };
    drop((running, account));
    around.load_changed.notify_one();
    trace.ended(&result);
    tell_end(id, result, &around).await
}

/// What ends an assignment from outside, and how that is told.
async fn cut_off(
    cancel: &CancellationToken,
    around: &Surroundings,
    deadline: Option<Instant>,
) -> finished::Result {
    tokio::select! {
        biased;
        () = cancel.cancelled() => finished::Result::Cancelled(wire::finished::Cancelled {}),
        () = around.stopping.cancelled() => failed("stopping", "the worker stops"),
        () = around.asleep.cancelled() => failed("asleep", "the device went to sleep"),
        () = reached(deadline) => failed("deadline", "the time the router allowed is over"),
    }
}

async fn tell_end(
    id: u64,
    result: finished::Result,
    around: &Surroundings,
) -> Result<(), Unsendable> {
    let finished = wire::Finished { assignment_id: id, result: Some(result) };
    around.outbox.chunk(Message::Finished(finished)).await
}

/// The message that turns assignment `id` away.
pub(super) fn reject(id: u64, refusal: Refusal) -> Message {
    let cause = refusal.cause.into();
    Message::Reject(wire::Reject { assignment_id: id, cause, detail: refusal.detail })
}

/// Keeps account of one request.
struct Accounting {
    model: String,
    charge: Charge,
    /// The prompt is read.
    read: bool,
    /// Vectors are asked for: all there is to do is to read.
    embeds: bool,
}

impl Accounting {
    fn on(&mut self, event: &GenerationEvent) {
        let read = match event {
            GenerationEvent::Prefill { done, of } => done >= of,
            GenerationEvent::Text { .. } | GenerationEvent::ToolCall { .. } => true,
            GenerationEvent::Vectors(_)
            | GenerationEvent::Finished { .. }
            | GenerationEvent::Failed(_) => false,
        };
        if read && !self.read && !self.embeds {
            self.read = true;
            self.charge.answering();
        }
    }

    fn finished(&self, usage: &Usage, timings: &Timings, around: &Surroundings) -> Option<Spent> {
        let spent = self.charge.spent();
        around.performance.finished(&self.model, usage, timings, spent.as_ref());
        spent
    }
}

/// Returns at the deadline; without one, never.
pub(super) async fn reached(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline).await,
        None => std::future::pending().await,
    }
}

/// Passes events on until the last one, and returns what that one means.
async fn relay(
    id: u64,
    running: &mut Running,
    account: &mut Accounting,
    around: &Surroundings,
) -> Result<finished::Result, Unsendable> {
    let mut pieces = Pieces::default();
    let mut active = false;
    while let Some(event) = running.next().await {
        if !active {
            // The first event of all: the job has left the queue for a slot.
            active = true;
            around.load_changed.notify_one();
        }
        account.on(&event);
        let bodies = match event {
            GenerationEvent::Finished { finish, usage, timings } => {
                let spent = account.finished(&usage, &timings, around);
                return Ok(completed(finish, usage, timings, spent));
            }
            GenerationEvent::Failed(error) => return Ok(engine_failure(&error)),
            event => pieces.of(event),
        };
        for body in bodies {
            let chunk = Chunk { assignment_id: id, body: Some(body) };
            around.outbox.chunk(Message::Chunk(chunk)).await?;
        }
    }
    Ok(failed("engine", "the engine ended the generation without a result"))
}
