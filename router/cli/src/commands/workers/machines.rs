//! The table of machines: where each stands, what it can afford now, and until when it may stay.

use crate::table::{Head, Table};
use crate::{screen, units, words};
use littoral_proto::v1;
use littoral_proto::v1::state::Device;
use littoral_proto::v1::state::Reading;

/// One row a worker.
pub fn machines(workers: &[v1::WorkerSummary]) -> Table {
    let mut table = Table::new(&[
        Head::Left("worker"),
        Head::Left("state"),
        Head::Left("tier"),
        Head::Left("for"),
        Head::Left("kind"),
        Head::Right("heard"),
        Head::Right("lease"),
        Head::Left("power"),
        Head::Left("heat"),
        Head::Right("memory"),
        Head::Left("token until"),
    ]);
    for worker in workers {
        let device = worker.device.clone().unwrap_or_default();
        table.row([
            worker.worker_id.clone(),
            state(worker),
            words::tier(worker.nearest_tier),
            whose(worker),
            screen::printable(&worker.device_class).into_owned(),
            units::time_ms(worker.heartbeat_age_ms),
            worker.lease_left_ms.map_or_else(|| "-".into(), units::time_ms),
            power(&device),
            share(&device, device.thermal_fraction, Reading::ThermalFraction),
            memory(&device),
            units::day(worker.token_expires_unix_ms),
        ]);
    }
    table
}

fn state(worker: &v1::WorkerSummary) -> String {
    let colour = match worker.status() {
        v1::WorkerStatus::Ready => screen::GREEN,
        v1::WorkerStatus::Lost => screen::RED,
        _ => screen::YELLOW,
    };
    let status = words::status(worker.status);
    let wakes = worker.wakes_in_ms.map(|ms| format!(", back in {}", units::time_ms(ms)));
    format!("{colour}{status}{}{}", screen::PLAIN, wakes.unwrap_or_default())
}

fn whose(worker: &v1::WorkerSummary) -> String {
    match (&worker.owner, &worker.group) {
        (Some(owner), _) => format!("owner {owner}"),
        (None, Some(group)) => format!("group {group}"),
        (None, None) => format!("all of {}", worker.tenant),
    }
}

/// `mains`, `battery 37%`, `battery`, `?`; with the watts where they are known.
fn power(device: &Device) -> String {
    let charge = device.battery_fraction.map(|charge| format!(" {:.0}%", charge * 100.0));
    let source = match (device.on_battery, charge) {
        (Some(true), charge) => format!("battery{}", charge.unwrap_or_default()),
        (Some(false), Some(charge)) => format!("mains,{charge}"),
        (Some(false), None) => "mains".to_owned(),
        (None, Some(charge)) => format!("battery?{charge}"),
        (None, None) => "?".to_owned(),
    };
    let about = if is_estimated(device, Reading::Power) { "~" } else { "" };
    let watts = device.power_watts.map(|watts| format!(", {about}{watts:.1} W"));
    format!("{source}{}", watts.unwrap_or_default())
}

fn share(device: &Device, value: Option<f64>, reading: Reading) -> String {
    let about = if is_estimated(device, reading) { "~" } else { "" };
    value.map_or_else(|| "?".into(), |share| format!("{about}{:.0}%", share * 100.0))
}

fn memory(device: &Device) -> String {
    let free = device.memory_available_bytes.map_or_else(|| "?".into(), units::size);
    match device.memory_pressure.filter(|pressure| *pressure >= 0.005) {
        Some(pressure) => format!("{free}, {:.0}% stalled", pressure * 100.0),
        None => free,
    }
}

fn is_estimated(device: &Device, reading: Reading) -> bool {
    device.estimated().any(|estimated| estimated == reading)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(worker: v1::WorkerSummary) -> String {
        anstream::adapter::strip_str(&machines(&[worker]).render(120)).to_string()
    }

    #[test]
    fn a_worker_shows_where_it_stands_and_what_it_can_afford() {
        let device = Device {
            battery_fraction: Some(0.37),
            on_battery: Some(true),
            memory_available_bytes: Some(2_000_000_000),
            thermal_fraction: Some(0.61),
            power_watts: Some(8.25),
            estimated: vec![Reading::Power.into()],
            memory_pressure: Some(0.12),
            ..Device::default()
        };
        let text = plain(v1::WorkerSummary {
            worker_id: "desk".into(),
            owner: Some("local".into()),
            nearest_tier: v1::Tier::Device.into(),
            status: v1::WorkerStatus::Ready.into(),
            device_class: "pc".into(),
            heartbeat_age_ms: 1_200,
            lease_left_ms: Some(13_800),
            device: Some(device),
            ..v1::WorkerSummary::default()
        });
        let parts = [
            "desk",
            "ready",
            "device",
            "owner local",
            "1.20 s",
            "13.80 s",
            "battery 37%, ~8.2 W",
            "61%",
            "2000 MB, 12% stalled",
        ];
        for part in parts {
            assert!(text.contains(part), "{part} is missing in\n{text}");
        }
    }

    #[test]
    fn what_is_unknown_says_so_and_who_sleeps_says_until_when() {
        let text = plain(v1::WorkerSummary {
            worker_id: "phone".into(),
            status: v1::WorkerStatus::Sleeping.into(),
            wakes_in_ms: Some(30_000),
            ..v1::WorkerSummary::default()
        });
        assert!(text.contains("sleeping, back in 30.00 s"), "{text}");
        assert!(text.lines().nth(1).is_some_and(|row| row.matches('?').count() == 3), "{text}");
    }
}
