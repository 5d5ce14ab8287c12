//! Names that requests use for models.
//!
//! An alias stands for a set of models, any of which may answer. A model's own name needs no alias.
//! The order of the models carries no meaning: which of them answers is the decision's business.

use super::problem::Problems;
use super::raw::RawAlias;
use serde::Serialize;

/// A name and the models it stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Alias {
    name: String,
    /// Empty means any model.
    models: Vec<String>,
}

impl Alias {
    /// The alias that a request without a model name asks for, where the policy names no other.
    pub const DEFAULT_NAME: &'static str = "default";

    /// Stands for any model, in a policy file.
    const ANY: &'static str = "*";

    /// An alias for every model there is.
    pub(super) fn any(name: &str) -> Self {
        Self { name: name.into(), models: Vec::new() }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The models it stands for; `None` means any.
    #[must_use]
    pub fn models(&self) -> Option<&[String]> {
        (!self.models.is_empty()).then_some(&self.models)
    }

    /// Whether `model` may answer to this name.
    #[must_use]
    pub fn covers(&self, model: &str) -> bool {
        self.models.is_empty() || self.models.iter().any(|name| name == model)
    }

    /// Checks one entry as written; `index` is its place in the file.
    fn compile(raw: RawAlias, index: usize, problems: &mut Problems) -> Self {
        let name = raw.name.unwrap_or_default();
        if name.trim().is_empty() {
            problems.add(format!("alias[{index}].name"), "is missing: give the alias a name");
        }
        let path = format!("alias[{index}].models");
        if raw.models.is_empty() {
            problems.add(&path, "is empty: list models, or [\"*\"] for any");
        }
        if raw.models.iter().any(|model| model.trim().is_empty()) {
            problems.add(&path, "holds an empty model name");
        }
        if raw.models.len() > 1 && raw.models.iter().any(|model| model == Self::ANY) {
            problems.add(&path, "mixes \"*\" (any model) with names: keep one or the other");
        }
        let mut models = raw.models;
        models.retain(|model| model != Self::ANY);
        models.sort_unstable();
        models.dedup();
        Self { name, models }
    }
}

/// Checks all entries. Without any, the shipped alias for any model stands.
pub(super) fn compile_all(raw: Vec<RawAlias>, problems: &mut Problems) -> Vec<Alias> {
    if raw.is_empty() {
        return vec![Alias::any(Alias::DEFAULT_NAME)];
    }
    let aliases: Vec<Alias> = raw
        .into_iter()
        .enumerate()
        .map(|(index, raw)| Alias::compile(raw, index, problems))
        .collect();
    for (index, alias) in aliases.iter().enumerate() {
        let first = aliases.iter().position(|other| other.name == alias.name);
        if let Some(first) = first.filter(|first| *first < index && !alias.name.is_empty()) {
            problems.add(
                format!("alias[{index}].name"),
                format!(
                    "\"{}\" is already alias[{first}]: give each alias its own name",
                    alias.name
                ),
            );
        }
    }
    aliases
}
