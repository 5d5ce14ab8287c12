//! The most useful error where nobody can answer.
//!
//! `EGRESS_DENIED` says that content may not leave: the class was all that stood in the way of a
//! target that could have answered at once, or egress is switched off. Otherwise the gate that stopped most candidates is named
//! (the one that came later, where two stopped as many), with an example and with what would have to
//! change. Other models and other people's devices count only if there was nothing else.

use super::ask::Ask;
use super::candidate::Loss;
use crate::facts::{ClassOrigin, Extent, not_seen};
use crate::plan::{Gate, Refusal, stays};
use crate::reason::Reason;

/// When to try again where a worker could come, recover or calm down: one heartbeat, in milliseconds.
const NEXT_HEARTBEAT_MS: u64 = 5_000;
/// Bounds of a computed retry time, in milliseconds.
const RETRY_MS: std::ops::RangeInclusive<u64> = 100..=30_000;
/// Characters of a caller's alias that an error repeats.
const ALIAS_CHARS: usize = 64;

/// The refusal where no pool exists at all.
pub(super) fn nobody_known() -> Refusal {
    Refusal {
        reason: Reason::NoReadyTarget,
        message:
            "no worker is connected and no cloud is configured; start a worker, or configure a \
                  provider"
                .into(),
        retry_after_ms: Some(NEXT_HEARTBEAT_MS),
    }
}

/// The refusal for the losses of all pools.
pub(super) fn most_useful(ask: &Ask<'_>, losses: &[Loss]) -> Refusal {
    if losses.iter().any(|loss| loss.obstacle == Gate::Class) {
        return egress_denied(ask, losses);
    }
    let Some(gate) = main_obstacle(losses) else { return nobody_known() };
    if gate == Gate::Alias {
        return unknown_model(ask);
    }
    let (reason, advice, retry) = meaning(gate);
    let failed = count(losses, |obstacle| obstacle == gate);
    let all = count(losses, |_| true);
    let example = losses
        .iter()
        .find(|loss| loss.obstacle == gate && loss.rejection.gate == gate)
        .map(|loss| format!(", for example {}: {}", loss.rejection.pool, loss.rejection.reason()));
    let message = format!(
        "{failed} of {all} candidates failed at {gate}{}; {advice}",
        example.unwrap_or_default()
    );
    let retry_after_ms = retry.then(|| retry_after_ms_at(losses, gate));
    Refusal { reason, message, retry_after_ms }
}

/// The gate that most candidates failed, leaving aside those that were never meant: other models, other
/// people's devices, and tiers that the asker wants left out.
fn main_obstacle(losses: &[Loss]) -> Option<Gate> {
    let meant = |gate: &Gate| !matches!(gate, Gate::Alias | Gate::Owner);
    let wanted = |gate: &Gate| meant(gate) && *gate != Gate::Mode;
    let obstacles = || losses.iter().map(|loss| loss.obstacle);
    obstacles()
        .filter(wanted)
        .max_by_key(|gate| (count(losses, |obstacle| obstacle == *gate), *gate))
        .or_else(|| obstacles().filter(meant).max())
        .or_else(|| obstacles().max())
}

fn count(losses: &[Loss], matches: impl Fn(Gate) -> bool) -> u64 {
    losses.iter().filter(|loss| matches(loss.obstacle)).map(|loss| u64::from(loss.candidates)).sum()
}

fn egress_denied(ask: &Ask<'_>, losses: &[Loss]) -> Refusal {
    let (class, stays) = (ask.class, stays(ask.ceiling));
    let extent = ask.facts.scan.extent;
    let (what, change) = match ask.class_fact.origin {
        _ if extent.failed() => {
            (not_seen(extent).to_owned(), "send it in plain text and in shorter parts")
        }
        ClassOrigin::Scanned => (
            format!("the content was scanned, counts as {class} and stays on {stays}"),
            "take out what was found",
        ),
        ClassOrigin::Labelled => (
            format!("class {class} stays on {stays}"),
            "label the content lower if it is less sensitive than that",
        ),
        ClassOrigin::Unlabelled => (
            format!("content without a label counts as {class} and stays on {stays}"),
            "label every part public or internal if it may leave",
        ),
    };
    let mut pools =
        losses.iter().filter(|loss| loss.obstacle == Gate::Class).map(|loss| &*loss.rejection.pool);
    let first = pools.next().unwrap_or_default();
    let more = match pools.count() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let passing = losses.iter().filter(|loss| passes_with_time(loss));
    let near = passing.clone().next().map_or(String::new(), |loss| {
        format!(" ({}: {})", loss.rejection.pool, loss.rejection.reason())
    });
    let gate = passing.map(|loss| loss.obstacle).max();
    let left_out = gate.is_none() && losses.iter().any(|loss| loss.obstacle == Gate::Mode);
    let (nobody, change) = if left_out {
        let mode = ask.facts.hints.mode.name();
        (
            format!("mode {mode} leaves out who is there"),
            format!("ask in another mode, or {change}"),
        )
    } else {
        let start = format!("start a worker on {stays}, or {change}");
        (format!("no target there is ready{near}"), start)
    };
    let reason = match extent {
        Extent::Unavailable => Reason::DetectorUnavailable,
        _ => Reason::EgressDenied,
    };
    Refusal {
        reason,
        message: format!("{what}, and {nobody}; {first}{more} lost by class alone; {change}"),
        retry_after_ms: gate.map(|gate| retry_after_ms_at(losses, gate)),
    }
}

/// A target that the content may reach is there, and only its present state is in the way.
fn passes_with_time(loss: &Loss) -> bool {
    let state = matches!(loss.obstacle, Gate::Ready | Gate::Device | Gate::Queue);
    state && loss.rejection.gate == loss.obstacle
}

/// Nobody serves the name. A name the policy knows may come back with a worker; another will not.
fn unknown_model(ask: &Ask<'_>) -> Refusal {
    let name: String = ask.alias_name.chars().take(ALIAS_CHARS).collect();
    if ask.alias.is_some() {
        return Refusal {
            reason: Reason::NoReadyTarget,
            message: format!(
                "no target offers a model of alias {name:?} now; start a worker that has one"
            ),
            retry_after_ms: Some(NEXT_HEARTBEAT_MS),
        };
    }
    Refusal {
        reason: Reason::NoCapableTarget,
        message: format!(
            "no model and no alias is called {name:?}; list the models, or leave the name out for the \
             default"
        ),
        retry_after_ms: None,
    }
}

/// Reason, advice, and whether trying again later makes sense.
fn meaning(gate: Gate) -> (Reason, &'static str, bool) {
    match gate {
        Gate::Alias => (Reason::NoCapableTarget, "ask for another model", false),
        Gate::Owner => (
            Reason::NoReadyTarget,
            "start a worker of your own, or let the policy name the group as edge",
            true,
        ),
        Gate::Class => (Reason::EgressDenied, "start a worker on a nearer tier", false),
        Gate::Mode => {
            (Reason::NoReadyTarget, "ask in another mode, or start a worker there", false)
        }
        Gate::Tier => {
            (Reason::NoReadyTarget, "start a worker on a tier that the policy uses", false)
        }
        Gate::Rule => (
            Reason::NoCapableTarget,
            "ask differently, or have the rule changed by whoever keeps the policy",
            false,
        ),
        Gate::Capability => {
            (Reason::NoCapableTarget, "ask without it, or add a model that has it", false)
        }
        Gate::Context => {
            (Reason::ContextTooLong, "shorten the prompt or allow fewer tokens", false)
        }
        Gate::Configured => {
            (Reason::NoReadyTarget, "configure a key for the provider, or start a worker", false)
        }
        Gate::Egress => (
            Reason::EgressDenied,
            "start a worker, or have egress switched on by whoever switched it off",
            false,
        ),
        Gate::Ready => (Reason::NoReadyTarget, "wait for a worker, or start one", true),
        Gate::Device => (Reason::NoReadyTarget, "charge or cool the device, or free memory", true),
        Gate::Queue => (Reason::Shed, "try again later", true),
        Gate::Breaker => (Reason::NoReadyTarget, "start a worker, or try again then", true),
        Gate::Budget => (
            Reason::BudgetExceeded,
            "wait until it refills, ask for fewer tokens, start a worker, or raise the limit",
            true,
        ),
        Gate::Latency => {
            (Reason::NoReadyTarget, "allow more time, or try again with less load", true)
        }
        Gate::Cost => {
            (Reason::NoCapableTarget, "raise the cost ceiling, or use a local model", false)
        }
        Gate::Energy => (Reason::NoCapableTarget, "raise the energy ceiling", false),
        Gate::Quality => {
            (Reason::NoCapableTarget, "accept a lower quality, or add a better model", false)
        }
        Gate::Failover | Gate::PlanLength => (Reason::Internal, "report this", false),
    }
}

/// When the first of the candidates stopped by `gate` could take the request, in milliseconds.
fn retry_after_ms_at(losses: &[Loss], gate: Gate) -> u64 {
    let stopped = losses.iter().filter(|loss| loss.obstacle == gate);
    let first = stopped.filter_map(|loss| loss.retry_after_ms).min();
    // A budget's calendar is known, and nothing of it is a guess.
    let most = if gate == Gate::Budget { u64::MAX } else { *RETRY_MS.end() };
    first.map_or(NEXT_HEARTBEAT_MS, |ms| ms.clamp(*RETRY_MS.start(), most))
}
