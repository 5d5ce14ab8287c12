//! The effects of a rule as they would be written in a policy, one line a key.

use crate::class::Tier;
use crate::device::Accelerator;
use crate::policy::{Effects, Preferences, Preset, Ranking, Restrictions, Weights};
use std::fmt::{Debug, Display};

/// One line for each effect that is set, in the order of the documentation.
pub(super) fn lines(effects: &Effects) -> Vec<String> {
    let mut lines = Vec::new();
    restrictions(&effects.restricts, &mut lines);
    preferences(&effects.prefers, &mut lines);
    if !effects.tags.is_empty() {
        lines.push(format!("tag = {}", list(effects.tags.iter())));
    }
    if effects.lower_label {
        lines.push("lower_label = true".into());
    }
    lines
}

fn restrictions(restricts: &Restrictions, lines: &mut Vec<String>) {
    let set = |lines: &mut Vec<String>, key: &str, value: Option<String>| {
        lines.extend(value.map(|value| format!("{key} = {value}")));
    };
    let on = |flag: bool| flag.then(|| "true".to_owned());
    let kinds = |kinds: &Vec<Accelerator>| list(kinds.iter().map(|kind| kind.name()));
    set(lines, "deny", on(restricts.deny));
    set(lines, "max_tier", restricts.max_tier.map(|tier| quoted(tier.name())));
    set(lines, "own_device", on(restricts.own_device));
    set(lines, "regions", restricts.regions.as_ref().map(|regions| list(regions.iter())));
    set(lines, "max_retention_days", restricts.max_retention_days.map(number));
    set(lines, "accelerator", restricts.accelerators.as_ref().map(kinds));
    set(lines, "max_first_token_ms", restricts.predicted.max_first_token_ms.map(number));
    set(lines, "max_total_ms", restricts.predicted.max_total_ms.map(number));
    set(lines, "max_cost_usd_micros", restricts.predicted.max_cost_usd_micros.map(number));
    set(lines, "max_energy_joules", restricts.predicted.max_energy_joules.map(decimal));
    set(lines, "min_quality", restricts.predicted.min_quality.map(decimal));
}

fn preferences(prefers: &Preferences, lines: &mut Vec<String>) {
    if let Some(preset) = prefers.preset.map(Preset::name) {
        lines.push(format!("preset = {}", quoted(preset)));
    }
    if !prefers.weights.is_empty() {
        lines.push(format!("weights = {{ {} }}", weights(&prefers.weights)));
    }
    if !prefers.prefer.is_empty() {
        let tiers = prefers.prefer.iter().map(|tier| Tier::name(*tier));
        lines.push(format!("prefer = {}", list(tiers)));
    }
    if let Some(ranking) = prefers.ranking {
        lines.push(format!("ranking = {}", quoted(ranking_name(ranking))));
    }
    if let Some(hedge) = prefers.hedge {
        lines.push(format!("hedge = {hedge}"));
    }
}

fn weights(weights: &Weights) -> String {
    let rates = [
        ("first_token_usd_micros_per_s", weights.first_token_usd_micros_per_s),
        ("total_usd_micros_per_s", weights.total_usd_micros_per_s),
        ("energy_usd_micros_per_joule", weights.energy_usd_micros_per_joule),
        ("bad_answer_usd_micros", weights.bad_answer_usd_micros),
    ];
    let set = rates.into_iter().filter_map(|(key, rate)| Some((key, rate?)));
    let set = set.map(|(key, rate)| format!("{key} = {}", decimal(rate)));
    set.collect::<Vec<_>>().join(", ")
}

/// The word for a ranking in policies.
pub(super) const fn ranking_name(ranking: Ranking) -> &'static str {
    match ranking {
        Ranking::TierFirst => "tier_first",
        Ranking::ObjectiveFirst => "objective_first",
    }
}

fn number(number: impl Display) -> String {
    number.to_string()
}

/// With its point, so that a policy reads it as a decimal number.
fn decimal(number: f64) -> String {
    format!("{number:?}")
}

fn quoted(text: impl Debug) -> String {
    format!("{text:?}")
}

fn list(texts: impl Iterator<Item = impl Debug>) -> String {
    format!("[{}]", texts.map(quoted).collect::<Vec<_>>().join(", "))
}
