//! A model at a cloud provider, as a decision sees it: what is stated of it, what was learned, why it rests,
//! and what the asker may still spend there.

use super::Learned;
use crate::budget::Left;
use crate::flight::event::{Blame, Fault};
use crate::money::ModelPrice;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A model at a cloud provider.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CloudSite {
    /// Name of the provider in the configuration.
    pub provider: Arc<str>,
    /// Region of the provider's machines, where stated.
    pub region: Option<Arc<str>>,
    /// Days for which the provider keeps what it is sent, where stated; 0 keeps nothing.
    #[serde(default)]
    pub retention_days: Option<u32>,
    /// A key is at hand and the provider is configured.
    pub configured: bool,
    /// The operator switched egress off: nothing leaves for any cloud.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub egress_off: bool,
    /// Price list; unknown makes the target ineligible under a cost ceiling.
    pub price: Option<ModelPrice>,
    /// Expected time to the first token, in milliseconds.
    pub first_token_ms: Option<f64>,
    /// Expected generated tokens a second.
    pub decode_tokens_per_s: Option<f64>,
    /// What was learned from answered requests; the router believes it before the catalogue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned: Option<Learned>,
    /// Why it is left alone now, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resting: Option<Resting>,
    /// What budgets leave the asker to spend there.
    #[serde(default, skip_serializing_if = "Left::is_unbounded")]
    pub left: Left,
}

impl CloudSite {
    /// A provider with a key at hand, of which nothing else is known.
    #[must_use]
    pub fn of(provider: impl Into<Arc<str>>) -> Self {
        Self {
            provider: provider.into(),
            region: None,
            retention_days: None,
            configured: true,
            egress_off: false,
            price: None,
            first_token_ms: None,
            decode_tokens_per_s: None,
            learned: None,
            resting: None,
            left: Left::default(),
        }
    }
}

/// Why a cloud model is left alone for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Resting {
    /// No cloud at all can be reached; the next try, in milliseconds.
    Offline {
        /// Until then.
        left_ms: u64,
    },
    /// It failed too often; the next try, in milliseconds.
    Failing {
        /// Until then.
        left_ms: u64,
    },
    /// It answers far slower than is its habit. Where nobody else is left, slow is better than nothing.
    Slow,
    /// The provider refuses every key, or all of them are over their rate; the first is back then.
    Keys {
        /// Until then.
        left_ms: u64,
    },
}

impl Resting {
    /// The fault of a call that comes to a model of this pool while it is left alone.
    #[must_use]
    pub fn fault(self, pool: &str) -> Fault {
        let (why, retry_after_ms) = match self {
            Self::Offline { left_ms } => ("no cloud can be reached", Some(left_ms)),
            Self::Failing { left_ms } => ("it failed too often", Some(left_ms)),
            Self::Keys { left_ms } => ("all its keys rest", Some(left_ms)),
            Self::Slow => ("it answers far slower than is its habit", None),
        };
        let detail = format!("{pool} is left alone: {why}");
        Fault { blame: Blame::Limit, kind: "breaker", detail, retry_after_ms }
    }
}

/// Price of text. Units: millionths of a US dollar per million tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// For prompt tokens.
    pub input_usd_micros_per_mtok: u64,
    /// For generated tokens.
    pub output_usd_micros_per_mtok: u64,
}
