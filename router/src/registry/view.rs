//! The fleet as a decision sees it: the pools that concern its asker, and of each a drawn part.
//!
//! A pool's workers are alike in tenant, owner, group, tier and model. Where they differ in what
//! they say of the model, the pool promises the least.

use super::Registry;
use super::models::Model;
use super::pools::{Members, Pools};
use super::room;
use super::session::Session;
use littoral_core::class::Tier;
use littoral_core::device::Accelerator;
use littoral_core::facts::Needs;
use littoral_core::fleet::{ModelFacts, Pool, Site, WorkerSite, WorkerStatus, WorkerView, sample};
use littoral_core::membership::Phase;
use littoral_core::record::Seen;
use littoral_proto::v1;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// Pools of other people that a trace lists at most, together with the asker's own.
const LISTED_POOLS: usize = 64;

/// For whom the fleet is looked at.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// Its tenant.
    pub tenant: &'a str,
    /// The person.
    pub owner: &'a str,
    /// Number of the conversation, and the worker that answered it last.
    pub session: Option<u64>,
    /// Draws the part that is looked at.
    pub lot: u64,
    /// How much of the fleet is looked at.
    pub seen: Seen,
}

impl Registry {
    /// The pools that concern an asker at `now`, sorted by id.
    #[must_use]
    pub fn pools(&self, asker: &Asker<'_>, now: Duration) -> Vec<Pool> {
        let holder = asker.session.and_then(|session| self.affinity.lock().holder(session));
        let pools = self.pools.read();
        let mut seen: BTreeMap<&str, Pool> = BTreeMap::new();
        let look = |members: &Members| self.look(members, asker, holder.as_deref(), now);
        for members in pools.near(asker.tenant, asker.owner) {
            seen.insert(&members.id, look(members));
        }
        let most = asker.seen.most().max(LISTED_POOLS);
        for members in pools.lent(asker.tenant, |of| sample(of, most, asker.lot)) {
            seen.entry(&members.id).or_insert_with(|| look(members));
        }
        list_others(&pools, &mut seen);
        seen.into_values().collect()
    }

    /// A pool with the part of its workers that is looked at.
    fn look(
        &self,
        members: &Members,
        asker: &Asker<'_>,
        holder: Option<&str>,
        now: Duration,
    ) -> Pool {
        let most = asker.seen.most();
        let sessions = &members.sessions;
        let mut drawn = sample(sessions.len(), most, asker.lot);
        if let Some(holder) = holder.filter(|_| drawn.len() < sessions.len()) {
            let at = sessions.iter().position(|session| *session.worker_id == *holder);
            drawn.extend(at.filter(|at| drawn.binary_search(at).is_err()));
        }
        let mut pool = bare(members);
        let Site::Workers(site) = &mut pool.site else { return pool };
        site.unseen = u32::try_from(sessions.len() - drawn.len()).unwrap_or(u32::MAX);
        site.workers.reserve(drawn.len());
        let mut first = true;
        for session in drawn.into_iter().filter_map(|at| sessions.get(at)) {
            session.models.read(|models| {
                let Some(model) = models.iter().find(|model| *model.name == *members.key.model)
                else {
                    return;
                };
                if std::mem::take(&mut first) {
                    pool.model = facts(&members.key.model, &model.offer);
                } else {
                    promise_less(&mut pool.model, &model.offer);
                }
                site.workers.push(self.seen(session, models, model, asker.session, now));
            });
        }
        site.workers.sort_unstable_by(|one, two| one.worker_id.cmp(&two.worker_id));
        pool
    }

    fn seen(
        &self,
        session: &Session,
        models: &[Model],
        model: &Model,
        conversation: Option<u64>,
        now: Duration,
    ) -> WorkerView {
        let (offer, said) = (&model.offer, &model.said);
        let busy = model.reserved();
        let (phase, round_trip_ms, mut device, budget) = session.heard(|heard| {
            let phase = heard.membership.phase(self.terms, now);
            let (trip, budget) = (heard.round_trip_ms(), heard.model_memory_budget_bytes);
            (phase, trip, heard.device(), budget)
        });
        device.joules_per_token = said.joules_per_token;
        device.joules_per_prompt_token = said.joules_per_prompt_token;
        device.joules_estimated = said.joules_estimated;
        let held = said.held.iter().find(|held| Some(held.session) == conversation);
        let harm = || room::harm_ms(budget, models, model, now);
        WorkerView {
            worker_id: Arc::clone(&session.worker_id),
            incarnation: session.incarnation,
            status: status(phase),
            slots: offer.slots,
            active: busy.min(offer.slots),
            queued: busy.saturating_sub(offer.slots),
            queue_limit: offer.queue_limit,
            prefill_tokens_per_s: said.prefill_tokens_per_s,
            decode_tokens_per_s: said.decode_tokens_per_s,
            round_trip_ms,
            device_class: session.device_class.parse().ok(),
            accelerator: accelerator(session, offer),
            learned: None,
            residency: model.residency_view(harm),
            held_tokens: held.map_or(0, |held| held.tokens),
            device,
        }
    }
}

/// Lists pools of others while the trace is short.
fn list_others<'a>(pools: &'a Pools, seen: &mut BTreeMap<&'a str, Pool>) {
    for members in pools.all() {
        if seen.len() >= LISTED_POOLS {
            return;
        }
        seen.entry(&members.id).or_insert_with(|| {
            let mut pool = bare(members);
            if let Site::Workers(site) = &mut pool.site {
                site.unseen = u32::try_from(members.sessions.len()).unwrap_or(u32::MAX);
            }
            pool
        });
    }
}

/// A pool without its workers. An owner's device that is granted edge only is still listed under its
/// owner: the decision refuses it to others, and its tier says what it is to the owner.
fn bare(members: &Members) -> Pool {
    let key = &members.key;
    let granted = members.sessions.first().map_or(Tier::Edge, |first| first.claims.nearest_tier);
    Pool {
        id: Arc::clone(&members.id),
        model: facts(&key.model, &v1::ModelOffer::default()),
        site: Site::Workers(WorkerSite {
            tenant: key.tenant.clone(),
            owner: key.owner.clone(),
            group: key.group.clone(),
            nearest_tier: if key.owner.is_none() { Tier::Edge } else { granted },
            workers: Vec::new(),
            rest: None,
            unseen: 0,
        }),
    }
}

fn facts(name: &Arc<str>, offer: &v1::ModelOffer) -> ModelFacts {
    ModelFacts {
        name: Arc::clone(name),
        context_tokens: offer.context_tokens,
        abilities: Needs {
            tools: offer.tools,
            json_output: offer.json_output,
            image: offer.image,
            audio: offer.audio,
            logprobs: offer.logprobs,
            embeddings: offer.embeddings,
        },
        quality: offer.quality,
        accepts_prefix: offer.accepts_prefix,
    }
}

fn promise_less(least: &mut ModelFacts, offer: &v1::ModelOffer) {
    least.context_tokens = least.context_tokens.min(offer.context_tokens);
    least.accepts_prefix &= offer.accepts_prefix;
    least.abilities.tools &= offer.tools;
    least.abilities.json_output &= offer.json_output;
    least.abilities.image &= offer.image;
    least.abilities.audio &= offer.audio;
    least.abilities.logprobs &= offer.logprobs;
    least.abilities.embeddings &= offer.embeddings;
    least.quality = least.quality.zip(offer.quality).map(|(one, two)| one.min(two));
}

const fn status(phase: Phase) -> WorkerStatus {
    match phase {
        Phase::Joining => WorkerStatus::Joining,
        Phase::Ready => WorkerStatus::Ready,
        Phase::Suspect | Phase::Lost => WorkerStatus::Suspect,
        Phase::Sleeping(_) => WorkerStatus::Sleeping,
        Phase::Draining => WorkerStatus::Draining,
    }
}

/// What the model runs on: the kind of the execution provider that holds most of its nodes; where no
/// placement is known, the only kind that there is. What was asked for is no proof.
fn accelerator(session: &Session, offer: &v1::ModelOffer) -> Option<Accelerator> {
    let listed = session.accelerators();
    let most = offer.placement.iter().max_by_key(|placement| placement.nodes.unwrap_or(0));
    if let Some(placed) = most.filter(|placed| placed.nodes.is_some_and(|nodes| nodes > 0)) {
        let provider = &placed.execution_provider;
        let on = listed.iter().filter(|one| one.execution_provider == *provider);
        let mut kinds = on.filter_map(|one| kind(&one.kind));
        let first = kinds.next();
        return first.filter(|first| kinds.all(|kind| kind == *first));
    }
    let only_cpu =
        !listed.is_empty() && listed.iter().all(|one| one.kind == Accelerator::Cpu.name());
    only_cpu.then_some(Accelerator::Cpu)
}

fn kind(name: &str) -> Option<Accelerator> {
    Accelerator::ALL.into_iter().find(|kind| kind.name() == name)
}
