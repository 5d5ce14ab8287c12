//! Where in a file: a path of keys and indices, and its form for people.
//!
//! Taking an element out of an array moves the later ones up, so a place in the repaired table is not
//! the place in the file. [`Place::as_in_file`] counts back.

use serde_path_to_error::{Path, Segment};
use std::fmt;
use toml::{Table, Value};

/// One step down into a table or an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key of a table.
    Key(String),
    /// An element of a list, from 0.
    Index(usize),
}

/// A path from the top of a file; empty for the file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place(Vec<Step>);

impl Place {
    /// The place of a serde error. The name of an enum's variant is no step of its own.
    pub(super) fn of(path: &Path) -> Self {
        let step = |segment: &Segment| match segment {
            Segment::Map { key } => Some(Step::Key(key.clone())),
            Segment::Seq { index } => Some(Step::Index(*index)),
            Segment::Enum { .. } | Segment::Unknown => None,
        };
        Self(path.iter().filter_map(step).collect())
    }

    /// The longest beginning of this place that exists in `table`.
    pub(super) fn within(mut self, table: &Table) -> Self {
        while !self.is_root() && lookup(table, &self.0).is_none() {
            self.0.pop();
        }
        self
    }

    /// Reads the form for people. A key that holds a dot or a bracket has no such form.
    #[must_use]
    pub fn parse(path: &str) -> Self {
        let mut steps = Vec::new();
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let (key, indices) = part.split_once('[').unwrap_or((part, ""));
            steps.push(Step::Key(key.to_owned()));
            let numbers = indices.split(['[', ']']).filter_map(|index| index.parse().ok());
            steps.extend(numbers.map(Step::Index));
        }
        Self(steps)
    }

    /// The steps, outermost first.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// This place, or a place inside it.
    #[must_use]
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// This place of the repaired table, as it was before `removed` was taken out.
    #[must_use]
    pub fn as_in_file(&self, removed: &[Self]) -> Self {
        let mut file = Self::default();
        for step in &self.0 {
            let step = match step {
                Step::Key(key) => Step::Key(key.clone()),
                Step::Index(index) => {
                    // Each element that was taken out at or before the place moved it up by one.
                    let mut gone: Vec<usize> =
                        removed.iter().filter_map(|place| place.index_in(&file)).collect();
                    gone.sort_unstable();
                    let moved =
                        gone.into_iter().fold(*index, |at, gone| at + usize::from(gone <= at));
                    Step::Index(moved)
                }
            };
            file.0.push(step);
        }
        file
    }

    /// Which element of the list `list` this place is.
    fn index_in(&self, list: &Self) -> Option<usize> {
        match self.0.split_last()? {
            (Step::Index(index), parents) if parents == list.0 => Some(*index),
            _ => None,
        }
    }

    /// The place one step further in.
    #[must_use]
    pub fn child(&self, step: Step) -> Self {
        let mut child = self.clone();
        child.0.push(step);
        child
    }

    pub(super) fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The key nearest to the end.
    pub(super) fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }

    /// Takes the value at this place out of `table`.
    pub(super) fn remove_from(&self, table: &mut Table) {
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

/// The value at the end of `steps`, if it is there.
fn lookup<'a>(table: &'a Table, steps: &[Step]) -> Option<&'a Value> {
    let (first, rest) = steps.split_first()?;
    let Step::Key(key) = first else { return None };
    rest.iter().try_fold(table.get(key)?, |value, step| match (value, step) {
        (Value::Table(table), Step::Key(key)) => table.get(key),
        (Value::Array(array), Step::Index(index)) => array.get(*index),
        _ => None,
    })
}
