//! What else mattered: the class and what it means, wishes applied, facts that were unknown, and who
//! was drawn from how many.

use super::ask::Ask;
use super::order::Ranked;
use super::{predict, wishes};
use crate::facts::ClassOrigin;
use crate::fleet::{WorkerStatus, WorkerView};
use crate::plan::{Note, Plan, Unpredicted};
use std::sync::Arc;

/// Notes on the request itself. The first is always the class.
pub(super) fn of_request(ask: &Ask<'_>, notes: &mut Vec<Note>) {
    let facts = ask.facts;
    notes.push(Note::Class {
        class: ask.class,
        ceiling: ask.ceiling,
        labelled: ask.class_fact.origin == ClassOrigin::Labelled,
        origin: Some(ask.class_fact.origin),
    });
    if let Some(tier) = ask.preferred_tier() {
        notes.push(Note::ModePrefers(facts.hints.mode, tier));
    }
    notes.extend(ask.version.canary().map(|model| Note::Canary(model.into())));
    ask.wishes.tell(notes);
    wishes::tell_tags(ask.policy, &ask.request_view(), notes);
    if facts.hints.deadline_ms.is_some_and(|wished| wished > ask.deadline_ms) {
        notes.push(Note::DeadlineCut(ask.deadline_ms));
    }
    if facts.prompt_tokens.estimated {
        notes.push(Note::UpperBound(facts.prompt_tokens.tokens));
    }
}

/// Notes on the attempts of a plan, which are the first of `ranked`.
pub(super) fn of_plan(ranked: &[Ranked<'_>], plan: &Plan, notes: &mut Vec<Note>) {
    for (ranked, attempt) in ranked.iter().zip(&plan.attempts) {
        let candidate = ranked.candidate;
        let pool = || Arc::clone(&attempt.target.pool);
        if let (Some(worker), 0, 2..) = (candidate.worker, candidate.draw, candidate.of) {
            let worker_id = Arc::clone(&worker.worker_id);
            notes.push(Note::Drew { pool: pool(), worker_id, of: candidate.of });
        }
        if let Some(worker) = candidate.worker {
            of_worker(candidate.suspect, worker, &pool, notes);
        }
        let predicted = &attempt.predicted;
        let unknown = Unpredicted {
            first_token: predicted.first_token_ms.is_none(),
            total: predicted.total_ms.is_none(),
            cost: predicted.cost_usd_micros.is_none(),
            energy: predicted.energy_joules.is_none(),
            quality: predicted.quality.is_none(),
        };
        if unknown.any() {
            notes.push(Note::Unknown(pool(), unknown));
        }
    }
}

/// What is unusual about the worker of an attempt.
fn of_worker(last: bool, worker: &WorkerView, pool: &impl Fn() -> Arc<str>, notes: &mut Vec<Note>) {
    let throttled = worker.learned.as_ref().and_then(|learned| learned.throttled);
    match throttled {
        _ if last && worker.status == WorkerStatus::Suspect => {
            notes.push(Note::LateHeartbeat(pool()));
        }
        Some(share) if last => notes.push(Note::Throttled(pool(), share)),
        _ => {}
    }
    if worker.held_tokens > 0 {
        notes.push(Note::Held(pool(), worker.held_tokens));
    }
    if let Some(load_ms) = predict::load_ms(worker) {
        notes.push(Note::ColdLoad(pool(), load_ms));
    }
}
