//! What a device can afford now: charge, heat, memory.
//!
//! The gate protects the device whose readings these are; a low battery never counts against any
//! other target, least of all against the cloud. A reading that is no number, or out of its range, is
//! no reading. A missing reading stops a device only where the policy demands readings, with one
//! exception: a device that says it runs on battery and not how full it is counts as empty.

use super::candidate::Lost;
use super::predict::reading;
use crate::fleet::DeviceState;
use crate::plan::Gate;
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
        Some(charge) if charge < floor => {
            let (charge, floor) = (percent(charge), percent(floor));
            Err(stop(format!("battery at {charge} % is below the floor of {floor} %")))
        }
        Some(_) => Ok(()),
        None if state.on_battery == Some(true) => Err(stop("runs on battery, charge unknown")),
        None => required(floors, "battery"),
    }
}

fn heat(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    let wall = floors.thermal_wall_fraction;
    match reading(state.thermal_fraction, f64::MAX) {
        Some(heat) if heat >= wall => {
            let (heat, wall) = (percent(heat.min(10.0)), percent(wall));
            Err(stop(format!("heat at {heat} % of the limit reaches the wall of {wall} %")))
        }
        Some(_) => Ok(()),
        None => required(floors, "heat"),
    }
}

fn memory(state: &DeviceState, floors: &DeviceFloors) -> Result<(), Lost> {
    match state.memory_available_bytes {
        Some(free) if free < floors.memory_floor_bytes => {
            let (free, floor) = (free >> 20, floors.memory_floor_bytes >> 20);
            Err(stop(format!("{free} MiB of free memory is below the floor of {floor} MiB")))
        }
        Some(_) => Ok(()),
        None => required(floors, "free memory"),
    }
}

fn required(floors: &DeviceFloors, what: &str) -> Result<(), Lost> {
    if floors.require_readings { Err(stop(format!("{what} unknown"))) } else { Ok(()) }
}

fn stop(why: impl Into<String>) -> Lost {
    Lost::at(Gate::Device, why)
}

fn percent(fraction: f64) -> f64 {
    (fraction * 100.0).round()
}
