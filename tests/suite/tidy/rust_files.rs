//! Rules for each Rust file: its size, its header, its name, and what a test may not do.

use super::{File, no_complaints, sample, tree};

/// Most lines of one file. A file is one concept.
const MOST_LINES: usize = 400;
/// Half of the production files are no longer than this.
const MEDIAN_LINES: usize = 120;
/// 95 of 100 production files are no longer than this.
const P95_LINES: usize = 300;

/// Names that say nothing of what is inside, and the old form of a module's parent.
const EMPTY_NAMES: [&str; 5] = ["utils", "common", "helpers", "manager", "mod"];

/// Lines before the test module at the file's end, if it has one.
fn production_lines(file: &File) -> usize {
    production_text(&file.text).lines().count()
}

fn production_text(text: &str) -> &str {
    text.find("\n#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..=at])
}

/// Files that are tests as a whole.
fn is_test_file(path: &str) -> bool {
    path.starts_with("tests/")
        || path.contains("/tests/")
        || path.contains("/benches/")
        || path.ends_with("/tests.rs")
}

fn too_long(file: &File) -> Option<String> {
    let (lines, path) = (production_lines(file), &file.path);
    (lines > MOST_LINES).then(|| format!("{path}: {lines} lines, at most {MOST_LINES}: split it"))
}

fn headless(file: &File) -> Option<String> {
    let headed =
        file.text.lines().next().is_some_and(|line| line.len() > 10 && line.starts_with("//! "));
    (!headed).then(|| format!("{}: no `//!` header that says why it exists", file.path))
}

fn empty_name(file: &File) -> Option<String> {
    let path = &file.path;
    let name = path.trim_end_matches(".rs").rsplit('/').next().unwrap_or_default();
    EMPTY_NAMES.contains(&name).then(|| format!("{path}: `{name}` names no concept"))
}

/// The file's test code: all of a test file, the test module of another.
fn test_code(file: &File) -> &str {
    if is_test_file(&file.path) {
        &file.text
    } else {
        &file.text[production_text(&file.text).len()..]
    }
}

fn waits_by_the_clock(file: &File) -> Option<String> {
    let naps = [concat!("sl", "eep("), concat!("sl", "eep_until("), concat!("sl", "eep_ms(")];
    let nap = naps.into_iter().find(|nap| test_code(file).contains(nap))?;
    Some(format!("{}: a test that calls `{nap}..)`: wait on a condition with a bound", file.path))
}

fn skips_a_test(file: &File) -> Option<String> {
    let skip = concat!("#[ign", "ore");
    test_code(file).contains(skip).then(|| format!("{}: a skipped test", file.path))
}

/// The value that `percent` of 100 do not exceed (nearest rank).
fn percentile(sorted: &[usize], percent: usize) -> usize {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

fn unbalanced(mut lines: Vec<usize>) -> Vec<String> {
    lines.sort_unstable();
    [(50, MEDIAN_LINES), (95, P95_LINES)]
        .into_iter()
        .filter(|&(percent, most)| percentile(&lines, percent) > most)
        .map(|(percent, most)| {
            let lines = percentile(&lines, percent);
            format!("production files: percentile {percent} is {lines} lines, at most {most}")
        })
        .collect()
}

#[test]
fn no_file_is_longer_than_one_concept_needs() {
    no_complaints(tree().rust().filter_map(too_long));
}

#[test]
fn most_production_files_are_short() {
    let tree = tree();
    let production = tree.rust().filter(|file| !is_test_file(&file.path));
    no_complaints(unbalanced(production.map(production_lines).collect()));
}

#[test]
fn every_file_starts_with_a_header_that_argues_why() {
    no_complaints(tree().rust().filter_map(headless));
}

#[test]
fn no_file_has_a_name_that_says_nothing() {
    no_complaints(tree().rust().filter_map(empty_name));
}

#[test]
fn no_test_waits_by_the_clock() {
    let tree = tree();
    let python = tree.files.iter().filter(|file| file.path.ends_with(".py"));
    no_complaints(tree.rust().chain(python).filter_map(waits_by_the_clock));
}

#[test]
fn no_test_is_skipped() {
    no_complaints(tree().rust().filter_map(skips_a_test));
}

#[test]
fn the_rules_for_rust_files_bite() {
    let code = "x\n".repeat(MOST_LINES);
    let tail = "\n#[cfg(test)]\nmod tests {\n".to_owned() + &"y\n".repeat(50);
    assert!(too_long(&sample("a.rs", &(code.clone() + "x\n"))).is_some());
    assert!(too_long(&sample("a.rs", &(code[2..].to_owned() + &tail))).is_none());
    assert!(headless(&sample("a.rs", "use std::fs;\n")).is_some());
    assert!(headless(&sample("a.rs", "//! x\n")).is_some(), "a placeholder is no header");
    assert!(headless(&sample("a.rs", "//! Why this is here.\n")).is_none());
    assert!(empty_name(&sample("a/utils.rs", "")).is_some());
    assert!(empty_name(&sample("a/mod.rs", "")).is_some());
    assert!(empty_name(&sample("a/common_prefix.rs", "")).is_none());
    let nap = format!("fn f() {{ {}(1) }}", concat!("sl", "eep"));
    assert!(waits_by_the_clock(&sample("tests/suite/a.rs", &nap)).is_some());
    assert!(waits_by_the_clock(&sample("router/src/a.rs", &format!("{tail}{nap}"))).is_some());
    assert!(waits_by_the_clock(&sample("tests/clients/a.py", &nap)).is_some());
    assert!(waits_by_the_clock(&sample("router/src/a.rs", &nap)).is_none(), "clippy's business");
    assert!(skips_a_test(&sample("a/tests.rs", concat!("#[ign", "ore = \"slow\"]"))).is_some());
    assert!(unbalanced(vec![10, 120, 300]).is_empty());
    assert_eq!(unbalanced(vec![10, 121, 121]).len(), 1);
    assert_eq!(unbalanced(vec![10, 10, 301]).len(), 1);
}
