//! Memory of decisions that are over, for those that come.

use crate::plan::{Attempt, Decision, Note, Outcome, Rejection};

/// Most lists of a kind that are kept: those of decisions whose plans are on their way.
const MOST: usize = 4_096;

/// The lists that decisions were made of, empty, with the room they had. Whoever decides again and again, and
/// gives back what it has done with, decides without allocating.
#[derive(Debug, Default)]
pub struct Memory {
    attempts: Vec<Vec<Attempt>>,
    rejected: Vec<Vec<Rejection>>,
    notes: Vec<Vec<Note>>,
}

impl Memory {
    /// Nobody needs this decision any more.
    pub fn take_back(&mut self, decision: Decision) {
        if let Outcome::Planned(plan) = self.outcome_of(decision) {
            self.take_back_attempts(plan.attempts);
        }
    }

    /// What a decision came to; nobody needs the rest of it any more.
    pub fn outcome_of(&mut self, decision: Decision) -> Outcome {
        let Decision { outcome, rejected, notes, .. } = decision;
        keep(&mut self.rejected, rejected);
        keep(&mut self.notes, notes);
        outcome
    }

    /// Nobody needs the attempts of this plan any more.
    pub fn take_back_attempts(&mut self, attempts: Vec<Attempt>) {
        keep(&mut self.attempts, attempts);
    }

    pub(super) fn attempts(&mut self, room: usize) -> Vec<Attempt> {
        taken(&mut self.attempts, room)
    }

    pub(super) fn rejected(&mut self, room: usize) -> Vec<Rejection> {
        taken(&mut self.rejected, room)
    }

    pub(super) fn notes(&mut self, room: usize) -> Vec<Note> {
        taken(&mut self.notes, room)
    }
}

fn keep<T>(lists: &mut Vec<Vec<T>>, mut list: Vec<T>) {
    if list.capacity() > 0 && lists.len() < MOST {
        list.clear();
        lists.push(list);
    }
}

fn taken<T>(lists: &mut Vec<Vec<T>>, room: usize) -> Vec<T> {
    let mut list = lists.pop().unwrap_or_default();
    list.reserve(room);
    list
}
