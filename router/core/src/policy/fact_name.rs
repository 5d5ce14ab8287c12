//! The name of a fact, as a record holds it: always one of the vocabulary.

use super::rule::Fact;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::fmt;

/// The name of a fact that a condition can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactName(&'static str);

impl From<Fact> for FactName {
    fn from(fact: Fact) -> Self {
        Self(fact.name())
    }
}

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for FactName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for FactName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || de::Error::custom(format!("{name:?} is no fact that this build knows"));
        Fact::named(&name).map(Self::from).ok_or_else(unknown)
    }
}
