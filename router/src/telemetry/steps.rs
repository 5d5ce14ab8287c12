//! The router's own steps of a request: scan, decide, admit, and the answer on its way. Each is a span, and but for
//! the last a duration.

use super::Telemetry;
use super::meters::Meters;
use super::names::{attribute, span};
use super::request::{RequestTrace, Scene};
use littoral_core::plan::{Decision, Outcome};
use littoral_core::policy::Policy;
use littoral_core::record::Record;
use littoral_kit::telemetry::span::Begin;
use littoral_kit::telemetry::{Array, KeyValue, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A step that is over.
pub(super) struct Step {
    pub what: What,
    pub begun: SystemTime,
    pub took: Duration,
}

/// What was done.
pub(super) enum What {
    Scan,
    Decide(Arc<Record>),
    Admit,
    Stream { abandoned: bool },
}

/// When a step began, by the wall clock and by the one that no jump disturbs.
#[derive(Clone, Copy)]
pub(super) struct Begun(SystemTime, Instant);

impl Begun {
    pub(super) fn now() -> Self {
        Self(SystemTime::now(), Instant::now())
    }

    pub(super) fn over(self, what: What) -> Step {
        Step { what, begun: self.0, took: self.1.elapsed() }
    }
}

impl Telemetry {
    /// Content is looked into.
    pub async fn scanning<T>(&self, trace: &RequestTrace, scan: impl Future<Output = T>) -> T {
        let begun = Begun::now();
        let scanned = scan.await;
        trace.took(begun.over(What::Scan));
        scanned
    }

    /// A decision is made.
    pub fn deciding(
        &self,
        trace: &RequestTrace,
        decide: impl FnOnce() -> (Record, Arc<Policy>),
    ) -> (Arc<Record>, Arc<Policy>) {
        let begun = Begun::now();
        let (record, policy) = decide();
        let record = Arc::new(record);
        trace.took(begun.over(What::Decide(Arc::clone(&record))));
        (record, policy)
    }

    /// A request takes its place, and waits for one where there is none.
    pub async fn admitting<T>(&self, trace: &RequestTrace, wait: impl Future<Output = T>) -> T {
        let begun = Begun::now();
        let admitted = wait.await;
        let step = begun.over(What::Admit);
        trace.waited(step.took);
        trace.took(step);
        admitted
    }
}

impl Step {
    pub(super) fn tell(self, meters: &Meters, scene: &Scene) {
        let seconds = self.took.as_secs_f64();
        let name = match &self.what {
            What::Scan => {
                meters.scan.record(seconds, &[]);
                span::SCAN
            }
            What::Decide(_) => {
                meters.decision.record(seconds, &[]);
                span::DECIDE
            }
            What::Admit => {
                meters.wait.record(seconds, &[]);
                span::ADMIT
            }
            What::Stream { .. } => span::STREAM,
        };
        if !scene.span.is_recording() {
            return;
        }
        let attributes = match self.what {
            What::Decide(record) => of_decision(&record.decision),
            What::Stream { abandoned: true } => vec![KeyValue::new(attribute::ABANDONED, true)],
            What::Stream { abandoned: false } | What::Scan | What::Admit => Vec::new(),
        };
        let begin = Begin { at: Some(self.begun), attributes, ..Begin::inside(name) };
        scene.spans.begin(begin, scene.span.place()).end(self.begun.checked_add(self.took));
    }
}

/// What a decision says of itself, without the names of those who lost.
fn of_decision(decision: &Decision) -> Vec<KeyValue> {
    let mut attributes = vec![
        KeyValue::new(attribute::POLICY, Arc::clone(&decision.policy_hash)),
        KeyValue::new(attribute::CLASS, decision.class.name()),
        KeyValue::new(attribute::REJECTED, gates(decision)),
    ];
    match &decision.outcome {
        Outcome::Planned(plan) => {
            let planned = i64::try_from(plan.attempts.len()).unwrap_or(i64::MAX);
            attributes.push(KeyValue::new(attribute::PLANNED, planned));
            let first = plan.attempts.first();
            attributes.extend(first.map(|first| KeyValue::new(attribute::TIER, first.tier.name())));
        }
        Outcome::Refused(refusal) => {
            attributes.push(KeyValue::new(attribute::OUTCOME, refusal.reason.name()));
        }
    }
    attributes
}

/// The gates that stopped somebody, each with how many.
fn gates(decision: &Decision) -> Value {
    let mut stopped = BTreeMap::<&str, u32>::new();
    for row in &decision.rejected {
        let more = row.more_workers.unwrap_or(1);
        let count = stopped.entry(row.gate.name()).or_default();
        *count = count.saturating_add(more);
    }
    let told = stopped.into_iter().map(|(gate, count)| format!("{gate}:{count}").into());
    Value::Array(Array::String(told.collect()))
}
