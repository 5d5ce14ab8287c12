//! Policies from disk: one file, or a folder of files that are one policy together.
//!
//! A folder lets the security officer, the accountant and the owner of the fleet each keep a file. Its
//! files are read in the byte order of their names and merged: lists of tables follow each other, and
//! any other key stands in one file only (`merge`). A policy is whole or it is not: one problem in
//! one file yields no policy, and the caller keeps the one it has.
//!
//! Every problem of all files is told at once, each with file, line and column. What the files mean is
//! judged only when all of them can be read, because a rule of one may rest on a line of another.

mod locate;
mod merge;
pub(crate) mod placed;
pub(crate) mod read;

use littoral_core::policy::{DEFAULT_POLICY_TOML, Policy, RawPolicy};
use littoral_kit::config::{Document, Problem, Reading};
use locate::Sources;
use merge::Merged;
use std::path::Path;

/// Most files of a policy.
pub const MOST_FILES: usize = 64;
/// Longest policy, all files together, in bytes. A single file has at most a megabyte.
pub const LONGEST_BYTES: usize = 4 << 20;

/// The name that problems of the shipped policy would go by.
const SHIPPED: &str = "policies/default/policy.toml (shipped)";

/// A policy file, with the name that its problems go by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceText {
    /// The name.
    pub name: String,
    /// What is written in it.
    pub text: String,
}

/// A policy with what it was made of.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The policy.
    pub policy: Policy,
    /// Its files, in the order in which they were merged.
    pub sources: Vec<SourceText>,
    /// What is most likely a slip, in the order of files and lines.
    pub warnings: Vec<Problem>,
}

/// Loads the policy of a file or a folder; the shipped one where there is no path.
///
/// # Errors
/// Every problem, in the order of files and lines.
pub fn load(path: Option<&Path>) -> Result<Loaded, Vec<Problem>> {
    let sources = match path {
        None => vec![SourceText { name: SHIPPED.into(), text: DEFAULT_POLICY_TOML.into() }],
        Some(path) => read::sources(path)?,
    };
    load_texts(&sources)
}

/// Makes a policy of texts, wherever they come from. Reads nothing.
///
/// # Errors
/// Every problem, in the order of the names and the lines.
pub fn load_texts(sources: &[SourceText]) -> Result<Loaded, Vec<Problem>> {
    bounded(sources)?;
    let mut sources = sources.to_vec();
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let twice = sources.iter().zip(sources.iter().skip(1)).filter(|(a, b)| a.name == b.name);
    let twice: Vec<Problem> =
        twice.map(|(a, _)| whole(&a.name, "is given twice: give each file its own name")).collect();
    if !twice.is_empty() {
        return Err(twice);
    }
    let (policy, warnings) = judge(&sources)?;
    Ok(Loaded { policy, sources, warnings })
}

fn bounded(sources: &[SourceText]) -> Result<(), Vec<Problem>> {
    let name = sources.first().map_or("the policy", |source| source.name.as_str());
    let bytes = sources.iter().fold(0_usize, |sum, source| sum.saturating_add(source.text.len()));
    let reason = match sources.len() {
        0 => "has no file: give it one".to_owned(),
        count if count > MOST_FILES => {
            let more = count - 1;
            format!("and {more} more files are too many: a policy has at most {MOST_FILES}")
        }
        count if bytes > LONGEST_BYTES => {
            format!("{bytes} bytes in {count} files are more than the {LONGEST_BYTES} allowed")
        }
        _ => return Ok(()),
    };
    Err(vec![whole(name, &reason)])
}

/// The policy of the files with its warnings, or every problem.
fn judge(sources: &[SourceText]) -> Result<(Policy, Vec<Problem>), Vec<Problem>> {
    let mut problems = Vec::new();
    let mut parts: Vec<(Document<'_>, Reading<RawPolicy>)> = Vec::new();
    for source in sources {
        match Document::parse(&source.name, &source.text) {
            Ok(document) => {
                let mut reading = document.read::<RawPolicy>();
                problems.append(&mut reading.problems);
                parts.push((document, reading));
            }
            Err(more) => problems.extend(more),
        }
    }
    let readable = parts.iter().filter(|(_, reading)| reading.value.is_some()).count();
    if readable < sources.len() {
        return Err(problems);
    }
    let sources = Sources::new(&parts);
    let merged = Merged::of(&parts);
    problems.extend(merged.problems);
    let Some(raw) = merged.raw else { return Err(sources.sorted(problems)) };
    match Policy::compile(raw) {
        Ok(policy) if problems.is_empty() => {
            let warnings = policy.warnings().iter().filter_map(|warning| sources.place(warning));
            let warnings = sources.sorted(warnings.collect());
            Ok((policy, warnings))
        }
        Ok(_) => Err(sources.sorted(problems)),
        Err(found) => {
            let told = problems.is_empty();
            problems.extend(found.iter().filter_map(|problem| sources.place(problem)));
            if told && problems.is_empty() {
                // Nothing was taken out, so nothing can have been taken for an echo of it.
                problems.extend(found.iter().map(|problem| whole(&problem.path, &problem.reason)));
            }
            Err(sources.sorted(problems))
        }
    }
}

/// A problem of a file as a whole.
fn whole(file: &str, reason: &str) -> Problem {
    Problem::at(file, None, String::new(), reason.to_owned())
}

#[cfg(test)]
mod tests;
