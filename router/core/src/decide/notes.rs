//! What else mattered, one plain sentence each: the class and what it means, wishes applied, facts
//! that were unknown, and who was drawn from how many.

use super::ask::Ask;
use super::candidate::Candidate;
use super::refusal::stays;
use crate::class::Tier;
use crate::facts::ClassOrigin;
use crate::plan::{Place, Plan};

/// Notes on the request itself. The first is always the class.
pub(super) fn of_request(ask: &Ask<'_>) -> Vec<String> {
    let (class, facts) = (ask.class, ask.facts);
    let verb = if ask.ceiling == Tier::Cloud { "may use" } else { "stays on" };
    let stays = stays(ask.ceiling);
    let mut notes = vec![match facts.class.origin {
        ClassOrigin::Labelled => format!("class {class} {verb} {stays}"),
        ClassOrigin::Unlabelled => {
            format!("content without a label counts as {class} and {verb} {stays}")
        }
    }];
    if let Some(tier) = ask.preferred_tier() {
        notes.push(format!("mode {} puts {tier} first", facts.hints.mode));
    }
    if facts.hints.deadline_ms.is_some_and(|wished| wished > ask.deadline_ms) {
        notes.push(format!("the policy cuts the deadline to {} ms", ask.deadline_ms));
    }
    if facts.prompt_tokens.estimated {
        let tokens = facts.prompt_tokens.tokens;
        notes
            .push(format!("the prompt's length of {tokens} tokens is an upper bound, not a count"));
    }
    notes
}

/// Notes on the attempts of a plan, which are the first of `ranked`.
pub(super) fn of_plan(ranked: &[&Candidate<'_>], plan: &Plan, notes: &mut Vec<String>) {
    for (candidate, attempt) in ranked.iter().zip(&plan.attempts) {
        let pool = &attempt.target.pool;
        if let (Place::Worker { worker_id, .. }, 0, 2..) =
            (&attempt.target.at, candidate.draw, candidate.of)
        {
            let of = candidate.of;
            notes.push(format!(
                "{pool}: drew {worker_id} of {of} workers by two choices on predicted wait"
            ));
        }
        if candidate.suspect {
            notes.push(format!("{pool}: heartbeat late, used only if nothing else is left"));
        }
        let unknown = [
            (attempt.predicted.first_token_ms.is_none(), "first token"),
            (attempt.predicted.total_ms.is_none(), "total time"),
            (attempt.predicted.cost_usd_micros.is_none(), "cost"),
            (attempt.predicted.energy_joules.is_none(), "energy"),
            (attempt.predicted.quality.is_none(), "quality"),
        ];
        let list: Vec<&str> =
            unknown.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect();
        if !list.is_empty() {
            notes.push(format!("{pool}: {} unknown, taken as bad", list.join(", ")));
        }
    }
}
