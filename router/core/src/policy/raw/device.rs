//! What a device must have left, in general and for a kind of device, as written.

use schemars::JsonSchema;
use serde::Deserialize;

/// `[device]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawDevice {
    /// Lowest charge on battery, as a share of 1. Shipped: 0.2.
    pub battery_floor_fraction: Option<f64>,
    /// Heat from which on the device is left alone, as a share of its limit, 0 to 1. Shipped: 0.95.
    pub thermal_wall_fraction: Option<f64>,
    /// Least free memory, in bytes. Shipped: 134217728.
    pub memory_floor_bytes: Option<u64>,
    /// Whether a device that does not report charge, heat and memory is left out. Shipped: false.
    pub require_readings: Option<bool>,
}

/// `[device_class.*]`: one table for each kind of device.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawDeviceClasses {
    /// In a pocket, on battery. Shipped: battery_floor_fraction 0.3, thermal_wall_fraction 0.85.
    pub phone: RawDeviceClass,
    /// A desktop or a laptop. Shipped: nothing of its own.
    pub pc: RawDeviceClass,
    /// Moves in and out of coverage. Shipped: cloud_first_token_ms 1000.
    pub vehicle: RawDeviceClass,
    /// Has to come home. Shipped: battery_floor_fraction 0.4, cloud_first_token_ms 2000.
    pub robot: RawDeviceClass,
    /// In a rack, on mains. Shipped: nothing of its own.
    pub edge_server: RawDeviceClass,
}

/// What differs for one kind of device. A key that is absent is as shipped for the kind, else as in
/// `[device]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawDeviceClass {
    /// For an asker on such a device: longest wait for a first token from a cloud, in milliseconds. A
    /// cloud that is predicted slower, or not predicted at all, is not asked.
    pub cloud_first_token_ms: Option<u64>,
    /// Lowest charge on battery, as a share of 1.
    pub battery_floor_fraction: Option<f64>,
    /// Heat from which on the device is left alone, as a share of its limit, 0 to 1.
    pub thermal_wall_fraction: Option<f64>,
    /// Least free memory, in bytes.
    pub memory_floor_bytes: Option<u64>,
    /// Whether a device that does not report charge, heat and memory is left out.
    pub require_readings: Option<bool>,
}
