//! The class that a request is decided under, with the right of its asker to label below findings.
//!
//! The right is a rule's effect, and a rule may ask for the class. So the class is first taken without the
//! right, rules are asked with that, and who then has the right is decided under what the labels say. A
//! rule that asks who is there, or about a target, grants nothing: a right is given before any of that is
//! known.

use super::ask::request_view;
use crate::facts::{ClassFact, Facts};
use crate::policy::Policy;
use crate::policy::rule::Truth;
use crate::privacy::class::{Known, of};

/// The class of a request under a policy.
#[must_use]
pub fn under(policy: &Policy, facts: &Facts) -> ClassFact {
    let known = Known { labels: facts.class, scan: &facts.scan, session: facts.session };
    let strict = of(known, policy.privacy(), false);
    let labelled = facts.scan.found.iter().any(|found| found.label.is_some());
    if labelled && may_lower(policy, facts, strict) {
        return of(known, policy.privacy(), true);
    }
    strict
}

fn may_lower(policy: &Policy, facts: &Facts, strict: ClassFact) -> bool {
    let alias = if facts.alias.is_empty() { policy.default_alias() } else { &facts.alias };
    let profile = policy.profile_of(&facts.principal.application);
    let view = request_view(facts, strict, alias, profile, None);
    let granting = |rule: &&crate::policy::Rule| rule.effects().lower_label;
    policy.rules().iter().filter(granting).any(|rule| rule.truth(&view) == Truth::True)
}
