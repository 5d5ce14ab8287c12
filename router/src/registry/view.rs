//! The fleet as decisions see it: sessions grouped into pools.
//!
//! A pool's workers are alike in tenant, owner, group, tier and model. Where they differ in what
//! they say of the model, the pool promises the least.

use super::Registry;
use super::session::Session;
use littoral_core::class::Tier;
use littoral_core::device::Accelerator;
use littoral_core::facts::Needs;
use littoral_core::fleet::{
    DeviceState, ModelFacts, Pool, Site, WorkerSite, WorkerStatus, WorkerView,
};
use littoral_core::lease::Standing;
use littoral_proto::v1;
use std::collections::BTreeMap;
use std::time::Duration;

impl Registry {
    /// The pools of all live workers at `now`, sorted by id.
    #[must_use]
    pub fn pools(&self, now: Duration) -> Vec<Pool> {
        let mut pools: BTreeMap<String, Pool> = BTreeMap::new();
        for session in self.all() {
            let standing = self.terms().standing(session.heard_at(), now);
            for offer in &session.hello.models {
                let worker = worker(&session, offer, standing);
                let id = pool_id(&session, offer);
                match pools.get_mut(&id) {
                    Some(pool) => join(pool, offer, worker),
                    None => drop(pools.insert(id.clone(), pool(id, &session, offer, worker))),
                }
            }
        }
        pools.into_values().collect()
    }
}

/// `tenant/@owner/model` for a person's device, `tenant/group/model` for shared machines. Names
/// cannot hold `@`, so the two never meet.
fn pool_id(session: &Session, offer: &v1::ModelOffer) -> String {
    let claims = &session.claims;
    match (&claims.owner, &claims.group) {
        (Some(owner), None) => format!("{}/@{owner}/{}", claims.tenant, offer.name),
        (Some(owner), Some(group)) => {
            format!("{}/@{owner}+{group}/{}", claims.tenant, offer.name)
        }
        (None, Some(group)) => format!("{}/{group}/{}", claims.tenant, offer.name),
        (None, None) => format!("{}/shared/{}", claims.tenant, offer.name),
    }
}

fn pool(id: String, session: &Session, offer: &v1::ModelOffer, worker: WorkerView) -> Pool {
    let claims = &session.claims;
    // An owner's device that is granted edge only is still listed under its owner: the decision
    // refuses it to others, and its tier says what it is to the owner.
    let nearest_tier = if claims.owner.is_none() { Tier::Edge } else { claims.nearest_tier };
    Pool {
        id: id.into(),
        model: model(offer),
        site: Site::Workers(WorkerSite {
            tenant: claims.tenant.clone(),
            owner: claims.owner.clone(),
            group: claims.group.clone(),
            nearest_tier,
            workers: vec![worker],
            rest: None,
        }),
    }
}

fn join(pool: &mut Pool, offer: &v1::ModelOffer, worker: WorkerView) {
    let other = model(offer);
    let least = &mut pool.model;
    least.context_tokens = least.context_tokens.min(other.context_tokens);
    least.accepts_prefix &= other.accepts_prefix;
    least.abilities.tools &= other.abilities.tools;
    least.abilities.json_output &= other.abilities.json_output;
    least.abilities.image &= other.abilities.image;
    least.abilities.logprobs &= other.abilities.logprobs;
    least.quality = least.quality.zip(other.quality).map(|(one, two)| one.min(two));
    if let Site::Workers(site) = &mut pool.site {
        site.workers.push(worker);
    }
}

fn model(offer: &v1::ModelOffer) -> ModelFacts {
    ModelFacts {
        name: offer.name.as_str().into(),
        context_tokens: offer.context_tokens,
        abilities: Needs {
            tools: offer.tools,
            json_output: offer.json_output,
            image: offer.image,
            logprobs: offer.logprobs,
        },
        quality: offer.quality,
        accepts_prefix: offer.accepts_prefix,
    }
}

fn worker(session: &Session, offer: &v1::ModelOffer, standing: Standing) -> WorkerView {
    let heard = session.heard();
    let round_trip_ms = heard.round_trip_ms();
    let state = heard.state.unwrap_or_default();
    let said = state.models.iter().find(|said| said.name == offer.name);
    let busy = session.reserved(&offer.name);
    let status = match standing {
        _ if session.is_draining() => WorkerStatus::Draining,
        Standing::Live => WorkerStatus::Ready,
        Standing::Suspect | Standing::Lost => WorkerStatus::Suspect,
    };
    let device = state.device.unwrap_or_default();
    WorkerView {
        worker_id: session.claims.worker_id.as_str().into(),
        incarnation: session.incarnation,
        status,
        slots: offer.slots,
        active: busy.min(offer.slots),
        queued: busy.saturating_sub(offer.slots),
        queue_limit: offer.queue_limit,
        prefill_tokens_per_s: said.and_then(|said| said.prefill_tokens_per_s),
        decode_tokens_per_s: said.and_then(|said| said.decode_tokens_per_s),
        round_trip_ms,
        device_class: session.hello.device_class.parse().ok(),
        accelerator: accelerator(&session.hello.accelerators),
        learned: None,
        device: DeviceState {
            battery_fraction: device.battery_fraction,
            on_battery: device.on_battery,
            memory_available_bytes: device.memory_available_bytes,
            thermal_fraction: device.thermal_fraction,
            joules_per_token: said.and_then(|said| said.joules_per_token),
            ..DeviceState::default()
        },
    }
}

/// What the models run on, where there is only one thing that they could run on.
fn accelerator(listed: &[v1::Accelerator]) -> Option<Accelerator> {
    let only_cpu =
        !listed.is_empty() && listed.iter().all(|one| one.kind == Accelerator::Cpu.name());
    only_cpu.then_some(Accelerator::Cpu)
}
