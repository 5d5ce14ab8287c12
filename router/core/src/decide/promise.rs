//! The gates on what was predicted, against what the request demands.
//!
//! Time is lenient: an unknown time passes, because a target that has answered nobody yet could
//! otherwise never start, and the deadline itself still holds. Money, energy and quality are strict:
//! under a ceiling, unknown is over it.

use super::ask::Ask;
use super::candidate::Lost;
use super::rules::Bounds;
use crate::plan::units::whole;
use crate::plan::{By, Gate, Prediction, Why};

/// The prediction keeps every demand of the request and every ceiling of a rule.
pub(super) fn kept(ask: &Ask<'_>, bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    latency(ask, bounds, predicted)?;
    cost(bounds, predicted)?;
    energy(ask, predicted)?;
    quality(ask, predicted)
}

fn latency(ask: &Ask<'_>, bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    if let (Some(first), Some((ceiling, source))) =
        (predicted.first_token_ms, bounds.first_token_ms)
        && first > whole(ceiling)
    {
        return Err(Lost::at(Gate::Latency, Why::FirstToken(first, ceiling, source.by())));
    }
    if let Some(total) = predicted.total_ms
        && total > whole(ask.deadline_ms)
    {
        return Err(Lost::at(Gate::Latency, Why::Deadline(total, ask.deadline_ms)));
    }
    Ok(())
}

fn cost(bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some((ceiling, source)) = bounds.cost_usd_micros else { return Ok(()) };
    match predicted.cost_usd_micros {
        Some(cost) if cost <= ceiling => Ok(()),
        Some(cost) => Err(Lost::at(Gate::Cost, Why::Cost(cost, ceiling, source.by()))),
        None => Err(Lost::at(Gate::Cost, Why::NoPrice(ceiling, source.by()))),
    }
}

fn energy(ask: &Ask<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some(ceiling) = ask.facts.hints.max_energy_joules else { return Ok(()) };
    match predicted.energy_joules {
        Some(joules) if joules <= ceiling => Ok(()),
        Some(joules) => Err(Lost::at(Gate::Energy, Why::Energy(joules, ceiling, By::Request))),
        None => Err(Lost::at(Gate::Energy, Why::NoEnergy(ceiling, By::Request))),
    }
}

fn quality(ask: &Ask<'_>, predicted: &Prediction) -> Result<(), Lost> {
    let Some(wanted) = ask.facts.hints.min_quality else { return Ok(()) };
    match predicted.quality {
        Some(quality) if quality >= wanted => Ok(()),
        Some(quality) => Err(Lost::at(Gate::Quality, Why::Quality(quality, wanted, By::Request))),
        None => Err(Lost::at(Gate::Quality, Why::NoQuality(wanted, By::Request))),
    }
}
