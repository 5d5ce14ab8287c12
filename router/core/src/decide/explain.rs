//! A decision as a text that reads like an argument: who was chosen and why, what is expected, who
//! comes next, and why each of the others lost.

use crate::estimate::{Estimate, Forecast};
use crate::plan::units::{Percent, Seconds};
use crate::plan::{
    Attempt, Decision, Limits, Meanwhile, Outcome, Place, Plan, Prediction, Rejection,
};
use std::fmt::Write;

/// Losers that the text names; a line counts the rest. The record itself keeps them all.
const NAMED_LOSERS: usize = 32;

/// The decision in plain words, several lines, no content of the request.
#[must_use]
pub fn explain_text(decision: &Decision) -> String {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write(&mut text, decision);
    text
}

fn write(text: &mut String, decision: &Decision) -> std::fmt::Result {
    let because = decision.notes.first().map(ToString::to_string).unwrap_or_default();
    match &decision.outcome {
        Outcome::Planned(plan) => write_plan(text, plan, &because)?,
        Outcome::Refused(refusal) => {
            writeln!(text, "refused, {}: {}", refusal.reason, refusal.message)?;
            if let Some(ms) = refusal.retry_after_ms {
                writeln!(text, "  try again in {}", Seconds::of(ms))?;
            }
        }
    }
    for loser in decision.rejected.iter().take(NAMED_LOSERS) {
        write_loser(text, loser)?;
    }
    let unnamed = decision.rejected.len().saturating_sub(NAMED_LOSERS);
    if unnamed > 0 {
        writeln!(text, "and {unnamed} more lost")?;
    }
    for note in decision.notes.iter().skip(1) {
        writeln!(text, "note: {note}")?;
    }
    let hash: String = decision.policy_hash.chars().take(12).collect();
    writeln!(text, "policy {hash}, seed {}", decision.seed)
}

fn write_plan(text: &mut String, plan: &Plan, because: &str) -> std::fmt::Result {
    for (index, attempt) in plan.attempts.iter().enumerate() {
        let name = name(attempt);
        if index == 0 {
            writeln!(text, "chose {name}: {because}")?;
        } else {
            match &attempt.because {
                Some(because) => writeln!(text, "then {name}: {because}")?,
                None => writeln!(text, "then {name}")?,
            }
        }
        writeln!(text, "  expects {}", expectation(&attempt.predicted))?;
        if let Some(bounds) = &attempt.bounds {
            writeln!(text, "  nine of ten within {}", scatter(bounds))?;
        }
        writeln!(text, "  waits {}", patience(attempt.limits))?;
    }
    if let Some(ms) = plan.hedge_after_ms {
        writeln!(text, "the second may be started after {}", Seconds::of(ms))?;
    }
    if let Some(Meanwhile { worker_id, model, saves_ms, .. }) = &plan.meanwhile {
        let sooner = Seconds(*saves_ms);
        writeln!(
            text,
            "meanwhile {model} may be loaded on {worker_id}: it would answer {sooner} sooner"
        )?;
    }
    writeln!(text, "deadline {}", Seconds::of(plan.deadline_ms))
}

fn name(attempt: &Attempt) -> String {
    let (pool, tier) = (&attempt.target.pool, attempt.tier);
    match &attempt.target.at {
        Place::Worker { worker_id, .. } => format!("{pool} ({tier}, worker {worker_id})"),
        Place::Cloud { .. } => format!("{pool} ({tier})"),
    }
}

fn expectation(predicted: &Prediction) -> String {
    let time = |ms: Option<f64>| ms.map_or("unknown".into(), |ms| Seconds(ms).to_string());
    let cost = predicted.cost_usd_micros.map_or("unknown".into(), |cost| match cost {
        0 => "nothing".to_owned(),
        cost => format!("{}.{:06} USD", cost / 1_000_000, cost % 1_000_000),
    });
    let mark = if predicted.energy_estimated { " (estimated)" } else { "" };
    let energy =
        predicted.energy_joules.map_or("unknown".into(), |joules| format!("{joules:.1} J{mark}"));
    let quality = predicted.quality.map_or("unknown".into(), |quality| format!("{quality:.2}"));
    format!(
        "first token {}, all {} tokens {}, cost {cost}, energy {energy}, quality {quality}",
        time(predicted.first_token_ms),
        predicted.output_tokens,
        time(predicted.total_ms),
    )
}

fn scatter(bounds: &Forecast) -> String {
    let range =
        |estimate: Estimate| format!("{} to {}", Seconds(estimate.low()), Seconds(estimate.high()));
    let (first, total) = (range(bounds.first_token_ms), range(bounds.total_ms));
    let in_time = Percent(bounds.in_time);
    format!("first token {first}, all {total}; in time with {in_time}")
}

fn patience(limits: Limits) -> String {
    format!(
        "{} for the first token, {} in silence; takes at most {} tokens",
        Seconds::of(limits.first_token_ms),
        Seconds::of(limits.stall_ms),
        limits.output_tokens
    )
}

fn write_loser(text: &mut String, loser: &Rejection) -> std::fmt::Result {
    let (Rejection { pool, worker_id, gate, .. }, why) = (loser, loser.reason());
    match worker_id {
        Some(worker_id) => writeln!(text, "{pool}, worker {worker_id}, lost at {gate}: {why}"),
        None => writeln!(text, "{pool} lost at {gate}: {why}"),
    }
}
