//! Names that requests use for models.
//!
//! An alias stands for a set of models, any of which may answer; how one of them is picked is the
//! policy's to say. A model's own name needs no alias. An entry that is the name of another alias
//! stands for the models of that alias ([`resolve`]), so that a family of models is listed once. A
//! canary is a model on trial: it takes its share of the requests and is none of the others.

mod compile;
mod resolve;

pub(super) use compile::compile_all;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A name and the models it stands for.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Alias {
    name: String,
    /// In the order of the file; empty means any model.
    models: Vec<String>,
    #[serde(skip_serializing_if = "Pick::is_best")]
    pick: Pick,
    /// One for each model where the pick is weighted, together 1; else empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    weights: Vec<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    canary: Option<Canary>,
}

/// How one model of an alias is picked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pick {
    /// The objective decides.
    #[default]
    Best,
    /// The first of the list that can answer.
    Ordered,
    /// By chance, in the proportion of the weights.
    Weighted,
}

impl Pick {
    /// The name used in policies.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Best => "best",
            Self::Ordered => "ordered",
            Self::Weighted => "weighted",
        }
    }

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes fields by reference")]
    fn is_best(&self) -> bool {
        *self == Self::Best
    }
}

/// A model on trial.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Canary {
    /// The model; none of the alias's own.
    pub model: String,
    /// Its share of the requests, above 0 and below 1.
    pub share: f64,
}

impl Alias {
    /// The alias that a request without a model name asks for, where the policy names no other.
    pub const DEFAULT_NAME: &'static str = "default";

    /// Stands for any model, in a policy file.
    const ANY: &'static str = "*";

    /// An alias for every model there is.
    pub(super) fn any(name: &str) -> Self {
        let (models, weights) = (Vec::new(), Vec::new());
        Self { name: name.into(), models, pick: Pick::Best, weights, canary: None }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The models it stands for, in the order of the file, without the canary; `None` means any.
    #[must_use]
    pub fn models(&self) -> Option<&[String]> {
        (!self.models.is_empty()).then_some(&self.models)
    }

    /// Whether `model` may answer to this name; so may the canary.
    #[must_use]
    #[inline]
    pub fn covers(&self, model: &str) -> bool {
        self.models.is_empty()
            || self.models.iter().any(|name| name == model)
            || self.canary.as_ref().is_some_and(|canary| canary.model == model)
    }

    /// How one of the models is picked.
    #[must_use]
    pub fn pick(&self) -> Pick {
        self.pick
    }

    /// Share of a model among the others, without the canary, where the pick is weighted.
    #[must_use]
    pub fn weight(&self, model: &str) -> Option<f64> {
        self.weights.get(self.place(model)?).copied()
    }

    /// Place of a model in the list, 0 first; `None` for the canary and where any model may answer.
    #[must_use]
    pub fn place(&self, model: &str) -> Option<usize> {
        self.models.iter().position(|name| name == model)
    }

    /// The model on trial, if there is one.
    #[must_use]
    pub fn canary(&self) -> Option<&Canary> {
        self.canary.as_ref()
    }
}

#[cfg(test)]
mod tests;
