//! `[privacy]` as written.

use crate::class::DataClass;
use crate::policy::Names;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// `[privacy]`.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RawPrivacy {
    /// What it takes to call a text without a label harmless.
    pub names: Option<Names>,
    /// Likelihood from which on a finding counts, 0.2 to 0.6.
    #[schemars(range(min = 0.2, max = 0.6))]
    pub min_score: Option<f64>,
    /// Class of findings, by kind (`EMAIL_ADDRESS`) or family (`contact`).
    pub classes: BTreeMap<String, DataClass>,
}
