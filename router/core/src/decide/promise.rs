//! The gates on what was predicted, against what the request demands.
//!
//! Time is lenient: an unknown time passes, because a target that has answered nobody yet could
//! otherwise never start, and the deadline itself still holds. Money, energy and quality are strict:
//! under a ceiling, unknown is over it. So is a cloud's time for a device that does not wait for one.

use super::ask::Ask;
use super::candidate::Lost;
use super::rules::Bounds;
use crate::class::Tier;
use crate::plan::units::whole;
use crate::plan::{Gate, Prediction, Why};

/// The prediction keeps every demand of the request, of the policy's limits and of its rules.
#[inline]
pub(super) fn kept(
    ask: &Ask<'_>,
    bounds: &Bounds<'_>,
    tier: Tier,
    predicted: &Prediction,
) -> Result<(), Lost> {
    latency(ask, bounds, tier, predicted).map_err(|why| Lost::at(Gate::Latency, why))?;
    cost(bounds, predicted).map_err(|why| Lost::at(Gate::Cost, why))?;
    energy(bounds, predicted).map_err(|why| Lost::at(Gate::Energy, why))?;
    quality(bounds, predicted).map_err(|why| Lost::at(Gate::Quality, why))
}

fn latency(
    ask: &Ask<'_>,
    bounds: &Bounds<'_>,
    tier: Tier,
    predicted: &Prediction,
) -> Result<(), Why> {
    let (first, total) = (predicted.first_token_ms, predicted.total_ms);
    if let (Tier::Cloud, Some(limit)) = (tier, ask.cloud_first_token_ms) {
        match first {
            None => return Err(Why::CloudUnknown(limit)),
            Some(first) if first > whole(limit) => return Err(Why::CloudSlow(first, limit)),
            Some(_) => {}
        }
    }
    if let (Some(first), Some((ceiling, source))) = (first, bounds.first_token_ms)
        && first > whole(ceiling)
    {
        return Err(Why::FirstToken(first, ceiling, source.by()));
    }
    if let (Some(total), Some((ceiling, source))) = (total, bounds.total_ms)
        && total > whole(ceiling)
    {
        return Err(Why::Total(total, ceiling, source.by()));
    }
    match total {
        Some(total) if total > whole(ask.deadline_ms) => Err(Why::Deadline(total, ask.deadline_ms)),
        _ => Ok(()),
    }
}

fn cost(bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Why> {
    let Some((ceiling, source)) = bounds.cost_usd_micros else { return Ok(()) };
    match predicted.cost_usd_micros {
        Some(cost) if cost <= ceiling => Ok(()),
        Some(cost) => Err(Why::Cost(cost, ceiling, source.by())),
        None => Err(Why::NoPrice(ceiling, source.by())),
    }
}

fn energy(bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Why> {
    let Some((ceiling, source)) = bounds.energy_joules else { return Ok(()) };
    match predicted.energy_joules {
        Some(joules) if joules <= ceiling => Ok(()),
        Some(joules) => Err(Why::Energy(joules, ceiling, source.by())),
        None => Err(Why::NoEnergy(ceiling, source.by())),
    }
}

fn quality(bounds: &Bounds<'_>, predicted: &Prediction) -> Result<(), Why> {
    let Some((wanted, source)) = bounds.quality else { return Ok(()) };
    match predicted.quality {
        Some(quality) if quality >= wanted => Ok(()),
        Some(quality) => Err(Why::Quality(quality, wanted, source.by())),
        None => Err(Why::NoQuality(wanted, source.by())),
    }
}
