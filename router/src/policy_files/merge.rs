//! Several files made one.
//!
//! Lists of tables are put one behind the other. Tables are merged key by key, and a key that two
//! files give is refused: which of two ceilings holds must not depend on the name of a file.

use littoral_core::policy::{Policy, RawPolicy};
use littoral_kit::config::{Document, Place, Problem, Reading, Step};
use serde::Deserialize;
use toml::{Table, Value};

/// Lists of tables, which follow each other.
pub(super) const LISTS: [&str; 3] = ["rule", "alias", "target"];

/// The files as one, with the problems that they have with each other.
pub(super) struct Merged {
    /// All files together.
    pub raw: Option<RawPolicy>,
    /// Keys that two files give, and versions that are not this one.
    pub problems: Vec<Problem>,
}

impl Merged {
    /// Merges files in their order. What is in conflict stays as the first file has it.
    pub fn of(parts: &[(Document<'_>, Reading<RawPolicy>)]) -> Self {
        let mut merging = Merging { parts, table: Table::new(), problems: Vec::new() };
        for (index, (document, reading)) in parts.iter().enumerate() {
            let mut table = reading.table.clone();
            if let Some(problem) = reading.value.as_ref().and_then(RawPolicy::version_problem) {
                let place = Place::parse(&problem.path);
                // A version of the wrong type was taken out, and that has been told.
                if !reading.removed.contains(&place) {
                    let position = document.locate(&place, None);
                    let reason = problem.reason;
                    merging.problems.push(Problem::at(
                        document.file(),
                        position,
                        problem.path,
                        reason,
                    ));
                }
            }
            table.remove("version");
            merging.table(index, table);
        }
        let Merging { mut table, problems, .. } = merging;
        table.insert("version".into(), Value::Integer(Policy::VERSION.into()));
        // Each file fits, so their sum does, unless one of them could not be made to fit.
        Self { raw: RawPolicy::deserialize(table).ok(), problems }
    }
}

struct Merging<'p, 'a> {
    parts: &'p [(Document<'a>, Reading<RawPolicy>)],
    table: Table,
    problems: Vec<Problem>,
}

impl Merging<'_, '_> {
    fn table(&mut self, part: usize, table: Table) {
        let mut merged = std::mem::take(&mut self.table);
        self.merge_table(&mut merged, table, part, &Place::default());
        self.table = merged;
    }

    fn merge_table(&mut self, merged: &mut Table, table: Table, part: usize, at: &Place) {
        for (key, value) in table {
            let place = at.child(Step::Key(key.clone()));
            let is_list = at.steps().is_empty() && LISTS.contains(&key.as_str());
            match (merged.get_mut(&key), value) {
                (None, value) => drop(merged.insert(key, value)),
                (Some(Value::Table(inner)), Value::Table(table)) => {
                    self.merge_table(inner, table, part, &place);
                }
                (Some(Value::Array(inner)), Value::Array(array)) if is_list => inner.extend(array),
                (Some(_), _) => self.conflict(part, &place),
            }
        }
    }

    fn conflict(&mut self, part: usize, place: &Place) {
        let Some((document, _)) = self.parts.get(part) else { return };
        let depth = place.steps().len();
        let earlier = self.parts.iter().take(part).map(|(document, _)| document);
        let first = earlier.into_iter().find(|earlier| earlier.depth(place) == depth);
        let first = first.map_or_else(String::new, |first| match first.locate_key(place) {
            Some(position) => format!(" at {}:{}:{}", first.file(), position.line, position.column),
            None => format!(" in {}", first.file()),
        });
        self.problems.push(Problem::at(
            document.file(),
            document.locate_key(place),
            place.to_string(),
            format!(
                "is given already{first}: a key stands in one file only, remove one of the two"
            ),
        ));
    }
}
