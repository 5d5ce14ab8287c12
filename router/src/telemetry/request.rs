//! The trace of one request, carried by the request itself, and what is known of the request until it is told.
//!
//! The span of the request is open while anybody holds it: the request, for as long as it flies, and the stream
//! to the client ([`RequestTrace::carry`]). Each call to a target has a span of its own from its dispatch on,
//! because the target has to be told where it is. Everything else is written down as it happens and told
//! afterwards, out of the flight's rows, so that nothing is done for a token and little on the way.

use super::Telemetry;
use super::calls::Took;
use super::carried::Carried;
use super::labels::provider;
use super::names::{Operation, attribute};
use super::steps::Step;
use crate::clock::Clock;
use littoral_core::flight::action::Purpose;
use littoral_core::flight::event::DispatchId;
use littoral_core::plan::{Attempt, Place};
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::{Begin, Kind, Place as InTrace, Span, Spans};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The trace of one request. Clones are the same; the default one is of no trace.
#[derive(Clone, Default)]
pub struct RequestTrace(Arc<Carries>);

#[derive(Default)]
struct Carries {
    scene: Arc<Scene>,
    facts: Mutex<Facts>,
    /// Whoever tells of it; nobody of the default one.
    telemetry: Option<Telemetry>,
}

/// Where in a trace things happen.
#[derive(Default)]
pub(super) struct Scene {
    pub spans: Spans,
    pub span: Span,
    pub operation: Operation,
    /// What the wall clock showed when the router's clock was at zero.
    zero: Option<SystemTime>,
}

/// What is known and not yet told.
#[derive(Default)]
struct Facts {
    /// One a dispatch, in order.
    dispatches: Vec<Dispatched>,
    /// Time in the waiting room.
    waited: Duration,
}

/// A call to a target that was begun.
pub(super) struct Dispatched {
    pub span: Span,
    pub purpose: Purpose,
    /// What it took, once that is settled.
    pub took: Option<Took>,
}

impl Scene {
    /// The wall clock at a moment of the router's clock.
    pub fn wall(&self, at: Duration) -> Option<SystemTime> {
        self.zero?.checked_add(at)
    }
}

impl RequestTrace {
    /// A request that arrived then, as a part of the trace that its client told of.
    pub(super) fn begin(
        telemetry: &Telemetry,
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
        let spans = telemetry.spans().clone();
        let span = spans.begin(begin, parent);
        Self(Arc::new(Carries {
            scene: Arc::new(Scene { spans, span, operation, zero }),
            facts: Mutex::default(),
            telemetry: Some(telemetry.clone()),
        }))
    }

    /// The request's own span.
    #[must_use]
    pub fn span(&self) -> &Span {
        &self.0.scene.span
    }

    pub(super) fn scene(&self) -> &Arc<Scene> {
        &self.0.scene
    }

    /// A step is over.
    pub(super) fn took(&self, step: Step) {
        if let Some(telemetry) = &self.0.telemetry {
            let scene = Arc::clone(&self.0.scene);
            telemetry.later(move |meters| step.tell(meters, &scene));
        }
    }

    /// A call to a target begins. To be told once for each dispatch, in their order.
    pub fn dispatched(&self, attempt: &Attempt, purpose: Purpose) {
        let dispatches = &mut self.0.facts.lock().dispatches;
        let span = if self.0.scene.span.is_recording() {
            self.begin_call(attempt, purpose, dispatches)
        } else {
            Span::default()
        };
        dispatches.push(Dispatched { span, purpose, took: None });
    }

    fn begin_call(&self, attempt: &Attempt, purpose: Purpose, before: &[Dispatched]) -> Span {
        let Scene { spans, span, operation, .. } = &*self.0.scene;
        let link = |before: &Dispatched| {
            let what = KeyValue::new(attribute::LINK, named(purpose));
            (before.span.place().clone(), vec![what])
        };
        let begin = Begin {
            name: format!("{} {}", operation.name(), attempt.target.model).into(),
            kind: Kind::Client,
            at: None,
            attributes: attributes(operation.name(), attempt, purpose),
            links: before.iter().map(link).collect(),
        };
        spans.begin(begin, span.place())
    }

    /// Where a dispatch is in the trace, for its target, as a W3C `traceparent`; empty where it is in none.
    #[must_use]
    pub fn traceparent(&self, dispatch: DispatchId) -> String {
        let index = usize::try_from(dispatch.0).unwrap_or(usize::MAX);
        let facts = self.0.facts.lock();
        let own = facts.dispatches.get(index).map(|dispatched| &dispatched.span);
        own.filter(|span| span.place().is_valid()).unwrap_or_else(|| self.span()).traceparent()
    }

    /// What a call took is settled.
    pub(super) fn took_of(&self, dispatch: DispatchId, took: Took) {
        let index = usize::try_from(dispatch.0).unwrap_or(usize::MAX);
        if let Some(dispatched) = self.0.facts.lock().dispatches.get_mut(index) {
            dispatched.took = Some(took);
        }
    }

    /// All dispatches, which are then no longer held here, and the time that was waited.
    pub(super) fn dispatches(&self) -> (Vec<Dispatched>, Duration) {
        let mut facts = self.0.facts.lock();
        (std::mem::take(&mut facts.dispatches), facts.waited)
    }

    pub(super) fn waited(&self, time: Duration) {
        self.0.facts.lock().waited += time;
    }

    /// Lets a stream to the client hold the request's span to its end.
    pub fn carry<S>(&self, stream: S) -> Carried<S> {
        Carried::new(stream, self.clone())
    }
}

/// Nobody holds the trace any more: its span is over, once all is told that happened in it.
impl Drop for Carries {
    fn drop(&mut self) {
        if let Some(telemetry) = self.telemetry.as_ref().filter(|_| self.scene.span.is_recording())
        {
            let (scene, now) = (Arc::clone(&self.scene), SystemTime::now());
            telemetry.later(move |_| scene.span.end(Some(now)));
        }
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
