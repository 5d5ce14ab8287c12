//! Families of findings: their names, and the class each has where the policy says nothing.

use super::detect::Family;
use crate::class::DataClass;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

impl Family {
    /// All families.
    pub const ALL: [Self; 12] = [
        Self::Credential,
        Self::Identity,
        Self::Health,
        Self::Payment,
        Self::Contact,
        Self::Network,
        Self::Place,
        Self::Vehicle,
        Self::Birth,
        Self::Organisation,
        Self::Public,
        Self::Media,
    ];

    /// The name in policies, records and on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Identity => "identity",
            Self::Health => "health",
            Self::Payment => "payment",
            Self::Contact => "contact",
            Self::Network => "network",
            Self::Place => "place",
            Self::Vehicle => "vehicle",
            Self::Birth => "birth",
            Self::Organisation => "organisation",
            Self::Public => "public",
            Self::Media => "media",
        }
    }

    /// The family of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The class of its findings where the policy says nothing: what opens something and what a state
    /// knows a person by is restricted, what anybody may know is public, all else is personal.
    #[must_use]
    pub const fn shipped_class(self) -> DataClass {
        match self {
            Self::Credential | Self::Identity => DataClass::Restricted,
            Self::Public => DataClass::Public,
            Self::Health
            | Self::Payment
            | Self::Contact
            | Self::Network
            | Self::Place
            | Self::Vehicle
            | Self::Birth
            | Self::Organisation
            | Self::Media => DataClass::Personal,
        }
    }

    /// The lowest class that a policy may give it: a key or the number of an identity card is never made
    /// fit for a cloud by a line in a file.
    #[must_use]
    pub const fn lowest_class(self) -> DataClass {
        match self {
            Self::Credential | Self::Identity => DataClass::Personal,
            _ => DataClass::Public,
        }
    }
}

impl Serialize for Family {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Family {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::of_name(&name).ok_or_else(|| D::Error::custom("no family of findings is called that"))
    }
}
