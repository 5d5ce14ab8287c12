//! The trace of one request, carried by the request itself.
//!
//! The span of the request is open while anybody holds it: the request, for as long as it flies, and the stream
//! to the client ([`RequestTrace::carry`]). Each call to a target has a span of its own from its dispatch on,
//! because the target has to be told where it is; what came of it is set at the end, out of the flight's rows,
//! so that nothing is done for a token.

use super::carried::Carried;
use super::labels::provider;
use super::names::{Operation, attribute, span};
use crate::clock::Clock;
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::DispatchId;
use littoral_core::plan::{Attempt, Place};
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::{Begin, Kind, Place as InTrace, Span, Spans};
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// The trace of one request. Clones are the same; the default one is of no trace.
#[derive(Clone, Default)]
pub struct RequestTrace(Arc<Carries>);

#[derive(Default)]
struct Carries {
    spans: Spans,
    span: Span,
    operation: Operation,
    /// What the wall clock showed when the router's clock was at zero.
    zero: Option<SystemTime>,
    /// One a dispatch, in order.
    dispatches: Mutex<Vec<Dispatched>>,
    /// Time in the waiting room, in microseconds.
    waited_us: AtomicU64,
}

/// A call to a target that was begun.
pub(super) struct Dispatched {
    pub span: Span,
    pub purpose: Purpose,
}

impl RequestTrace {
    /// A request that arrived then, as a part of the trace that its client told of.
    pub(super) fn begin(
        spans: &Spans,
        parent: &InTrace,
        operation: Operation,
        (arrived, clock): (Duration, Clock),
    ) -> Self {
        let zero = SystemTime::now().checked_sub(clock.now());
        let begin = Begin {
            name: operation.name().into(),
            kind: Kind::Server,
            at: zero.and_then(|zero| zero.checked_add(arrived)),
            attributes: vec![KeyValue::new(attribute::OPERATION, operation.name())],
            links: Vec::new(),
        };
        let span = spans.begin(begin, parent);
        Self(Arc::new(Carries {
            spans: spans.clone(),
            span,
            operation,
            zero,
            ..Carries::default()
        }))
    }

    /// What is asked for.
    #[must_use]
    pub fn operation(&self) -> Operation {
        self.0.operation
    }

    /// The request's own span.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.0.span
    }

    /// A span inside the request, from now on.
    pub(super) fn inside(&self, name: &'static str) -> Span {
        if !self.0.span.is_recording() {
            return Span::default();
        }
        self.0.spans.begin(Begin::inside(name), self.0.span.place())
    }

    /// The wall clock at a moment of the router's clock.
    pub(super) fn wall(&self, at: Duration) -> Option<SystemTime> {
        self.0.zero?.checked_add(at)
    }

    /// A call to a target begins. To be told once for each dispatch, in their order.
    pub fn dispatched(&self, attempt: &Attempt, purpose: Purpose) {
        let mut dispatches = self.0.dispatches.lock();
        let span = if self.0.span.is_recording() {
            self.begin_call(attempt, purpose, &dispatches)
        } else {
            Span::default()
        };
        dispatches.push(Dispatched { span, purpose });
    }

    fn begin_call(&self, attempt: &Attempt, purpose: Purpose, before: &[Dispatched]) -> Span {
        let operation = self.0.operation.name();
        let link = |before: &Dispatched| {
            let what = KeyValue::new(attribute::LINK, named(purpose));
            (before.span.place().clone(), vec![what])
        };
        let begin = Begin {
            name: format!("{operation} {}", attempt.target.model).into(),
            kind: Kind::Client,
            at: None,
            attributes: attributes(operation, attempt, purpose),
            links: before.iter().map(link).collect(),
        };
        self.0.spans.begin(begin, self.0.span.place())
    }

    /// Where a dispatch is in the trace, for its target, as a W3C `traceparent`; empty where it is in none.
    #[must_use]
    pub fn traceparent(&self, dispatch: DispatchId) -> String {
        let own = self.of(dispatch).filter(|span| span.place().is_valid());
        own.unwrap_or_else(|| self.0.span.clone()).traceparent()
    }

    /// The span of a dispatch.
    pub(super) fn of(&self, dispatch: DispatchId) -> Option<Span> {
        let index = usize::try_from(dispatch.0).ok()?;
        self.0.dispatches.lock().get(index).map(|dispatched| dispatched.span.clone())
    }

    /// All dispatches, which are then no longer held here.
    pub(super) fn dispatches(&self) -> Vec<Dispatched> {
        std::mem::take(&mut *self.0.dispatches.lock())
    }

    pub(super) fn waited(&self, time: Duration) {
        let us = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        self.0.waited_us.fetch_add(us, Ordering::Relaxed);
    }

    pub(super) fn time_waited(&self) -> Duration {
        Duration::from_micros(self.0.waited_us.load(Ordering::Relaxed))
    }

    /// Lets a stream to the client hold the request's span to its end.
    pub fn carry<S>(&self, stream: S) -> Carried<S> {
        Carried::new(stream, self.clone(), self.inside(span::STREAM))
    }
}

/// What is known of a call when it begins.
fn attributes(operation: &'static str, attempt: &Attempt, purpose: Purpose) -> Vec<KeyValue> {
    let (target, predicted) = (&attempt.target, &attempt.predicted);
    let mut attributes = vec![
        KeyValue::new(attribute::OPERATION, operation),
        KeyValue::new(attribute::PROVIDER, provider(target)),
        KeyValue::new(attribute::REQUEST_MODEL, Arc::clone(&target.model)),
        KeyValue::new(attribute::TIER, attempt.tier.name()),
        KeyValue::new(attribute::POOL, Arc::clone(&target.pool)),
        KeyValue::new(attribute::PURPOSE, named(purpose)),
    ];
    if let Place::Worker { worker_id, .. } = &target.at {
        attributes.push(KeyValue::new(attribute::WORKER, Arc::clone(worker_id)));
    }
    let told = [
        (attribute::PREDICTED_FIRST_TOKEN_MS, predicted.first_token_ms),
        (attribute::PREDICTED_TOTAL_MS, predicted.total_ms),
        (attribute::PREDICTED_COST, predicted.cost_usd_micros.map(super::usd)),
        (attribute::PREDICTED_JOULES, predicted.energy_joules),
    ];
    let told = told.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key, value?)));
    attributes.extend(told);
    attributes
}

/// What a call is for, in a word.
pub(super) const fn named(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::First => "first",
        Purpose::Failover => "failover",
        Purpose::Repeat => "repeat",
        Purpose::Hedge => "hedge",
    }
}
