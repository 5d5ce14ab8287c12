//! The spans of one assignment: a part of the router's trace, told by the worker itself.
//!
//! The router says in the assignment where in its trace the work is; where it says nothing, or nobody here
//! takes spans, there are none. What was said and what was answered is in none of them.

use crate::assignment::Work;
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::{Begin, Kind, Span, Spans, place};
use littoral_proto::v1::reject::Cause;
use littoral_proto::v1::{Timings, finished};
use std::borrow::Cow;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

/// Names, as the router's: the conventions' where they have some.
mod names {
    pub const OPERATION: &str = "gen_ai.operation.name";
    pub const PROVIDER: &str = "gen_ai.provider.name";
    pub const MODEL: &str = "gen_ai.request.model";
    /// Readers add up the conventions' usage over a trace, and the router's call has it already.
    pub const INPUT_TOKENS: &str = "littoral.tokens.input";
    pub const OUTPUT_TOKENS: &str = "littoral.tokens.output";
    pub const CACHED_TOKENS: &str = "littoral.tokens.cached";
    pub const ERROR: &str = "error.type";
    pub const OUTCOME: &str = "littoral.outcome";
    pub const JOULES: &str = "littoral.energy.joules";
    pub const FIRST_TOKEN: &str = "first_token";
}

/// A model that is in memory takes no time to come there, and then there is nothing to tell.
const WORTH_TELLING: Duration = Duration::from_millis(1);

/// The trace of one assignment.
pub(super) struct AssignmentTrace {
    spans: Spans,
    span: Span,
    /// When the engine was given the job.
    started: OnceLock<SystemTime>,
}

impl AssignmentTrace {
    /// An assignment that arrived then.
    pub(super) fn begin(spans: &Spans, work: &Work, arrival: SystemTime) -> Self {
        let parent = place(Some(work.traceparent.as_str()), None);
        if !spans.is_on() || !parent.is_valid() {
            return Self {
                spans: Spans::default(),
                span: Span::default(),
                started: OnceLock::new(),
            };
        }
        let begin = Begin {
            name: format!("chat {}", work.model).into(),
            kind: Kind::Server,
            at: Some(arrival),
            attributes: vec![
                KeyValue::new(names::OPERATION, "chat"),
                KeyValue::new(names::PROVIDER, "littoral"),
                KeyValue::new(names::MODEL, work.model.clone()),
            ],
            links: Vec::new(),
        };
        let span = spans.begin(begin, &parent);
        Self { spans: spans.clone(), span, started: OnceLock::new() }
    }

    /// The model comes into memory, where it is not there yet; then the engine is given the job.
    pub(super) async fn loading<T>(&self, ready: impl Future<Output = T>) -> T {
        let from = SystemTime::now();
        let ready = ready.await;
        let now = SystemTime::now();
        if now.duration_since(from).is_ok_and(|took| took >= WORTH_TELLING) {
            self.step("load", from, now);
        }
        // Set once: there is one wait for the model.
        let _ = self.started.set(now);
        ready
    }

    /// It was turned away.
    pub(super) fn refused(&self, cause: Cause) {
        self.failed(cause.as_str_name().into());
    }

    /// It is over.
    pub(super) fn ended(&self, result: &finished::Result) {
        if !self.span.is_recording() {
            return;
        }
        match result {
            finished::Result::Completed(completed) => self.completed(completed),
            finished::Result::Cancelled(_) => {
                self.span.set(|| [KeyValue::new(names::OUTCOME, "cancelled")]);
                self.span.end(None);
            }
            finished::Result::Failed(failed) => self.failed(failed.kind.clone().into()),
        }
    }

    fn failed(&self, kind: Cow<'static, str>) {
        let told = kind.clone();
        self.span.set(|| {
            [KeyValue::new(names::OUTCOME, told.clone()), KeyValue::new(names::ERROR, told)]
        });
        self.span.fail(kind);
        self.span.end(None);
    }

    fn completed(&self, completed: &finished::Completed) {
        let usage = completed.usage.unwrap_or_default();
        self.span.set(|| {
            let energy = completed.energy.unwrap_or_default();
            let joules = match (energy.prefill_joules, energy.decode_joules) {
                (None, None) => None,
                (prefill, decode) => Some(prefill.unwrap_or(0.0) + decode.unwrap_or(0.0)),
            };
            let counts = [
                (names::INPUT_TOKENS, usage.prompt_tokens),
                (names::OUTPUT_TOKENS, usage.completion_tokens),
                (names::CACHED_TOKENS, completed.cached_prompt_tokens),
            ];
            let counts = counts.map(|(key, tokens)| KeyValue::new(key, i64::from(tokens)));
            let joules = joules.map(|joules| KeyValue::new(names::JOULES, joules));
            counts.into_iter().chain(joules).chain([KeyValue::new(names::OUTCOME, "ok")])
        });
        if let (Some(timings), Some(started)) = (&completed.timings, self.started.get()) {
            self.steps(*started, timings);
        }
        self.span.end(None);
    }

    /// The engine's own times, as parts of the assignment.
    fn steps(&self, started: SystemTime, timings: &Timings) {
        let after = |ms: f64| {
            let time = Duration::try_from_secs_f64(ms / 1e3).unwrap_or_default();
            started.checked_add(time).unwrap_or(started)
        };
        let (queue, read) = (timings.queue_ms, timings.queue_ms + timings.prefill_ms);
        self.step("queue", started, after(queue));
        self.step("prefill", after(queue), after(read));
        if timings.first_token_ms > 0.0 {
            self.span.event(names::FIRST_TOKEN, after(timings.first_token_ms));
            let end = after(timings.first_token_ms + timings.decode_ms);
            self.step("decode", after(timings.first_token_ms), end);
        }
    }

    fn step(&self, name: &'static str, from: SystemTime, to: SystemTime) {
        if self.span.is_recording() {
            let begin = Begin { at: Some(from), ..Begin::inside(name) };
            self.spans.begin(begin, self.span.place()).end(Some(to));
        }
    }
}
