//! What a condition means, and what is said of one that means nothing.

mod bad;
mod differential;
mod document;
mod hostile;
mod meaning;

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
    check::compile(text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}
