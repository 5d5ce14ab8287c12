//! What is known of a device. Unknown is a value, and every known one says whether it was measured.

use littoral_proto::v1::state::{Device, Reading as Named};
use std::fmt::Debug;

/// One reading.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Reading<T> {
    /// The system does not tell.
    #[default]
    Unknown,
    /// A meter or the system said so.
    Measured(T),
    /// It was worked out from something else.
    Estimated(T),
}

impl<T> Reading<T> {
    /// Measured, if there is a value.
    pub fn measured(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Measured)
    }

    /// Estimated, if there is a value.
    pub fn estimated(value: Option<T>) -> Self {
        value.map_or(Self::Unknown, Self::Estimated)
    }

    /// The value, however it is known.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Unknown => None,
            Self::Measured(value) | Self::Estimated(value) => Some(value),
        }
    }
}

/// All readings of a device at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Readings {
    /// Charge, 0 to 1.
    pub battery_fraction: Reading<f64>,
    /// The machine runs on its battery.
    pub on_battery: Reading<bool>,
    /// Energy of the full battery, in joules.
    pub battery_capacity_joules: Reading<f64>,
    /// Drawn by the machine, or by its processors where only they are metered, in watts.
    pub power_watts: Reading<f64>,
    /// Memory that a new program could use, in bytes.
    pub memory_available_bytes: Reading<u64>,
    /// Memory of the machine, in bytes. Never estimated.
    pub memory_total_bytes: Reading<u64>,
    /// Share of the last ten seconds in which some task waited for memory, 0 to 1.
    pub memory_pressure: Reading<f64>,
    /// Share of the last ten seconds in which some task waited for a processor, 0 to 1.
    pub cpu_pressure: Reading<f64>,
    /// Hottest zone as a share of its limit.
    pub thermal_fraction: Reading<f64>,
    /// Gain of `thermal_fraction` in a second of work.
    pub heating_per_s: Reading<f64>,
    /// What is sent and received costs money.
    pub metered_network: Reading<bool>,
    /// Somebody is at the machine.
    pub user_active: Reading<bool>,
}

impl From<&Readings> for Device {
    fn from(read: &Readings) -> Self {
        let mut estimated = Vec::new();
        let mut note = |is: bool, name: Named| {
            if is {
                estimated.push(name.into());
            }
        };
        macro_rules! tell {
            ($field:ident, $name:ident) => {{
                note(matches!(read.$field, Reading::Estimated(_)), Named::$name);
                read.$field.value()
            }};
        }
        Self {
            battery_fraction: tell!(battery_fraction, BatteryFraction),
            on_battery: tell!(on_battery, OnBattery),
            memory_available_bytes: tell!(memory_available_bytes, MemoryAvailable),
            thermal_fraction: tell!(thermal_fraction, ThermalFraction),
            battery_capacity_joules: tell!(battery_capacity_joules, BatteryCapacity),
            power_watts: tell!(power_watts, Power),
            heating_per_s: tell!(heating_per_s, Heating),
            memory_pressure: tell!(memory_pressure, MemoryPressure),
            cpu_pressure: tell!(cpu_pressure, CpuPressure),
            metered_network: tell!(metered_network, MeteredNetwork),
            user_active: tell!(user_active, UserActive),
            memory_total_bytes: read.memory_total_bytes.value(),
            estimated,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wire_names_what_is_estimated_and_leaves_the_unknown_out() {
        let read = Readings {
            battery_fraction: Reading::Measured(0.5),
            battery_capacity_joules: Reading::Estimated(9.0),
            metered_network: Reading::Estimated(true),
            ..Readings::default()
        };
        let device = Device {
            battery_fraction: Some(0.5),
            battery_capacity_joules: Some(9.0),
            metered_network: Some(true),
            estimated: vec![Named::BatteryCapacity.into(), Named::MeteredNetwork.into()],
            ..Device::default()
        };
        assert_eq!(Device::from(&read), device);
        assert_eq!(Device::from(&Readings::default()), Device::default());
    }
}
