//! What a policy means for one principal: the sections as they hold, and the rules that can reach
//! them, in the order in which they win.
//!
//! A policy is written for everybody, and a person asks what holds for one. The answer is made of the
//! compiled policy, by the same conditions that decide. It promises nothing of a single request: a rule
//! that can apply still has its condition. A rule that is not listed applies to no request of this
//! principal, whatever is asked.

mod chain;
mod effects;
mod sections;
mod text;

pub use chain::Choice;
pub use sections::Floors;

use super::rule::{Reach, View};
use super::{
    Alias, AnswerLimits, Ceilings, Circle, Deadlines, Effects, FactName, Fallback, Objective,
    Policy, Preset, Privacy, Profile, Rank, Rule, Tiers,
};
use crate::class::DataClass;
use crate::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, ScanFact, TokenCount};
use crate::principal::Principal;
use serde::Serialize;
use std::sync::Arc;

/// What a policy means for one principal. Displays as a text of several sections.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Effective {
    /// Name of the policy.
    pub policy: String,
    /// Its hash.
    pub hash: Arc<str>,
    /// For whom.
    pub principal: Principal,
    /// Kind of assistant that the application is, where the policy says.
    pub profile: Option<Profile>,
    /// Highest tier of each class.
    pub ceilings: Ceilings,
    /// Tiers in use, their order, what has the first word, and groups that count as edge.
    pub tiers: Tiers,
    /// What findings mean.
    pub privacy: Privacy,
    /// The named objective that the policy asks for.
    pub preset: Option<Preset>,
    /// Exchange rates.
    pub objective: Objective,
    /// Time limits.
    pub deadlines: Deadlines,
    /// Limits of every request.
    pub limits: AnswerLimits,
    /// What happens when an attempt fails.
    pub fallback: Fallback,
    /// What a target device must have left, for each kind of device.
    pub floors: Vec<Floors>,
    /// For this asker's device: latest first token of a cloud, in milliseconds.
    pub cloud_first_token_ms: Option<u64>,
    /// Name that a request without one asks for.
    pub default_alias: String,
    /// Names and the models they stand for.
    pub aliases: Vec<Alias>,
    /// Rules that can apply, the one that wins first.
    pub rules: Vec<EffectiveRule>,
    /// Who wins where rules prefer different things.
    pub wishes: Vec<Choice>,
    /// Names of the rules that apply to no request of this principal, in file order.
    pub cannot_apply: Vec<Arc<str>>,
}

/// A rule that can apply.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EffectiveRule {
    /// Its name.
    pub name: Arc<str>,
    /// Its rank.
    pub rank: Rank,
    /// Whom it is for.
    pub circle: Circle,
    /// Its condition, as written.
    pub when: Option<Arc<str>>,
    /// What it does.
    pub effects: Effects,
    /// It applies to every request of this principal, on every target that it looks at.
    pub always: bool,
    /// Facts of the principal for want of which it can restrict only: it grants nothing.
    pub unknown: Vec<FactName>,
}

/// What `policy` means for `principal`.
#[must_use]
pub fn effective(policy: &Policy, principal: &Principal) -> Effective {
    let facts = facts_of(principal);
    let view = View {
        facts: &facts,
        class: facts.class,
        model: "",
        target: None,
        worker: None,
        stated_quality: None,
        profile: policy.profile_of(&principal.application),
        ready: None,
    };
    let reaches = policy.rules().iter().map(|rule| (rule, rule.reach(&view)));
    let (mut can, cannot): (Vec<_>, Vec<_>) =
        reaches.partition(|(rule, reach)| can_apply(rule, reach));
    // Stable: among rules of one rank the earlier one stays in front.
    can.sort_by_key(|(rule, _)| rule.rank());
    Effective {
        policy: policy.name().to_owned(),
        hash: Arc::clone(policy.hash()),
        principal: principal.clone(),
        profile: view.profile,
        ceilings: *policy.ceilings(),
        tiers: policy.tiers().clone(),
        privacy: policy.privacy().clone(),
        preset: policy.preset(),
        objective: *policy.objective(),
        deadlines: *policy.deadlines(),
        limits: policy.limits(),
        fallback: *policy.fallback(),
        floors: sections::floors(policy),
        cloud_first_token_ms: policy.cloud_first_token_ms(principal.device_class),
        default_alias: policy.default_alias().to_owned(),
        aliases: policy.aliases().to_vec(),
        wishes: chain::choices(&can),
        rules: can.into_iter().map(|(rule, reach)| shown(rule, reach)).collect(),
        cannot_apply: cannot.into_iter().map(|(rule, _)| Arc::clone(rule.name())).collect(),
    }
}

fn can_apply(rule: &Rule, reach: &Reach) -> bool {
    let grants = {
        let effects = rule.effects();
        !effects.prefers.is_empty() || !effects.tags.is_empty() || effects.lower_label
    };
    (rule.restricts() && reach.can_restrict) || (grants && reach.can_hold)
}

fn shown(rule: &Rule, reach: Reach) -> EffectiveRule {
    EffectiveRule {
        name: Arc::clone(rule.name()),
        rank: rule.rank(),
        circle: rule.circle().clone(),
        when: rule.when().cloned(),
        effects: rule.effects().clone(),
        always: reach.always_holds,
        unknown: reach.unknown,
    }
}

/// A request of this principal of which nothing else is ever looked at.
fn facts_of(principal: &Principal) -> Facts {
    Facts {
        principal: principal.clone(),
        alias: String::new(),
        class: ClassFact { class: DataClass::Restricted, origin: ClassOrigin::Unlabelled },
        scan: ScanFact::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: u32::MAX, estimated: true },
        prompt_bytes: 0,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

#[cfg(test)]
mod tests;
