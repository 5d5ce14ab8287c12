//! What a device can afford now: charge, heat, memory.
//!
//! The gate protects the device whose readings these are; a low battery never counts against any
//! other target, least of all against the cloud. A reading that is no number, or out of its range, is
//! no reading. A missing reading stops a device only where the policy demands readings, with one
//! exception: a device that says it runs on battery and not how full it is counts as empty.

use super::candidate::Lost;
use super::predict::reading;
use crate::fleet::DeviceState;
use crate::plan::{Gate, Reading, Why};
use crate::policy::DeviceFloors;

/// The device can afford a request.
pub(super) fn affordable(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    battery(state, floors)?;
    heat(state, floors)?;
    memory(state, floors)
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
        Some(free) if free < floor => Err(stop(Why::Memory(free, floor))),
        Some(_) => Ok(()),
        None => required(floors, Reading::Memory),
    }
}

fn required(floors: &DeviceFloors, what: Reading) -> Result<(), Lost> {
    if floors.require_readings { Err(stop(Why::NoReading(what))) } else { Ok(()) }
}

fn stop(why: Why) -> Lost {
    Lost::at(Gate::Device, why)
}
