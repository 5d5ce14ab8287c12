//! One request, resolved against the policy: what the gates and the score compare with.
//!
//! A hint narrows what the policy allows. A hint that no number can satisfy (NaN, a deadline of zero,
//! a probability of two) is a mistake of the caller and is told as one, before any target is judged.

use crate::class::{DataClass, Tier};
use crate::facts::{Facts, Mode};
use crate::fleet::{Pool, WorkerView};
use crate::plan::Refusal;
use crate::policy::rule::View;
use crate::policy::{Alias, Policy};
use crate::reason::Reason;

/// A request with its policy.
pub(super) struct Ask<'a> {
    pub policy: &'a Policy,
    pub facts: &'a Facts,
    /// Name to look for; the policy's default where the request names none.
    pub alias_name: &'a str,
    /// The policy's alias of that name, if it has one.
    pub alias: Option<&'a Alias>,
    /// Class the request is decided under.
    pub class: DataClass,
    /// Highest tier its content may reach.
    pub ceiling: Tier,
    /// Time from arrival to the end of the answer, in milliseconds.
    pub deadline_ms: u64,
    /// Expected length of the answer, in tokens; at least 1.
    pub output_tokens: u32,
    /// Whether a second target may be tried.
    pub failover: bool,
}

impl<'a> Ask<'a> {
    /// Resolves a request, or says which hint is a mistake.
    pub fn resolve(policy: &'a Policy, facts: &'a Facts) -> Result<Self, Refusal> {
        if let Some(message) = mistake(facts) {
            return Err(Refusal { reason: Reason::InvalidRequest, message, retry_after_ms: None });
        }
        let alias_name =
            if facts.alias.is_empty() { policy.default_alias() } else { facts.alias.as_str() };
        let deadlines = policy.deadlines();
        let assumed = policy.assumptions().output_tokens;
        Ok(Self {
            policy,
            facts,
            alias_name,
            alias: policy.alias(alias_name),
            class: facts.class.decided_class(),
            ceiling: policy.ceiling(facts.class),
            deadline_ms: facts
                .hints
                .deadline_ms
                .unwrap_or(deadlines.default_ms)
                .min(deadlines.max_ms),
            output_tokens: facts.max_output_tokens.unwrap_or(assumed).min(assumed),
            failover: policy.fallback().failover && facts.hints.allow_failover.unwrap_or(true),
        })
    }

    /// What a rule sees of a target.
    pub fn view(&self, pool: &'a Pool, tier: Tier, worker: Option<&'a WorkerView>) -> View<'a> {
        View { facts: self.facts, model: self.alias_name, target: Some((pool, tier)), worker }
    }

    /// The tier that the caller would like first.
    pub fn preferred_tier(&self) -> Option<Tier> {
        match self.facts.hints.mode {
            Mode::PreferOnDevice => Some(Tier::Device),
            Mode::PreferEdge => Some(Tier::Edge),
            Mode::PreferInCloud => Some(Tier::Cloud),
            Mode::PolicyDefault
            | Mode::OnlyOnDevice
            | Mode::OnlyLocalNetwork
            | Mode::OnlyInCloud => None,
        }
    }

    /// Whether the caller's mode lets a tier answer.
    pub fn mode_allows(&self, tier: Tier) -> bool {
        match self.facts.hints.mode {
            Mode::OnlyOnDevice => tier == Tier::Device,
            Mode::OnlyLocalNetwork => tier <= Tier::Edge,
            Mode::OnlyInCloud => tier == Tier::Cloud,
            Mode::PolicyDefault | Mode::PreferOnDevice | Mode::PreferEdge | Mode::PreferInCloud => {
                true
            }
        }
    }
}

/// A hint that cannot be meant, in a sentence.
fn mistake(facts: &Facts) -> Option<String> {
    let hints = &facts.hints;
    if hints.mode == Mode::OnlyOnDevice && !facts.principal.loopback {
        return Some(
            "mode only_on_device needs a request over loopback, where this device and the asker's \
             are one; use only_local_network, or ask on the device itself"
                .into(),
        );
    }
    if hints.deadline_ms == Some(0) {
        return Some("deadline_ms is 0: leave it out or give the answer some time".into());
    }
    if hints.ttft_target_ms == Some(0) {
        return Some("ttft_target_ms is 0: leave it out or give the first token some time".into());
    }
    if facts.max_output_tokens == Some(0) {
        return Some("max_output_tokens is 0: leave it out or allow at least one token".into());
    }
    if hints.min_quality.is_some_and(|quality| !(0.0..=1.0).contains(&quality)) {
        return Some("min_quality is no probability: give a number from 0 to 1".into());
    }
    if hints.max_energy_joules.is_some_and(|joules| !joules.is_finite() || joules < 0.0) {
        return Some(
            "max_energy_joules is no amount of energy: give a number of at least 0".into(),
        );
    }
    None
}
