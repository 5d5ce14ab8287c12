//! Configuration files in TOML, with every problem of a file told at once.
//!
//! serde stops at the first error. So the file is read into a table first, and where the table does
//! not fit, the offending entry is noted and taken out, and the rest is tried again. A person who
//! mistyped three keys learns of three. Nothing that was repaired is ever used silently: a file with
//! one problem yields no value from [`parse_toml`], and [`parse_toml_repaired`], which yields both, is
//! for callers that look for further problems of their own before they refuse the file.
//!
//! Error texts of serde repeat the offending value. Where the name of a key says that it holds a
//! secret, ours does not.

mod place;

use place::{Place, Step};
use serde::de::DeserializeOwned;
use std::fmt;
use toml::{Table, Value};

/// Problems told of one file. A file with more is no configuration.
const MOST_PROBLEMS: usize = 100;
/// Longest file that is read, in bytes: a megabyte of configuration is a mistake.
const LONGEST_BYTES: usize = 1 << 20;
/// A key that ends like this holds a secret.
const SECRET_ENDINGS: [&str; 6] = ["key", "keys", "token", "secret", "password", "credential"];

/// One problem of a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// The file, as the caller named it.
    pub file: String,
    /// Line in the file, from 1, where it can be told.
    pub line: Option<usize>,
    /// Where in the file: `alias[1].models`; empty for the file as a whole.
    pub path: String,
    /// What is wrong there.
    pub reason: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
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
                problems.push(problem(file, None, String::new(), "cannot be read".into()));
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
    if text.len() > LONGEST_BYTES {
        let reason = format!("{} bytes are more than the {LONGEST_BYTES} allowed", text.len());
        return (None, vec![problem(file, None, String::new(), reason)]);
    }
    match text.parse::<Table>() {
        Ok(table) => {
            let repair = Repair { file, text, table, removed: Vec::new(), problems: Vec::new() };
            let (value, mut problems) = repair.run();
            problems.sort_by_key(|problem| problem.line);
            (value, problems)
        }
        Err(error) => {
            let line = error.span().map(|span| place::line_at(text, span.start));
            let reason = format!("is not valid TOML: {}", error.message());
            (None, vec![problem(file, line, String::new(), reason)])
        }
    }
}

fn problem(file: &str, line: Option<usize>, path: String, reason: String) -> Problem {
    Problem { file: file.to_owned(), line, path, reason }
}

/// The table of one file while its problems are taken out.
struct Repair<'a> {
    file: &'a str,
    text: &'a str,
    table: Table,
    /// Places taken out, as they were in the file.
    removed: Vec<Place>,
    problems: Vec<Problem>,
}

impl Repair<'_> {
    fn run<T: DeserializeOwned>(mut self) -> (Option<T>, Vec<Problem>) {
        loop {
            let error = match serde_path_to_error::deserialize(self.table.clone()) {
                Ok(value) => return (Some(value), self.problems),
                Err(error) => error,
            };
            let now = Place::of(error.path()).within(&self.table);
            let was = now.as_in_file(&self.removed);
            let reason = error.inner().message().trim().to_owned();
            if !self.is_our_own_doing(&was, &reason) {
                self.tell(&was, reason);
            }
            if now.is_root() || self.problems.len() >= MOST_PROBLEMS {
                return (None, self.problems);
            }
            now.remove_from(&mut self.table);
            self.removed.push(was);
        }
    }

    /// A field is missing because an earlier repair took it out: no problem of the file.
    fn is_our_own_doing(&self, was: &Place, reason: &str) -> bool {
        let field = reason.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        field.is_some_and(|field| self.removed.contains(&was.child(Step::Key(field.to_owned()))))
    }

    fn tell(&mut self, was: &Place, reason: String) {
        let secret = was.last_key().is_some_and(|key| {
            SECRET_ENDINGS.iter().any(|ending| key.to_ascii_lowercase().ends_with(ending))
        });
        let unknown = reason.starts_with("unknown field");
        let reason = if secret && !unknown {
            "has the wrong form; its value is not repeated here".to_owned()
        } else {
            reason
        };
        let line = place::line_of(self.text, was);
        self.problems.push(problem(self.file, line, was.to_string(), reason));
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

#[cfg(test)]
mod tests;
