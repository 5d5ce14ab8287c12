//! What is most likely a slip, and yet a policy: told, and not refused.
//!
//! A file may name a model that is provided tomorrow, or forbid the last one for today. Refusing it
//! would keep an older policy in force, which is the worse surprise. Warnings are no part of the hash.

use super::problem::Problems;
use super::raw::RawRule;
use super::{Policy, PolicyProblem};
use crate::class::{DataClass, Tier};
use std::collections::BTreeMap;

/// Unknown models that are told; each is compared with every known one.
const MOST_UNKNOWN: usize = 32;

/// Every warning of a policy, in the order of its sections.
pub(super) fn of(policy: &Policy, rules: &[RawRule]) -> Vec<PolicyProblem> {
    let mut warnings = Problems::default();
    unreachable_tiers(policy, &mut warnings);
    unknown_models(policy, &mut warnings);
    forbidden_aliases(policy, &mut warnings);
    impossible_limits(policy, &mut warnings);
    repeated_rules(rules, &mut warnings);
    warnings.into_warnings()
}

fn unreachable_tiers(policy: &Policy, warnings: &mut Problems) {
    let order = &policy.tiers.order;
    let farthest = policy.ceilings.of(DataClass::Public);
    if !order.is_empty() && order.iter().all(|tier| *tier > farthest) {
        warnings.add(
            "tiers.order",
            format!("no class may go further than {farthest}: every request will be refused"),
        );
    }
    if !policy.tiers.edge_groups.is_empty() && !order.contains(&Tier::Edge) {
        warnings.add(
            "tiers.edge_groups",
            "changes nothing, as tiers.order does not use edge: add \"edge\" there",
        );
    }
}

fn unknown_models(policy: &Policy, warnings: &mut Problems) {
    if policy.targets.is_empty() {
        return;
    }
    let mut told = BTreeMap::new();
    for (index, alias) in policy.aliases.iter().enumerate() {
        let models = alias.models().unwrap_or_default().iter().map(|model| (model, "models"));
        let canary = alias.canary().map(|canary| (&canary.model, "canary.model"));
        for (model, key) in models.chain(canary) {
            if told.len() >= MOST_UNKNOWN || policy.targets.knows(model) {
                continue;
            }
            told.entry(model).or_insert_with(|| {
                let nearest = policy.targets.nearest(model);
                warnings.add(
                    format!("alias[{index}].{key}"),
                    format!(
                        "{model:?} is an unknown model, no [[target]]: did you mean {nearest:?}?"
                    ),
                );
            });
        }
    }
}

fn forbidden_aliases(policy: &Policy, warnings: &mut Problems) {
    for (index, alias) in policy.aliases.iter().enumerate() {
        let Some(models) = alias.models() else { continue };
        if models.iter().all(|model| policy.targets.forbids(model)) {
            let which = match models {
                [model] => format!("{model:?} is a [[target]]"),
                _ => "each of them is a [[target]]".to_owned(),
            };
            warnings.add(
                format!("alias[{index}].models"),
                format!("{which} with use = false: nobody will answer to this name"),
            );
        }
    }
}

fn impossible_limits(policy: &Policy, warnings: &mut Problems) {
    let limits = policy.limits;
    if let Some(least) = limits.predicted.min_quality
        && let Some((model, best)) = policy.targets.best()
        && best < least
    {
        warnings.add(
            "limits.min_quality",
            format!("no [[target]] is that good: the best, {model:?}, is stated as {best}"),
        );
    }
    if let (Some(first), Some(total)) =
        (limits.predicted.max_first_token_ms, limits.predicted.max_total_ms)
        && first > total
    {
        warnings.add(
            "limits.max_first_token_ms",
            format!("changes nothing, as limits.max_total_ms = {total} is earlier"),
        );
    }
}

/// Rules alike in everything but the name.
fn repeated_rules(rules: &[RawRule], warnings: &mut Problems) {
    let mut by_condition: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, rule) in rules.iter().enumerate() {
        let Some(when) = rule.when.as_deref() else { continue };
        let alike = by_condition.entry(when.trim()).or_default();
        let nameless = |rule: &RawRule| RawRule { name: None, ..rule.clone() };
        let first = alike.iter().copied().find(|first| {
            rules.get(*first).is_some_and(|earlier| nameless(earlier) == nameless(rule))
        });
        match first {
            Some(first) => warnings.add(
                format!("rule[{index}].when"),
                format!("does the same as rule[{first}]: remove one of the two"),
            ),
            None => alike.push(index),
        }
    }
}
