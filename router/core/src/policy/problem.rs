//! What is wrong with a policy, said so that its author can mend it without reading our code.

use std::fmt;

/// One problem of a policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct PolicyProblem {
    /// Where, in the file's own terms: `ceilings.personal`, `alias[1].models`.
    pub path: String,
    /// Where inside the text at `path`, in bytes from its start; `None` is all of it.
    pub offset: Option<usize>,
    /// What is wrong there and what would be right.
    pub reason: String,
}

impl fmt::Display for PolicyProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.reason)
    }
}

/// Collects problems while the sections compile, so that all are told at once.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<PolicyProblem>);

impl Problems {
    pub(super) fn add(&mut self, path: impl Into<String>, reason: impl Into<String>) {
        self.0.push(PolicyProblem { path: path.into(), offset: None, reason: reason.into() });
    }

    /// A problem at one place of a longer text.
    pub(super) fn add_at(
        &mut self,
        path: impl Into<String>,
        offset: Option<usize>,
        reason: impl Into<String>,
    ) {
        self.0.push(PolicyProblem { path: path.into(), offset, reason: reason.into() });
    }

    /// How many there are so far.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All of them, where they are no reason to refuse.
    pub(super) fn into_warnings(self) -> Vec<PolicyProblem> {
        self.0
    }

    pub(super) fn into_result<T>(self, value: T) -> Result<T, Vec<PolicyProblem>> {
        if self.0.is_empty() { Ok(value) } else { Err(self.0) }
    }
}
