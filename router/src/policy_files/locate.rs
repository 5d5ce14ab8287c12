//! From a problem of the whole policy to the line of one file.
//!
//! The compiler counts rules, aliases and targets through all files and knows nothing of lines. Here
//! its paths become paths of one file again, in the problem's place and where its text names others.

use super::merge::LISTS;
use littoral_core::policy::{PolicyProblem, RawPolicy};
use littoral_kit::config::{Document, Place, Position, Problem, Reading, Step};
use std::collections::BTreeMap;

/// The files that a policy was merged from.
pub(super) struct Sources<'p, 'a> {
    parts: &'p [(Document<'a>, Reading<RawPolicy>)],
    /// Elements of each list in each file.
    lengths: BTreeMap<&'static str, Vec<usize>>,
}

impl<'p, 'a> Sources<'p, 'a> {
    pub fn new(parts: &'p [(Document<'a>, Reading<RawPolicy>)]) -> Self {
        let length = |reading: &Reading<RawPolicy>, list| {
            reading.table.get(list).and_then(toml::Value::as_array).map_or(0, Vec::len)
        };
        let lengths = LISTS
            .map(|list| (list, parts.iter().map(|(_, reading)| length(reading, list)).collect()));
        Self { parts, lengths: lengths.into() }
    }

    /// The problem with its file, line and column. None where it is an echo: what it is about was taken
    /// out of its file for a problem of its own.
    pub fn place(&self, problem: &PolicyProblem) -> Option<Problem> {
        let (part, place) = self.resolve(&Place::parse(&problem.path));
        let (document, reading) = self.parts.get(part)?;
        if reading.removed.iter().any(|gone| gone.holds(&place) || place.holds(gone)) {
            return None;
        }
        let position = document.locate(&place, problem.offset);
        let mut reason = self.with_places(&problem.reason);
        if problem.offset.is_some_and(|offset| document.locates(&place, offset)) {
            reason = without_own_position(&reason).to_owned();
        }
        Some(Problem::at(document.file(), position, place.to_string(), reason))
    }

    /// Problems in the order of files, lines and columns.
    pub fn sorted(&self, mut problems: Vec<Problem>) -> Vec<Problem> {
        let order: BTreeMap<&str, usize> = self
            .parts
            .iter()
            .enumerate()
            .map(|(at, (document, _))| (document.file(), at))
            .collect();
        problems.sort_by_key(|problem| {
            (order.get(problem.file.as_str()).copied(), problem.line, problem.column)
        });
        problems
    }

    /// The file of a place of the policy, and the place in that file.
    fn resolve(&self, place: &Place) -> (usize, Place) {
        if let [Step::Key(key), Step::Index(index), rest @ ..] = place.steps()
            && let Some((part, index)) = self.element(key, *index)
        {
            let local = Place::default().child(Step::Key(key.clone())).child(Step::Index(index));
            let local = rest.iter().cloned().fold(local, |place, step| place.child(step));
            let removed = self.parts.get(part).map(|(_, reading)| reading.removed.as_slice());
            return (part, local.as_in_file(removed.unwrap_or_default()));
        }
        let deepest = self.parts.iter().map(|(document, _)| document.depth(place)).enumerate();
        // The first of several: `max_by_key` would take the last.
        let part = deepest.rev().max_by_key(|(_, depth)| *depth).map_or(0, |(part, _)| part);
        (part, place.clone())
    }

    /// The file that holds an element of a list, and its place in the list of that file.
    fn element(&self, list: &str, mut index: usize) -> Option<(usize, usize)> {
        for (part, length) in self.lengths.get(list)?.iter().enumerate() {
            if index < *length {
                return Some((part, index));
            }
            index -= length;
        }
        None
    }

    /// A text with the file and line of each element of a list that it names, where there are several
    /// files; of one file the element's number says enough.
    fn with_places(&self, reason: &str) -> String {
        if self.parts.len() < 2 {
            return reason.to_owned();
        }
        let mut told = String::new();
        let mut rest = reason;
        while let Some(open) = rest.find('[') {
            let (before, after) = rest.split_at(open);
            let list = LISTS.into_iter().find(|list| before.ends_with(list));
            let number = after.get(1..).and_then(|inner| inner.split_once(']'));
            let element = list.zip(number).and_then(|(list, (number, rest))| {
                let global = Place::parse(list).child(Step::Index(number.parse().ok()?));
                let (part, place) = self.resolve(&global);
                let (document, _) = self.parts.get(part)?;
                let Position { line, .. } = document.locate(&place, None)?;
                Some((list, format!("{place} of {}:{line}", document.file()), rest))
            });
            match element {
                Some((list, element, after)) => {
                    told.push_str(before.strip_suffix(list).unwrap_or(before));
                    told.push_str(&element);
                    rest = after;
                }
                None => {
                    told.push_str(before);
                    told.push('[');
                    rest = after.get(1..).unwrap_or_default();
                }
            }
        }
        told + rest
    }
}

/// A reason without the line and column inside the value, which those of the file replace.
fn without_own_position(reason: &str) -> &str {
    let number = |text: &'_ str| text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = reason.strip_prefix("line ").and_then(|rest| rest.get(number(rest)..));
    let rest = rest.and_then(|rest| rest.strip_prefix(", column "));
    let rest =
        rest.and_then(|rest| rest.get(number(rest)..)).and_then(|rest| rest.strip_prefix(": "));
    rest.unwrap_or(reason)
}
