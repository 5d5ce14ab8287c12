//! Where in a file: a path of keys and indices, its form for people, and its line.
//!
//! Taking an element out of an array moves the later ones up, so a place in the repaired table is not
//! the place in the file. [`Place::as_in_file`] counts back.

use super::lookup;
use serde_path_to_error::{Path, Segment};
use std::fmt;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table, Value};

/// One step down into a table or an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Key(String),
    Index(usize),
}

/// A path from the top of a file; empty for the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place(Vec<Step>);

impl Place {
    /// The place of a serde error. The name of an enum's variant is no step of its own.
    pub fn of(path: &Path) -> Self {
        let step = |segment: &Segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        Self(path.iter().filter_map(step).collect())
    }

    /// The longest beginning of this place that exists in `table`.
    pub fn within(mut self, table: &Table) -> Self {
        while !self.is_root() && lookup(table, &self.0).is_none() {
            self.0.pop();
        }
        self
    }

    /// This place of the repaired table, as it was before `removed` was taken out.
    pub fn as_in_file(&self, removed: &[Self]) -> Self {
        let mut file = Self::default();
        for step in &self.0 {
            let step = match step {
                Step::Key(key) => Step::Key(key.clone()),
                Step::Index(index) => {
                    let gone = |at: usize| removed.contains(&file.child(Step::Index(at)));
                    let kept = (0..).filter(|at| !gone(*at)).nth(*index);
                    Step::Index(kept.unwrap_or(*index))
                }
            };
            file.0.push(step);
        }
        file
    }

    pub fn child(&self, step: Step) -> Self {
        let mut child = self.clone();
        child.0.push(step);
        child
    }

    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The key nearest to the end.
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// Takes the value at this place out of `table`.
    pub fn remove_from(&self, table: &mut Table) {
        let Some((last, parents)) = self.0.split_last() else { return };
        let mut parent: Option<&mut Value> = None;
        for step in parents {
            let next = match (parent.take(), step) {
                (None, Step::Key(key)) => table.get_mut(key),
                (Some(Value::Table(table)), Step::Key(key)) => table.get_mut(key),
                (Some(Value::Array(array)), Step::Index(index)) => array.get_mut(*index),
                _ => None,
            };
            let Some(next) = next else { return };
            parent = Some(next);
        }
        match (parent, last) {
            (None, Step::Key(key)) => drop(table.remove(key)),
            (Some(Value::Table(table)), Step::Key(key)) => drop(table.remove(key)),
            (Some(Value::Array(array)), Step::Index(index)) if *index < array.len() => {
                array.remove(*index);
            }
            _ => {}
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (depth, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if depth == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// The line on which a place of the file stands, from 1: that of its key, or of its value for an
/// element of an array.
pub(super) fn line_of(text: &str, place: &Place) -> Option<usize> {
    let table = DeTable::parse(text).ok()?;
    let mut start = None;
    let mut value: Option<&Spanned<DeValue<'_>>> = None;
    for step in &place.0 {
        let table = match value.map(Spanned::get_ref) {
            None => Some(table.get_ref()),
            Some(DeValue::Table(table)) => Some(table),
            Some(_) => None,
        };
        match (step, value.map(Spanned::get_ref)) {
            (Step::Key(name), _) => {
                let (key, inner) =
                    table?.iter().find(|(key, _)| key.get_ref().as_ref() == name.as_str())?;
                start = Some(key.span().start);
                value = Some(inner);
            }
            (Step::Index(index), Some(DeValue::Array(array))) => {
                let inner = array.get(*index)?;
                start = Some(inner.span().start);
                value = Some(inner);
            }
            (Step::Index(_), _) => return None,
        }
    }
    start.map(|start| line_at(text, start))
}

/// The line of a byte offset, from 1.
pub(super) fn line_at(text: &str, offset: usize) -> usize {
    text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
}
