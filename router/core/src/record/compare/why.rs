//! Why a route is another: the first target that is not where it was, and what stopped it under one
//! policy and not under the other, or what put another before it.

use super::{attempts, name};
use crate::plan::{Attempt, Decision, Note, Outcome, Place, Rejection, Target};

/// The reason in one clause.
pub(super) fn of(before: &Decision, after: &Decision) -> String {
    let (old, new) = (attempts(before), attempts(after));
    let at = old.iter().zip(new).take_while(|(old, new)| old.target == new.target).count();
    let (was, is) = (old.get(at), new.get(at));
    let gone = was.filter(|was| !holds(new, &was.target));
    let come = is.filter(|is| !holds(old, &is.target));
    match (gone, come, is) {
        (Some(gone), ..) if loss(after, &gone.target).is_some() => lost(after, &gone.target),
        (_, Some(come), _) if loss(before, &come.target).is_some() => {
            format!("{}, and no longer", lost(before, &come.target))
        }
        (.., Some(is)) => ahead(before, after, is, at),
        _ => refused(before, after),
    }
}

fn holds(attempts: &[Attempt], target: &Target) -> bool {
    attempts.iter().any(|attempt| attempt.target == *target)
}

/// The row that tells what stopped a target: its own, or that of its pool.
fn loss<'a>(decision: &'a Decision, target: &Target) -> Option<&'a Rejection> {
    let of_pool = || decision.rejected.iter().filter(|row| row.pool == target.pool);
    let own = match &target.at {
        Place::Worker { worker_id, .. } => {
            of_pool().find(|row| row.worker_id.as_ref() == Some(worker_id))
        }
        Place::Cloud { .. } => None,
    };
    own.or_else(|| of_pool().find(|row| row.worker_id.is_none()))
}

fn lost(decision: &Decision, target: &Target) -> String {
    let name = name(target);
    match loss(decision, target) {
        Some(row) => format!("{name} lost at {}: {}", row.gate, row.reason()),
        None => format!("{name} lost"),
    }
}

/// A target stands before others that it stood behind, or that are drawn no more.
fn ahead(before: &Decision, after: &Decision, is: &Attempt, at: usize) -> String {
    let place = if at == 0 { "now first".to_owned() } else { format!("now number {}", at + 1) };
    let text = format!("{place}: {}", name(&is.target));
    match ground(before, after).or_else(|| behind(after, at)) {
        Some(ground) => format!("{text}; {ground}"),
        None => text,
    }
}

/// The first wish or draw that one decision notes and the other does not.
fn ground(before: &Decision, after: &Decision) -> Option<String> {
    let moves = |note: &&Note| {
        matches!(note, Note::Preferred { .. } | Note::Canary(_) | Note::ModePrefers(..))
    };
    let only = |here: &Decision, there: &Decision| {
        let missing = |note: &&Note| !there.notes.contains(note);
        here.notes.iter().filter(moves).find(missing).map(ToString::to_string)
    };
    only(after, before).or_else(|| Some(format!("no longer: {}", only(before, after)?)))
}

/// Why the next target stands behind the one at `at`.
fn behind(decision: &Decision, at: usize) -> Option<String> {
    let next = attempts(decision).get(at + 1)?;
    Some(format!("{} stands behind it: {}", name(&next.target), next.because.as_ref()?))
}

/// Nobody answers under the other policy, or under neither.
fn refused(before: &Decision, after: &Decision) -> String {
    let differs = |row: &&Rejection| !before.rejected.contains(row);
    if let Some(row) = after.rejected.iter().find(differs) {
        return format!("{} lost at {}: {}", row.pool, row.gate, row.reason());
    }
    match &after.outcome {
        Outcome::Refused(refusal) => refusal.message.clone(),
        Outcome::Planned(_) => "fewer targets are in the plan".into(),
    }
}
