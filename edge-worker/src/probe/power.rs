//! Battery charge and power source, from `/sys/class/power_supply`.
//!
//! Batteries of peripherals (a mouse, a headset) say `scope` Device and do not count. With several
//! batteries the charge is weighed by their capacity where all tell it, else averaged. A supply
//! that is plugged in means "not on battery" even while the battery shrinks; without any supply
//! listed, the battery's own status decides.

use std::path::{Path, PathBuf};

/// What is known about power.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Power {
    /// Charge, 0 to 1.
    pub battery_fraction: Option<f64>,
    /// The machine runs on its battery.
    pub on_battery: Option<bool>,
}

/// Reads the power supplies in `folder`.
pub(super) fn read(folder: &Path) -> Power {
    let supplies = super::folders(folder, "");
    let of_type = |wanted: &[&str]| -> Vec<PathBuf> {
        let fits = |supply: &&PathBuf| {
            super::text(&supply.join("type")).is_some_and(|kind| wanted.contains(&kind.as_str()))
                && super::text(&supply.join("scope")).as_deref() != Some("Device")
        };
        supplies.iter().filter(fits).cloned().collect()
    };
    let batteries = of_type(&["Battery"]);
    let plugs = of_type(&["Mains", "USB", "Wireless", "UPS"]);
    Power { battery_fraction: charge(&batteries), on_battery: on_battery(&batteries, &plugs) }
}

fn charge(batteries: &[PathBuf]) -> Option<f64> {
    let known: Vec<(f64, Option<f64>)> =
        batteries.iter().filter_map(|battery| fraction(battery)).collect();
    let weight = |full: Option<f64>| {
        if known.iter().all(|(_, full)| full.is_some()) { full.unwrap_or(1.0) } else { 1.0 }
    };
    let total: f64 = known.iter().map(|(_, full)| weight(*full)).sum();
    let charged: f64 = known.iter().map(|(fraction, full)| fraction * weight(*full)).sum();
    (total > 0.0).then(|| charged / total)
}

/// Charge of one battery and, where told, its full energy or charge (only a weight).
fn fraction(battery: &Path) -> Option<(f64, Option<f64>)> {
    let full_of = |name: &str| super::number(&battery.join(name)).filter(|full| *full > 0.0);
    let energy = full_of("energy_full");
    let charge = full_of("charge_full");
    let measured = |now: &str, full: Option<f64>| {
        let now = super::number(&battery.join(now))?;
        full.map(|full| now / full)
    };
    let fraction = super::number(&battery.join("capacity"))
        .map(|percent| percent / 100.0)
        .or_else(|| measured("energy_now", energy))
        .or_else(|| measured("charge_now", charge))?;
    Some((fraction.clamp(0.0, 1.0), energy))
}

fn on_battery(batteries: &[PathBuf], plugs: &[PathBuf]) -> Option<bool> {
    if batteries.is_empty() {
        return None;
    }
    let online: Vec<f64> =
        plugs.iter().filter_map(|plug| super::number(&plug.join("online"))).collect();
    if !online.is_empty() {
        return Some(online.iter().all(|state| *state == 0.0));
    }
    let status = |battery: &PathBuf| super::text(&battery.join("status"));
    let told: Vec<String> = batteries.iter().filter_map(status).collect();
    if told.iter().any(|status| status == "Discharging") {
        return Some(true);
    }
    let plugged = |status: &String| ["Charging", "Full", "Not charging"].contains(&status.as_str());
    told.iter().any(plugged).then_some(false)
}

#[cfg(test)]
mod tests {
    use super::super::tests::tree;
    use super::*;

    fn power(files: &[(&str, &str)]) -> Power {
        read(tree(files).path())
    }

    #[test]
    fn a_plug_decides_over_the_batterys_own_status() {
        let files = [
            ("AC/type", "Mains"),
            ("AC/online", "1"),
            ("BAT0/type", "Battery"),
            ("BAT0/capacity", "80"),
            ("BAT0/status", "Discharging"),
        ];
        let expected = Power { battery_fraction: Some(0.8), on_battery: Some(false) };
        assert_eq!(power(&files), expected);
    }

    #[test]
    fn without_a_plug_the_status_decides_and_an_unknown_one_is_absent() {
        let with = |status| power(&[("B/type", "Battery"), ("B/status", status)]).on_battery;
        assert_eq!(with("Discharging"), Some(true));
        assert_eq!(with("Not charging"), Some(false));
        assert_eq!(with("Unknown"), None);
    }

    #[test]
    fn a_mouse_is_not_the_machines_battery() {
        let files = [("m/type", "Battery"), ("m/scope", "Device"), ("m/capacity", "5")];
        assert_eq!(power(&files), Power::default());
    }

    #[test]
    fn two_batteries_weigh_by_their_size() {
        let files = [
            ("a/type", "Battery"),
            ("a/energy_full", "30"),
            ("a/energy_now", "30"),
            ("b/type", "Battery"),
            ("b/energy_full", "10"),
            ("b/energy_now", "0"),
        ];
        assert_eq!(power(&files).battery_fraction, Some(0.75));
    }

    #[test]
    fn a_desktop_without_any_battery_says_nothing() {
        assert_eq!(power(&[("AC/type", "Mains"), ("AC/online", "1")]), Power::default());
    }
}
