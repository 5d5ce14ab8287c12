//! From content to facts to a decision. Only facts leave this file.

use super::Pipeline;
use super::request::Request;
use littoral_core::facts::Facts;
use littoral_core::plan::Decision;
use littoral_core::policy::Policy;
use littoral_core::privacy;
use littoral_core::record::Record;
use std::sync::Arc;
use uuid::Uuid;

/// What a request was decided on.
pub struct Prepared {
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
        let facts = Facts {
            principal: request.principal.clone(),
            alias: request.alias.clone(),
            class: privacy::classify(prompt),
            prompt_tokens: self.tokens.count(prompt).await,
            prompt_bytes: privacy::content_bytes(prompt),
            max_output_tokens: prompt.max_output_tokens,
            needs: privacy::needs(prompt),
            hints: request.hints,
            time: crate::clock::local_time(),
        };
        let (record, policy) = self.decide(&facts, fresh_seed());
        Prepared { record: Arc::new(record), policy }
    }

    /// Decides on facts, against the fleet and the policy of this moment.
    #[must_use]
    pub fn decide(&self, facts: &Facts, seed: u64) -> (Record, Arc<Policy>) {
        let policy = self.policy.load_full();
        (self.decide_under(&policy, facts, seed), policy)
    }

    /// Decides under a policy that need not be the present one: a request keeps its own.
    #[must_use]
    pub fn decide_under(&self, policy: &Policy, facts: &Facts, seed: u64) -> Record {
        let now = self.clock.now();
        let mut pools = self.registry.pools(now);
        pools.extend(self.clouds.pools(!self.egress.allowed()));
        pools.sort_by(|one, two| one.id.cmp(&two.id));
        let alias = if facts.alias.is_empty() { policy.default_alias() } else { &facts.alias };
        let fleet = self.learning.fleet(pools, facts, alias, now);
        Record::decide(policy, facts, &fleet, now, seed)
    }
}

/// A seed for the choice between equals, drawn where randomness is allowed: in the shell.
#[must_use]
pub fn fresh_seed() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    high ^ low
}
