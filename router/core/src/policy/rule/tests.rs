//! What a condition means, and what is said of one that means nothing.

mod audience;
mod bad;
mod bad_effects;
mod differential;
mod document;
mod effects;
mod facts;
mod hostile;
mod meaning;
mod places;

use super::*;
use crate::policy::{Policy, RawPolicy};

/// A policy of these rules, or its problems as text.
fn policy(body: &str) -> Result<Policy, Vec<String>> {
    let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'test'\n{body}"))
        .map_err(|error| vec![error.message().to_owned()])?;
    Policy::compile(raw)
        .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// The condition of a text that is in order.
fn condition(text: &str) -> Condition {
    compiled(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// A condition, or its problems as text.
fn compiled(text: &str) -> Result<Condition, Vec<String>> {
    check::compile(text, None)
        .map_err(|flaws| flaws.into_iter().map(|flaw| flaw.reason).collect::<Vec<_>>())
}

/// A rule of this text, after its name.
fn rule(body: &str) -> Rule {
    policy(&format!("[[rule]]\nname = 'r'\n{body}"))
        .unwrap_or_else(|problems| panic!("{body}: {problems:?}"))
        .rules()[0]
        .clone()
}
