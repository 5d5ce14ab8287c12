//! A compiled condition: a tree of comparisons of one fact with literals, evaluated in three values.
//!
//! The logic is Kleene's: a false part settles an "and", a true part an "or", whatever the others
//! are. Negation is pushed down to the comparisons while compiling, so the tree has none. Types were
//! checked before; a comparison that makes no sense would be unknown, which restricts.

use super::value::Value;
use super::view::View;
use super::vocabulary::{Fact, Scope};
use serde::Serialize;

/// A condition that has been checked.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Condition {
    /// Every part holds.
    All(Vec<Condition>),
    /// Some part holds.
    Any(Vec<Condition>),
    /// A comparison.
    Test(Test),
}

/// A comparison of a fact with literals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Test {
    pub fact: Fact,
    pub check: Check,
}

/// What a fact is checked for.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Check {
    /// Against one literal.
    Compare(Comparison, Literal),
    /// Against a list.
    Among { list: Vec<Literal>, inside: bool },
    /// Whether a list of texts holds one.
    Holds { text: String, inside: bool },
}

/// The six comparisons.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    AtMost,
    Greater,
    AtLeast,
}

impl Comparison {
    /// The one that holds exactly where this one does not.
    pub fn negated(self) -> Self {
        match self {
            Self::Equal => Self::NotEqual,
            Self::NotEqual => Self::Equal,
            Self::Less => Self::AtLeast,
            Self::AtMost => Self::Greater,
            Self::Greater => Self::AtMost,
            Self::AtLeast => Self::Less,
        }
    }

    /// The same with its sides exchanged.
    pub fn mirrored(self) -> Self {
        match self {
            Self::Less => Self::Greater,
            Self::AtMost => Self::AtLeast,
            Self::Greater => Self::Less,
            Self::AtLeast => Self::AtMost,
            Self::Equal | Self::NotEqual => self,
        }
    }
}

/// A literal of the type of its fact.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Literal {
    Bool(bool),
    Int(i64),
    Float(f64),
    /// A word, by its place in the list of words.
    Word(usize),
    Text(String),
}

/// What a condition comes to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Truth {
    True,
    False,
    /// The first fact that would have to be known.
    Unknown(Fact),
}

impl Condition {
    /// Joins parts; nested ones of the same kind become one list.
    pub fn joined(all: bool, parts: impl IntoIterator<Item = Self>) -> Self {
        let mut flat = Vec::new();
        for part in parts {
            match part {
                Self::All(inner) if all => flat.extend(inner),
                Self::Any(inner) if !all => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match flat.len() {
            1 => flat.swap_remove(0),
            _ if all => Self::All(flat),
            _ => Self::Any(flat),
        }
    }

    /// Evaluates against a request, a target and a worker.
    pub fn truth(&self, view: &View<'_>) -> Truth {
        self.over(&|test| (test.fact.0.read)(view))
    }

    /// Evaluates over any source of values.
    pub fn over<'a>(&self, value: &impl Fn(&Test) -> Value<'a>) -> Truth {
        match self {
            Self::All(parts) => settle(parts, value, Truth::False, Truth::True),
            Self::Any(parts) => settle(parts, value, Truth::True, Truth::False),
            Self::Test(test) => test.over(value),
        }
    }

    /// Whether it holds where exactly these comparisons do.
    pub fn can_hold(&self, holds: &impl Fn(&Test) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.can_hold(holds)),
            Self::Any(parts) => parts.iter().any(|part| part.can_hold(holds)),
            Self::Test(test) => holds(test),
        }
    }

    /// The furthest scope of all facts it names.
    pub fn scope(&self) -> Scope {
        match self {
            Self::All(parts) | Self::Any(parts) => {
                parts.iter().map(Self::scope).max().unwrap_or(Scope::Request)
            }
            Self::Test(test) => test.fact.scope(),
        }
    }

    /// Calls `visit` with every comparison.
    pub fn tests<'a>(&'a self, visit: &mut impl FnMut(&'a Test)) {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(visit)),
            Self::Test(test) => visit(test),
        }
    }
}

impl Test {
    /// Evaluates over any source of values.
    pub fn over<'a>(&self, value: &impl Fn(&Self) -> Value<'a>) -> Truth {
        match self.check.of(value(self)) {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown(self.fact),
        }
    }
}

/// `settled` as soon as a part is that, else the first unknown, else `otherwise`.
fn settle<'a>(
    parts: &[Condition],
    value: &impl Fn(&Test) -> Value<'a>,
    settled: Truth,
    otherwise: Truth,
) -> Truth {
    let mut result = otherwise;
    for part in parts {
        match part.over(value) {
            truth if truth == settled => return settled,
            Truth::Unknown(fact) if result == otherwise => result = Truth::Unknown(fact),
            _ => {}
        }
    }
    result
}

impl Check {
    /// Whether it holds; `None` is unknown.
    fn of(&self, value: Value<'_>) -> Option<bool> {
        if value == Value::Absent {
            return Some(false);
        }
        match self {
            Self::Compare(comparison, literal) => compare(*comparison, value, literal),
            Self::Among { list, inside } => {
                let mut all_known = true;
                for literal in list {
                    match equal(value, literal) {
                        Some(true) => return Some(*inside),
                        Some(false) => {}
                        None => all_known = false,
                    }
                }
                all_known.then_some(!inside)
            }
            Self::Holds { text, inside } => match value {
                Value::Texts(list) => Some(list.iter().any(|held| held == text) == *inside),
                // Trials put forward whether the text is held, and no list.
                Value::Bool(held) => Some(held == *inside),
                _ => None,
            },
        }
    }
}

fn compare(comparison: Comparison, value: Value<'_>, literal: &Literal) -> Option<bool> {
    match comparison {
        Comparison::Equal => equal(value, literal),
        Comparison::NotEqual => equal(value, literal).map(|is| !is),
        Comparison::Less => less(value, literal),
        Comparison::AtLeast => less(value, literal).map(|is| !is),
        Comparison::Greater => greater(value, literal),
        Comparison::AtMost => greater(value, literal).map(|is| !is),
    }
}

fn equal(value: Value<'_>, literal: &Literal) -> Option<bool> {
    match (value, literal) {
        (Value::Bool(value), Literal::Bool(literal)) => Some(value == *literal),
        (Value::Int { low, high }, Literal::Int(literal)) => match (low..=high).contains(literal) {
            true if low < high => None,
            inside => Some(inside),
        },
        #[expect(clippy::float_cmp, reason = "the language compares numbers exactly")]
        (Value::Float(value), Literal::Float(literal)) => Some(value == *literal),
        (Value::Word(value), Literal::Word(literal)) => Some(value == *literal),
        (Value::Text(value), Literal::Text(literal)) => Some(value == literal),
        _ => None,
    }
}

fn less(value: Value<'_>, literal: &Literal) -> Option<bool> {
    match (value, literal) {
        (Value::Int { low, high }, Literal::Int(literal)) => agree(low < *literal, high < *literal),
        (Value::Float(value), Literal::Float(literal)) => Some(value < *literal),
        (Value::Word(value), Literal::Word(literal)) => Some(value < *literal),
        _ => None,
    }
}

fn greater(value: Value<'_>, literal: &Literal) -> Option<bool> {
    match (value, literal) {
        (Value::Int { low, high }, Literal::Int(literal)) => agree(low > *literal, high > *literal),
        (Value::Float(value), Literal::Float(literal)) => Some(value > *literal),
        (Value::Word(value), Literal::Word(literal)) => Some(value > *literal),
        _ => None,
    }
}

/// What both ends of an interval say, where they say the same.
fn agree(low: bool, high: bool) -> Option<bool> {
    (low == high).then_some(low)
}
