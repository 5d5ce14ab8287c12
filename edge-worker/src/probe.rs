//! What the machine says of itself: power, memory, temperature, pressure, network.
//!
//! Unknown is a value: what the system does not give is never guessed, because the router treats
//! "unknown" by its policy and would trust a made-up zero. What is worked out from something else
//! says that it is estimated. Only Linux (Android too) tells these things by files; elsewhere all of
//! it is unknown.

mod heating;
mod memory;
mod network;
mod power;
mod pressure;
mod readings;
mod recorded;
mod system;
mod thermal;

pub use readings::{Reading, Readings};

use crate::energy::Meter;
use crate::error::WorkerError;
use littoral_proto::v1::state::Device;
use recorded::Recorded;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use system::System;
use tokio::sync::watch;
use tokio::time::Instant;

/// Time between two looks at the device.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Where readings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceSource {
    /// This machine: the folder that `proc` and `sys` are in, `/` except in tests.
    System(PathBuf),
    /// A recording, a TOML file of readings over time that starts with the worker.
    Recorded(PathBuf),
}

impl DeviceSource {
    /// The folder that `proc` and `sys` are in, where the device is a machine.
    pub(crate) fn root(&self) -> Option<&Path> {
        match self {
            Self::System(root) => Some(root),
            Self::Recorded(_) => None,
        }
    }
}

/// A device that can be looked at again and again.
#[derive(Debug)]
pub struct Probe {
    source: Source,
    started: Instant,
}

#[derive(Debug)]
enum Source {
    System(System),
    Recorded(Recorded),
}

impl Probe {
    /// The device at `source`.
    ///
    /// # Errors
    /// [`WorkerError::Recording`]: a recording cannot be read or makes no sense.
    pub fn open(source: &DeviceSource) -> Result<Self, WorkerError> {
        let source = match source {
            DeviceSource::System(root) => Source::System(System::new(root.clone())),
            DeviceSource::Recorded(path) => Source::Recorded(
                Recorded::open(path)
                    .map_err(|fault| WorkerError::Recording { path: path.clone(), fault })?,
            ),
        };
        Ok(Self { source, started: Instant::now() })
    }

    /// The readings as of now; `working` says whether models run. Blocking: a battery's controller
    /// can take tens of milliseconds to answer.
    pub fn look(&mut self, working: bool) -> Readings {
        let since = self.started.elapsed();
        match &mut self.source {
            Source::System(system) => system.look(since, working),
            Source::Recorded(recorded) => recorded.look(since),
        }
    }
}

/// Looks at the device every [`INTERVAL`] for as long as it is polled, off the async threads, and
/// publishes what changed. `working` says whether models run. The energy meter is settled on the way.
pub(crate) async fn keep_watching(
    mut probe: Probe,
    device: watch::Sender<Device>,
    meter: Meter,
    working: impl Fn() -> bool,
) -> Infallible {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let (working, meter) = (working(), meter.clone());
        let look = move || {
            meter.look();
            let readings = probe.look(working);
            (probe, readings)
        };
        let Ok((back, readings)) = tokio::task::spawn_blocking(look).await else {
            tracing::error!("the device probe broke; the readings stay as they are");
            return std::future::pending().await;
        };
        probe = back;
        let now = Device::from(&readings);
        device.send_if_modified(|last| {
            let changed = *last != now;
            *last = now;
            changed
        });
    }
}

/// The trimmed text of a small file, or nothing.
fn text(path: &Path) -> Option<String> {
    fs::read_to_string(path).ok().map(|text| text.trim().to_owned())
}

/// The number in a small file, or nothing.
fn number(path: &Path) -> Option<f64> {
    text(path)?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// The folders in `folder` whose names begin with `prefix`, in a stable order.
fn folders(folder: &Path, prefix: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let starts = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    };
    let mut found: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(starts).collect();
    found.sort();
    found
}

#[cfg(test)]
pub(crate) use tests::tree;

#[cfg(test)]
mod tests {
    use super::*;

    /// Writes a tree of small files under a fresh folder.
    pub(crate) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    fn look(root: &Path) -> Readings {
        System::new(root.to_owned()).look(Duration::ZERO, false)
    }

    #[test]
    fn a_machine_that_tells_nothing_has_no_values() {
        assert_eq!(look(tree(&[]).path()), Readings::default());
    }

    #[test]
    fn a_laptop_tells_power_memory_temperature_and_pressure() {
        let root = tree(&[
            ("proc/meminfo", "MemTotal: 4096 kB\nMemAvailable:    2048 kB\n"),
            ("proc/pressure/memory", "some avg10=2.00 avg60=0.00 avg300=0.00 total=0\n"),
            ("proc/pressure/cpu", "some avg10=50.00 avg60=0.00 avg300=0.00 total=0\n"),
            ("sys/class/power_supply/AC/type", "Mains\n"),
            ("sys/class/power_supply/AC/online", "0\n"),
            ("sys/class/power_supply/BAT0/type", "Battery\n"),
            ("sys/class/power_supply/BAT0/capacity", "37\n"),
            ("sys/class/power_supply/BAT0/energy_full", "50000000\n"),
            ("sys/class/power_supply/BAT0/power_now", "12000000\n"),
            ("sys/class/thermal/thermal_zone0/temp", "45000\n"),
            ("sys/class/thermal/thermal_zone0/trip_point_0_type", "critical\n"),
            ("sys/class/thermal/thermal_zone0/trip_point_0_temp", "90000\n"),
        ]);
        assert_eq!(
            look(root.path()),
            Readings {
                battery_fraction: Reading::Measured(0.37),
                on_battery: Reading::Measured(true),
                battery_capacity_joules: Reading::Measured(180_000.0),
                power_watts: Reading::Measured(12.0),
                memory_available_bytes: Reading::Measured(2_097_152),
                memory_total_bytes: Reading::Measured(4_194_304),
                memory_pressure: Reading::Measured(0.02),
                cpu_pressure: Reading::Measured(0.5),
                thermal_fraction: Reading::Measured(0.5),
                ..Readings::default()
            }
        );
    }

    #[test]
    fn a_plugged_in_machine_tells_its_processors_power_between_two_looks() {
        let zone = "sys/class/powercap/intel-rapl:0";
        let (name, energy) = (format!("{zone}/name"), format!("{zone}/energy_uj"));
        let root = tree(&[(&name, "package-0\n"), (&energy, "1000000\n")]);
        let mut system = System::new(root.path().to_owned());
        let first = system.look(Duration::from_secs(10), false);
        assert_eq!(first.power_watts, Reading::Unknown);
        fs::write(root.path().join(energy), "61000000\n").unwrap();
        let second = system.look(Duration::from_secs(15), false);
        assert_eq!(second.power_watts, Reading::Measured(12.0));
    }
}
