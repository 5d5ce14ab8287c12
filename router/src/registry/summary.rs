//! The fleet as operators see it.

use super::Registry;
use super::away::Absent;
use super::models::Model;
use super::session::Session;
use crate::join_token::Claims;
use crate::wire::class::tier;
use littoral_core::membership::{Membership, Phase};
use littoral_core::principal::Principal;
use littoral_proto::v1;
use std::time::Duration;

/// What the router itself has learned of a worker with a model.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Known {
    /// Usual decode speed, in tokens a second.
    pub usual: Option<f64>,
    /// Decode speed of the last answers, in tokens a second.
    pub recent: Option<f64>,
    /// Far below the usual.
    pub throttled: bool,
}

/// The moment of a list, by both clocks.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// By the router's clock.
    pub now: Duration,
    /// Milliseconds since 1970-01-01 UTC.
    pub unix_ms: u64,
}

impl Registry {
    /// Workers that `principal` may see: all for an administrator, else the tenant's shared machines
    /// and the principal's own devices; those that sleep or were lost too. `known` tells what was
    /// learned of a worker in a pool.
    #[must_use]
    pub fn summaries(
        &self,
        principal: &Principal,
        moment: Moment,
        known: impl Fn(&str, &str) -> Known,
    ) -> Vec<v1::WorkerSummary> {
        let visible = |claims: &Claims| {
            let own = claims.owner.as_ref().is_none_or(|owner| *owner == principal.owner);
            principal.administrator || (claims.tenant == principal.tenant && own)
        };
        let all = self.all();
        let present = all.iter().filter(|session| visible(&session.claims));
        let mut rows: Vec<_> =
            present.map(|session| self.summary(session, moment, &known)).collect();
        let away = self.away.lock();
        let absent = away.all().filter(|absent| visible(&absent.claims));
        rows.extend(absent.map(|absent| self.absent(absent, moment)));
        rows.sort_by(|one, two| one.worker_id.cmp(&two.worker_id));
        rows
    }

    fn summary(
        &self,
        session: &Session,
        moment: Moment,
        known: &impl Fn(&str, &str) -> Known,
    ) -> v1::WorkerSummary {
        let heard = session.heard(|heard| heard.clone());
        let (membership, now) = (heard.membership, moment.now);
        let token_left = session.token_ends().saturating_sub(now);
        let lease_ends = membership.heard().saturating_add(self.terms.lease);
        let round_trip_ms = heard.round_trip_ms();
        v1::WorkerSummary {
            token_expires_unix_ms: moment.unix_ms.saturating_add(millis(token_left)),
            models: session
                .models
                .read(|models| models.iter().map(|one| model(session, one, known)).collect()),
            round_trip_ms,
            device: Some(heard.device),
            accelerators: session.accelerators(),
            lease_left_ms: Some(millis(lease_ends.saturating_sub(now))),
            version: session.version.clone(),
            model_memory_budget_bytes: heard.model_memory_budget_bytes,
            ..self.standing(
                (&session.claims, session.incarnation, &session.device_class),
                &membership,
                membership.phase(self.terms, now),
                now,
            )
        }
    }

    fn absent(&self, absent: &Absent, moment: Moment) -> v1::WorkerSummary {
        v1::WorkerSummary {
            token_expires_unix_ms: absent.claims.expires_unix_ms,
            ..self.standing(
                (&absent.claims, absent.incarnation, &absent.device_class),
                &absent.membership,
                absent.phase(self.terms, moment.now),
                moment.now,
            )
        }
    }

    /// Who it is and where it stands.
    fn standing(
        &self,
        (claims, incarnation, device_class): (&Claims, u64, &str),
        membership: &Membership,
        phase: Phase,
        now: Duration,
    ) -> v1::WorkerSummary {
        let wakes = membership.asleep_until().filter(|_| matches!(phase, Phase::Sleeping(_)));
        v1::WorkerSummary {
            worker_id: claims.worker_id.clone(),
            incarnation,
            tenant: claims.tenant.clone(),
            owner: claims.owner.clone(),
            group: claims.group.clone(),
            nearest_tier: tier(claims.nearest_tier).into(),
            status: status(phase).into(),
            device_class: device_class.to_owned(),
            heartbeat_age_ms: millis(now.saturating_sub(membership.heard())),
            wakes_in_ms: wakes.map(|at| millis(at.saturating_sub(now))),
            ..v1::WorkerSummary::default()
        }
    }

    /// Models of the workers that `principal` may see.
    #[must_use]
    pub fn models(
        &self,
        principal: &Principal,
        moment: Moment,
        known: impl Fn(&str, &str) -> Known,
    ) -> Vec<v1::WorkerModel> {
        let workers = self.summaries(principal, moment, known);
        let of = |worker: v1::WorkerSummary| {
            let v1::WorkerSummary { worker_id, tenant, owner, group, models, .. } = worker;
            models.into_iter().map(move |model| v1::WorkerModel {
                worker_id: worker_id.clone(),
                tenant: tenant.clone(),
                owner: owner.clone(),
                group: group.clone(),
                model: Some(model),
            })
        };
        workers.into_iter().flat_map(of).collect()
    }

    /// One model of one worker, as operators see it.
    #[must_use]
    pub fn model(&self, session: &Session, name: &str) -> Option<v1::ModelSummary> {
        session.models.read(|models| {
            let found = models.iter().find(|model| *model.name == *name);
            found.map(|found| model(session, found, &|_, _| Known::default()))
        })
    }
}

fn model(
    session: &Session,
    model: &Model,
    known: &impl Fn(&str, &str) -> Known,
) -> v1::ModelSummary {
    let (offer, said, busy) = (&model.offer, &model.said, model.reserved());
    let pool = super::pools::id_of(session, model);
    let Known { usual, recent, throttled } = known(&session.claims.worker_id, &pool);
    v1::ModelSummary {
        name: offer.name.clone(),
        version: offer.version.clone(),
        context_tokens: offer.context_tokens,
        slots: offer.slots,
        active: busy.min(offer.slots),
        queued: busy.saturating_sub(offer.slots),
        prefill_tokens_per_s: said.prefill_tokens_per_s,
        decode_tokens_per_s: said.decode_tokens_per_s,
        placement: offer.placement.clone(),
        residency: model.residency().into(),
        pinned: said.pinned,
        resident_bytes: offer.resident_bytes,
        load_fraction: said.load_fraction,
        baseline_decode_tokens_per_s: usual,
        recent_decode_tokens_per_s: recent,
        throttled,
        asked_accelerator: offer.asked_accelerator.clone(),
        held_sessions: u32::try_from(said.held.len()).unwrap_or(u32::MAX),
        load_ms: offer.load_ms,
        embeddings: offer.embeddings,
    }
}

const fn status(phase: Phase) -> v1::WorkerStatus {
    match phase {
        Phase::Joining => v1::WorkerStatus::Joining,
        Phase::Ready => v1::WorkerStatus::Ready,
        Phase::Suspect => v1::WorkerStatus::Suspect,
        Phase::Sleeping(_) => v1::WorkerStatus::Sleeping,
        Phase::Draining => v1::WorkerStatus::Draining,
        Phase::Lost => v1::WorkerStatus::Lost,
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
