//! What is written down of a request: the decision at its start, the outcome at its end.
//!
//! Rows hold no content. A row that cannot be queued is counted by the store and never stops an
//! answer; only the intent before a cloud byte must be committed, and that is not done here.

use super::Pipeline;
use super::dispatch::Sent;
use super::prepare::{Prepared, conversation};
use super::request::Request;
use super::told::{Done, Told};
use crate::clock::unix_ms;
use crate::executors::edge::Spent;
use crate::store::{
    DecidedRow, EndedRow, EnergyRow, HoldingRow, OutcomeRow, ReceiptRow, Row, ServedRow,
};
use crate::telemetry::Flown;
use littoral_core::class::Tier;
use littoral_core::estimate::Observation;
use littoral_core::facts::Facts;
use littoral_core::fleet::Site;
use littoral_core::flight::action::{Answered, DispatchRow, Ending, Failure};
use littoral_core::flight::event::Finish;
use littoral_core::flight::verdicts;
use littoral_core::plan::{Attempt, Place, Plan, Refusal};
use littoral_core::reason::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Writes down the decision.
pub fn decided(pipeline: &Pipeline, request: &Request, prepared: &Prepared) {
    record(
        pipeline,
        Row::Decided(DecidedRow {
            request_id: request.id.clone(),
            principal_key: request.principal_key(),
            at_unix_ms: unix_ms(),
            record: Arc::clone(&prepared.record),
        }),
    );
}

/// Writes down that nobody could answer; returns what to tell.
pub fn refused(
    pipeline: &Pipeline,
    request: &Request,
    prepared: &Prepared,
    refusal: &Refusal,
) -> Told {
    let failure = Failure {
        reason: refusal.reason,
        message: refusal.message.clone(),
        retry_after_ms: refusal.retry_after_ms,
    };
    let row = failed_row(&failure, 0, receipt(prepared, &[], &[]));
    end(pipeline, request, row, None);
    Told::Failed(failure)
}

/// Writes down the end of a flight; returns what to tell, in order.
pub fn ended(
    pipeline: &Pipeline,
    request: &Request,
    prepared: &Prepared,
    plan: &Plan,
    (sent, cost_usd_micros): (&[Sent], Option<u64>),
    ending: Ending,
) -> Vec<Told> {
    let mut receipt = receipt(prepared, &plan.attempts, sent);
    let winner = verdicts::winner(&ending);
    let flown = Some(Flown::of(pipeline, request, plan, (&ending, winner)));
    match ending.result {
        Err(failure) => {
            end(pipeline, request, failed_row(&failure, ending.failovers, receipt), flown);
            vec![Told::Failed(failure)]
        }
        Ok(answered) => {
            let spent = sent.iter().rev().find(|sent| sent.attempt == answered.attempt);
            let spent = spent.map(|sent| sent.spent).unwrap_or_default();
            learn(pipeline, prepared, plan, (&answered, &ending.dispatches), &spent);
            remember(pipeline, request, plan, &answered);
            let served = served(pipeline, request, plan, (&answered, &ending.dispatches), spent);
            let served = served.map(|served| ServedRow { cost_usd_micros, ..served });
            let Some(served) = served else {
                let failure = broken();
                end(pipeline, request, failed_row(&failure, ending.failovers, receipt), flown);
                return vec![Told::Failed(failure)];
            };
            receipt.energy =
                served.energy_joules.filter(|_| served.tier != Tier::Cloud).map(|joules| {
                    let estimated = spent.joules().is_none() || spent.estimated;
                    EnergyRow { joules, estimated }
                });
            let done = Done { finish: answered.finish, served, receipt };
            let row = OutcomeRow {
                reason: None,
                message: String::new(),
                finish: Some(done.finish),
                served: Some(done.served.clone()),
                usage: answered.usage,
                failovers: ending.failovers,
                receipt: done.receipt.clone(),
            };
            end(pipeline, request, row, flown);
            let used = answered.usage.map(Told::Used);
            used.into_iter().chain([Told::Done(Box::new(done))]).collect()
        }
    }
}

/// Learns from an answer that one target gave from its first token to its last. Where another had begun
/// it, the times of the last target are not those of the request that it was asked.
fn learn(
    pipeline: &Pipeline,
    prepared: &Prepared,
    plan: &Plan,
    (answered, rows): (&Answered, &[DispatchRow]),
    spent: &Spent,
) {
    let mut spoke = rows.iter().filter(|row| row.first_token_at.is_some());
    let (Some(row), None, Some(usage)) = (spoke.next(), spoke.next(), answered.usage) else {
        return;
    };
    if row.attempt != answered.attempt {
        return;
    }
    let Some(attempt) = plan.attempts.get(answered.attempt) else { return };
    let (facts, policy) = (prepared.facts(), &prepared.policy);
    let (target, load) = match &attempt.target.at {
        Place::Worker { worker_id, .. } => (worker_id, load_of(prepared, worker_id)),
        Place::Cloud { provider } => (provider, Some((1, false))),
    };
    let ms = |at: Duration| at.saturating_sub(row.at).as_secs_f64() * 1e3;
    let seen = Observation {
        target,
        pool: &attempt.target.pool,
        alias: if facts.alias.is_empty() { policy.default_alias() } else { &facts.alias },
        tenant: &facts.principal.tenant,
        // What a kept cache saved was not read, and teaches nothing of reading.
        prompt_tokens: usage.prompt_tokens.saturating_sub(spent.cached_prompt_tokens),
        output_tokens: usage.completion_tokens,
        cut_short: answered.finish == Finish::Length,
        first_token_ms: row.first_token_at.map(ms),
        total_ms: ms(row.ended_at),
        // Of a worker that was not in view when the request was decided, nobody knows its load.
        queued: load.is_none_or(|(_, queued)| queued),
        sharers: load.map_or(1, |(sharers, _)| sharers),
        energy_joules: spent.decode_joules,
    };
    pipeline.learning.observe(&seen, pipeline.clock.now());
}

/// The worker that answered may keep the conversation's cache.
fn remember(pipeline: &Pipeline, request: &Request, plan: &Plan, answered: &Answered) {
    let attempt = plan.attempts.get(answered.attempt);
    if let (Some(session), Some(attempt)) = (request.session, attempt)
        && let Place::Worker { worker_id, .. } = &attempt.target.at
    {
        pipeline.registry.answered(conversation(session), worker_id);
    }
}

/// Requests that shared a worker with this one, this one included, and whether it had to wait, as the
/// decision saw it.
fn load_of(prepared: &Prepared, worker_id: &str) -> Option<(u32, bool)> {
    let sites = prepared.record.fleet.pools.iter().filter_map(|pool| match &pool.site {
        Site::Workers(site) => Some(site),
        Site::Cloud(_) => None,
    });
    let mut workers = sites.flat_map(|site| &site.workers);
    let worker = workers.find(|worker| *worker.worker_id == *worker_id)?;
    let sharers = worker.active.saturating_add(1).min(worker.slots.max(1));
    Some((sharers, worker.active >= worker.slots))
}

fn served(
    pipeline: &Pipeline,
    request: &Request,
    plan: &Plan,
    (answered, rows): (&Answered, &[DispatchRow]),
    spent: Spent,
) -> Option<ServedRow> {
    let attempt = plan.attempts.get(answered.attempt)?;
    let since = |at: Duration| at.saturating_sub(request.arrived).as_secs_f64() * 1000.0;
    let first = rows.iter().filter_map(|row| row.first_token_at).min();
    let tokens = answered.usage.map(|usage| usage.completion_tokens);
    let share =
        tokens.map(|tokens| f64::from(tokens) / f64::from(attempt.predicted.output_tokens.max(1)));
    Some(ServedRow {
        target: attempt.target.clone(),
        tier: attempt.tier,
        first_token_ms: first.map(since),
        total_ms: since(pipeline.clock.now()),
        cost_usd_micros: None,
        energy_joules: spent.joules().or_else(|| Some(attempt.predicted.energy_joules? * share?)),
        spent: (spent != Spent::default()).then_some(spent),
    })
}

/// Every machine that held content, and what left.
fn receipt(prepared: &Prepared, attempts: &[Attempt], sent: &[Sent]) -> ReceiptRow {
    let facts = prepared.facts();
    let router = HoldingRow { machine: "router".into(), tier: None, bytes: facts.prompt_bytes };
    let mut holdings = vec![router];
    let mut egress_bytes = 0_u64;
    for sent in sent {
        let Some(attempt) = attempts.get(sent.attempt) else { continue };
        let machine = match &attempt.target.at {
            Place::Worker { worker_id, .. } => worker_id.to_string(),
            Place::Cloud { provider } => format!("{provider}/{}", attempt.target.model),
        };
        if attempt.tier == Tier::Cloud {
            egress_bytes = egress_bytes.saturating_add(sent.bytes);
        }
        if sent.bytes > 0 {
            holdings.push(HoldingRow { machine, tier: Some(attempt.tier), bytes: sent.bytes });
        }
    }
    ReceiptRow {
        policy_hash: prepared.decision().policy_hash.to_string(),
        class: prepared.decision().class,
        egress_bytes,
        holdings,
        detectors: facts.scan.detectors.clone(),
        found: found(facts, prepared.policy.privacy().min_score()),
        assumed: false,
        energy: None,
    }
}

/// How often each kind was found that is likely enough to count.
fn found(facts: &Facts, min_score: u8) -> BTreeMap<String, u32> {
    let mut found = BTreeMap::new();
    for one in facts.scan.found.iter().filter(|one| one.score >= min_score) {
        let count: &mut u32 = found.entry(one.kind.clone()).or_default();
        *count = count.saturating_add(one.count);
    }
    found
}

fn failed_row(failure: &Failure, failovers: u32, receipt: ReceiptRow) -> OutcomeRow {
    OutcomeRow {
        reason: Some(failure.reason),
        message: failure.message.clone(),
        finish: None,
        served: None,
        usage: None,
        failovers,
        receipt,
    }
}

fn end(pipeline: &Pipeline, request: &Request, outcome: OutcomeRow, flown: Option<Flown>) {
    let outcome = Arc::new(outcome);
    pipeline.telemetry.ended(pipeline, request, (&outcome, flown));
    record(
        pipeline,
        Row::Ended(EndedRow {
            request_id: request.id.clone(),
            principal_key: request.principal_key(),
            at_unix_ms: unix_ms(),
            outcome,
        }),
    );
}

pub(super) fn record(pipeline: &Pipeline, row: Row) {
    if let Err(error) = pipeline.store.record(row) {
        tracing::warn!(%error, "a record could not be kept");
    }
}

fn broken() -> Failure {
    Failure {
        reason: Reason::Internal,
        message: "the flight ended on an attempt that its plan does not have".into(),
        retry_after_ms: None,
    }
}
