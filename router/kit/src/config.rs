//! Configuration files in TOML, with every problem of a file told at once.
//!
//! serde stops at the first error. So the file is read into a table first, and where the table does
//! not fit, the offending entry is noted and taken out, and the rest is tried again. A person who
//! mistyped three keys learns of three. Nothing that was repaired is ever used silently: a file with
//! one problem yields no value from [`parse_toml`], and [`parse_toml_repaired`] and
//! [`Document::read`], which yield both, are for callers that look for further problems of their own
//! before they refuse the file.
//!
//! Error texts of serde repeat the offending value. Where the name of a key says that it holds a
//! secret, ours does not.

mod document;
mod place;
mod repair;
mod wording;

pub use document::{Document, Position};
pub use place::{Place, Step};
pub use repair::Reading;

use serde::de::DeserializeOwned;
use std::fmt;

/// Longest file that is read, in bytes: a megabyte of configuration is a mistake.
pub const LONGEST_BYTES: usize = 1 << 20;

/// One problem of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// The file, as the caller named it.
    pub file: String,
    /// Line in the file, from 1, where it can be told.
    pub line: Option<usize>,
    /// Column in the line, in characters from 1, where it can be told.
    pub column: Option<usize>,
    /// Where in the file: `alias[1].models`; empty for the file as a whole.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl Problem {
    /// A problem of a file, at a position if it has one.
    #[must_use]
    pub fn at(file: &str, position: Option<Position>, path: String, reason: String) -> Self {
        let (line, column) = position.map(|at| (at.line, at.column)).unzip();
        Self { file: file.to_owned(), line, column, path, reason }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        for number in [self.line, self.line.and(self.column)].into_iter().flatten() {
            write!(f, ":{number}")?;
        }
        if !self.path.is_empty() {
            write!(f, ": {}", self.path)?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Reads a configuration file.
///
/// # Errors
/// All problems of the file, in the order of its lines; at most 100.
pub fn parse_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, Vec<Problem>> {
    let (value, mut problems) = parse_toml_repaired(file, text);
    match value {
        Some(value) if problems.is_empty() => Ok(value),
        _ => {
            if problems.is_empty() {
                problems.push(Problem::at(file, None, String::new(), "cannot be read".into()));
            }
            Err(problems)
        }
    }
}

/// Reads a configuration file as far as it goes: what is left of it without the entries that have
/// problems, and the problems. There is no value where the file is no TOML, or a field is missing that
/// nothing can stand in for.
pub fn parse_toml_repaired<T: DeserializeOwned>(
    file: &str,
    text: &str,
) -> (Option<T>, Vec<Problem>) {
    match Document::parse(file, text) {
        Ok(document) => {
            let reading = document.read();
            (reading.value, reading.problems)
        }
        Err(problems) => (None, problems),
    }
}

#[cfg(test)]
mod tests;
