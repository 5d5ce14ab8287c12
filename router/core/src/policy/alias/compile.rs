//! Checks the aliases of a policy as written.

use super::resolve::{Expansion, Resolver};
use super::{Alias, Canary, Pick};
use crate::policy::problem::Problems;
use crate::policy::raw::RawAlias;
use std::collections::BTreeMap;

/// Most aliases of a policy.
const MOST_ALIASES: usize = 1_024;
/// Most entries of one list as written.
const MOST_MODELS: usize = 1_024;

/// Checks all entries. Without any, the shipped alias for any model stands.
pub(in crate::policy) fn compile_all(raw: &[RawAlias], problems: &mut Problems) -> Vec<Alias> {
    if raw.is_empty() {
        return vec![Alias::any(Alias::DEFAULT_NAME)];
    }
    let nameless = vec![Alias::any("")];
    if raw.len() > MOST_ALIASES {
        let count = raw.len();
        problems.add("alias", format!("has {count} entries, over the limit of {MOST_ALIASES}"));
        return nameless;
    }
    let mut too_long = false;
    for (index, alias) in raw.iter().enumerate().filter(|(_, raw)| raw.models.len() > MOST_MODELS) {
        let (path, count) = (format!("alias[{index}].models"), alias.models.len());
        problems.add(path, format!("has {count} entries, over the limit of {MOST_MODELS}"));
        too_long = true;
    }
    if too_long {
        return nameless;
    }
    let by_name = names(raw, problems);
    let shares: Vec<Vec<f64>> =
        raw.iter().enumerate().map(|(index, raw)| entries(raw, index, problems)).collect();
    let expansions = Resolver::new(raw, &shares, &by_name, problems).all();
    raw.iter()
        .zip(expansions)
        .enumerate()
        .map(|(index, (raw, expansion))| finish(raw, index, expansion, &by_name, problems))
        .collect()
}

/// Index of each name; the first where a name is given twice.
fn names<'a>(raw: &'a [RawAlias], problems: &mut Problems) -> BTreeMap<&'a str, usize> {
    let mut by_name = BTreeMap::new();
    for (index, alias) in raw.iter().enumerate() {
        let path = format!("alias[{index}].name");
        let name = alias.name.as_deref().unwrap_or_default();
        if name.trim().is_empty() {
            problems.add(path, "is missing: give the alias a name");
        } else if name == Alias::ANY {
            problems.add(path, "\"*\" stands for any model in lists: give the alias another name");
        } else if let Some(first) = by_name.get(name) {
            let reason = "give each alias its own name";
            problems.add(path, format!("{name:?} is already alias[{first}]: {reason}"));
        } else {
            by_name.insert(name, index);
        }
    }
    by_name
}

/// Checks the list and the weights of one entry; yields the share of each entry, together 1.
fn entries(raw: &RawAlias, index: usize, problems: &mut Problems) -> Vec<f64> {
    let path = format!("alias[{index}].models");
    if raw.models.is_empty() {
        problems.add(&path, "is empty: list models, or [\"*\"] for any");
    }
    for (place, _) in raw.models.iter().enumerate().filter(|(_, model)| model.trim().is_empty()) {
        problems.add(format!("{path}[{place}]"), "is an empty name: name a model, or remove it");
    }
    if raw.models.len() > 1
        && let Some(place) = raw.models.iter().position(|model| model == Alias::ANY)
    {
        problems.add(
            format!("{path}[{place}]"),
            "mixes \"*\" (any model) with names: keep one or the other",
        );
    }
    let count = raw.models.len();
    #[expect(clippy::cast_precision_loss, reason = "a list has at most 1,024 entries")]
    let equal = vec![1.0 / count.max(1) as f64; count];
    let weighted = raw.pick == Some(Pick::Weighted);
    let path = format!("alias[{index}].weights");
    match &raw.weights {
        None if weighted => {
            problems.add(path, "is missing: pick = \"weighted\" needs a weight for each model");
        }
        None => {}
        Some(_) if !weighted => {
            problems.add(path, "weighs nothing: add pick = \"weighted\", or remove the weights");
        }
        Some(weights) if weights.len() != count => {
            let given = weights.len();
            problems.add(
                path,
                format!("has {given} weights for {count} models: give each model one weight"),
            );
        }
        Some(weights) => {
            let bad = weights.iter().enumerate().filter(|(_, weight)| !is_weight(**weight));
            let before = problems.len();
            for (place, weight) in bad {
                problems.add(
                    format!("{path}[{place}]"),
                    format!(
                        "{weight} is no weight: give a number above 0 and up to 1e9, or remove the \
                         model from the list"
                    ),
                );
            }
            if problems.len() == before {
                let sum: f64 = weights.iter().sum();
                return weights.iter().map(|weight| weight / sum).collect();
            }
        }
    }
    equal
}

/// Large enough for any proportion, small enough that sums stay finite.
fn is_weight(weight: f64) -> bool {
    weight > 0.0 && weight <= 1e9
}

/// The alias of a checked entry and what it stands for.
fn finish(
    raw: &RawAlias,
    index: usize,
    expansion: Expansion,
    by_name: &BTreeMap<&str, usize>,
    problems: &mut Problems,
) -> Alias {
    let pick = raw.pick.unwrap_or_default();
    if expansion.any && pick != Pick::Best {
        problems.add(
            format!("alias[{index}].pick"),
            format!(
                "{:?} needs models by name, and the list stands for any: name them, or pick \"best\"",
                pick.name()
            ),
        );
    }
    let canary = canary(raw, index, &expansion, by_name, problems);
    let (models, shares): (Vec<String>, Vec<f64>) = expansion.models.into_iter().unzip();
    let models = if expansion.any { Vec::new() } else { models };
    let weights = if pick == Pick::Weighted { shares } else { Vec::new() };
    Alias { name: raw.name.clone().unwrap_or_default(), models, pick, weights, canary }
}

fn canary(
    raw: &RawAlias,
    index: usize,
    expansion: &Expansion,
    by_name: &BTreeMap<&str, usize>,
    problems: &mut Problems,
) -> Option<Canary> {
    let written = raw.canary.as_ref()?;
    let path = |key: &str| format!("alias[{index}].canary.{key}");
    let model = written.model.clone().unwrap_or_default();
    if model.trim().is_empty() {
        problems.add(path("model"), "is missing or empty: name the model on trial");
    } else if by_name.contains_key(model.as_str()) {
        problems.add(path("model"), format!("{model:?} is an alias: name one model"));
    } else if expansion.any {
        let reason = "is a model that the alias stands for already, as it stands for any: name the \
                      alias's models";
        problems.add(path("model"), reason);
    } else if expansion.models.iter().any(|(known, _)| *known == model) {
        let reason = "is among the alias's models already: take it out of one of the two";
        problems.add(path("model"), format!("{model:?} {reason}"));
    }
    let range = "above 0 and below 1, such as 0.05 for one request in twenty";
    match written.share {
        None => problems.add(path("share"), format!("is missing: give a share {range}")),
        Some(share) if share > 0.0 && share < 1.0 => return Some(Canary { model, share }),
        Some(share) => {
            problems.add(path("share"), format!("{share} is out of range: a share {range}"));
        }
    }
    None
}
