//! The policy: who may go where, what matters most, and what to do when it fails.
//!
//! A file becomes a [`RawPolicy`] (what was written) and then a [`Policy`] (what holds). Only the
//! compiled form decides, its fields are private, and it carries the hash of its own content, so a
//! record that names a hash names exactly these rules. Compiling reports every problem at once and
//! never repairs a policy silently: what is unclear is refused, and the last good policy stays.
//!
//! Two ceilings are not for a policy to loosen: `personal` content never reaches a cloud, and
//! `restricted` content leaves the device only for the organisation's own edge, and only where the
//! policy says so in so many words ([`ceilings`]).

mod alias;
pub mod ceilings;
mod compile;
mod device_class;
mod effective;
mod fact_name;
mod hash;
mod leaks;
mod predicted;
mod preset;
mod privacy;
mod problem;
mod profile;
mod range;
pub mod raw;
pub(crate) mod rule;
mod schema;
pub mod settings;
mod targets;
mod warnings;

pub use alias::{Alias, Canary, Pick};
pub use ceilings::Ceilings;
pub use effective::{Choice, Effective, EffectiveRule, Floors, effective};
pub use fact_name::FactName;
pub use predicted::PredictedLimits;
pub use preset::Preset;
pub use privacy::{Names, Privacy};
pub use problem::PolicyProblem;
pub use profile::Profile;
pub use raw::RawPolicy;
pub use rule::{
    Circle, Effects, Preferences, Rank, Restrictions, Rule, Weights, Wish, effects_table,
    facts_table,
};
pub use schema::schema;
pub use settings::{
    AnswerLimits, Assumptions, Deadlines, DeviceFloors, Fallback, Objective, Ranking, Tiers,
};
pub use targets::Stated;

use crate::class::Tier;
use crate::device::DeviceClass;
use crate::facts::{ClassFact, ClassOrigin, Hints};
use device_class::{ClassFloors, Classes};
use profile::Profiles;
use serde::Serialize;
use std::sync::Arc;
use targets::Targets;

/// The shipped default policy, as written, with its comments. It compiles to [`Policy::shipped`].
pub const DEFAULT_POLICY_TOML: &str = include_str!("../../../policies/default/policy.toml");

/// A compiled policy. Every value in it has been checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Policy {
    name: String,
    default_alias: String,
    ceilings: Ceilings,
    tiers: Tiers,
    aliases: Vec<Alias>,
    deadlines: Deadlines,
    limits: AnswerLimits,
    objective: Objective,
    assumptions: Assumptions,
    fallback: Fallback,
    device: DeviceFloors,
    /// Left out where there is none, so that a policy without rules keeps the hash it always had.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rules: Vec<Rule>,
    /// This and the next two are left out where they are empty, for the same reason.
    #[serde(skip_serializing_if = "Targets::is_empty")]
    targets: Targets,
    /// Kinds of devices for which something else holds than `device` makes of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    device_classes: Vec<ClassFloors>,
    #[serde(skip_serializing_if = "Profiles::is_empty")]
    profiles: Profiles,
    #[serde(skip_serializing_if = "Privacy::is_shipped")]
    privacy: Privacy,
    /// What holds for each kind of device; follows from the fields above.
    #[serde(skip)]
    classes: Classes,
    /// The named objective that was asked for; its rates are in `objective`.
    #[serde(skip)]
    preset: Option<Preset>,
    /// What is most likely a slip.
    #[serde(skip)]
    warnings: Vec<PolicyProblem>,
    /// Hash of all the fields above; not part of what is hashed.
    #[serde(skip)]
    hash: Arc<str>,
}

impl Policy {
    /// The format version that this build reads.
    pub const VERSION: u32 = 1;

    /// Checks a policy as written and makes it one that can decide.
    ///
    /// # Errors
    /// Every problem of the policy, in the order of the file's sections, each with its path.
    pub fn compile(raw: RawPolicy) -> Result<Self, Vec<PolicyProblem>> {
        compile::compile(raw).map(Self::sealed)
    }

    /// The policy that holds where no file says otherwise: near first, nothing unlabelled to a cloud.
    #[must_use]
    pub fn shipped() -> Self {
        Self::sealed(Self {
            name: "default".into(),
            default_alias: Alias::DEFAULT_NAME.into(),
            ceilings: Ceilings::SHIPPED,
            tiers: Tiers::default(),
            aliases: vec![Alias::any(Alias::DEFAULT_NAME)],
            deadlines: Deadlines::default(),
            limits: AnswerLimits::default(),
            objective: Objective::default(),
            assumptions: Assumptions::default(),
            fallback: Fallback::default(),
            device: DeviceFloors::default(),
            rules: Vec::new(),
            targets: Targets::default(),
            device_classes: Vec::new(),
            profiles: Profiles::default(),
            privacy: Privacy::default(),
            classes: Classes::shipped(&DeviceFloors::default()),
            preset: None,
            warnings: Vec::new(),
            hash: "".into(),
        })
    }

    /// A policy that no file can give: every class may reach a cloud.
    #[cfg(test)]
    pub(crate) fn impossible() -> Self {
        Self { ceilings: Ceilings::IMPOSSIBLE, ..Self::shipped() }
    }

    fn sealed(mut self) -> Self {
        self.hash = hash::of(&self).into();
        self
    }

    /// Name of the policy, for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of the compiled content, in hexadecimal. Comments, order of keys and values written
    /// out that equal the shipped ones do not change it.
    #[must_use]
    pub fn hash(&self) -> &Arc<str> {
        &self.hash
    }

    /// Highest tier each class may reach.
    #[must_use]
    pub fn ceilings(&self) -> &Ceilings {
        &self.ceilings
    }

    /// Highest tier that content of this class and origin may reach. Content with an unlabelled part
    /// stays off the cloud whatever the ceilings say.
    #[must_use]
    pub fn ceiling(&self, fact: ClassFact) -> Tier {
        let ceiling = self.ceilings.of(fact.decided_class());
        match fact.origin {
            ClassOrigin::Labelled | ClassOrigin::Scanned => ceiling,
            ClassOrigin::Unlabelled => ceiling.min(Tier::Edge),
        }
    }

    /// Tiers in use, their order, and whose machines count as edge.
    #[must_use]
    pub fn tiers(&self) -> &Tiers {
        &self.tiers
    }

    /// Time limits.
    #[must_use]
    pub fn deadlines(&self) -> &Deadlines {
        &self.deadlines
    }

    /// Time from a request's arrival to the end of its answer, in milliseconds.
    #[must_use]
    pub fn deadline_ms(&self, hints: &Hints) -> u64 {
        hints.deadline_ms.unwrap_or(self.deadlines.default_ms).min(self.deadlines.max_ms)
    }

    /// How long an answer may get.
    #[must_use]
    pub fn limits(&self) -> AnswerLimits {
        self.limits
    }

    /// Exchange rates of the objective.
    #[must_use]
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The named objective that the policy asks for, where it asks for one.
    #[must_use]
    pub fn preset(&self) -> Option<Preset> {
        self.preset
    }

    /// What the score assumes where a fact is unknown.
    #[must_use]
    pub fn assumptions(&self) -> &Assumptions {
        &self.assumptions
    }

    /// What happens when an attempt fails.
    #[must_use]
    pub fn fallback(&self) -> &Fallback {
        &self.fallback
    }

    /// What has the first word among targets that pass every gate, the preset applied.
    #[must_use]
    pub fn ranking(&self) -> Ranking {
        self.tiers.ranking
    }

    /// What a device of this kind, or of unknown kind, must have left to be used.
    #[must_use]
    #[inline]
    pub fn floors(&self, class: Option<DeviceClass>) -> &DeviceFloors {
        let entry = class.and_then(|class| self.classes.of(class));
        entry.map_or(&self.device, |entry| &entry.floors)
    }

    /// Latest first token of a cloud for an asker on such a device, in milliseconds.
    #[must_use]
    pub fn cloud_first_token_ms(&self, asker: Option<DeviceClass>) -> Option<u64> {
        asker.and_then(|class| self.classes.of(class))?.cloud_first_token_ms
    }

    /// What kind of assistant an application is, where the policy says so.
    #[must_use]
    pub fn profile_of(&self, application: &str) -> Option<Profile> {
        self.profiles.of(application)
    }

    /// Which class a finding has, and what it takes to call a text harmless.
    #[must_use]
    pub fn privacy(&self) -> &Privacy {
        &self.privacy
    }

    /// What the policy states of a model at a provider; no provider is a worker.
    #[must_use]
    #[inline]
    pub fn stated(&self, provider: Option<&str>, model: &str) -> Stated {
        self.targets.stated(provider, model)
    }

    /// What is most likely a slip, and yet a policy.
    #[must_use]
    pub fn warnings(&self) -> &[PolicyProblem] {
        &self.warnings
    }

    /// Conditions and what they restrict, in file order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// Whether the rules say what another policy's say, of the same people: a rule for a kind of assistant
    /// means what `[profiles]` makes of it.
    pub(crate) fn rules_as(&self, other: &Self) -> bool {
        self.rules == other.rules && (self.rules.is_empty() || self.profiles == other.profiles)
    }

    /// Whether a rule asks who is there.
    pub(crate) fn asks_who_is_there(&self) -> bool {
        self.rules.iter().any(Rule::asks_who_is_there)
    }

    /// The aliases the policy defines, in file order.
    #[must_use]
    pub fn aliases(&self) -> &[Alias] {
        &self.aliases
    }

    /// The name to look for where a request names no model.
    #[must_use]
    pub fn default_alias(&self) -> &str {
        &self.default_alias
    }

    /// The alias of this name, where the policy defines it.
    #[must_use]
    pub fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name() == name)
    }
}

#[cfg(test)]
mod tests;
