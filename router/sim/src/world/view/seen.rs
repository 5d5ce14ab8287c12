//! One machine, and the pool of its group, as the router sees them.

use super::super::people::TENANT;
use crate::machine::{Coverage, Machine};
use crate::scenario::Machines;
use littoral_core::class::Tier;
use littoral_core::facts::Needs;
use littoral_core::fleet::{
    DeviceState, ModelFacts, Pool, Residency, Site, WorkerSite, WorkerStatus, WorkerView,
};
use std::sync::Arc;
use std::time::Duration;

/// Since when nobody hears of a machine. That of an asker is always heard of by the asker.
pub(super) fn lost_since(
    machine: &Machine,
    kind: &Machines,
    seed: u64,
    at: u32,
    now: Duration,
) -> Option<Duration> {
    let covered = kind.network.coverage.filter(|_| !kind.owned);
    let uncovered = covered
        .and_then(|stretches| Coverage { seed, machine: at.into(), stretches }.lost_since(now));
    machine.lost_since.into_iter().chain(uncovered).min()
}

/// Whether a machine is awake: its hours lie up to half an hour off those of its group.
pub(super) fn is_awake(machine: &Machine, kind: &Machines, start_s: f64, now: Duration) -> bool {
    let Some((from, to)) = kind.awake else { return true };
    let shift = f64::from(machine.habit) - 0.5;
    let hour = (start_s + now.as_secs_f64()) / 3_600.0 - shift;
    (hour - from).rem_euclid(24.0) < (to - from).rem_euclid(24.0)
}

/// A machine as the router sees it.
pub(super) fn worker_of(
    machine: &Machine,
    kind: &Machines,
    worker_id: Arc<str>,
    status: WorkerStatus,
    start_s: f64,
    now: Duration,
) -> WorkerView {
    let speed = f64::from(machine.speed);
    let battery = kind.battery.as_ref();
    let residency = if machine.is_cold(kind, now) {
        Residency::Loadable { load_ms: Some(1e3 * kind.load_s), harm_ms: 0.0, fits: true }
    } else {
        Residency::Resident
    };
    WorkerView {
        worker_id,
        incarnation: 1,
        status,
        slots: kind.slots,
        active: machine.active.len() as u32,
        queued: machine.waiting.len() as u32,
        queue_limit: kind.queue_limit,
        prefill_tokens_per_s: Some(kind.prefill_tokens_per_s * speed),
        decode_tokens_per_s: Some(kind.decode_tokens_per_s * speed),
        round_trip_ms: Some(kind.network.round_trip_ms),
        device_class: kind.device_class,
        accelerator: kind.accelerator,
        learned: None,
        device: DeviceState {
            battery_fraction: battery
                .map(|battery| machine.charge.joules / battery.capacity_joules),
            on_battery: Some(battery.is_some_and(|it| machine.charge.on_battery(it, start_s, now))),
            memory_available_bytes: Some(1 << 34),
            thermal_fraction: kind.thermal.map(|_| machine.heat()),
            joules_per_token: kind.joules_per_token,
            joules_per_prompt_token: Some(kind.joules_per_prompt_token),
            battery_capacity_joules: battery.map(|battery| battery.capacity_joules),
            heating_per_s: kind.thermal.map(|thermal| thermal.heating_per_s),
            metered_network: Some(kind.network.metered),
            ..DeviceState::default()
        },
        residency,
        held_tokens: 0,
    }
}

/// The pool of a group before anybody of it is looked at.
pub(super) fn pool_of(group: &Machines) -> Pool {
    let model = ModelFacts {
        name: Arc::clone(&group.model),
        context_tokens: group.context_tokens,
        abilities: Needs::default(),
        quality: group.quality,
        accepts_prefix: group.accepts_prefix,
    };
    let owner = match (group.owned, &group.lent_as) {
        (true, _) => Some("me".into()),
        (false, Some(_)) => Some("somebody".into()),
        (false, None) => None,
    };
    let site = WorkerSite {
        tenant: TENANT.into(),
        owner,
        group: group.lent_as.clone(),
        nearest_tier: if group.owned { Tier::Device } else { Tier::Edge },
        workers: Vec::new(),
        rest: None,
        unseen: 0,
    };
    let id = format!("acme/{}/{}", group.name, group.model);
    Pool { id: id.into(), model, site: Site::Workers(site) }
}
