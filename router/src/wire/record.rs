//! What the store keeps of a request, for the wire: receipts and explanations.

use super::class::{data_class, finish, tier};
use super::decision::{decision, target};
use super::facts::wire_facts;
use crate::store::{IntentRow, Kept, OutcomeRow, ReceiptRow, ServedRow};
use littoral_core::flight::event::Usage;
use littoral_proto::v1;

/// Tokens read and written.
#[must_use]
pub fn usage(usage: Usage) -> v1::Usage {
    v1::Usage { prompt_tokens: usage.prompt_tokens, completion_tokens: usage.completion_tokens }
}

/// Who answered, next to what was predicted.
#[must_use]
pub fn served(row: &ServedRow) -> v1::Served {
    let spent = row.spent.unwrap_or_default();
    v1::Served {
        target: Some(target(&row.target)),
        tier: tier(row.tier).into(),
        first_token_ms: row.first_token_ms,
        total_ms: row.total_ms,
        cost_usd_micros: row.cost_usd_micros,
        energy_joules: row.energy_joules,
        prefill_joules: spent.prefill_joules,
        decode_joules: spent.decode_joules,
        energy_estimated: spent.joules().is_none() || spent.estimated,
        cached_prompt_tokens: spent.cached_prompt_tokens,
    }
}

/// What left the building.
#[must_use]
pub fn receipt(request_id: &str, row: &ReceiptRow) -> v1::Receipt {
    let holding = |row: &crate::store::HoldingRow| v1::receipt::Holding {
        machine: row.machine.clone(),
        tier: row.tier.map_or(v1::Tier::Unspecified, tier).into(),
        bytes: row.bytes,
    };
    v1::Receipt {
        request_id: request_id.into(),
        policy_hash: row.policy_hash.clone(),
        data_class: data_class(row.class).into(),
        egress_bytes: row.egress_bytes,
        holdings: row.holdings.iter().map(holding).collect(),
        detectors: row.detectors.clone(),
        found: row.found.clone(),
        assumed: row.assumed,
        energy_joules: row.energy.map(|energy| energy.joules),
        energy_estimated: row.energy.is_some_and(|energy| energy.estimated),
    }
}

/// Everything kept of a request.
#[must_use]
pub fn explanation(request_id: &str, kept: &Kept) -> v1::ExplainResponse {
    let decided = kept.decided.as_ref();
    v1::ExplainResponse {
        request_id: request_id.into(),
        decision: decided.map(|row| decision(&row.record.decision)),
        facts: decided.map(|row| wire_facts(&row.record.facts)),
        decided_at_unix_ms: decided.map_or(0, |row| row.at_unix_ms),
        outcome: kept.ended.as_ref().map(|row| outcome(request_id, &row.outcome)),
        intents: kept.intents.iter().map(intent).collect(),
    }
}

fn intent(row: &IntentRow) -> v1::explain_response::Intent {
    v1::explain_response::Intent {
        at_unix_ms: row.at_unix_ms,
        provider: row.provider.clone(),
        model: row.model.clone(),
        bytes: row.bytes,
        data_class: data_class(row.class).into(),
    }
}

fn outcome(request_id: &str, row: &OutcomeRow) -> v1::explain_response::Outcome {
    v1::explain_response::Outcome {
        reason: row.reason.map_or_else(String::new, |reason| reason.name().into()),
        message: row.message.clone(),
        finish_reason: row.finish.map_or(v1::FinishReason::Unspecified, finish).into(),
        served: row.served.as_ref().map(served),
        usage: row.usage.map(usage),
        failovers: row.failovers,
        receipt: Some(receipt(request_id, &row.receipt)),
    }
}
