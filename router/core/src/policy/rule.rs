//! Rules: conditions in CEL syntax with what they restrict.
//!
//! Only the syntax is CEL's. A condition compares facts of a fixed [`vocabulary`] with literals; it is
//! checked when the policy is loaded and compiled to a tree of our own, so that nothing is left that
//! could fail while deciding. Every effect restricts, and a restriction applies where its condition is
//! true or unknown: what nobody knows is never a reason to let content through. A key that is no
//! effect is refused, because a rule that is half understood restricts less than its author believes.

mod check;
mod condition;
mod constant;
mod literal;
mod nearest;
mod page;
mod source;
mod value;
mod vocabulary;

pub(crate) use condition::Truth;
pub use page::facts_table;
pub(crate) use value::View;
pub(crate) use vocabulary::{Fact, Scope};

use super::problem::Problems;
use super::raw::RawRule;
use crate::class::Tier;
use condition::Condition;
use serde::Serialize;

/// Most rules of a policy; each is looked at for each request.
const MOST_RULES: usize = 1_024;
/// Longest name of a rule, in characters: it stands in every record.
const LONGEST_NAME_CHARS: usize = 64;
/// Longest ceiling of a first token, one day in milliseconds.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;
/// Highest ceiling of a cost, a million dollars in micro-dollars.
const DEAREST_USD_MICROS: u64 = 1_000_000_000_000;

/// A rule that has been checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    name: String,
    when: Condition,
    effects: Effects,
    /// Follows from the condition, so it is not content of its own.
    #[serde(skip)]
    scope: Scope,
}

/// What a rule restricts; at least one is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Effects {
    /// Nobody answers.
    pub deny: bool,
    /// Highest tier that may answer.
    pub max_tier: Option<Tier>,
    /// Latest predicted first token, in milliseconds.
    pub max_first_token_ms: Option<u64>,
    /// Highest predicted cost, in micro-dollars.
    pub max_cost_usd_micros: Option<u64>,
}

impl Rule {
    /// The name, unique in its policy.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it restricts.
    #[must_use]
    pub fn effects(&self) -> Effects {
        self.effects
    }

    /// What its condition has to look at.
    pub(crate) fn scope(&self) -> Scope {
        self.scope
    }

    /// Whether its condition holds.
    pub(crate) fn truth(&self, view: &View<'_>) -> Truth {
        self.when.truth(view)
    }

    /// Checks one entry as written; `index` is its place in the file.
    fn compile(raw: &RawRule, index: usize, problems: &mut Problems) -> Option<Self> {
        let path = |key: &str| format!("rule[{index}].{key}");
        let name = raw.name.clone().unwrap_or_default();
        if name.trim().is_empty() {
            problems.add(path("name"), "is missing: give the rule a name");
        }
        let length = name.chars().count();
        if length > LONGEST_NAME_CHARS {
            let reason = format!("has {length} characters: use at most {LONGEST_NAME_CHARS}");
            problems.add(path("name"), reason);
        }
        if name.chars().any(char::is_control) {
            problems.add(path("name"), "holds a control character: remove it");
        }
        let when = match raw.when.as_deref() {
            None => {
                problems.add(path("when"), "is missing: say when the rule applies");
                None
            }
            Some(text) => check::compile(text)
                .map_err(|reasons| {
                    for reason in reasons {
                        problems.add(path("when"), reason);
                    }
                })
                .ok(),
        };
        let effects = effects(raw, index, problems);
        let when = when?;
        let scope = when.scope();
        Some(Self { name, when, effects, scope })
    }
}

fn effects(raw: &RawRule, index: usize, problems: &mut Problems) -> Effects {
    let effects = Effects {
        deny: raw.deny.unwrap_or_default(),
        max_tier: raw.max_tier,
        max_first_token_ms: raw.max_first_token_ms,
        max_cost_usd_micros: raw.max_cost_usd_micros,
    };
    if raw.deny == Some(false) {
        problems.add(
            format!("rule[{index}].deny"),
            "is false, which changes nothing: remove it, no rule can allow",
        );
    } else if effects == Effects::default() {
        problems.add(
            format!("rule[{index}]"),
            "has no effect: give it deny, max_tier, max_first_token_ms or max_cost_usd_micros",
        );
    } else if effects.deny && effects != (Effects { deny: true, ..Effects::default() }) {
        problems.add(
            format!("rule[{index}].deny"),
            "leaves nothing for the rule's other effects to limit: remove one or the other",
        );
    }
    if let Some(ms) = raw.max_first_token_ms.filter(|ms| !(1..=LONGEST_MS).contains(ms)) {
        problems.add(
            format!("rule[{index}].max_first_token_ms"),
            format!("{ms} is out of range: milliseconds from 1 to {LONGEST_MS}"),
        );
    }
    if let Some(cost) = raw.max_cost_usd_micros.filter(|cost| *cost > DEAREST_USD_MICROS) {
        problems.add(
            format!("rule[{index}].max_cost_usd_micros"),
            format!("{cost} is out of range: micro-dollars from 0 to {DEAREST_USD_MICROS}"),
        );
    }
    effects
}

/// Checks all entries.
pub(super) fn compile_all(raw: &[RawRule], problems: &mut Problems) -> Vec<Rule> {
    if raw.len() > MOST_RULES {
        let count = raw.len();
        problems.add("rule", format!("has {count} entries, over the limit of {MOST_RULES}"));
        return Vec::new();
    }
    let mut first_of = std::collections::BTreeMap::new();
    for (index, name) in raw.iter().map(|rule| rule.name.as_deref().unwrap_or_default()).enumerate()
    {
        let first = *first_of.entry(name).or_insert(index);
        if first != index && !name.trim().is_empty() {
            problems.add(
                format!("rule[{index}].name"),
                format!("{name:?} is already rule[{first}]: give each rule its own name"),
            );
        }
    }
    let compile = |(index, raw)| Rule::compile(raw, index, problems);
    raw.iter().enumerate().filter_map(compile).collect()
}

#[cfg(test)]
mod tests;
