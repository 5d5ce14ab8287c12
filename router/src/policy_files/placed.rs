//! Problems of a compiled file with their lines: of cases, of scenarios.

use super::SourceText;
use littoral_core::policy::PolicyProblem;
use littoral_kit::config::{Document, Place, Problem, Reading};
use serde::de::DeserializeOwned;

/// Reads a text into its raw form and compiles that. Reads no file.
///
/// # Errors
/// Every problem, in the order of the lines.
pub fn compiled<Raw: DeserializeOwned, Made>(
    source: &SourceText,
    compile: impl FnOnce(&Raw) -> Result<Made, Vec<PolicyProblem>>,
) -> Result<Made, Vec<Problem>> {
    let document = Document::parse(&source.name, &source.text)?;
    let Reading { value, removed, mut problems, .. } = document.read::<Raw>();
    let Some(raw) = value else { return Err(problems) };
    let made = compile(&raw);
    if let Err(found) = &made {
        problems.extend(found.iter().filter_map(|problem| placed(&document, &removed, problem)));
        problems.sort_by_key(|problem| (problem.line, problem.column));
    }
    made.ok().filter(|_| problems.is_empty()).ok_or(problems)
}

/// A problem with its line. None where it is an echo of something that was taken out of the file.
fn placed(document: &Document<'_>, removed: &[Place], problem: &PolicyProblem) -> Option<Problem> {
    let place = Place::parse(&problem.path).as_in_file(removed);
    if removed.iter().any(|gone| gone.holds(&place) || place.holds(gone)) {
        return None;
    }
    let position = document.locate(&place, None);
    Some(Problem::at(document.file(), position, place.to_string(), problem.reason.clone()))
}
