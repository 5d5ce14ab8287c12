//! The words of failure: faults that the flight itself finds, and the one message a client gets when
//! nothing is left to try. All of it without content: numbers, pool names, and the faults' details.

use super::action::{DispatchRow, Failure};
use super::event::{Blame, Fault};
use super::transcript::Bridge;
use crate::plan::Plan;
use crate::reason::Reason;
use std::time::Duration;

/// The target was silent for `waited` before its first token.
pub(super) fn no_first_token(waited: Duration) -> Fault {
    target_fault("first_token_timeout", format!("no first token within {} ms", waited.as_millis()))
}

/// The target was silent for `waited` in mid-stream.
pub(super) fn stalled(waited: Duration) -> Fault {
    target_fault("stalled", format!("silent in mid-stream for {} ms", waited.as_millis()))
}

/// The operator cut egress while a cloud was answering. Like the gate's refusal: the content may not
/// be there, and nobody failed.
pub(super) fn egress_cut() -> Fault {
    let detail = "egress is switched off".into();
    Fault { blame: Blame::Gate, kind: "egress_off", detail, retry_after_ms: None }
}

const fn target_fault(kind: &'static str, detail: String) -> Fault {
    Fault { blame: Blame::Target, kind, detail, retry_after_ms: None }
}

/// The deadline passed. Says what was tried until then.
pub(super) fn deadline_message(plan: &Plan, rows: &[DispatchRow]) -> String {
    let history = history(plan, rows);
    format!("no complete answer within the deadline of {} ms: {history}", plan.deadline_ms)
}

/// Nobody is left to go on. The reason is `EGRESS_DENIED` where privacy alone stopped every dispatch,
/// that of the limit where limits alone did, `INTERNAL` where the router alone failed, what the request itself
/// lacks where every target said the same of it, and `ATTEMPTS_FAILED` otherwise.
pub(super) fn no_attempt_left(plan: &Plan, rows: &[DispatchRow], bridge: Bridge) -> Failure {
    let all = |blame| rows.iter().all(|row| row.fault.as_ref().is_some_and(|f| f.blame == blame));
    let reason = if all(Blame::Gate) {
        Reason::EgressDenied
    } else if all(Blame::Limit) {
        limit_reached(rows)
    } else if all(Blame::Router) {
        Reason::Internal
    } else {
        said_by_all(rows).unwrap_or(Reason::AttemptsFailed)
    };
    let consequence = match bridge {
        Bridge::Open | Bridge::PrefixOrReset | Bridge::Reset => "no attempt is left",
        Bridge::Prefix => "no attempt is left that continues the text already sent",
        Bridge::Closed => "what was already sent can be neither continued nor taken back",
    };
    let message = format!("{consequence}: {}", history(plan, rows));
    let retry_after_ms = rows.iter().filter_map(|row| row.fault.as_ref()?.retry_after_ms).min();
    Failure { reason, message, retry_after_ms }
}

/// The reason where limits alone were in the way: of several kinds the one that was met last.
fn limit_reached(rows: &[DispatchRow]) -> Reason {
    match rows.iter().rev().find_map(|row| row.fault.as_ref()).map(|fault| fault.kind) {
        Some("budget") => Reason::BudgetExceeded,
        Some("rate") => Reason::RateLimited,
        _ => Reason::NoReadyTarget,
    }
}

/// What every target said of the request: too long for it, nothing that it can do, or out of time.
fn said_by_all(rows: &[DispatchRow]) -> Option<Reason> {
    let mut kinds = rows.iter().map(|row| row.fault.as_ref().map(|fault| fault.kind));
    let first = kinds.next()??;
    if kinds.any(|kind| kind != Some(first)) {
        return None;
    }
    match first {
        "too_long" => Some(Reason::ContextTooLong),
        "unsupported" => Some(Reason::NoCapableTarget),
        "deadline" => Some(Reason::DeadlineExceeded),
        _ => None,
    }
}

fn history(plan: &Plan, rows: &[DispatchRow]) -> String {
    let clause = |row: &DispatchRow| {
        let what = row.fault.as_ref().map_or("had not finished", |fault| fault.detail.as_str());
        match plan.attempts.get(row.attempt) {
            Some(attempt) => format!("{} ({}): {what}", attempt.target.pool, attempt.tier),
            None => what.to_owned(),
        }
    };
    rows.iter().map(clause).collect::<Vec<_>>().join("; ")
}
