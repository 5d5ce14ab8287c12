//! A device that replays a recording, for tests and demonstrations.
//!
//! ```toml
//! [[moment]]
//! seconds = 0
//! battery_fraction = 0.9
//! on_battery = false
//!
//! [[moment]]
//! seconds = 30
//! battery_fraction = 0.2
//! on_battery = true
//! estimated = ["battery_fraction"]
//! ```
//!
//! A moment holds from its second after the start until the next one; what it does not name is
//! unknown, and the last one stays.

use super::readings::{Reading, Readings};
use serde::Deserialize;
use std::path::Path;
use std::time::Duration;

/// A recording.
#[derive(Clone, Debug, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
pub(super) struct Recorded {
    moment: Vec<Moment>,
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Moment {
    seconds: f64,
    battery_fraction: Option<f64>,
    on_battery: Option<bool>,
    battery_capacity_joules: Option<f64>,
    power_watts: Option<f64>,
    memory_available_bytes: Option<u64>,
    memory_total_bytes: Option<u64>,
    memory_pressure: Option<f64>,
    cpu_pressure: Option<f64>,
    thermal_fraction: Option<f64>,
    heating_per_s: Option<f64>,
    metered_network: Option<bool>,
    user_active: Option<bool>,
    /// Readings that are estimated, by their names here.
    estimated: Vec<Name>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq)]
#[serde(rename_all = "snake_case")]
enum Name {
    BatteryFraction,
    OnBattery,
    BatteryCapacityJoules,
    PowerWatts,
    MemoryAvailableBytes,
    MemoryPressure,
    CpuPressure,
    ThermalFraction,
    HeatingPerS,
    MeteredNetwork,
    UserActive,
}

impl Recorded {
    /// Reads the recording at `path`.
    ///
    /// # Errors
    /// It cannot be read or makes no sense: why, with everything that makes none.
    pub(super) fn open(path: &Path) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|cause| cause.to_string())?;
        let recorded: Self =
            toml::from_str(&text).map_err(|cause| cause.to_string().trim_end().to_owned())?;
        let faults = recorded.faults();
        if faults.is_empty() { Ok(recorded) } else { Err(faults.join("; ")) }
    }

    fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.moment.is_empty() {
            faults.push("it has no `[[moment]]`".to_owned());
        }
        let mut last = 0.0;
        for (at, moment) in self.moment.iter().enumerate() {
            // Not a number is in no range either.
            if !(moment.seconds >= last && moment.seconds.is_finite()) {
                faults.push(format!("moment {at}: `seconds` is below 0 or before the last one"));
            }
            last = moment.seconds.max(last);
            let shares = [
                ("battery_fraction", moment.battery_fraction),
                ("memory_pressure", moment.memory_pressure),
                ("cpu_pressure", moment.cpu_pressure),
            ];
            for (name, share) in shares {
                if share.is_some_and(|share| !(0.0..=1.0).contains(&share)) {
                    faults.push(format!("moment {at}: `{name}` is a share, 0 to 1"));
                }
            }
        }
        faults
    }

    /// The readings `since` the start.
    pub(super) fn look(&self, since: Duration) -> Readings {
        let past = |moment: &&Moment| moment.seconds <= since.as_secs_f64();
        self.moment.iter().take_while(past).last().map(Moment::readings).unwrap_or_default()
    }
}

impl Moment {
    fn reading<T>(&self, name: Name, value: Option<T>) -> Reading<T> {
        if self.estimated.contains(&name) {
            Reading::estimated(value)
        } else {
            Reading::measured(value)
        }
    }

    fn readings(&self) -> Readings {
        use Name::*;
        Readings {
            battery_fraction: self.reading(BatteryFraction, self.battery_fraction),
            on_battery: self.reading(OnBattery, self.on_battery),
            battery_capacity_joules: self
                .reading(BatteryCapacityJoules, self.battery_capacity_joules),
            power_watts: self.reading(PowerWatts, self.power_watts),
            memory_available_bytes: self.reading(MemoryAvailableBytes, self.memory_available_bytes),
            memory_total_bytes: Reading::measured(self.memory_total_bytes),
            memory_pressure: self.reading(MemoryPressure, self.memory_pressure),
            cpu_pressure: self.reading(CpuPressure, self.cpu_pressure),
            thermal_fraction: self.reading(ThermalFraction, self.thermal_fraction),
            heating_per_s: self.reading(HeatingPerS, self.heating_per_s),
            metered_network: self.reading(MeteredNetwork, self.metered_network),
            user_active: self.reading(UserActive, self.user_active),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    fn open(text: &str) -> Result<Recorded, String> {
        Recorded::open(&tree(&[("r.toml", text)]).path().join("r.toml"))
    }

    #[test]
    fn a_moment_holds_until_the_next_one_and_the_last_one_stays() {
        let recorded = open(
            "[[moment]]\nseconds = 1\nbattery_fraction = 0.9\n\
             [[moment]]\nseconds = 2.5\non_battery = true\nestimated = ['on_battery']\n",
        )
        .unwrap();
        let look = |seconds: f64| {
            let read = recorded.look(Duration::from_secs_f64(seconds));
            (read.battery_fraction, read.on_battery)
        };
        assert_eq!(look(0.0), (Reading::Unknown, Reading::Unknown));
        assert_eq!(look(1.0), (Reading::Measured(0.9), Reading::Unknown));
        assert_eq!(look(2.4), (Reading::Measured(0.9), Reading::Unknown));
        for seconds in [2.5, 1e6] {
            assert_eq!(look(seconds), (Reading::Unknown, Reading::Estimated(true)));
        }
    }

    #[test]
    fn a_recording_that_makes_no_sense_is_refused_with_all_that_is_wrong() {
        let fault =
            open("[[moment]]\nseconds = 5\nbattery_fraction = 90\n[[moment]]\nseconds = 1\n")
                .unwrap_err();
        let both = "moment 0: `battery_fraction` is a share, 0 to 1; \
                    moment 1: `seconds` is below 0 or before the last one";
        assert_eq!(fault, both);
        assert!(open("[[moment]]\nbatery = 1\n").unwrap_err().contains("batery"));
        assert!(open("moment = []").unwrap_err().contains("no `[[moment]]`"));
    }
}
