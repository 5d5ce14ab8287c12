//! The rules that applied because a fact was unknown, for the notes.

use crate::plan::Note;
use crate::policy::rule::Fact;
use crate::policy::{FactName, Rule};
use std::sync::Arc;

/// Pairs of rule and unknown fact that the notes name; the others are counted.
const NAMED: usize = 16;

/// Rules that applied because a fact was unknown. Few, so a list; told in order of their names, so
/// that the order of pools does not show.
#[derive(Default)]
pub(super) struct Unknowns(Vec<(Arc<str>, FactName)>);

impl Unknowns {
    pub fn add(&mut self, rule: &Rule, fact: Fact) {
        self.add_named(rule.name(), fact.into());
    }

    pub fn add_named(&mut self, rule: &Arc<str>, fact: FactName) {
        if !self.0.iter().any(|(known, what)| known == rule && *what == fact) {
            self.0.push((Arc::clone(rule), fact));
        }
    }

    /// How many there are so far.
    pub fn mark(&self) -> usize {
        self.0.len()
    }

    /// Those that came after `mark`.
    pub fn since(&self, mark: usize) -> Vec<(Arc<str>, FactName)> {
        self.0.get(mark..).unwrap_or_default().to_vec()
    }

    /// One note for each rule and fact, up to a bound.
    pub fn tell(mut self, notes: &mut Vec<Note>) {
        self.0.sort_unstable();
        let more = u32::try_from(self.0.len().saturating_sub(NAMED)).unwrap_or(u32::MAX);
        let named = self.0.into_iter().take(NAMED);
        notes.extend(named.map(|(rule, fact)| Note::AppliedUnknown(rule, fact)));
        if more > 0 {
            notes.push(Note::MoreApplied(more));
        }
    }
}
