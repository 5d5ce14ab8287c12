//! What is told of a request's end: its span's attributes, its metrics, and the one line of the log.

use super::calls::{Asked, Ended};
use super::client::record;
use super::meters::{Meters, egress, request as labels};
use super::names::{NO_TIER, OK, attribute};
use super::request::{Dispatched, RequestTrace, Scene};
use super::{Telemetry, usd};
use crate::pipeline::Pipeline;
use crate::pipeline::request::Request;
use crate::store::OutcomeRow;
use littoral_core::flight::action::{DispatchRow, Ending};
use littoral_core::flight::event::Finish;
use littoral_core::plan::{Plan, Prediction};
use littoral_core::reason::Reason;
use littoral_kit::telemetry::{Array, KeyValue, Value};
use std::sync::Arc;
use std::time::Duration;

/// A flight that is over, as it is told with its request's end.
pub struct Flown {
    calls: Vec<Ended>,
    /// What the router itself took of the request.
    own: Duration,
    /// What was expected of whoever answered.
    predicted: Option<Prediction>,
}

/// A request that is over.
struct Over<'a> {
    id: &'a str,
    alias: &'a str,
    outcome: &'a OutcomeRow,
    total: Duration,
    scene: &'a Scene,
}

impl Flown {
    /// What is to be told of a flight's calls, and of what the router itself took. To be asked for once, at the
    /// end of the flight.
    #[must_use]
    pub fn of(
        pipeline: &Pipeline,
        request: &Request,
        plan: &Plan,
        (ending, winner): (&Ending, Option<usize>),
    ) -> Self {
        let (dispatches, waited) = request.trace.dispatches();
        let calls = dispatches.into_iter().zip(&ending.dispatches).enumerate();
        let calls = calls.map(|(index, (Dispatched { span, purpose, took }, row))| {
            let asked = plan.attempts.get(row.attempt).map(Asked::of);
            Ended { span, purpose, row: row.clone(), won: winner == Some(index), asked, took }
        });
        let total = pipeline.clock.now().saturating_sub(request.arrived);
        let own = total.saturating_sub(waited).saturating_sub(with_targets(&ending.dispatches));
        let answered = ending.result.as_ref().ok();
        let attempt = answered.and_then(|answered| plan.attempts.get(answered.attempt));
        let predicted = attempt.map(|attempt| attempt.predicted);
        Self { calls: calls.collect(), own, predicted }
    }

    fn tell(&self, meters: &Meters, scene: &Scene) {
        self.calls.iter().for_each(|call| call.tell(meters, scene));
        meters.overhead.record(self.own.as_secs_f64(), &[]);
        if let Some(predicted) = &self.predicted {
            scene.span.set(|| {
                let told = [
                    (attribute::PREDICTED_FIRST_TOKEN_MS, predicted.first_token_ms),
                    (attribute::PREDICTED_TOTAL_MS, predicted.total_ms),
                    (attribute::PREDICTED_COST, predicted.cost_usd_micros.map(usd)),
                    (attribute::PREDICTED_JOULES, predicted.energy_joules),
                ];
                told.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key, value?)))
            });
        }
    }
}

impl Telemetry {
    /// A request that was decided is over, and its flight with it where it had one.
    pub fn ended(
        &self,
        pipeline: &Pipeline,
        request: &Request,
        (outcome, flown): (&Arc<OutcomeRow>, Option<Flown>),
    ) {
        let total = pipeline.clock.now().saturating_sub(request.arrived);
        let scene = Arc::clone(request.trace.scene());
        let (id, alias, outcome) = (request.id.clone(), request.alias.clone(), Arc::clone(outcome));
        self.later(move |meters| {
            if let Some(flown) = flown {
                flown.tell(meters, &scene);
            }
            let over = Over { id: &id, alias: &alias, outcome: &outcome, total, scene: &scene };
            over.count(meters);
            over.tell();
            over.log();
        });
    }

    /// A request was turned away at the door, before anything was decided.
    pub fn turned_away(&self, trace: &RequestTrace, request_id: &str, reason: Reason) {
        let (scene, request_id) = (Arc::clone(trace.scene()), request_id.to_owned());
        self.later(move |meters| {
            meters.requests.add(1, &labels(reason.name(), NO_TIER));
            let span = &scene.span;
            span.set(|| {
                [
                    KeyValue::new(attribute::REQUEST_ID, request_id.clone()),
                    KeyValue::new(attribute::OUTCOME, reason.name()),
                    KeyValue::new(attribute::ERROR, reason.name()),
                ]
            });
            span.fail(reason.name());
            let trace_id = span.trace_id();
            tracing::info!(request_id, trace_id, outcome = reason.name(), "request");
        });
    }
}

impl Over<'_> {
    fn count(&self, meters: &Meters) {
        let Self { outcome, total, scene, .. } = self;
        let (served, word) = (outcome.served.as_ref(), word(outcome));
        let tier = served.map_or(NO_TIER, |served| served.tier.name());
        meters.requests.add(1, &labels(word, tier));
        for holding in &outcome.receipt.holdings {
            if let Some(tier) = holding.tier {
                meters.egress.add(holding.bytes, &egress(outcome.receipt.class, tier));
            }
        }
        let operation = scene.operation;
        let Some(served) = served else {
            let labels = [
                KeyValue::new(attribute::OPERATION, operation.name()),
                KeyValue::new(attribute::ERROR, word),
            ];
            return meters.duration.record(total.as_secs_f64(), &labels);
        };
        let target = meters.labels.target(operation, &served.target, served.tier);
        record(&meters.duration, total.as_secs_f64(), &target, None);
        let Some(first_ms) = served.first_token_ms else { return };
        meters.first_token.record(first_ms / 1e3, &target);
        let tokens = outcome.usage.map_or(0, |usage| usage.completion_tokens);
        if tokens > 1 {
            let rest_ms = (served.total_ms - first_ms).max(0.0);
            meters.per_token.record(rest_ms / 1e3 / f64::from(tokens - 1), &target);
        }
    }

    /// Sets on the request's span what came of it.
    fn tell(&self) {
        let Self { outcome, total, .. } = self;
        let (span, receipt) = (&self.scene.span, &outcome.receipt);
        if !span.is_recording() {
            return;
        }
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        span.set(|| {
            let mut attributes = vec![
                KeyValue::new(attribute::REQUEST_ID, self.id.to_owned()),
                KeyValue::new(attribute::POLICY, receipt.policy_hash.clone()),
                KeyValue::new(attribute::CLASS, receipt.class.name()),
                KeyValue::new(attribute::EGRESS_BYTES, count(receipt.egress_bytes)),
                KeyValue::new(attribute::FAILOVERS, i64::from(outcome.failovers)),
                KeyValue::new(attribute::TOTAL_MS, total.as_secs_f64() * 1e3),
                KeyValue::new(attribute::OUTCOME, word(outcome)),
            ];
            if let Some(reason) = outcome.reason {
                attributes.push(KeyValue::new(attribute::ERROR, reason.name()));
            }
            if let Some(usage) = outcome.usage {
                let tokens = [
                    (attribute::REQUEST_INPUT_TOKENS, usage.prompt_tokens),
                    (attribute::REQUEST_OUTPUT_TOKENS, usage.completion_tokens),
                ];
                attributes
                    .extend(tokens.map(|(key, tokens)| KeyValue::new(key, i64::from(tokens))));
            }
            if let Some(finish) = outcome.finish {
                let finish = Value::Array(Array::String(vec![finished(finish).into()]));
                attributes.push(KeyValue::new(attribute::FINISH_REASONS, finish));
            }
            attributes
        });
        if let Some(reason) = outcome.reason {
            span.fail(reason.name());
        }
        let Some(served) = &outcome.served else { return };
        let target = &served.target;
        // A name that a target answers to is one that the policy knows, and no word of the caller's.
        let alias = if self.alias.is_empty() { &*target.model } else { self.alias };
        let operation = self.scene.operation.name();
        span.rename(|| format!("{operation} {alias}").into());
        span.set(|| {
            let told = [
                (attribute::FIRST_TOKEN_MS, served.first_token_ms),
                (attribute::COST, served.cost_usd_micros.map(usd)),
                (attribute::JOULES, served.energy_joules),
            ];
            let told = told.into_iter().filter_map(|(key, value)| Some(KeyValue::new(key, value?)));
            told.chain([
                KeyValue::new(attribute::REQUEST_MODEL, alias.to_owned()),
                KeyValue::new(attribute::RESPONSE_MODEL, Arc::clone(&target.model)),
                KeyValue::new(attribute::PROVIDER, super::labels::provider(target)),
                KeyValue::new(attribute::TIER, served.tier.name()),
                KeyValue::new(attribute::POOL, Arc::clone(&target.pool)),
            ])
        });
    }

    /// One line a request, with the id that receipts and traces carry and no content.
    fn log(&self) {
        let Self { outcome, total, .. } = self;
        let (served, usage) = (outcome.served.as_ref(), outcome.usage.as_ref());
        tracing::info!(
            request_id = self.id,
            trace_id = self.scene.span.trace_id(),
            outcome = word(outcome),
            tier = served.map(|served| served.tier.name()),
            pool = served.map(|served| &*served.target.pool),
            ms = whole_ms(*total),
            first_token_ms = served
                .and_then(|served| served.first_token_ms)
                .map(|ms| whole_ms(Duration::from_secs_f64((ms / 1e3).max(0.0)))),
            prompt_tokens = usage.map(|usage| usage.prompt_tokens),
            completion_tokens = usage.map(|usage| usage.completion_tokens),
            cost_usd_micros = served.and_then(|served| served.cost_usd_micros),
            class = outcome.receipt.class.name(),
            egress_bytes = outcome.receipt.egress_bytes,
            failovers = outcome.failovers,
            "request"
        );
    }
}

fn whole_ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

fn word(outcome: &OutcomeRow) -> &'static str {
    outcome.reason.map_or(OK, Reason::name)
}

const fn finished(finish: Finish) -> &'static str {
    match finish {
        Finish::Stop => "stop",
        Finish::Length => "length",
        Finish::ToolCalls => "tool_calls",
        Finish::ContentFilter => "content_filter",
    }
}

/// Time in which at least one target was at work on the request. Rows are in the order of their dispatch.
fn with_targets(rows: &[DispatchRow]) -> Duration {
    let (mut time, mut until) = (Duration::ZERO, Duration::ZERO);
    for row in rows {
        time += row.ended_at.saturating_sub(row.at.max(until));
        until = until.max(row.ended_at);
    }
    time
}
