//! Policies on the wire: their files, their problems, their history, how things stand.

use crate::policy_files::SourceText;
use crate::policy_keeper::standing::Standing;
use crate::store::{PolicyCause, PolicyEntry};
use littoral_core::record::CloudChange;
use littoral_kit::config::Problem;
use littoral_proto::v1;
use littoral_sim::replay::{Changed, Counts};

/// Files to the wire.
#[must_use]
pub fn wire_sources(sources: &[SourceText]) -> Vec<v1::PolicySource> {
    let wire = |source: &SourceText| v1::PolicySource {
        name: source.name.clone(),
        text: source.text.clone(),
    };
    sources.iter().map(wire).collect()
}

/// Files from the wire.
#[must_use]
pub fn sources(wire: Vec<v1::PolicySource>) -> Vec<SourceText> {
    wire.into_iter().map(|source| SourceText { name: source.name, text: source.text }).collect()
}

/// Problems or warnings to the wire.
#[must_use]
pub fn problems(problems: &[Problem]) -> Vec<v1::PolicyProblem> {
    let wire = |problem: &Problem| v1::PolicyProblem {
        file: problem.file.clone(),
        line: problem.line.map(number),
        column: problem.column.map(number),
        path: problem.path.clone(),
        reason: problem.reason.clone(),
    };
    problems.iter().map(wire).collect()
}

fn number(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// What put a policy in force.
#[must_use]
pub fn cause(cause: PolicyCause) -> v1::PolicyCause {
    match cause {
        PolicyCause::Start => v1::PolicyCause::Start,
        PolicyCause::File => v1::PolicyCause::File,
        PolicyCause::Apply => v1::PolicyCause::Apply,
        PolicyCause::Rollback => v1::PolicyCause::Rollback,
    }
}

/// An entry of the history.
#[must_use]
pub fn entry(entry: PolicyEntry) -> v1::PolicyEntry {
    v1::PolicyEntry {
        hash: entry.hash,
        name: entry.name,
        at_unix_ms: entry.at_unix_ms,
        cause: cause(entry.cause).into(),
        by: entry.by,
        note: entry.note,
    }
}

/// How things stand with the policy at `path`.
#[must_use]
pub fn status(standing: &Standing, path: String) -> v1::PolicyStatusResponse {
    let refused = standing.refused.as_ref().map(|refused| v1::policy_status_response::Refused {
        at_unix_ms: refused.at_unix_ms,
        problems: problems(&refused.problems),
    });
    v1::PolicyStatusResponse {
        hash: standing.hash.clone(),
        name: standing.name.clone(),
        etag: standing.etag.clone(),
        loaded_at_unix_ms: standing.since_unix_ms,
        cause: cause(standing.cause).into(),
        by: standing.by.clone(),
        path,
        shipped_default: standing.shipped,
        warnings: problems(&standing.warnings),
        refused,
    }
}

/// What the policy of hash `a` would change against that of hash `b`.
#[must_use]
pub fn difference(
    counts: &Counts,
    changes: Vec<Changed>,
    [hash_a, hash_b]: [String; 2],
) -> v1::DiffResponse {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    v1::DiffResponse {
        considered: count(counts.considered),
        changed: count(counts.changed),
        unreplayable: count(counts.unreplayable),
        changes: changes.into_iter().map(changed).collect(),
        hash_a,
        hash_b,
        newly_cloud: count(counts.newly_cloud),
        no_longer_cloud: count(counts.no_longer_cloud),
    }
}

/// A request that would take another route.
#[must_use]
pub fn changed(changed: Changed) -> v1::diff_response::Change {
    let Changed { request_id, at_unix_ms, change } = changed;
    v1::diff_response::Change {
        request_id,
        at_unix_ms,
        before: change.before,
        after: change.after,
        why: change.why,
        cloud: match change.cloud {
            CloudChange::Same => v1::CloudChange::Same,
            CloudChange::Appears => v1::CloudChange::Appears,
            CloudChange::Disappears => v1::CloudChange::Disappears,
        }
        .into(),
    }
}
