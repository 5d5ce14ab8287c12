//! What may be loaded while somebody else answers.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A worker that has a model on its disk, and would have answered sooner than the first attempt if the model were
/// in its memory. Whether that is worth a load depends on how often it is wanted
/// ([`crate::residency::worth_loading`]), which no single decision knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Meanwhile {
    /// Name from the join token.
    pub worker_id: Arc<str>,
    /// The model.
    pub model: Arc<str>,
    /// How much sooner the whole answer would have been there, in milliseconds.
    pub saves_ms: f64,
    /// Time that a load takes, in milliseconds.
    pub load_ms: f64,
    /// Waiting that the eviction of others costs them, in milliseconds.
    pub harm_ms: f64,
}
