//! Scenario files from disk: found, read, and told of with file, line and column like policies are.
//!
//! What a scenario is and how it is played is the affair of the pure simulator; this file reads it, and
//! the traces that it names, which lie beside it.

mod fitting;

pub use fitting::{Fitted, observe};

use crate::policy_files::{SourceText, placed, read};
use littoral_kit::config::Problem;
use littoral_sim::Scenario;
use littoral_sim::scenario::{RawScenario, compile};
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// Longest trace that is read, in bytes.
const LONGEST_TRACE: u64 = 256 * 1024 * 1024;

/// A scenario with the policy that it is written for.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// The file.
    pub path: PathBuf,
    /// The policy that is tried where nobody names another.
    pub policy: PathBuf,
    /// The scenario.
    pub scenario: Scenario,
}

/// Reads a scenario; `reduced` takes the small form that it states.
///
/// # Errors
/// Every problem, in the order of the lines.
pub fn load(path: &Path, reduced: bool) -> Result<ScenarioFile, Vec<Problem>> {
    let source = read::text(path).map_err(|problem| vec![problem])?;
    let folder = path.parent().unwrap_or(Path::new(""));
    let scenario = load_text(&source, reduced, &|name| trace(folder, name))?;
    let policy = folder.join(&scenario.policy);
    Ok(ScenarioFile { path: path.to_owned(), policy, scenario })
}

/// Makes a scenario of a text; `beside` reads the files that it names.
///
/// # Errors
/// Every problem, in the order of the lines.
pub fn load_text(
    source: &SourceText,
    reduced: bool,
    beside: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Scenario, Vec<Problem>> {
    placed::compiled(source, |raw: &RawScenario| compile(raw, reduced, beside))
}

/// The text of a trace beside a scenario.
fn trace(folder: &Path, name: &str) -> Result<String, String> {
    let failed = |error: std::io::Error| format!("failed to read it: {error}");
    let file = fs::File::open(folder.join(name)).map_err(failed)?;
    let mut text = String::new();
    file.take(LONGEST_TRACE + 1).read_to_string(&mut text).map_err(failed)?;
    if text.len() as u64 > LONGEST_TRACE {
        return Err(format!("is longer than {LONGEST_TRACE} bytes"));
    }
    Ok(text)
}
