//! Files and what their author reads about them, side by side in `cases/*.txt`.
//!
//! A case is a title after `###`, its files after `---`, and after `>>>` what is told. To renew what
//! is told, run the test with `LITTORAL_RENEW=1` and read the difference as an author would.

use super::{source, told};
use crate::policy_files::SourceText;
use std::fmt::Write;
use std::path::PathBuf;

struct Case<'a> {
    title: &'a str,
    sources: Vec<SourceText>,
    expected: String,
}

/// The cases of one file.
fn parse(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut in_expected = false;
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            cases.push(Case { title, sources: Vec::new(), expected: String::new() });
            in_expected = false;
            continue;
        }
        let Some(case) = cases.last_mut() else { continue };
        if let Some(name) = line.strip_prefix("--- ") {
            case.sources.push(source(name, ""));
        } else if line == ">>>" {
            in_expected = true;
        } else if in_expected {
            case.expected.push_str(line);
            case.expected.push('\n');
        } else if let Some(source) = case.sources.last_mut() {
            source.text.push_str(line);
            source.text.push('\n');
        }
    }
    for case in &mut cases {
        let trimmed = case.expected.trim_end().len();
        case.expected.truncate(trimmed);
    }
    cases
}

fn outcome(case: &Case<'_>) -> String {
    match told(&case.sources) {
        Err(problems) => problems,
        Ok(loaded) if loaded.warnings.is_empty() => "accepted".into(),
        Ok(loaded) => {
            let warnings = loaded.warnings.iter().map(|warning| format!("warning: {warning}"));
            warnings.collect::<Vec<_>>().join("\n")
        }
    }
}

fn written(cases: &[Case<'_>]) -> String {
    let mut text = String::new();
    for case in cases {
        writeln!(text, "### {}", case.title).unwrap();
        for source in &case.sources {
            write!(text, "--- {}\n{}", source.name, source.text).unwrap();
        }
        write!(text, ">>>\n{}\n\n", outcome(case)).unwrap();
    }
    text.trim_end().to_owned() + "\n"
}

fn files() -> Vec<PathBuf> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/policy_files/tests/cases");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn of_every_bad_file_is_told_place_cause_and_way_out() {
    let mut bad = 0;
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let cases = parse(&text);
        if std::env::var_os("LITTORAL_RENEW").is_some() {
            std::fs::write(&path, written(&cases)).unwrap();
            continue;
        }
        for case in &cases {
            let outcome = outcome(case);
            let file = path.file_name().unwrap().display();
            assert_eq!(outcome, case.expected, "{file}: {}; LITTORAL_RENEW=1 renews", case.title);
            let first = outcome.lines().next().unwrap_or_default();
            bad += usize::from(first != "accepted");
        }
    }
    assert!(std::env::var_os("LITTORAL_RENEW").is_some() || bad >= 60, "{bad} bad files");
}
