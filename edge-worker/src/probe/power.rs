//! Battery charge and power source, from `/sys/class/power_supply`.
//!
//! Batteries of peripherals (a mouse, a headset) say `scope` Device and do not count. With several
//! batteries the charge is weighed by their capacity where all tell it, else averaged. A supply
//! that is plugged in means "not on battery" even while the battery shrinks; without any supply
//! listed, the battery's own status decides.

use std::path::{Path, PathBuf};

use super::readings::Reading;

/// Joules of a microwatt-hour.
const JOULES_PER_UWH: f64 = 3.6e-3;

/// What is known about power.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Power {
    /// Charge, 0 to 1.
    pub battery_fraction: Option<f64>,
    /// The machine runs on its battery.
    pub on_battery: Option<bool>,
    /// Energy of all full batteries, in joules.
    pub capacity_joules: Reading<f64>,
    /// What the batteries give, or take while they are charged, in watts.
    pub discharge_watts: Option<f64>,
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
    Power {
        battery_fraction: charge(&batteries),
        on_battery: on_battery(&batteries, &plugs),
        capacity_joules: capacity(&batteries),
        discharge_watts: discharge(&batteries),
    }
}

/// Energy of the full batteries. One that tells only its charge needs a voltage, which changes with
/// the charge: with it the whole is estimated. One that tells neither makes it unknown.
fn capacity(batteries: &[PathBuf]) -> Reading<f64> {
    let known = batteries.iter().map(|battery| {
        let number = |name: &str| super::number(&battery.join(name)).filter(|it| *it > 0.0);
        let energy = number("energy_full").map(|energy| (energy * JOULES_PER_UWH, false));
        energy.or_else(|| {
            let volts = number("voltage_min_design").or_else(|| number("voltage_now"))? / 1e6;
            // Microampere-hours times volts are microwatt-hours.
            Some((number("charge_full")? * volts * JOULES_PER_UWH, true))
        })
    });
    match known.collect::<Option<Vec<_>>>() {
        Some(known) if !known.is_empty() => {
            let joules = known.iter().map(|(joules, _)| joules).sum();
            let estimated = known.iter().any(|(_, estimated)| *estimated);
            if estimated { Reading::Estimated(joules) } else { Reading::Measured(joules) }
        }
        _ => Reading::Unknown,
    }
}

/// Power of all batteries; drivers differ in its sign.
fn discharge(batteries: &[PathBuf]) -> Option<f64> {
    let watts = batteries.iter().map(|battery| {
        let number = |name: &str| super::number(&battery.join(name)).map(f64::abs);
        let power = number("power_now").map(|microwatts| microwatts / 1e6);
        power.or_else(|| Some(number("current_now")? / 1e6 * (number("voltage_now")? / 1e6)))
    });
    let watts = watts.collect::<Option<Vec<f64>>>().filter(|watts| !watts.is_empty())?;
    Some(watts.iter().sum())
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
        let expected = (Some(0.8), Some(false));
        let power = power(&files);
        assert_eq!((power.battery_fraction, power.on_battery), expected);
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

    #[test]
    fn capacity_is_measured_where_energy_is_told_and_estimated_where_only_charge_is() {
        let energy = [("a/type", "Battery"), ("a/energy_full", "50000000")];
        assert_eq!(power(&energy).capacity_joules, Reading::Measured(180_000.0));
        let charge = [
            ("b/type", "Battery"),
            ("b/charge_full", "4000000"),
            ("b/voltage_now", "4200000"),
            ("b/voltage_min_design", "3500000"),
        ];
        assert_eq!(power(&charge).capacity_joules, Reading::Estimated(50_400.0));
        assert_eq!(power(&charge[..2]).capacity_joules, Reading::Unknown);
        let both = [&energy[..], &charge[..]].concat();
        assert_eq!(power(&both).capacity_joules, Reading::Estimated(230_400.0));
        let one_silent = [&energy[..], &charge[..1]].concat();
        assert_eq!(power(&one_silent).capacity_joules, Reading::Unknown);
    }

    #[test]
    fn discharge_is_power_or_current_times_voltage_whatever_its_sign() {
        let told = [("a/type", "Battery"), ("a/power_now", "9500000")];
        assert_eq!(power(&told).discharge_watts, Some(9.5));
        let worked_out =
            [("b/type", "Battery"), ("b/current_now", "-2000000"), ("b/voltage_now", "4000000")];
        assert_eq!(power(&worked_out).discharge_watts, Some(8.0));
        assert_eq!(power(&worked_out[..2]).discharge_watts, None);
    }
}
