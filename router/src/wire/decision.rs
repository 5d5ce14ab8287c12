//! A decision for the wire.

use super::class::{data_class, tier};
use littoral_core::decide::explain_text;
use littoral_core::estimate::{Estimate, Forecast};
use littoral_core::plan::{Attempt, Decision, Outcome, Place, Plan, Rejection, Target};
use littoral_proto::v1;

/// The whole decision, with its reading as one argument.
#[must_use]
pub fn decision(decision: &Decision) -> v1::Decision {
    let outcome = match &decision.outcome {
        Outcome::Planned(chosen) => v1::decision::Outcome::Plan(plan(chosen)),
        Outcome::Refused(refusal) => v1::decision::Outcome::Refusal(v1::Refusal {
            reason: refusal.reason.name().into(),
            message: refusal.message.clone(),
            retry_after_ms: refusal.retry_after_ms,
        }),
    };
    v1::Decision {
        policy_hash: decision.policy_hash.to_string(),
        seed: decision.seed,
        data_class: data_class(decision.class).into(),
        outcome: Some(outcome),
        rejected: decision.rejected.iter().map(rejection).collect(),
        notes: decision.notes.iter().map(ToString::to_string).collect(),
        text: explain_text(decision),
    }
}

fn plan(plan: &Plan) -> v1::Plan {
    v1::Plan {
        attempts: plan.attempts.iter().map(attempt).collect(),
        deadline_ms: plan.deadline_ms,
        hedge_after_ms: plan.hedge_after_ms,
        meanwhile: plan.meanwhile.as_ref().map(|meanwhile| v1::Meanwhile {
            worker_id: meanwhile.worker_id.to_string(),
            model: meanwhile.model.to_string(),
            saves_ms: meanwhile.saves_ms,
            load_ms: meanwhile.load_ms,
            harm_ms: meanwhile.harm_ms,
        }),
    }
}

fn attempt(attempt: &Attempt) -> v1::Attempt {
    let predicted = attempt.predicted;
    v1::Attempt {
        target: Some(target(&attempt.target)),
        tier: tier(attempt.tier).into(),
        predicted: Some(v1::Prediction {
            first_token_ms: predicted.first_token_ms,
            total_ms: predicted.total_ms,
            output_tokens: predicted.output_tokens,
            cost_usd_micros: predicted.cost_usd_micros,
            energy_joules: predicted.energy_joules,
            energy_estimated: predicted.energy_estimated,
            quality: predicted.quality,
        }),
        first_token_limit_ms: attempt.limits.first_token_ms,
        stall_limit_ms: attempt.limits.stall_ms,
        output_tokens_limit: attempt.limits.output_tokens,
        score: attempt.score,
        because: attempt.because.as_ref().map(ToString::to_string),
        bounds: attempt.bounds.as_ref().map(bounds),
    }
}

fn bounds(bounds: &Forecast) -> v1::Bounds {
    let range = |estimate: Estimate| v1::bounds::Range {
        low: estimate.low(),
        mid: estimate.mid(),
        high: estimate.high(),
    };
    v1::Bounds {
        first_token_ms: Some(range(bounds.first_token_ms)),
        total_ms: Some(range(bounds.total_ms)),
        output_tokens: Some(range(bounds.output_tokens)),
        cost_usd_micros: bounds.cost_usd_micros.map(range),
        energy_joules: bounds.joules.map(range),
        in_time: bounds.in_time,
    }
}

/// One target.
#[must_use]
pub fn target(target: &Target) -> v1::Target {
    let at = match &target.at {
        Place::Worker { worker_id, incarnation } => v1::target::At::Worker(v1::target::Worker {
            worker_id: worker_id.to_string(),
            incarnation: *incarnation,
        }),
        Place::Cloud { provider } => v1::target::At::Provider(provider.to_string()),
    };
    v1::Target {
        pool: target.pool.to_string(),
        model: target.model.to_string(),
        at: Some(at),
        accepts_prefix: target.accepts_prefix,
    }
}

fn rejection(rejection: &Rejection) -> v1::Rejection {
    v1::Rejection {
        pool: rejection.pool.to_string(),
        worker_id: rejection.worker_id.as_deref().map(Into::into),
        tier: rejection.tier.map(|value| tier(value).into()),
        gate: rejection.gate.name().into(),
        why: rejection.reason(),
    }
}
