//! Names for models, and what an operator states of models, as written.

use crate::policy::Pick;
use schemars::JsonSchema;
use serde::Deserialize;

/// `[[alias]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["name", "models"]))]
pub struct RawAlias {
    /// The name, unique in its policy.
    pub name: Option<String>,
    /// The models it stands for; `["*"]` is any. The name of another alias stands for its models.
    pub models: Vec<String>,
    /// How one of the models is picked. Shipped: best.
    pub pick: Option<Pick>,
    /// Shares of the requests, one for each entry of `models`, each above 0; only with
    /// `pick = "weighted"`, and required there. They need not add up to 1.
    pub weights: Option<Vec<f64>>,
    /// A model that gets a share of the requests and is none of `models`.
    pub canary: Option<RawCanary>,
}

/// `canary = { model = "..", share = 0.05 }` of an alias.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["model", "share"]))]
pub struct RawCanary {
    /// The model.
    pub model: Option<String>,
    /// Its share of the requests, above 0 and below 1.
    pub share: Option<f64>,
}

/// `[[target]]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(extend("required" = ["model"]))]
pub struct RawTarget {
    /// The model that it speaks of.
    pub model: Option<String>,
    /// Only where this provider serves it; absent: wherever it is served, workers included.
    pub provider: Option<String>,
    /// Probability of a good answer, 0 to 1; replaces the catalogue's.
    pub quality: Option<f64>,
    /// Whether it may be used at all. Shipped: true.
    #[serde(rename = "use")]
    pub usable: Option<bool>,
}
