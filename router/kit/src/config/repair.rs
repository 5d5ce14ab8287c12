//! Reading a file that does not fit: note what is wrong, take it out, try again.

use super::document::{Document, Position};
use super::place::{Place, Step};
use super::{Problem, wording};
use serde::de::DeserializeOwned;
use toml::Table;

/// Problems told of one file. A file with more is no configuration.
pub(super) const MOST_PROBLEMS: usize = 100;
/// A key that ends like this holds a secret.
const SECRET_ENDINGS: [&str; 6] = ["key", "keys", "token", "secret", "password", "credential"];

/// What could be read of a file.
#[derive(Debug)]
pub struct Reading<T> {
    /// The value of what is left; none where nothing could stand in for what is wrong.
    pub value: Option<T>,
    /// What is left.
    pub table: Table,
    /// What was taken out, as places of the file.
    pub removed: Vec<Place>,
    /// What was wrong, in the order of the lines.
    pub problems: Vec<Problem>,
}

/// The table of one file while its problems are taken out.
pub(super) struct Repair<'a> {
    document: &'a Document<'a>,
    table: Table,
    removed: Vec<Place>,
    problems: Vec<Problem>,
}

impl<'a> Repair<'a> {
    pub fn new(document: &'a Document<'a>, table: Table) -> Self {
        Self { document, table, removed: Vec::new(), problems: Vec::new() }
    }

    pub fn run<T: DeserializeOwned>(mut self) -> Reading<T> {
        let value = loop {
            let error = match serde_path_to_error::deserialize(self.table.clone()) {
                Ok(value) => break Some(value),
                Err(error) => error,
            };
            let now = Place::of(error.path()).within(&self.table);
            let was = now.as_in_file(&self.removed);
            let reason = error.inner().message().trim();
            if !self.is_our_own_doing(&was, reason) {
                self.tell(&was, reason);
            }
            if now.is_root() || self.problems.len() >= MOST_PROBLEMS {
                break None;
            }
            now.remove_from(&mut self.table);
            self.removed.push(was);
        };
        let Self { table, removed, mut problems, .. } = self;
        problems.sort_by_key(|problem| (problem.line, problem.column));
        Reading { value, table, removed, problems }
    }

    /// A field is missing because an earlier repair took it out: no problem of the file.
    fn is_our_own_doing(&self, was: &Place, reason: &str) -> bool {
        let field = reason.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
        field.is_some_and(|field| self.removed.contains(&was.child(Step::Key(field.to_owned()))))
    }

    fn tell(&mut self, was: &Place, reason: &str) {
        let secret = was.last_key().is_some_and(|key| {
            SECRET_ENDINGS.iter().any(|ending| key.to_ascii_lowercase().ends_with(ending))
        });
        let unknown = reason.starts_with("unknown field");
        let position: Option<Position> =
            if unknown { self.document.locate_key(was) } else { self.document.locate(was, None) };
        let reason = if secret && !unknown {
            "has the wrong form; its value is not repeated here".to_owned()
        } else {
            wording::plain(reason, was)
        };
        let (path, reason) = (wording::shown(&was.to_string()), wording::shown(&reason));
        self.problems.push(Problem::at(self.document.file(), position, path, reason));
    }
}
