//! A policy that would carry content above its ceiling is refused when it is loaded, with the rule that
//! would do it and how.
//!
//! The gates hold at every dispatch whatever a policy says, so none of this could happen. But whoever
//! wrote it meant that it would, and finds out today rather than by an error in the middle of the night:
//!
//! - a rule that prefers a tier for content of which no class that it can match may go there;
//! - the right to label below findings, given to whoever comes: anybody could call anything public.
//!
//! Aliases, fallbacks, hedges and profiles name models and people, never classes: what they name is a
//! candidate and goes through the gates. So there is nothing in them to refuse.

use super::problem::Problems;
use super::rule::Rule;
use super::{Ceilings, Policy};
use crate::class::{DataClass, Tier};

/// Every leak that a policy asks for.
pub(super) fn check(policy: &Policy, problems: &mut Problems) {
    for (index, rule) in policy.rules.iter().enumerate() {
        preferences(policy, index, rule, problems);
        if rule.effects().lower_label {
            right(policy, index, rule, problems);
        }
    }
}

/// A tier that comes first, for content that may not go there at all.
fn preferences(policy: &Policy, index: usize, rule: &Rule, problems: &mut Problems) {
    let classes: Vec<DataClass> =
        DataClass::ALL.into_iter().filter(|class| rule.can_hold_of(*class)).collect();
    for tier in &rule.effects().prefers.prefer {
        // Of what a policy keeps nearer than it must, a wish for more is no leak, only idle.
        let allowed = |class: &DataClass| Ceilings::maximum(*class) >= *tier;
        if let (Some(lowest), false) = (classes.first(), classes.iter().any(allowed)) {
            let ceiling = policy.ceilings.of(*lowest);
            problems.add(
                format!("rule[{index}].prefer"),
                format!(
                    "rule {:?} would carry content of class {lowest} to tier {tier}, above its ceiling \
                     {ceiling}: prefer {ceiling}, or let the rule match a lower class",
                    rule.name()
                ),
            );
        }
    }
}

/// The right to label below what was found.
fn right(policy: &Policy, index: usize, rule: &Rule, problems: &mut Problems) {
    let cloud = policy.tiers.order.contains(&Tier::Cloud)
        && policy.ceilings.of(DataClass::Public) == Tier::Cloud;
    if cloud && rule.can_hold_for_anybody() {
        problems.add(
            format!("rule[{index}].lower_label"),
            format!(
                "rule {:?} would let whoever asks label findings of class personal as public, which may \
                 go to tier cloud, above their ceiling {}: say for whom, by for or by a condition on the \
                 principal",
                rule.name(),
                policy.ceilings.of(DataClass::Personal),
            ),
        );
    }
}
