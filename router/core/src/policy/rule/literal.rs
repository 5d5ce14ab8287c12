//! Literals as written, and whether they fit the fact they are compared with.

use super::condition::Literal;
use super::nearest;
use super::source::quoted;
use super::vocabulary::{Fact, Kind};
use cel::common::ast::LiteralValue;
use std::fmt;

/// A literal as written.
pub(super) enum Written {
    Bool(bool),
    Int(i64),
    Float(f64),
    Text(String),
}

impl Written {
    /// The literal, if it is of a type that the language has.
    pub fn of(value: &LiteralValue) -> Result<Self, &'static str> {
        match value {
            LiteralValue::Boolean(value) => Ok(Self::Bool(*value.inner())),
            LiteralValue::Int(value) => Ok(Self::Int(*value.inner())),
            LiteralValue::Double(value) if value.inner().is_finite() => {
                Ok(Self::Float(*value.inner()))
            }
            LiteralValue::Double(_) => Err("is no finite number: write a smaller one"),
            LiteralValue::String(value) if value.inner().chars().any(char::is_control) => {
                Err("holds a control character: no fact does, remove it")
            }
            LiteralValue::String(value) => Ok(Self::Text(value.inner().to_owned())),
            LiteralValue::UInt(_) => Err("unsigned literals are not supported: drop the u"),
            LiteralValue::Bytes(_) => Err("bytes are not supported: write a text without the b"),
            LiteralValue::Null => {
                Err("null is not supported: an unknown fact makes a restriction match by itself")
            }
        }
    }

    fn kind_name(&self) -> &'static str {
        match self {
            Self::Bool(_) => "true or false",
            Self::Int(_) => "a whole number",
            Self::Float(_) => "a decimal number",
            Self::Text(_) => "a text",
        }
    }
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Float(value) => write!(f, "{value:?}"),
            Self::Text(value) => f.write_str(&quoted(value)),
        }
    }
}

/// The literal that a bare fact is compared with.
pub(super) fn yes() -> Literal {
    Literal::Bool(true)
}

/// What a fact is, in words.
pub(super) fn kind_name(kind: Kind) -> String {
    match kind {
        Kind::Bool => "true or false".into(),
        Kind::Int { unit, .. } => format!("a whole number ({unit})"),
        Kind::Float { unit, .. } => format!("a decimal number ({unit})"),
        Kind::Word { words, .. } => format!("one of {}", words.join(", ")),
        Kind::Text => "a text".into(),
        Kind::Texts => "a list of texts".into(),
    }
}

/// Whether one value of the kind can be below another.
pub(super) fn ordered(kind: Kind) -> bool {
    match kind {
        Kind::Int { .. } | Kind::Float { .. } => true,
        Kind::Word { ordered, .. } => ordered,
        Kind::Bool | Kind::Text | Kind::Texts => false,
    }
}

/// The literal in the type of the fact, or why it does not fit.
pub(super) fn fit(fact: Fact, written: &Written) -> Result<Literal, String> {
    match (fact.0.kind, written) {
        (Kind::Bool, Written::Bool(value)) => Ok(Literal::Bool(*value)),
        (Kind::Int { most, .. }, Written::Int(value)) => {
            if (0..=most).contains(value) {
                return Ok(Literal::Int(*value));
            }
            Err(out_of_range(fact, written, "0", &most.to_string()))
        }
        (Kind::Float { most, .. }, Written::Float(value)) => {
            if (0.0..=most).contains(value) {
                return Ok(Literal::Float(*value));
            }
            Err(out_of_range(fact, written, "0.0", &format!("{most:?}")))
        }
        (Kind::Float { most, .. }, Written::Int(value)) => {
            let small = i32::try_from(*value).map(f64::from).ok();
            small
                .filter(|value| (0.0..=most).contains(value))
                .map(Literal::Float)
                .ok_or_else(|| out_of_range(fact, written, "0.0", &format!("{most:?}")))
        }
        (Kind::Word { words, .. }, Written::Text(text)) => {
            let place = words.iter().position(|word| word == text);
            place.map(Literal::Word).ok_or_else(|| {
                let (name, nearest) = (fact.name(), nearest::of(text, words));
                let known = words.join(", ");
                format!("{written} is no word of {name} ({known}): did you mean \"{nearest}\"?")
            })
        }
        (Kind::Text | Kind::Texts, Written::Text(text)) => Ok(Literal::Text(text.clone())),
        (kind, written) => Err(format!(
            "{} is {}, and {written} is {}: write it as in {}",
            fact.name(),
            kind_name(kind),
            written.kind_name(),
            fact.0.example
        )),
    }
}

fn out_of_range(fact: Fact, written: &Written, least: &str, most: &str) -> String {
    let (name, kind) = (fact.name(), kind_name(fact.0.kind));
    format!("{written} is out of range: {name} is {kind} from {least} to {most}")
}
