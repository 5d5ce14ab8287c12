//! What is told of each call to a target, once a flight is over and what it took is settled.

use super::client::Call;
use super::names::{attribute, label};
use super::request::{RequestTrace, named};
use super::{Telemetry, usd};
use crate::store::UsageRow;
use littoral_core::class::Tier;
use littoral_core::flight::action::{DispatchRow, Purpose};
use littoral_core::flight::event::DispatchId;
use littoral_core::plan::Attempt;
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::Span;
use std::time::Duration;

/// The outcome of a call that gave the answer, as the ledger calls it.
const ANSWERED: &str = "ok";

impl Telemetry {
    /// A call was sent, is over, and what it took is known.
    pub fn settled(
        &self,
        trace: &RequestTrace,
        (row, attempt): (&DispatchRow, &Attempt),
        used: &UsageRow,
    ) {
        self.measure(trace, (row, attempt), used);
        self.compare((row, attempt), used);
        if let Some(span) = trace.of(DispatchId(used.dispatch)) {
            span.set(|| taken(used));
        }
    }

    fn measure(
        &self,
        trace: &RequestTrace,
        (row, attempt): (&DispatchRow, &Attempt),
        used: &UsageRow,
    ) {
        let meters = &self.0.meters;
        let target = meters.labels.target(trace.operation(), &attempt.target, attempt.tier);
        if let Some(cost) = used.cost_usd_micros.filter(|cost| *cost > 0) {
            meters.cost.add(usd(cost), &target);
        }
        if let Some(joules) = used.joules.filter(|joules| *joules > 0.0) {
            meters.energy.add(joules, &target);
        }
        meters.client.record(Call {
            target,
            total: row.ended_at.saturating_sub(row.at).as_secs_f64(),
            first_token: first_token(row).map(|time| time.as_secs_f64()),
            input_tokens: used.prompt_tokens,
            output_tokens: used.completion_tokens,
            error: row.fault.as_ref().map(|fault| fault.kind),
        });
    }

    /// What happened over what was predicted, of a call that gave the whole answer.
    fn compare(&self, (row, attempt): (&DispatchRow, &Attempt), used: &UsageRow) {
        if used.outcome != ANSWERED {
            return;
        }
        let predicted = &attempt.predicted;
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let cost = |micros: Option<u64>| micros.map(usd);
        let rows = [
            ("first_token", first_token(row).map(ms), predicted.first_token_ms),
            ("total", Some(ms(row.ended_at.saturating_sub(row.at))), predicted.total_ms),
            ("cost", cost(used.cost_usd_micros), cost(predicted.cost_usd_micros)),
            ("energy", used.joules, predicted.energy_joules),
        ];
        for (of, actual, predicted) in rows {
            if let (Some(actual), Some(predicted)) = (actual, predicted.filter(|it| *it > 0.0)) {
                let labels =
                    [KeyValue::new(label::OF, of), KeyValue::new(label::TIER, attempt.tier.name())];
                self.0.meters.prediction.record(actual / predicted, &labels);
            }
        }
    }

    /// A call is over, sent or not.
    pub(super) fn called(&self, purpose: Purpose, tier: Tier, row: &DispatchRow, won: bool) {
        let labels = [
            KeyValue::new(label::PURPOSE, named(purpose)),
            KeyValue::new(label::TIER, tier.name()),
            KeyValue::new(label::OUTCOME, outcome(row, won)),
        ];
        self.0.meters.attempts.add(1, &labels);
    }
}

/// Ends the span of a call at the moment at which the call was over.
pub(super) fn end(trace: &RequestTrace, span: &Span, row: &DispatchRow, won: bool) {
    span.set(|| {
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let mut attributes = vec![
            KeyValue::new(attribute::OUTCOME, outcome(row, won)),
            KeyValue::new(attribute::TOTAL_MS, ms(row.ended_at.saturating_sub(row.at))),
        ];
        let first = first_token(row).map(ms);
        attributes.extend(first.map(|ms| KeyValue::new(attribute::FIRST_TOKEN_MS, ms)));
        let fault = row.fault.as_ref();
        attributes.extend(fault.map(|fault| KeyValue::new(attribute::ERROR, fault.kind)));
        attributes
    });
    if let Some(at) = row.first_token_at.and_then(|at| trace.wall(at)) {
        span.event(super::names::span::FIRST_TOKEN, at);
    }
    if let Some(fault) = &row.fault {
        span.fail(fault.kind);
    }
    span.end(trace.wall(row.ended_at));
}

/// How a call ended: what went wrong, or whether it gave the answer.
fn outcome(row: &DispatchRow, won: bool) -> &'static str {
    match &row.fault {
        Some(fault) => fault.kind,
        None if won => ANSWERED,
        None => "cancelled",
    }
}

fn first_token(row: &DispatchRow) -> Option<Duration> {
    Some(row.first_token_at?.saturating_sub(row.at))
}

/// What a call took.
fn taken(used: &UsageRow) -> Vec<KeyValue> {
    let count = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
    let mut attributes = vec![KeyValue::new(attribute::BYTES, count(used.bytes))];
    let tokens = [
        (attribute::INPUT_TOKENS, used.prompt_tokens),
        (attribute::OUTPUT_TOKENS, used.completion_tokens),
        (attribute::CACHED_TOKENS, used.cached_tokens),
    ];
    let tokens = tokens.into_iter().filter(|(_, tokens)| *tokens > 0);
    attributes.extend(tokens.map(|(key, tokens)| KeyValue::new(key, count(tokens))));
    let cost = used.cost_usd_micros.map(|cost| KeyValue::new(attribute::COST, usd(cost)));
    attributes.extend(cost);
    attributes.extend(used.joules.map(|joules| KeyValue::new(attribute::JOULES, joules)));
    attributes
}
