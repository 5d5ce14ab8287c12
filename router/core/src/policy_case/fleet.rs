//! From written parts to the fleet that a decision sees.
//!
//! Workers alike in organisation, owner, group, tier and model stand in one pool under the name that a
//! router gives it, and the pool promises what the least of them does. So a case also shows what two
//! equal laptops do to each other.

use super::raw::{Ability, RawPart, Reading};
use crate::class::Tier;
use crate::device::{Accelerator, DeviceClass};
use crate::facts::Needs;
use crate::fleet::{
    CloudSite, DeviceState, FleetView, ModelFacts, Pool, Residency, Site, WorkerSite, WorkerStatus,
    WorkerView,
};
use crate::money::ModelPrice;
use std::collections::BTreeMap;

/// Where a named part stands in the fleet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Part {
    pub name: String,
    pub pool: String,
    pub is_worker: bool,
}

/// Which of the two a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Worker,
    Cloud,
}

/// A part with what a case changes of it.
pub(super) struct Written<'a> {
    pub name: &'a str,
    pub kind: Kind,
    pub part: &'a RawPart,
    pub change: Option<&'a RawPart>,
}

/// The fleet of these parts, and where each of them stands. `tenant` is that of who does not say.
pub(super) fn of(parts: &[Written<'_>], tenant: &str) -> (FleetView, Vec<Part>) {
    let mut pools: BTreeMap<String, Pool> = BTreeMap::new();
    let mut places = Vec::new();
    for written in parts {
        let layers = [Some(written.part), written.change];
        let layers = layers.into_iter().flatten();
        let pool = match written.kind {
            Kind::Worker => worker(written.name, layers, tenant),
            Kind::Cloud => cloud(written.name, layers),
        };
        places.push(Part {
            name: written.name.to_owned(),
            pool: pool.id.to_string(),
            is_worker: written.kind == Kind::Worker,
        });
        match pools.get_mut(&*pool.id) {
            Some(there) => join(there, pool),
            None => drop(pools.insert(pool.id.to_string(), pool)),
        }
    }
    (FleetView::of(pools.into_values().collect()), places)
}

/// A pool of one worker: an idle machine on mains that reads 500 and writes 30 tokens a second; a
/// person's is a pc, a shared one an edge server.
fn worker<'a>(name: &str, layers: impl Iterator<Item = &'a RawPart> + Clone, tenant: &str) -> Pool {
    let last = |key: fn(&RawPart) -> &Option<String>| {
        layers.clone().filter_map(|part| key(part).clone()).last()
    };
    let owner = last(|part| &part.owner);
    let group = last(|part| &part.group);
    let tenant = last(|part| &part.tenant).unwrap_or_else(|| tenant.to_owned());
    let (class, tier) = match owner {
        Some(_) => (DeviceClass::Pc, Tier::Device),
        None => (DeviceClass::EdgeServer, Tier::Edge),
    };
    let mut nearest_tier = tier;
    let mut model = ModelFacts {
        name: "".into(),
        context_tokens: 8_192,
        abilities: Needs::default(),
        quality: Some(0.6),
        accepts_prefix: true,
    };
    let mut view = WorkerView {
        learned: None,
        worker_id: name.into(),
        incarnation: 1,
        status: WorkerStatus::Ready,
        slots: 2,
        active: 0,
        queued: 0,
        queue_limit: 8,
        prefill_tokens_per_s: Some(500.0),
        decode_tokens_per_s: Some(30.0),
        round_trip_ms: Some(2.0),
        device_class: Some(class),
        accelerator: Some(Accelerator::Cpu),
        device: DeviceState {
            on_battery: Some(false),
            memory_available_bytes: Some(4 << 30),
            thermal_fraction: Some(0.4),
            joules_per_token: Some(0.5),
            ..DeviceState::default()
        },
        residency: Residency::Resident,
        held_tokens: 0,
    };
    for part in layers {
        apply_model(&mut model, part);
        apply_worker(&mut view, part);
        nearest_tier = part.nearest_tier.unwrap_or(nearest_tier);
    }
    let scope = match (&owner, &group) {
        (Some(owner), None) => format!("@{owner}"),
        (Some(owner), Some(group)) => format!("@{owner}+{group}"),
        (None, Some(group)) => group.clone(),
        (None, None) => "shared".to_owned(),
    };
    Pool {
        id: format!("{tenant}/{scope}/{}", model.name).into(),
        model,
        site: Site::Workers(WorkerSite {
            tenant,
            owner,
            group,
            nearest_tier,
            workers: vec![view],
            rest: None,
            unseen: 0,
        }),
    }
}

/// A model at a cloud with a key, that can do everything and says nothing of region and retention.
fn cloud<'a>(name: &str, layers: impl Iterator<Item = &'a RawPart>) -> Pool {
    let mut model = ModelFacts {
        name: "".into(),
        context_tokens: 128_000,
        abilities: abilities(&[
            Ability::Tools,
            Ability::JsonOutput,
            Ability::Image,
            Ability::Audio,
            Ability::Logprobs,
        ]),
        quality: Some(0.85),
        accepts_prefix: false,
    };
    let mut site = CloudSite {
        price: Some(ModelPrice::of_tokens(150_000, 600_000)),
        first_token_ms: Some(500.0),
        decode_tokens_per_s: Some(80.0),
        ..CloudSite::of(name)
    };
    for part in layers {
        apply_model(&mut model, part);
        apply_cloud(&mut site, part);
    }
    Pool { id: format!("{}/{}", site.provider, model.name).into(), model, site: Site::Cloud(site) }
}

fn apply_model(model: &mut ModelFacts, part: &RawPart) {
    set(&mut model.name, part.model.as_deref().map(Into::into));
    set(&mut model.context_tokens, part.context_tokens);
    set(&mut model.quality, part.quality.map(Some));
    set(&mut model.abilities, part.abilities.as_deref().map(abilities));
    set(&mut model.accepts_prefix, part.accepts_prefix);
    if part.unknown.contains(&Reading::Quality) {
        model.quality = None;
    }
}

fn apply_worker(view: &mut WorkerView, part: &RawPart) {
    set(&mut view.status, part.status);
    set(&mut view.slots, part.slots);
    set(&mut view.active, part.active);
    set(&mut view.queued, part.queued);
    set(&mut view.queue_limit, part.queue_limit);
    set(&mut view.prefill_tokens_per_s, part.prefill_tokens_per_s.map(Some));
    set(&mut view.decode_tokens_per_s, part.decode_tokens_per_s.map(Some));
    set(&mut view.round_trip_ms, part.round_trip_ms.map(Some));
    set(&mut view.device_class, part.device_class.map(Some));
    set(&mut view.accelerator, part.accelerator.map(Some));
    let device = &mut view.device;
    set(&mut device.battery_fraction, part.battery_fraction.map(Some));
    let runs_on_battery = part.on_battery.or(part.battery_fraction.map(|_| true));
    set(&mut device.on_battery, runs_on_battery.map(Some));
    set(&mut device.memory_available_bytes, part.memory_available_bytes.map(Some));
    set(&mut device.thermal_fraction, part.thermal_fraction.map(Some));
    set(&mut device.joules_per_token, part.joules_per_token.map(Some));
    set(&mut device.battery_capacity_joules, part.battery_capacity_joules.map(Some));
    set(&mut device.heating_per_s, part.heating_per_s.map(Some));
    for unknown in &part.unknown {
        match unknown {
            Reading::DecodeTokensPerS => view.decode_tokens_per_s = None,
            Reading::PrefillTokensPerS => view.prefill_tokens_per_s = None,
            Reading::RoundTripMs => view.round_trip_ms = None,
            Reading::DeviceClass => view.device_class = None,
            Reading::Accelerator => view.accelerator = None,
            Reading::OnBattery => view.device.on_battery = None,
            Reading::MemoryAvailableBytes => view.device.memory_available_bytes = None,
            Reading::ThermalFraction => view.device.thermal_fraction = None,
            Reading::JoulesPerToken => view.device.joules_per_token = None,
            Reading::Quality | Reading::Price | Reading::FirstTokenMs => {}
        }
    }
}

fn apply_cloud(site: &mut CloudSite, part: &RawPart) {
    set(&mut site.provider, part.provider.as_deref().map(Into::into));
    set(&mut site.region, part.region.as_deref().map(|region| Some(region.into())));
    set(&mut site.retention_days, part.retention_days.map(Some));
    set(&mut site.configured, part.configured);
    set(&mut site.price, part.price.map(Some));
    set(&mut site.first_token_ms, part.first_token_ms.map(Some));
    set(&mut site.decode_tokens_per_s, part.decode_tokens_per_s.map(Some));
    for unknown in &part.unknown {
        match unknown {
            Reading::Price => site.price = None,
            Reading::FirstTokenMs => site.first_token_ms = None,
            Reading::DecodeTokensPerS => site.decode_tokens_per_s = None,
            _ => {}
        }
    }
}

/// One more worker of a pool.
fn join(pool: &mut Pool, more: Pool) {
    let (least, other) = (&mut pool.model, more.model);
    least.context_tokens = least.context_tokens.min(other.context_tokens);
    least.accepts_prefix &= other.accepts_prefix;
    least.abilities.tools &= other.abilities.tools;
    least.abilities.json_output &= other.abilities.json_output;
    least.abilities.image &= other.abilities.image;
    least.abilities.audio &= other.abilities.audio;
    least.abilities.logprobs &= other.abilities.logprobs;
    least.abilities.embeddings &= other.abilities.embeddings;
    least.quality = least.quality.zip(other.quality).map(|(one, two)| one.min(two));
    if let (Site::Workers(site), Site::Workers(more)) = (&mut pool.site, more.site) {
        site.workers.extend(more.workers);
        site.workers.sort_by(|a, b| a.worker_id.cmp(&b.worker_id));
    }
}

/// A list of abilities as a set of them.
pub(super) fn abilities(list: &[Ability]) -> Needs {
    let has = |ability| list.contains(&ability);
    Needs {
        tools: has(Ability::Tools),
        json_output: has(Ability::JsonOutput),
        image: has(Ability::Image),
        audio: has(Ability::Audio),
        logprobs: has(Ability::Logprobs),
        embeddings: has(Ability::Embeddings),
    }
}

fn set<T>(place: &mut T, written: Option<T>) {
    if let Some(value) = written {
        *place = value;
    }
}
