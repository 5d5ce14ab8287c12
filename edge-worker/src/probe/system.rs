//! The device as Linux tells it, by files in `proc` and `sys`.
//!
//! Two readings need more than one look: power by the processor's counter, and heating.

use super::heating::Heating;
use super::readings::{Reading, Readings};
use super::{memory, network, power, pressure, thermal};
use crate::energy::Counter;
use std::path::PathBuf;
use std::time::Duration;

/// The device whose `proc` and `sys` are under a root folder.
#[derive(Debug)]
pub(super) struct System {
    root: PathBuf,
    counter: Counter,
    /// The counter at the last look.
    last: Option<(Duration, f64)>,
    heating: Heating,
}

impl System {
    /// The device under `root`.
    pub(super) fn new(root: PathBuf) -> Self {
        Self { counter: Counter::find(&root), root, last: None, heating: Heating::default() }
    }

    /// Reads everything at `now`, a time since any fixed moment; `working` says whether models run.
    pub(super) fn look(&mut self, now: Duration, working: bool) -> Readings {
        let at = |path: &str| self.root.join(path);
        let power = power::read(&at("sys/class/power_supply"));
        let (available, total) = memory::bytes(&at("proc/meminfo"));
        let thermal = thermal::hottest_fraction(&at("sys/class/thermal"));
        let memory_pressure = pressure::some_avg10(&at("proc/pressure/memory"));
        let cpu_pressure = pressure::some_avg10(&at("proc/pressure/cpu"));
        // The battery feeds the whole machine, so its word is worth more than the package's.
        let discharge = power.discharge_watts.filter(|_| power.on_battery == Some(true));
        let package = self.package_watts(now);
        Readings {
            battery_fraction: Reading::measured(power.battery_fraction),
            on_battery: Reading::measured(power.on_battery),
            battery_capacity_joules: power.capacity_joules,
            power_watts: Reading::measured(discharge.or(package)),
            memory_available_bytes: Reading::measured(available),
            memory_total_bytes: Reading::measured(total),
            memory_pressure: Reading::measured(memory_pressure),
            cpu_pressure: Reading::measured(cpu_pressure),
            thermal_fraction: Reading::measured(thermal),
            heating_per_s: Reading::estimated(self.heating.look(now, thermal, working)),
            metered_network: Reading::estimated(network::leaves_by_a_modem(&self.root)),
            // Session managers keep this to themselves, and input devices show no times.
            user_active: Reading::Unknown,
        }
    }

    fn package_watts(&mut self, now: Duration) -> Option<f64> {
        let this = self.counter.joules().map(|joules| (now, joules));
        let ((since, before), (now, joules)) = std::mem::replace(&mut self.last, this).zip(this)?;
        let seconds = now.saturating_sub(since).as_secs_f64();
        (seconds > 0.0).then(|| (joules - before) / seconds)
    }
}
