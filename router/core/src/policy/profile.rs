//! What kind of assistant an application is. People write rules for kinds; which application is of
//! which kind is said once, in `[profiles]`.

use serde::{Deserialize, Serialize};
use std::fmt;

/// Kind of an assistant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Profile {
    /// Works the device it runs on.
    Device,
    /// Speaks for a service to its users.
    Service,
    /// Helps with the organisation's work.
    Work,
}

impl Profile {
    /// All kinds, in the order of the documentation.
    pub const ALL: [Self; 3] = [Self::Device, Self::Service, Self::Work];

    /// The name used in policies and traces.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Service => "service",
            Self::Work => "work",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
