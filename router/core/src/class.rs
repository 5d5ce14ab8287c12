//! How sensitive content is, and how far a target is from the person who asks.
//!
//! Both are ordered, and the order carries meaning: a higher [`DataClass`] needs more care, a higher
//! [`Tier`] is further from the asker. A ceiling is a map from class to the highest tier it may reach.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Sensitivity of content. The class of a request is the highest of its parts.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum DataClass {
    /// May be known by anyone.
    Public,
    /// The organisation's own, harmless if seen.
    Internal,
    /// About a person. Also the class of every part without a label that no detector has scanned.
    Personal,
    /// Secrets, credentials, government identity, health.
    Restricted,
}

impl DataClass {
    /// All classes, lowest first.
    pub const ALL: [Self; 4] = [Self::Public, Self::Internal, Self::Personal, Self::Restricted];

    /// The name used in policies, traces and receipts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Restricted => "restricted",
        }
    }
}

impl fmt::Display for DataClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Trust zone of a target, as seen by one principal.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Tier {
    /// A worker whose owner is the asker.
    Device,
    /// A machine of the asker's organisation, or of a group that the policy names.
    Edge,
    /// Someone else's machine. Content that reaches it has left: it is egress.
    Cloud,
}

impl Tier {
    /// All tiers, nearest first.
    pub const ALL: [Self; 3] = [Self::Device, Self::Edge, Self::Cloud];

    /// The name used in policies, traces and receipts.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Edge => "edge",
            Self::Cloud => "cloud",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
