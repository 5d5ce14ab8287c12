//! The name of a fact, as a record holds it: always one of the vocabulary.

use super::rule::Fact;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::cmp::Ordering;
use std::fmt;

/// The name of a fact that a condition can name. It is held as its row in the vocabulary, one byte,
/// because each of the thousand rows of a trace has room for one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FactName(u8);

impl FactName {
    fn name(self) -> &'static str {
        Fact::of_row(self.0).map_or("", Fact::name)
    }
}

impl From<Fact> for FactName {
    fn from(fact: Fact) -> Self {
        Self(fact.row())
    }
}

impl PartialOrd for FactName {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for FactName {
    /// As the names are, so that the order of the vocabulary never shows.
    fn cmp(&self, other: &Self) -> Ordering {
        self.name().cmp(other.name())
    }
}

impl fmt::Display for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Debug for FactName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FactName").field(&self.name()).finish()
    }
}

impl Serialize for FactName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for FactName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let unknown = || de::Error::custom(format!("{name:?} is no fact that this build knows"));
        Fact::named(&name).map(Self::from).ok_or_else(unknown)
    }
}
