//! What a fact is: a name, a type, a reading. The facts themselves are one [`table`], from which the
//! type check, the evaluation, the suggestions and the table in `docs/POLICIES.md` all come.
//!
//! A fact that does not apply is not a fact that is unknown. A shared machine without a group has the
//! empty group, known to be empty, because groups come from signed tokens. A region that nobody
//! stated is unknown. A cloud has no battery: what is said of a device does not hold of a cloud, in
//! the positive or the negative, so that a low battery never counts against a cloud.

mod table;

pub(super) use table::TABLE;

use super::value::Value;
use super::view::View;
use serde::{Serialize, Serializer};
use std::fmt;

/// What a fact can be compared with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// True or false.
    Bool,
    /// A whole number from 0 to `most`.
    Int { unit: &'static str, most: i64 },
    /// A decimal number from 0 to `most`.
    Float { unit: &'static str, most: f64 },
    /// One of a few words; `ordered` ones from lowest to highest.
    Word { words: &'static [&'static str], ordered: bool },
    /// Any text.
    Text,
    /// Some texts, asked only whether one is among them.
    Texts,
}

/// How often a condition on a fact has to be evaluated. A later scope includes the earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// Once a request.
    Request,
    /// Once a pool.
    Target,
    /// Once a worker.
    Device,
}

/// One row of the vocabulary.
#[derive(Debug)]
pub(super) struct Entry {
    pub name: &'static str,
    pub kind: Kind,
    pub about: &'static str,
    pub example: &'static str,
    pub read: for<'a> fn(&View<'a>) -> Value<'a>,
}

/// A fact of the vocabulary. There is one table, so the place of its row is its identity.
#[derive(Clone, Copy)]
pub(crate) struct Fact(pub(super) &'static Entry);

impl Fact {
    /// The fact of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        TABLE.iter().find(|entry| entry.name == name).map(Self)
    }

    /// The name, as written in a condition.
    pub(crate) fn name(self) -> &'static str {
        self.0.name
    }

    /// The fact of a row of the vocabulary.
    pub(crate) fn of_row(row: u8) -> Option<Self> {
        TABLE.get(usize::from(row)).map(Self)
    }

    /// Its row in the vocabulary, which has far fewer than a byte can count.
    pub(crate) fn row(self) -> u8 {
        let row = (0..u8::MAX).zip(TABLE).find(|(_, entry)| std::ptr::eq(*entry, self.0));
        row.map_or(u8::MAX, |(row, _)| row)
    }

    /// How often a condition on it has to be evaluated.
    pub(super) fn scope(self) -> Scope {
        match self.name().split_once('.') {
            Some(("target", _)) => Scope::Target,
            Some(("device", _)) => Scope::Device,
            _ => Scope::Request,
        }
    }
}

impl PartialEq for Fact {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.0, other.0)
    }
}

impl fmt::Debug for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
