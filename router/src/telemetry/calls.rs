//! What is told of each call to a target, once a flight is over and what it took is settled.

use super::client::Call;
use super::meters::Meters;
use super::names::{attribute, label};
use super::request::{RequestTrace, Scene, named};
use super::usd;
use crate::store::UsageRow;
use littoral_core::class::Tier;
use littoral_core::flight::action::{DispatchRow, Purpose};
use littoral_core::flight::event::DispatchId;
use littoral_core::plan::{Attempt, Prediction, Target};
use littoral_kit::telemetry::KeyValue;
use littoral_kit::telemetry::span::Span;
use std::time::Duration;

/// The outcome of a call that gave the answer, as the ledger calls it.
const ANSWERED: &str = "ok";

/// What a call took, as the ledger has it.
#[derive(Clone, Copy)]
pub(super) struct Took {
    answered: bool,
    bytes: u64,
    prompt_tokens: u64,
    completion_tokens: u64,
    cached_tokens: u64,
    cost_usd_micros: Option<u64>,
    joules: Option<f64>,
}

/// A call that is over.
pub(super) struct Ended {
    pub span: Span,
    pub purpose: Purpose,
    pub row: DispatchRow,
    pub won: bool,
    /// Who was asked, and what was expected of it.
    pub asked: Option<Asked>,
    /// Absent where nothing was sent.
    pub took: Option<Took>,
}

/// Who was asked, and what was expected.
pub(super) struct Asked {
    target: Target,
    tier: Tier,
    predicted: Prediction,
}

impl Asked {
    pub(super) fn of(attempt: &Attempt) -> Self {
        let Attempt { target, tier, predicted, .. } = attempt;
        Self { target: target.clone(), tier: *tier, predicted: *predicted }
    }
}

impl RequestTrace {
    /// A call was sent, is over, and what it took is known.
    pub fn settled(&self, used: &UsageRow) {
        let took = Took {
            answered: used.outcome == ANSWERED,
            bytes: used.bytes,
            prompt_tokens: used.prompt_tokens,
            completion_tokens: used.completion_tokens,
            cached_tokens: used.cached_tokens,
            cost_usd_micros: used.cost_usd_micros,
            joules: used.joules,
        };
        self.took_of(DispatchId(used.dispatch), took);
    }
}

impl Ended {
    pub(super) fn tell(&self, meters: &Meters, scene: &Scene) {
        if let Some(asked) = &self.asked {
            self.count(meters, asked.tier);
            if let Some(took) = &self.took {
                self.measure(meters, scene, asked, took);
                self.compare(meters, asked, took);
            }
        }
        if let Some(took) = &self.took {
            self.span.set(|| taken(took));
        }
        end(scene, &self.span, &self.row, self.won);
    }

    fn measure(&self, meters: &Meters, scene: &Scene, asked: &Asked, took: &Took) {
        let row = &self.row;
        let target = meters.labels.target(scene.operation, &asked.target, asked.tier);
        if let Some(cost) = took.cost_usd_micros.filter(|cost| *cost > 0) {
            meters.cost.add(usd(cost), &target);
        }
        if let Some(joules) = took.joules.filter(|joules| *joules > 0.0) {
            meters.energy.add(joules, &target);
        }
        meters.client.record(Call {
            target,
            total: row.ended_at.saturating_sub(row.at).as_secs_f64(),
            first_token: first_token(row).map(|time| time.as_secs_f64()),
            input_tokens: took.prompt_tokens,
            output_tokens: took.completion_tokens,
            error: row.fault.as_ref().map(|fault| fault.kind),
        });
    }

    /// What happened over what was predicted, of a call that gave the whole answer.
    fn compare(&self, meters: &Meters, asked: &Asked, took: &Took) {
        if !took.answered {
            return;
        }
        let (row, predicted) = (&self.row, &asked.predicted);
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        let cost = |micros: Option<u64>| micros.map(usd);
        let rows = [
            ("first_token", first_token(row).map(ms), predicted.first_token_ms),
            ("total", Some(ms(row.ended_at.saturating_sub(row.at))), predicted.total_ms),
            ("cost", cost(took.cost_usd_micros), cost(predicted.cost_usd_micros)),
            ("energy", took.joules, predicted.energy_joules),
        ];
        for (of, actual, predicted) in rows {
            if let (Some(actual), Some(predicted)) = (actual, predicted.filter(|it| *it > 0.0)) {
                let labels =
                    [KeyValue::new(label::OF, of), KeyValue::new(label::TIER, asked.tier.name())];
                meters.prediction.record(actual / predicted, &labels);
            }
        }
    }

    /// A call is over, sent or not.
    fn count(&self, meters: &Meters, tier: Tier) {
        let labels = [
            KeyValue::new(label::PURPOSE, named(self.purpose)),
            KeyValue::new(label::TIER, tier.name()),
            KeyValue::new(label::OUTCOME, outcome(&self.row, self.won)),
        ];
        meters.attempts.add(1, &labels);
    }
}

/// Ends the span of a call at the moment at which the call was over.
fn end(scene: &Scene, span: &Span, row: &DispatchRow, won: bool) {
    if !span.is_recording() {
        return;
    }
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
    if let Some(at) = row.first_token_at.and_then(|at| scene.wall(at)) {
        span.event(super::names::span::FIRST_TOKEN, at);
    }
    if let Some(fault) = &row.fault {
        span.fail(fault.kind);
    }
    span.end(scene.wall(row.ended_at));
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
fn taken(took: &Took) -> Vec<KeyValue> {
    let count = |tokens: u64| i64::try_from(tokens).unwrap_or(i64::MAX);
    let mut attributes = vec![KeyValue::new(attribute::BYTES, count(took.bytes))];
    let tokens = [
        (attribute::INPUT_TOKENS, took.prompt_tokens),
        (attribute::OUTPUT_TOKENS, took.completion_tokens),
        (attribute::CACHED_TOKENS, took.cached_tokens),
    ];
    let tokens = tokens.into_iter().filter(|(_, tokens)| *tokens > 0);
    attributes.extend(tokens.map(|(key, tokens)| KeyValue::new(key, count(tokens))));
    let cost = took.cost_usd_micros.map(|cost| KeyValue::new(attribute::COST, usd(cost)));
    attributes.extend(cost);
    attributes.extend(took.joules.map(|joules| KeyValue::new(attribute::JOULES, joules)));
    attributes
}
