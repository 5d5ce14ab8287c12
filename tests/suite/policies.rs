//! The shipped policies do what their cases promise, and none is shipped without a promise.

mod commands;

use littoral_core::policy::schema;
use littoral_router::{policy_cases, policy_files};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Fewest cases of a shipped policy.
const FEWEST: usize = 8;

fn policies() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../policies")
}

/// Names of the folders that hold a policy.
fn shipped() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(policies()).expect("the policies") {
        let folder = entry.expect("an entry").path();
        if folder.join("policy.toml").is_file() {
            names.insert(folder.file_name().expect("a name").to_string_lossy().into_owned());
        }
    }
    names
}

#[test]
fn every_shipped_policy_loads_without_a_warning_and_is_called_like_its_folder() {
    let shipped = shipped();
    for name in ["default", "private", "cheap", "offline-first", "field"] {
        assert!(shipped.contains(name), "{name} is missing");
    }
    for name in shipped {
        let path = policies().join(&name).join("policy.toml");
        let loaded = policy_files::load(Some(&path)).expect("a policy");
        assert_eq!(loaded.warnings, [], "{name}");
        assert_eq!(loaded.policy.name(), name);
        for line in std::fs::read_to_string(&path).expect("a text").lines() {
            assert!(line.chars().count() <= 110, "{name}: {line}");
        }
    }
}

#[test]
fn every_shipped_policy_has_a_file_of_cases_and_every_file_has_its_policy() {
    let files = policy_cases::find(&[policies().join("cases")]).expect("case files");
    let mut tested = BTreeSet::new();
    for path in &files {
        let file = policy_cases::read(path).expect("cases");
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(file.policy.ends_with(Path::new(&name).join("policy.toml")), "{path:?}");
        assert!(file.cases.len() >= FEWEST, "{name}: {} cases", file.cases.len());
        tested.insert(name);
    }
    assert_eq!(tested, shipped());
}

#[test]
fn every_case_of_every_shipped_policy_passes() {
    let mut failures = Vec::new();
    for path in policy_cases::find(&[policies().join("cases")]).expect("case files") {
        let file = policy_cases::read(&path).expect("cases");
        let policy = policy_files::load(Some(&file.policy)).expect("a policy").policy;
        for case in &file.cases {
            let verdict = case.run(&policy);
            if !verdict.passed() {
                failures.push(format!("{}: {:#?}", case.name(), verdict.mismatches));
            }
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn no_two_shipped_policies_are_one() {
    let hash = |name: &String| {
        let path = policies().join(name).join("policy.toml");
        policy_files::load(Some(&path)).expect("a policy").policy.hash().to_string()
    };
    let hashes: BTreeSet<String> = shipped().iter().map(hash).collect();
    assert_eq!(hashes.len(), shipped().len());
}

#[test]
fn the_schema_of_the_repository_is_that_of_the_program() {
    let kept = std::fs::read_to_string(policies().join("schema.json")).expect("a schema");
    assert_eq!(kept, schema());
}
