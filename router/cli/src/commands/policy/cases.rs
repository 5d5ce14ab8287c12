//! Case files with their policies, as `policy test` and `policy explain` need them.

use super::shown;
use crate::failure::{Exit, Failure};
use littoral_core::policy::Policy;
use littoral_kit::config::Problem;
use littoral_router::policy_cases::{self, CaseFile};
use littoral_router::policy_files;
use std::path::{Path, PathBuf};

/// A case file, and the policy that its cases are tried on.
pub struct Tried {
    /// The cases.
    pub file: CaseFile,
    /// The policy.
    pub policy: Policy,
    /// Where the policy is from.
    pub from: PathBuf,
}

/// Reads case files and their policies, or another policy for all of them.
///
/// # Errors
/// Every problem of every file.
pub fn load(paths: &[PathBuf], other: Option<&Path>) -> Result<Vec<Tried>, Failure> {
    let files = policy_cases::find(paths).map_err(|problems| refused(&problems))?;
    let (mut tried, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        match policy_cases::read(&file) {
            Ok(file) => {
                let from = other.unwrap_or(&file.policy).to_owned();
                match policy_files::load(Some(&from)) {
                    Ok(loaded) => tried.push(Tried { file, policy: loaded.policy, from }),
                    Err(more) => problems.extend(more),
                }
            }
            Err(more) => problems.extend(more),
        }
    }
    // Several files may name one bad policy.
    problems.dedup();
    if problems.is_empty() { Ok(tried) } else { Err(refused(&problems)) }
}

fn refused(problems: &[Problem]) -> Failure {
    let count = shown::count(problems.len(), "problem");
    let list = problems.iter().map(ToString::to_string);
    shown::no_policy(&format!("no case was tried: {count}"), list)
        .exit(Exit::Failed)
        .fix("correct the places named")
}
