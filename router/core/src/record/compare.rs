//! What another policy would change for a request of the past: its route, and the reason in words.
//!
//! Both policies decide again, from the same record ([`super::Record::under`]). What was really
//! decided is not compared with: the record may be of a third policy, and then its difference from
//! either would be a matter of both. A route is who is asked, in which order, or the named reason why
//! nobody is. Predictions, limits and messages may differ without a change of route.

mod why;

use crate::class::Tier;
use crate::plan::{Attempt, Decision, Outcome, Place, Target};

/// A request whose route would be another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its route under the one policy, such as "smollm2 on desk, then openai/gpt-4o-mini".
    pub before: String,
    /// Its route under the other.
    pub after: String,
    /// The first thing that makes the difference.
    pub why: String,
    /// Whether clouds come into the plan, or leave it.
    pub cloud: CloudChange,
}

/// Clouds in a plan, under one policy and under another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloudChange {
    /// In both plans, or in neither.
    Same,
    /// In the other plan alone: content that stayed in the house could leave it.
    Appears,
    /// In the first plan alone.
    Disappears,
}

impl Change {
    /// What changes for a request from one decision to another; `None` where its route is the same.
    #[must_use]
    pub fn between(before: &Decision, after: &Decision) -> Option<Self> {
        (!same_route(before, after)).then(|| Self {
            before: route(before),
            after: route(after),
            why: why::of(before, after),
            cloud: match (reaches_cloud(before), reaches_cloud(after)) {
                (false, true) => CloudChange::Appears,
                (true, false) => CloudChange::Disappears,
                _ => CloudChange::Same,
            },
        })
    }
}

/// Whether two decisions ask the same targets in the same order, or nobody for the same named reason.
#[must_use]
pub fn same_route(before: &Decision, after: &Decision) -> bool {
    match (&before.outcome, &after.outcome) {
        (Outcome::Planned(before), Outcome::Planned(after)) => {
            before.attempts.iter().map(target).eq(after.attempts.iter().map(target))
        }
        (Outcome::Refused(before), Outcome::Refused(after)) => before.reason == after.reason,
        _ => false,
    }
}

fn target(attempt: &Attempt) -> &Target {
    &attempt.target
}

fn attempts(decision: &Decision) -> &[Attempt] {
    decision.plan().map_or(&[], |plan| &plan.attempts)
}

/// Whether a cloud is asked, be it the last.
fn reaches_cloud(decision: &Decision) -> bool {
    attempts(decision).iter().any(|attempt| attempt.tier == Tier::Cloud)
}

fn route(decision: &Decision) -> String {
    match &decision.outcome {
        Outcome::Planned(plan) => {
            let names = plan.attempts.iter().map(|attempt| name(&attempt.target));
            names.collect::<Vec<_>>().join(", then ")
        }
        Outcome::Refused(refusal) => format!("refused: {}", refusal.reason),
    }
}

fn name(target: &Target) -> String {
    match &target.at {
        Place::Worker { worker_id, .. } => format!("{} on {worker_id}", target.model),
        Place::Cloud { provider } => format!("{provider}/{}", target.model),
    }
}
