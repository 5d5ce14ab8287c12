//! The fleet as operators see it.

use super::Registry;
use super::session::Session;
use crate::wire::class::tier;
use littoral_core::lease::Standing;
use littoral_core::principal::Principal;
use littoral_proto::v1;
use std::time::Duration;

impl Registry {
    /// Workers that `principal` may see: all for an administrator, else the tenant's shared machines
    /// and the principal's own devices.
    #[must_use]
    pub fn summaries(
        &self,
        principal: &Principal,
        now: Duration,
        unix_ms: u64,
    ) -> Vec<v1::WorkerSummary> {
        let visible = |session: &Session| {
            let claims = &session.claims;
            let own = claims.owner.as_ref().is_none_or(|owner| *owner == principal.owner);
            principal.administrator || (claims.tenant == principal.tenant && own)
        };
        let all = self.all();
        let seen = all.iter().filter(|session| visible(session));
        seen.map(|session| self.summary(session, now, unix_ms)).collect()
    }

    fn summary(&self, session: &Session, now: Duration, unix_ms: u64) -> v1::WorkerSummary {
        let heard = session.heard();
        let status = match self.terms().standing(heard.at, now) {
            _ if session.is_draining() => v1::WorkerStatus::Draining,
            Standing::Live => v1::WorkerStatus::Ready,
            Standing::Suspect | Standing::Lost => v1::WorkerStatus::Suspect,
        };
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        let left_ms = millis(session.token_ends.saturating_sub(now));
        let claims = &session.claims;
        v1::WorkerSummary {
            worker_id: claims.worker_id.clone(),
            incarnation: session.incarnation,
            tenant: claims.tenant.clone(),
            owner: claims.owner.clone(),
            group: claims.group.clone(),
            nearest_tier: tier(claims.nearest_tier).into(),
            status: status.into(),
            device_class: session.hello.device_class.clone(),
            heartbeat_age_ms: millis(now.saturating_sub(heard.at)),
            token_expires_unix_ms: unix_ms.saturating_add(left_ms),
            models: session.hello.models.iter().map(|offer| model(session, offer)).collect(),
            round_trip_ms: heard.round_trip_ms(),
        }
    }
}

fn model(session: &Session, offer: &v1::ModelOffer) -> v1::ModelSummary {
    let busy = session.reserved(&offer.name);
    let state = session.heard().state.unwrap_or_default();
    let said = state.models.iter().find(|said| said.name == offer.name);
    v1::ModelSummary {
        name: offer.name.clone(),
        version: offer.version.clone(),
        context_tokens: offer.context_tokens,
        slots: offer.slots,
        active: busy.min(offer.slots),
        queued: busy.saturating_sub(offer.slots),
        prefill_tokens_per_s: said.and_then(|said| said.prefill_tokens_per_s),
        decode_tokens_per_s: said.and_then(|said| said.decode_tokens_per_s),
        placement: offer.placement.clone(),
    }
}
