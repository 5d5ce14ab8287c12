//! The router's own steps of a request: scan, decide, admit. Each is a span and a duration.

use super::Telemetry;
use super::names::{attribute, span};
use super::request::RequestTrace;
use littoral_core::plan::{Decision, Outcome};
use littoral_core::policy::Policy;
use littoral_core::record::Record;
use littoral_kit::telemetry::{Array, KeyValue, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

impl Telemetry {
    /// Content is looked into.
    pub async fn scanning<T>(&self, trace: &RequestTrace, scan: impl Future<Output = T>) -> T {
        let (span, begun) = (trace.inside(span::SCAN), Instant::now());
        let scanned = scan.await;
        self.0.meters.scan.record(begun.elapsed().as_secs_f64(), &[]);
        span.end(None);
        scanned
    }

    /// A decision is made.
    pub fn deciding(
        &self,
        trace: &RequestTrace,
        decide: impl FnOnce() -> (Record, Arc<Policy>),
    ) -> (Record, Arc<Policy>) {
        let (span, begun) = (trace.inside(span::DECIDE), Instant::now());
        let decided = decide();
        self.0.meters.decision.record(begun.elapsed().as_secs_f64(), &[]);
        span.set(|| of_decision(&decided.0.decision));
        span.end(None);
        decided
    }

    /// A request takes its place, and waits for one where there is none.
    pub async fn admitting<T>(&self, trace: &RequestTrace, wait: impl Future<Output = T>) -> T {
        let (span, begun) = (trace.inside(span::ADMIT), Instant::now());
        let admitted = wait.await;
        let waited = begun.elapsed();
        self.0.meters.wait.record(waited.as_secs_f64(), &[]);
        trace.waited(waited);
        span.end(None);
        admitted
    }
}

/// What a decision says of itself, without the names of those who lost.
pub(super) fn of_decision(decision: &Decision) -> Vec<KeyValue> {
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
