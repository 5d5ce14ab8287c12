//! A configuration file that is TOML, with the place of every key and value.
//!
//! The file is parsed for its places once and kept, because a file has as many problems as its author
//! likes, and each of them wants its line.

use super::place::{Place, Step};
use super::repair::{Reading, Repair};
use super::{LONGEST_BYTES, Problem, wording};
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::de::{DeTable, DeValue};
use toml::{Spanned, Table};

/// Mistakes against TOML itself that are told of one file; one is often the cause of the next.
const MOST_SYNTAX_PROBLEMS: usize = 16;

/// A place in a text, for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column, in characters from 1.
    pub column: usize,
}

/// A file that has been parsed.
#[derive(Debug)]
pub struct Document<'a> {
    file: &'a str,
    text: &'a str,
    /// Offset of the first byte of each line.
    lines: Vec<usize>,
    tree: Spanned<DeTable<'a>>,
    table: Table,
}

/// What stands at a place.
struct Found<'t, 'a> {
    /// Where its key stands; an element of a list has none.
    key: Option<Range<usize>>,
    value: &'t Spanned<DeValue<'a>>,
}

impl<'a> Document<'a> {
    /// Parses a file.
    ///
    /// # Errors
    /// What is no TOML in it, in the order of the lines, or that it is too long.
    pub fn parse(file: &'a str, text: &'a str) -> Result<Self, Vec<Problem>> {
        let whole = |reason| vec![Problem::at(file, None, String::new(), reason)];
        if text.len() > LONGEST_BYTES {
            let length = text.len();
            return Err(whole(format!("{length} bytes are more than the {LONGEST_BYTES} allowed")));
        }
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let lines = std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect();
        let (tree, errors) = DeTable::parse_recoverable(text);
        let mut document = Self { file, text, lines, tree, table: Table::new() };
        if !errors.is_empty() {
            return Err(document.syntax(errors));
        }
        document.table = text.parse().map_err(|error| document.syntax(vec![error]))?;
        Ok(document)
    }

    /// Reads the file as far as it goes: what is left of it without the entries that have problems.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self) -> Reading<T> {
        Repair::new(self, self.table.clone()).run()
    }

    /// The file, as the caller named it.
    #[must_use]
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// How many steps of `place` exist in the file.
    #[must_use]
    pub fn depth(&self, place: &Place) -> usize {
        let steps = place.steps();
        let exists = |depth: &usize| self.find(steps.get(..*depth).unwrap_or_default()).is_some();
        (1..=steps.len()).take_while(exists).count()
    }

    /// The position of `place`, or of the nearest of its parents that exists: that of a value, and that
    /// of its key where the value is a table of several lines. An `offset` in bytes goes into a string,
    /// as far as the string stands in the file letter by letter.
    #[must_use]
    pub fn locate(&self, place: &Place, offset: Option<usize>) -> Option<Position> {
        let depth = self.depth(place);
        let found = self.find(place.steps().get(..depth)?)?;
        let exact = offset.filter(|_| depth == place.steps().len());
        let inside = exact.and_then(|offset| self.inside(found.value, offset));
        Some(self.position(inside.unwrap_or_else(|| start(&found))))
    }

    /// Whether `offset` of the string at `place` has a position of its own in the file.
    #[must_use]
    pub fn locates(&self, place: &Place, offset: usize) -> bool {
        let found = self.find(place.steps());
        found.is_some_and(|found| self.inside(found.value, offset).is_some())
    }

    /// The position of the key of `place`; of its value where it is an element of a list.
    #[must_use]
    pub fn locate_key(&self, place: &Place) -> Option<Position> {
        let found = self.find(place.steps())?;
        Some(self.position(found.key.as_ref().map_or_else(|| start(&found), |key| key.start)))
    }

    /// The byte at which `offset` of a string stands. A string with escapes, or with line ends that
    /// TOML changes, has no such byte.
    fn inside(&self, value: &Spanned<DeValue<'_>>, offset: usize) -> Option<usize> {
        let DeValue::String(string) = value.get_ref() else { return None };
        let raw = self.text.get(value.span())?;
        let quotes = if raw.starts_with("\"\"\"") || raw.starts_with("'''") { 3 } else { 1 };
        let inner = raw.get(quotes..raw.len().checked_sub(quotes)?)?;
        let line_end = inner.len().checked_sub(string.len())?;
        let same = matches!(inner.get(..line_end), Some("" | "\n" | "\r\n"))
            && inner.get(line_end..) == Some(string.as_ref());
        (same && offset <= string.len()).then_some(value.span().start + quotes + line_end + offset)
    }

    fn find(&self, steps: &[Step]) -> Option<Found<'_, 'a>> {
        let (first, rest) = steps.split_first()?;
        let Step::Key(name) = first else { return None };
        let (key, value) = self.tree.get_ref().get_key_value(name.as_str())?;
        let mut found = Found { key: Some(key.span()), value };
        for step in rest {
            found = match (found.value.get_ref(), step) {
                (DeValue::Table(table), Step::Key(name)) => {
                    let (key, value) = table.get_key_value(name.as_str())?;
                    Found { key: Some(key.span()), value }
                }
                (DeValue::Array(array), Step::Index(index)) => {
                    Found { key: None, value: array.get(*index)? }
                }
                _ => return None,
            };
        }
        Some(found)
    }

    /// The position of a byte.
    fn position(&self, offset: usize) -> Position {
        let line = self.lines.partition_point(|start| *start <= offset).max(1);
        let start = self.lines.get(line - 1).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        Position { line, column: before.chars().count() + 1 }
    }

    fn syntax(&self, errors: Vec<toml::de::Error>) -> Vec<Problem> {
        let is_echo = |error: &toml::de::Error| error.message() == "duplicate key";
        // Behind a section whose bracket is missing, its keys seem to be those of another.
        let only_echoes = errors.iter().all(is_echo);
        let tell = |error: toml::de::Error| {
            let position = error.span().map(|span| self.position(span.start));
            let key = error.span().filter(|_| is_echo(&error));
            let reason = match key.and_then(|span| self.text.get(span)) {
                Some(key) => {
                    let key = wording::shown(key);
                    format!("the key {key} stands here for the second time: keep one of the two")
                }
                None => wording::syntax(error.message()),
            };
            Problem::at(self.file, position, String::new(), reason)
        };
        let told = errors.into_iter().filter(|error| only_echoes || !is_echo(error));
        let mut problems: Vec<Problem> = told.map(tell).collect();
        problems.sort_by_key(|problem| (problem.line, problem.column));
        // What follows on the same line is mostly an echo.
        problems.dedup_by_key(|problem| problem.line);
        problems.truncate(MOST_SYNTAX_PROBLEMS);
        problems
    }
}

/// Where a problem of a value is shown.
fn start(found: &Found<'_, '_>) -> usize {
    match (found.value.get_ref(), &found.key) {
        (DeValue::Table(_) | DeValue::Array(_), Some(key)) => key.start,
        _ => found.value.span().start,
    }
}
