//! What is told of a request's end: its span's attributes, its metrics, and the one line of the log.

use super::calls;
use super::client::record;
use super::meters::{egress, request as labels};
use super::names::{NO_TIER, OK, attribute};
use super::request::{Dispatched, RequestTrace};
use super::{Telemetry, usd};
use crate::pipeline::Pipeline;
use crate::pipeline::request::Request;
use crate::store::OutcomeRow;
use littoral_core::flight::action::{DispatchRow, Ending};
use littoral_core::flight::event::Finish;
use littoral_core::plan::Plan;
use littoral_core::reason::Reason;
use littoral_kit::telemetry::{Array, KeyValue, Value};
use std::sync::Arc;
use std::time::Duration;

impl Telemetry {
    /// A flight is over: what is told of its calls, and of what the router itself took.
    pub fn flown(
        &self,
        pipeline: &Pipeline,
        request: &Request,
        plan: &Plan,
        (ending, winner): (&Ending, Option<usize>),
    ) {
        let trace = &request.trace;
        let calls = trace.dispatches().into_iter().zip(&ending.dispatches);
        for (index, (Dispatched { span, purpose }, row)) in calls.enumerate() {
            let won = winner == Some(index);
            calls::end(trace, &span, row, won);
            if let Some(attempt) = plan.attempts.get(row.attempt) {
                self.called(purpose, attempt.tier, row, won);
            }
        }
        let total = pipeline.clock.now().saturating_sub(request.arrived);
        let own = total
            .saturating_sub(trace.time_waited())
            .saturating_sub(with_targets(&ending.dispatches));
        self.0.meters.overhead.record(own.as_secs_f64(), &[]);
        if let Ok(answered) = &ending.result
            && let Some(attempt) = plan.attempts.get(answered.attempt)
        {
            let predicted = &attempt.predicted;
            trace.span().set(|| {
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

    /// A request that was decided is over.
    pub fn ended(&self, pipeline: &Pipeline, request: &Request, outcome: &OutcomeRow) {
        let total = pipeline.clock.now().saturating_sub(request.arrived);
        self.count(request, outcome, total);
        tell(request, outcome, total);
        log(request, outcome, total);
    }

    /// A request was turned away at the door, before anything was decided.
    pub fn turned_away(&self, trace: &RequestTrace, request_id: &str, reason: Reason) {
        self.0.meters.requests.add(1, &labels(reason.name(), NO_TIER));
        let span = trace.span();
        span.set(|| {
            [
                KeyValue::new(attribute::REQUEST_ID, request_id.to_owned()),
                KeyValue::new(attribute::OUTCOME, reason.name()),
                KeyValue::new(attribute::ERROR, reason.name()),
            ]
        });
        span.fail(reason.name());
        let trace_id = span.trace_id();
        tracing::info!(request_id, trace_id, outcome = reason.name(), "request");
    }

    fn count(&self, request: &Request, outcome: &OutcomeRow, total: Duration) {
        let meters = &self.0.meters;
        let (served, word) = (outcome.served.as_ref(), word(outcome));
        let tier = served.map_or(NO_TIER, |served| served.tier.name());
        meters.requests.add(1, &labels(word, tier));
        for holding in &outcome.receipt.holdings {
            if let Some(tier) = holding.tier {
                meters.egress.add(holding.bytes, &egress(outcome.receipt.class, tier));
            }
        }
        let Some(served) = served else {
            let labels = [
                KeyValue::new(attribute::OPERATION, request.trace.operation().name()),
                KeyValue::new(attribute::ERROR, word),
            ];
            return meters.duration.record(total.as_secs_f64(), &labels);
        };
        let operation = request.trace.operation();
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
}

/// Sets on the request's span what came of it.
fn tell(request: &Request, outcome: &OutcomeRow, total: Duration) {
    let (span, receipt) = (request.trace.span(), &outcome.receipt);
    if !span.is_recording() {
        return;
    }
    let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    span.set(|| {
        let mut attributes = vec![
            KeyValue::new(attribute::REQUEST_ID, request.id.clone()),
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
            attributes.extend(tokens.map(|(key, tokens)| KeyValue::new(key, i64::from(tokens))));
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
    let alias = if request.alias.is_empty() { &*target.model } else { request.alias.as_str() };
    let operation = request.trace.operation().name();
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
fn log(request: &Request, outcome: &OutcomeRow, total: Duration) {
    let (served, usage) = (outcome.served.as_ref(), outcome.usage.as_ref());
    tracing::info!(
        request_id = request.id,
        trace_id = request.trace.span().trace_id(),
        outcome = word(outcome),
        tier = served.map(|served| served.tier.name()),
        pool = served.map(|served| &*served.target.pool),
        ms = whole_ms(total),
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
