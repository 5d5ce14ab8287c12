//! Rules: for whom and when, in conditions of CEL syntax, and what then.
//!
//! Only the syntax is CEL's. A condition compares facts of a fixed [`vocabulary`] with literals; it is
//! checked when the policy is loaded and compiled to a tree of our own, so that nothing is left that
//! could fail while deciding. A restriction applies where its condition is true or unknown: what nobody
//! knows is never a reason to let content through. A preference, a tag or a right applies only where
//! the condition is true. A key that is no effect is refused, because a rule that is half understood
//! restricts less than its author believes.

mod audience;
mod check;
mod condition;
mod constant;
mod effects;
mod literal;
pub(super) mod nearest;
mod page;
mod reach;
mod source;
mod value;
mod view;
mod vocabulary;
mod wording;

pub use audience::Rank;
pub(crate) use condition::Truth;
pub use effects::{Effects, Preferences, Restrictions, Weights, Wish};
pub use page::{effects_table, facts_table};
pub(crate) use reach::Reach;
pub(crate) use view::View;
pub(crate) use vocabulary::{Fact, Scope};
pub use wording::Circle;

use super::problem::Problems;
use super::raw::RawRule;
use crate::class::Tier;
use condition::Condition;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::Arc;
use wording::Wording;

/// Most rules of a policy; each is looked at for each request.
const MOST_RULES: usize = 1_024;
/// Longest name of a rule, in characters: it stands in every record.
const LONGEST_NAME_CHARS: usize = 64;

/// A rule that has been checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Rule {
    #[serde(serialize_with = "text")]
    name: Arc<str>,
    #[serde(skip_serializing_if = "Rank::is_global")]
    rank: Rank,
    /// The tests of `for`, then the condition.
    when: Condition,
    effects: Effects,
    /// Follows from the others, so it is not content of its own.
    #[serde(skip)]
    looks: Looks,
    /// How it was written; no content either.
    #[serde(skip)]
    wording: Wording,
}

/// What a decision needs to know of a rule before it evaluates it.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Looks {
    scope: Scope,
    restricts: bool,
    wishes: bool,
    at_who_is_there: bool,
}

impl Rule {
    /// The name, unique in its policy.
    #[must_use]
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// What it does where it applies.
    #[must_use]
    pub fn effects(&self) -> &Effects {
        &self.effects
    }

    /// Its place among rules whose preferences differ, narrowest first; then the earlier one wins.
    #[must_use]
    pub fn rank(&self) -> Rank {
        self.rank
    }

    /// Whom it is for, as written in `for`.
    #[must_use]
    pub fn circle(&self) -> &Circle {
        &self.wording.circle
    }

    /// Its condition, as written in `when`.
    #[must_use]
    pub fn when(&self) -> Option<&Arc<str>> {
        self.wording.when.as_ref()
    }

    /// What has to be at hand to evaluate its condition and to apply its restrictions. A rule with a
    /// preference, a tag or a right has a condition on the request alone, whatever this says.
    pub(crate) fn scope(&self) -> Scope {
        self.looks.scope
    }

    /// Whether it restricts anything.
    pub(crate) fn restricts(&self) -> bool {
        self.looks.restricts
    }

    /// Whether it prefers anything.
    pub(crate) fn wishes(&self) -> bool {
        self.looks.wishes
    }

    /// Whether its condition asks who is there.
    pub(crate) fn asks_who_is_there(&self) -> bool {
        self.looks.at_who_is_there
    }

    /// Whether its condition holds.
    pub(crate) fn truth(&self, view: &View<'_>) -> Truth {
        self.when.truth(view)
    }

    /// Checks one entry as written; `index` is its place in the file.
    fn compile(
        raw: &RawRule,
        index: usize,
        used: &[Tier],
        problems: &mut Problems,
    ) -> Option<Self> {
        let path = format!("rule[{index}]");
        let name = name(raw, &path, problems);
        let whole = whole(raw, &path, problems);
        let effects = effects::compile(raw, &path, used, problems);
        let (rank, when) = whole?;
        let mut at_who_is_there = false;
        when.tests(&mut |test| at_who_is_there |= test.fact.name().starts_with("fleet."));
        let looks = Looks {
            scope: when.scope().max(needed(&effects.restricts)),
            restricts: !effects.restricts.is_empty(),
            wishes: !effects.prefers.is_empty(),
            at_who_is_there,
        };
        Some(Self { name, rank, when, effects, looks, wording: Wording::of(raw) })
    }
}

fn name(raw: &RawRule, path: &str, problems: &mut Problems) -> Arc<str> {
    let name = raw.name.as_deref().unwrap_or_default();
    let path = format!("{path}.name");
    if name.trim().is_empty() {
        problems.add(&path, "is missing: give the rule a name");
    }
    let length = name.chars().count();
    if length > LONGEST_NAME_CHARS {
        let reason = format!("has {length} characters: use at most {LONGEST_NAME_CHARS}");
        problems.add(&path, reason);
    }
    if name.chars().any(char::is_control) {
        problems.add(&path, "holds a control character: remove it");
    }
    name.into()
}

/// The rank of a rule, and the tests of `for` with the condition behind them. `None` where there is
/// nothing that could be evaluated.
fn whole(raw: &RawRule, path: &str, problems: &mut Problems) -> Option<(Rank, Condition)> {
    let when_path = format!("{path}.when");
    let for_path = format!("{path}.for");
    let audience = raw.r#for.as_ref().map(|raw| audience::compile(raw, &for_path, problems));
    let when = raw.when.as_deref().map(|text| {
        check::compile(text, effects::once(raw)).map_err(|flaws| {
            for flaw in flaws {
                problems.add_at(&when_path, flaw.offset, flaw.reason);
            }
        })
    });
    if audience.is_none() && when.is_none() {
        problems.add(when_path, "is missing: say when the rule applies, or by for to whom");
        return None;
    }
    let when = when.transpose().ok()?;
    let (rank, mut parts) = audience.unwrap_or((Rank::Global, Vec::new()));
    if parts.is_empty() {
        return when.map(|when| (rank, when));
    }
    parts.extend(when);
    let whole = Condition::joined(true, parts);
    if constant::always(&whole).is_some() {
        problems.add(
            for_path,
            "and when exclude each other: the rule would match no request; correct one of them",
        );
    }
    Some((rank, whole))
}

/// What has to be at hand to apply restrictions.
fn needed(restricts: &Restrictions) -> Scope {
    if restricts.accelerators.is_some() {
        Scope::Device
    } else if restricts.regions.is_some() || restricts.max_retention_days.is_some() {
        Scope::Target
    } else {
        Scope::Request
    }
}

/// Checks all entries of a policy that uses these tiers.
pub(super) fn compile_all(raw: &[RawRule], used: &[Tier], problems: &mut Problems) -> Vec<Rule> {
    if raw.len() > MOST_RULES {
        let count = raw.len();
        problems.add("rule", format!("has {count} entries, over the limit of {MOST_RULES}"));
        return Vec::new();
    }
    let mut first_of = BTreeMap::new();
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
    let compile = |(index, raw)| Rule::compile(raw, index, used, problems);
    raw.iter().enumerate().filter_map(compile).collect()
}

fn text<S: Serializer>(text: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(text)
}

#[cfg(test)]
mod tests;
