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
mod fact_name;
mod hash;
mod preset;
mod problem;
mod profile;
pub mod raw;
pub(crate) mod rule;
pub mod settings;

pub use alias::Alias;
pub use ceilings::Ceilings;
pub use fact_name::FactName;
pub use preset::Preset;
pub use problem::PolicyProblem;
pub use profile::Profile;
pub use raw::RawPolicy;
pub use rule::{Effects, Rule, facts_table};
pub use settings::{
    AnswerLimits, Assumptions, Deadlines, DeviceFloors, Fallback, Objective, Ranking, Tiers,
};

use crate::class::Tier;
use crate::facts::{ClassFact, ClassOrigin};
use serde::Serialize;
use std::sync::Arc;

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
            ClassOrigin::Labelled => ceiling,
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

    /// What a device must have left to be used.
    #[must_use]
    pub fn device(&self) -> &DeviceFloors {
        &self.device
    }

    /// Conditions and what they restrict, in file order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
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
