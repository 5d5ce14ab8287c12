//! What a device can afford now: charge, heat, memory.
//!
//! The gate protects the device whose readings these are; a low battery never counts against any
//! other target, least of all against the cloud. A reading that is no number, or out of its range, is
//! no reading. A missing reading stops a device only where the policy demands readings, with one
//! exception: a device that says it runs on battery and not how full it is counts as empty.

use super::candidate::Lost;
use super::predict::reading;
use super::tier::Zone;
use crate::class::Tier;
use crate::estimate::{battery_after, heat_after};
use crate::fleet::DeviceState;
use crate::plan::{Gate, Prediction, Reading, Why};
use crate::policy::DeviceFloors;

/// Fastest believable heating, in shares of the limit a second.
const HOTTEST_PER_S: f64 = 1.0;
/// Share of the time in which tasks wait for memory from which on a device has none to spare: it swaps.
const MOST_MEMORY_PRESSURE: f64 = 0.4;
/// Heat is told up to this many limits.
const HOTTEST: f64 = 10.0;

/// The device can afford a request now.
#[inline]
pub(super) fn affordable(
    state: &DeviceState,
    floors: &DeviceFloors,
    zone: Zone,
) -> Result<(), Lost> {
    battery(state, floors)?;
    heat(state, floors)?;
    memory(state, floors)?;
    // Its owner's own requests may use up its owner's money; nobody else's may.
    if state.metered_network == Some(true) && zone.tier != Tier::Device {
        return Err(stop(Why::MeteredWorker));
    }
    Ok(())
}

/// The device can still afford what comes after the predicted request, as far as it is known what a
/// request takes out of it.
#[inline]
pub(super) fn affordable_to_the_end(
    state: &DeviceState,
    floors: &DeviceFloors,
    predicted: &Prediction,
) -> Result<(), Lost> {
    let (floor, wall) = (floors.battery_floor_fraction, floors.thermal_wall_fraction);
    if let Some(capacity) = reading(state.battery_capacity_joules, f64::MAX)
        && let Some(charge) = reading(state.battery_fraction, 1.0)
        && let Some(joules) = predicted.energy_joules
        && state.on_battery != Some(false)
        && let Some(after) = battery_after(charge, capacity, joules)
        && after < floor
    {
        return Err(stop(Why::BatteryAfter(after, floor)));
    }
    if let Some(rise_per_s) = reading(state.heating_per_s, HOTTEST_PER_S)
        && let Some(heat) = reading(state.thermal_fraction, f64::MAX)
        && let Some(total_ms) = predicted.total_ms
        && let Some(after) = heat_after(heat, rise_per_s, total_ms / 1e3)
        && after >= wall
    {
        return Err(stop(Why::HotAfter(after.min(HOTTEST), wall)));
    }
    Ok(())
}

fn battery(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    let floor = floors.battery_floor_fraction;
    if state.on_battery == Some(false) || floor <= 0.0 {
        return Ok(());
    }
    match reading(state.battery_fraction, 1.0) {
        Some(charge) if charge < floor => Err(stop(Why::Battery(charge, floor))),
        Some(_) => Ok(()),
        None if state.on_battery == Some(true) => Err(stop(Why::BatteryUnknown)),
        None => required(floors, Reading::Battery),
    }
}

fn heat(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    let wall = floors.thermal_wall_fraction;
    match reading(state.thermal_fraction, f64::MAX) {
        Some(heat) if heat >= wall => Err(stop(Why::Hot(heat, wall))),
        Some(_) => Ok(()),
        None => required(floors, Reading::Heat),
    }
}

fn memory(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    let floor = floors.memory_floor_bytes;
    match state.memory_available_bytes {
        Some(free) if free < floor => return Err(stop(Why::Memory(free, floor))),
        Some(_) => {}
        None => required(floors, Reading::Memory)?,
    }
    match reading(state.memory_pressure, 1.0) {
        Some(share) if share >= MOST_MEMORY_PRESSURE => {
            Err(stop(Why::MemoryPressure(share, MOST_MEMORY_PRESSURE)))
        }
        _ => Ok(()),
    }
}

fn required(floors: &DeviceFloors, what: Reading) -> Result<(), Lost> {
    if floors.require_readings { Err(stop(Why::NoReading(what))) } else { Ok(()) }
}

fn stop(why: Why) -> Lost {
    Lost::at(Gate::Device, why)
}
