//! What a device must have left, for each kind of device.
//!
//! A key of `[device_class.*]` holds for that kind; one that is absent is the stricter of what is shipped
//! for the kind and what `[device]` says. So `[device]` alone can raise the floor of a phone and not
//! lower it: who wants that says so of phones. The table is complete after loading, so that a lookup is one.

use super::problem::Problems;
use super::range::{LONGEST_MS, checked, share};
use super::raw::{RawDevice, RawDeviceClass, RawDeviceClasses};
use super::settings::DeviceFloors;
use crate::device::DeviceClass;
use serde::Serialize;

/// What holds for one kind of device.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(super) struct ClassFloors {
    class: DeviceClass,
    /// For an asker of this class: latest first token of a cloud, in milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_first_token_ms: Option<u64>,
    /// For a target of this class.
    pub floors: DeviceFloors,
}

/// One entry for each class there is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Classes([ClassFloors; DeviceClass::ALL.len()]);

impl Classes {
    /// What holds for `class`.
    pub fn of(&self, class: DeviceClass) -> Option<&ClassFloors> {
        self.0.iter().find(|entry| entry.class == class)
    }

    /// What holds where a policy says nothing of classes.
    pub fn shipped(device: &DeviceFloors) -> Self {
        let none = RawDeviceClass::default();
        Self(DeviceClass::ALL.map(|class| over(device, class, &none)))
    }
}

/// `[device]`, checked.
pub(super) fn floors(raw: &RawDevice, problems: &mut Problems) -> DeviceFloors {
    let shipped = DeviceFloors::default();
    let mut fraction =
        |key: &str, written| share(written, "a share", format!("device.{key}"), problems);
    DeviceFloors {
        battery_floor_fraction: fraction("battery_floor_fraction", raw.battery_floor_fraction)
            .unwrap_or(shipped.battery_floor_fraction),
        thermal_wall_fraction: fraction("thermal_wall_fraction", raw.thermal_wall_fraction)
            .unwrap_or(shipped.thermal_wall_fraction),
        memory_floor_bytes: raw.memory_floor_bytes.unwrap_or(shipped.memory_floor_bytes),
        require_readings: raw.require_readings.unwrap_or(shipped.require_readings),
    }
}

/// `[device_class.*]`, checked and completed.
pub(super) fn classes(
    device: &DeviceFloors,
    raw: &RawDeviceClasses,
    problems: &mut Problems,
) -> Classes {
    Classes(DeviceClass::ALL.map(|class| {
        let written = match class {
            DeviceClass::Phone => &raw.phone,
            DeviceClass::Pc => &raw.pc,
            DeviceClass::Vehicle => &raw.vehicle,
            DeviceClass::Robot => &raw.robot,
            DeviceClass::EdgeServer => &raw.edge_server,
        };
        let path = |key: &str| format!("device_class.{class}.{key}");
        let (battery, wall) = ("battery_floor_fraction", "thermal_wall_fraction");
        let first_token = "cloud_first_token_ms";
        let sound = RawDeviceClass {
            cloud_first_token_ms: checked(
                written.cloud_first_token_ms,
                1..=LONGEST_MS,
                "milliseconds",
                path(first_token),
                problems,
            ),
            battery_floor_fraction: share(
                written.battery_floor_fraction,
                "a share",
                path(battery),
                problems,
            ),
            thermal_wall_fraction: share(
                written.thermal_wall_fraction,
                "a share",
                path(wall),
                problems,
            ),
            ..written.clone()
        };
        over(device, class, &sound)
    }))
}

/// The classes that differ from what `[device]` alone would make of them: what a policy's content is.
pub(super) fn changed(device: &DeviceFloors, classes: &Classes) -> Vec<ClassFloors> {
    let plain = Classes::shipped(device);
    let differs = |entry: &&ClassFloors| plain.of(entry.class) != Some(*entry);
    classes.0.iter().filter(differs).copied().collect()
}

/// What is shipped for a class. A phone is wanted for calls in the evening and burns a hand before it
/// throttles; a car cannot count on its network, nor its driver on an answer in the next village; a
/// robot has to bring itself home.
fn shipped(class: DeviceClass) -> RawDeviceClass {
    let none = RawDeviceClass::default();
    match class {
        DeviceClass::Phone => RawDeviceClass {
            battery_floor_fraction: Some(0.3),
            thermal_wall_fraction: Some(0.85),
            ..none
        },
        DeviceClass::Vehicle => RawDeviceClass { cloud_first_token_ms: Some(1_000), ..none },
        DeviceClass::Robot => RawDeviceClass {
            battery_floor_fraction: Some(0.4),
            cloud_first_token_ms: Some(2_000),
            ..none
        },
        DeviceClass::Pc | DeviceClass::EdgeServer => none,
    }
}

/// The written keys, else the stricter of what is shipped and what `[device]` says.
fn over(device: &DeviceFloors, class: DeviceClass, written: &RawDeviceClass) -> ClassFloors {
    let shipped = shipped(class);
    let (battery, wall) = (device.battery_floor_fraction, device.thermal_wall_fraction);
    let shipped_battery = shipped.battery_floor_fraction.map_or(battery, |own| own.max(battery));
    let shipped_wall = shipped.thermal_wall_fraction.map_or(wall, |own| own.min(wall));
    ClassFloors {
        class,
        cloud_first_token_ms: written.cloud_first_token_ms.or(shipped.cloud_first_token_ms),
        floors: DeviceFloors {
            battery_floor_fraction: written.battery_floor_fraction.unwrap_or(shipped_battery),
            thermal_wall_fraction: written.thermal_wall_fraction.unwrap_or(shipped_wall),
            memory_floor_bytes: written.memory_floor_bytes.unwrap_or(device.memory_floor_bytes),
            require_readings: written.require_readings.unwrap_or(device.require_readings),
        },
    }
}
