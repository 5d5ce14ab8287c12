//! The gates on what was predicted, against what the request demands.
//!
//! Time is lenient: an unknown time passes, because a target that has answered nobody yet could
//! otherwise never start, and the deadline itself still holds. Money, energy and quality are strict:
//! under a ceiling, unknown is over it.

use super::ask::Ask;
use super::candidate::Lost;
use super::rules::Bounds;
use crate::plan::{Gate, Prediction};

/// The prediction keeps every demand of the request and every ceiling of a rule.
pub(super) fn kept(ask: &Ask<'_>, bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    latency(ask, bounds, predicted)?;
    cost(bounds, predicted)?;
    energy(ask, predicted)?;
    quality(ask, predicted)
}

fn latency(ask: &Ask<'_>, bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    if let (Some(first), Some((target, source))) = (predicted.first_token_ms, bounds.first_token_ms)
        && first > whole(target)
    {
        let (first, target) = (seconds(first), seconds(whole(target)));
        let suffix = source.suffix();
        let why = format!("predicted first token {first} s over the {target} s ceiling{suffix}");
        return Err(Lost::at(Gate::Latency, why));
    }
    if let Some(total) = predicted.total_ms
        && total > whole(ask.deadline_ms)
    {
        let (total, deadline) = (seconds(total), seconds(whole(ask.deadline_ms)));
        let why = format!("predicted end after {total} s, past the deadline of {deadline} s");
        return Err(Lost::at(Gate::Latency, why));
    }
    Ok(())
}

fn cost(bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some((ceiling, source)) = bounds.cost_usd_micros else { return Ok(()) };
    match predicted.cost_usd_micros {
        Some(cost) if cost <= ceiling => Ok(()),
        Some(cost) => {
            let suffix = source.suffix();
            let why = format!(
                "predicted cost {cost} over the ceiling of {ceiling} micro-dollars{suffix}"
            );
            Err(Lost::at(Gate::Cost, why))
        }
        None => {
            let suffix = source.suffix();
            let why = format!("price unknown under a ceiling of {ceiling} micro-dollars{suffix}");
            Err(Lost::at(Gate::Cost, why))
        }
    }
}

fn energy(ask: &Ask<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some(ceiling) = ask.facts.hints.max_energy_joules else { return Ok(()) };
    match predicted.energy_joules {
        Some(joules) if joules <= ceiling => Ok(()),
        Some(joules) => {
            let why = format!("predicted energy {joules:.1} J over the ceiling of {ceiling:.1} J");
            Err(Lost::at(Gate::Energy, why))
        }
        None => {
            let why = format!("energy unknown under a ceiling of {ceiling:.1} J");
            Err(Lost::at(Gate::Energy, why))
        }
    }
}

fn quality(ask: &Ask<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some(wanted) = ask.facts.hints.min_quality else { return Ok(()) };
    match predicted.quality {
        Some(quality) if quality >= wanted => Ok(()),
        Some(quality) => {
            let why = format!("quality {quality:.2} below the wanted {wanted:.2}");
            Err(Lost::at(Gate::Quality, why))
        }
        None => Err(Lost::at(Gate::Quality, format!("quality unknown, {wanted:.2} wanted"))),
    }
}

/// Milliseconds as a float; exact below 2^53.
#[expect(clippy::cast_precision_loss, reason = "285,000 years of milliseconds are exact")]
pub(super) fn whole(ms: u64) -> f64 {
    ms as f64
}

/// Milliseconds as seconds for people: three significant places below ten seconds, one above.
pub(super) fn seconds(ms: f64) -> String {
    let s = ms / 1e3;
    if s < 0.1 {
        format!("{s:.3}")
    } else if s < 10.0 {
        format!("{s:.2}")
    } else {
        format!("{s:.1}")
    }
}
