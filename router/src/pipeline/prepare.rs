//! From content to facts to a decision. Only facts leave this file.

use super::Pipeline;
use super::request::Request;
use crate::clock::unix_ms;
use crate::clouds::Sight;
use crate::registry::view::Asker;
use crate::store::{SessionDigest, StoreError};
use littoral_core::class::DataClass;
use littoral_core::facts::Facts;
use littoral_core::plan::Decision;
use littoral_core::policy::Policy;
use littoral_core::privacy::{self, Scanned};
use littoral_core::record::{Record, Seen};
use std::sync::Arc;
use uuid::Uuid;

/// What a request was decided on.
pub struct Prepared {
    /// The prompt, scanned. Content.
    pub content: Scanned,
    /// Content-free facts, who answers or why nobody, and what gives that again.
    pub record: Arc<Record>,
    /// The policy that decided. The request keeps it to its end.
    pub policy: Arc<Policy>,
}

impl Prepared {
    /// Content-free facts.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.record.facts
    }

    /// Who answers, or why nobody.
    #[must_use]
    pub fn decision(&self) -> &Decision {
        &self.record.decision
    }
}

impl Pipeline {
    /// Reads the facts of a request and decides.
    pub async fn prepare(&self, request: &Request) -> Prepared {
        let prompt = &request.prompt;
        let scan = self.detectors.prompt(prompt);
        let content = self.telemetry.scanning(&request.trace, scan).await;
        let facts = Facts {
            principal: request.principal.clone(),
            alias: request.alias.clone(),
            class: content.labels(),
            scan: content.fact().clone(),
            session: self.session_class(request).await,
            prompt_tokens: self.tokens.count(prompt).await,
            prompt_bytes: privacy::content_bytes(prompt),
            max_output_tokens: prompt.max_output_tokens,
            images: prompt.images(),
            audio_seconds: prompt.audio_seconds(),
            needs: privacy::needs(prompt),
            hints: request.hints,
            time: crate::clock::local_time(),
        };
        let decide = || self.decide(&facts, request.session, fresh_seed());
        let (record, policy) = self.telemetry.deciding(&request.trace, decide);
        Prepared { content, record, policy }
    }

    /// The class that the request's conversation has reached. Where it cannot be read it may be any.
    async fn session_class(&self, request: &Request) -> Option<DataClass> {
        let label = self.sessions.label(&request.principal_key(), request.session?).await;
        label.unwrap_or_else(|error| {
            tracing::warn!(%error, "the class of a conversation could not be read");
            Some(DataClass::Restricted)
        })
    }

    /// Lets the request's conversation have at least its class from now on, and waits until that is
    /// written down. What a scan could not see raises nothing: another try may see it.
    ///
    /// # Errors
    /// It could not be written down, so nothing may be done with the content.
    pub async fn stick(&self, request: &Request, prepared: &Prepared) -> Result<(), StoreError> {
        let (Some(session), facts) = (request.session, prepared.facts()) else { return Ok(()) };
        let class =
            if facts.scan.extent.failed() { facts.class.class } else { prepared.decision().class };
        if class < DataClass::Personal || facts.session >= Some(class) {
            return Ok(());
        }
        self.sessions.raise(&request.principal_key(), session, class).await
    }

    /// Decides on facts, against the fleet and the policy of this moment.
    #[must_use]
    pub fn decide(
        &self,
        facts: &Facts,
        session: Option<SessionDigest>,
        seed: u64,
    ) -> (Record, Arc<Policy>) {
        let policy = self.policy.load_full();
        (self.decide_under(&policy, facts, session, seed), policy)
    }

    /// Decides under a policy that need not be the present one: a request keeps its own.
    #[must_use]
    pub fn decide_under(
        &self,
        policy: &Policy,
        facts: &Facts,
        session: Option<SessionDigest>,
        seed: u64,
    ) -> Record {
        let now = self.clock.now();
        let alias = if facts.alias.is_empty() { policy.default_alias() } else { &facts.alias };
        let fleet = |seen: Seen| {
            let asker = Asker {
                tenant: &facts.principal.tenant,
                owner: &facts.principal.owner,
                session: session.map(conversation),
                lot: seed,
                seen,
            };
            let mut pools = self.registry.pools(&asker, now);
            let left = |model: &str| self.treasury.left(&facts.principal, model);
            pools.extend(self.clouds.pools(&Sight {
                egress_off: !self.egress.allowed(),
                now,
                unix_ms: unix_ms(),
                left: &left,
            }));
            pools.sort_by(|one, two| one.id.cmp(&two.id));
            self.learning.fleet(pools, facts, alias, now)
        };
        Record::decide_over(policy, facts, fleet, now, seed)
    }
}

/// The number by which a worker knows a conversation: a part of its digest, which holds who asks, so
/// that nobody is given another's cache.
#[must_use]
pub fn conversation(session: SessionDigest) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = session;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// A seed for the choice between equals, drawn where randomness is allowed: in the shell.
#[must_use]
pub fn fresh_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    high ^ low
}
