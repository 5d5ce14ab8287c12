//! What the dispatches of a request took, settled with the budgets and written into the ledger.

use super::Pipeline;
use super::dispatch::Sent;
use super::request::Request;
use crate::clock::unix_ms;
use crate::store::{Row, SpentRow, UsageRow};
use littoral_core::budget::Cost;
use littoral_core::class::Tier;
use littoral_core::flight::action::{DispatchRow, Ending};
use littoral_core::flight::event::Usage;
use littoral_core::flight::verdicts;
use littoral_core::money::Used;
use littoral_core::plan::{Attempt, Place, Plan};

/// Joules in a kilowatt-hour.
const JOULES_PER_KWH: f64 = 3.6e6;

/// Settles and writes down what every dispatch took. Returns what the answer cost, in micro-dollars, where
/// that is known.
pub(super) fn settle(
    pipeline: &Pipeline,
    request: &Request,
    plan: &Plan,
    sent: &mut [Sent],
    ending: &Ending,
) -> Option<u64> {
    let winner = verdicts::winner(ending);
    let usage = ending.result.as_ref().ok().and_then(|answered| answered.usage);
    let (mut uses, mut journal, mut answer_cost) = (Vec::new(), Vec::new(), None);
    for one in sent {
        let index = usize::try_from(one.dispatch.0).unwrap_or(usize::MAX);
        let attempt = plan.attempts.get(one.attempt);
        let (Some(row), Some(attempt)) = (ending.dispatches.get(index), attempt) else { continue };
        let is_winner = winner == Some(index);
        let usage = usage.filter(|_| is_winner);
        let took = took(pipeline, request, row, attempt, usage, one);
        if let Some(charge) = one.charge.take() {
            journal.extend(charge.settle(took.cost));
        }
        if is_winner {
            answer_cost = took.shown;
        }
        let used = use_of(request, row, attempt, one, (usage, is_winner, ending), &took);
        request.trace.settled(&used);
        uses.push(used);
    }
    if !uses.is_empty() {
        let row = SpentRow {
            request_id: request.id.clone(),
            principal_key: request.principal_key(),
            uses,
            journal,
        };
        super::account::record(pipeline, Row::Spent(row));
    }
    answer_cost
}

/// What a dispatch took, for the budgets and for people.
struct Took {
    /// For the budgets; nothing where its worst case counts.
    cost: Option<Cost>,
    /// In micro-dollars; the worst case where that counts, nothing where not even that is known.
    shown: Option<u64>,
    assumed: bool,
    joules: Option<f64>,
}

fn took(
    pipeline: &Pipeline,
    request: &Request,
    row: &DispatchRow,
    attempt: &Attempt,
    usage: Option<Usage>,
    sent: &Sent,
) -> Took {
    if attempt.tier != Tier::Cloud {
        let joules = sent.spent.joules().or_else(|| predicted_joules(attempt, usage));
        let shown = match (joules, pipeline.usd_per_kwh) {
            (Some(joules), Some(price)) => Some(energy_usd_micros(joules, price)),
            _ => Some(0),
        };
        return Took { cost: None, shown, assumed: false, joules };
    }
    if sent.bytes == 0 || verdicts::is_free(row) {
        return Took { cost: Some(Cost::NOTHING), shown: Some(0), assumed: false, joules: None };
    }
    let Some(usage) = usage else {
        return Took { cost: None, shown: sent.worst.usd_micros, assumed: true, joules: None };
    };
    let (images, audio_seconds) = (request.prompt.images(), request.prompt.audio_seconds());
    let used = Used { images, audio_seconds, ..Used::from(usage) };
    let price = sent.price.unwrap_or_default();
    let usd_micros = price.settled(&used).ok();
    let assumed = usd_micros.is_none() && sent.worst.usd_micros.is_some();
    let shown = usd_micros.or(sent.worst.usd_micros);
    Took { cost: Some(Cost { usd_micros, tokens: used.tokens() }), shown, assumed, joules: None }
}

/// The energy of an answer on a worker that measured none: what was predicted, for as long as it became.
fn predicted_joules(attempt: &Attempt, usage: Option<Usage>) -> Option<f64> {
    let tokens = f64::from(usage?.completion_tokens);
    let predicted = f64::from(attempt.predicted.output_tokens.max(1));
    Some(attempt.predicted.energy_joules? * tokens / predicted)
}

/// Cost of electricity in micro-dollars, rounded up.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float to integer cast saturates, and neither factor is negative"
)]
fn energy_usd_micros(joules: f64, usd_per_kwh: f64) -> u64 {
    (joules / JOULES_PER_KWH * usd_per_kwh * 1e6).ceil() as u64
}

fn use_of(
    request: &Request,
    row: &DispatchRow,
    attempt: &Attempt,
    sent: &Sent,
    (usage, is_winner, ending): (Option<Usage>, bool, &Ending),
    took: &Took,
) -> UsageRow {
    let who = &request.principal;
    let provider = match &attempt.target.at {
        Place::Worker { worker_id, .. } => worker_id,
        Place::Cloud { provider } => provider,
    };
    let outcome = match &row.fault {
        Some(fault) => fault.kind,
        None if is_winner => "ok",
        None if ending.result.is_ok() => "beaten",
        None => "cancelled",
    };
    let used = usage.map(Used::from).unwrap_or_default();
    UsageRow {
        dispatch: sent.dispatch.0,
        at_unix_ms: unix_ms(),
        tenant: who.tenant.clone(),
        application: who.application.clone(),
        user: who.user.clone(),
        provider: provider.to_string(),
        model: attempt.target.model.to_string(),
        tier: attempt.tier.name().into(),
        outcome: outcome.into(),
        prompt_tokens: used.prompt_tokens,
        cached_tokens: used.cached_tokens.max(sent.spent.cached_prompt_tokens.into()),
        completion_tokens: used.completion_tokens,
        reasoning_tokens: used.reasoning_tokens,
        bytes: sent.bytes,
        cost_usd_micros: took.shown,
        assumed: took.assumed,
        predicted_usd_micros: attempt.predicted.cost_usd_micros,
        joules: took.joules,
        joules_estimated: took.joules.is_some()
            && (sent.spent.joules().is_none() || sent.spent.estimated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kilowatt_hour_costs_what_it_costs_and_a_part_is_rounded_up() {
        assert_eq!(energy_usd_micros(JOULES_PER_KWH, 0.25), 250_000);
        assert_eq!(energy_usd_micros(1.0, 0.25), 1);
        assert_eq!(energy_usd_micros(0.0, 0.25), 0);
    }
}
