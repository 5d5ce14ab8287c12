//! What the machine says of itself: power, memory, temperature.
//!
//! Everything is optional. A value the system does not give is absent and never guessed, because
//! the router treats "unknown" by its policy and would trust a made-up zero. Only Linux (Android
//! too) tells these things by files; elsewhere all of it is absent.

mod memory;
mod power;
mod thermal;

use littoral_proto::v1::state::Device;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::watch;

/// Time between two looks at the device.
pub const INTERVAL: Duration = Duration::from_secs(5);

/// Reads the device's state from the `proc` and `sys` folders under `root`. Blocking: a battery's
/// controller can take tens of milliseconds to answer.
#[must_use]
pub fn probe(root: &Path) -> Device {
    let power = power::read(&root.join("sys/class/power_supply"));
    Device {
        battery_fraction: power.battery_fraction,
        on_battery: power.on_battery,
        memory_available_bytes: memory::available_bytes(&root.join("proc/meminfo")),
        thermal_fraction: thermal::hottest_fraction(&root.join("sys/class/thermal")),
    }
}

/// Looks at the device every [`INTERVAL`] for as long as it is polled, off the async threads, and
/// publishes what changed.
pub(crate) async fn keep_watching(root: PathBuf, device: watch::Sender<Device>) -> Infallible {
    let mut ticks = tokio::time::interval(INTERVAL);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let root = root.clone();
        if let Ok(now) = tokio::task::spawn_blocking(move || probe(&root)).await {
            device.send_if_modified(|last| {
                let changed = *last != now;
                *last = now;
                changed
            });
        }
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
mod tests {
    use super::*;

    /// Writes a tree of small files under a fresh folder.
    pub(super) fn tree(files: &[(&str, &str)]) -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, content) in files {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        root
    }

    #[test]
    fn a_machine_that_tells_nothing_has_no_values() {
        assert_eq!(probe(tree(&[]).path()), Device::default());
    }

    #[test]
    fn a_laptop_tells_power_memory_and_temperature() {
        let root = tree(&[
            ("proc/meminfo", "MemTotal: 16 kB\nMemAvailable:    2048 kB\n"),
            ("sys/class/power_supply/AC/type", "Mains\n"),
            ("sys/class/power_supply/AC/online", "0\n"),
            ("sys/class/power_supply/BAT0/type", "Battery\n"),
            ("sys/class/power_supply/BAT0/capacity", "37\n"),
            ("sys/class/thermal/thermal_zone0/temp", "45000\n"),
            ("sys/class/thermal/thermal_zone0/trip_point_0_type", "critical\n"),
            ("sys/class/thermal/thermal_zone0/trip_point_0_temp", "90000\n"),
        ]);
        assert_eq!(
            probe(root.path()),
            Device {
                battery_fraction: Some(0.37),
                on_battery: Some(true),
                memory_available_bytes: Some(2_097_152),
                thermal_fraction: Some(0.5),
            }
        );
    }
}
