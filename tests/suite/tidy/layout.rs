//! The root of the repository: which folders and files there are, and that tests are run strictly.

use super::tree::RootEntry;
use super::{no_complaints, tree};
use toml::Table;

/// The top-level folders. They are fixed.
const FOLDERS: [&str; 6] = ["proto", "router", "edge-worker", "policies", "tests", "docs"];

/// Files that belong in the root: the workspace, its tools' settings, and what a visitor reads first.
const FILES: [&str; 8] = [
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
    "LICENSE",
    "clippy.toml",
    "deny.toml",
    "rust-toolchain.toml",
    "rustfmt.toml",
];

fn strays(entries: &[RootEntry]) -> Vec<String> {
    let belongs = |entry: &RootEntry| {
        let list: &[&str] = if entry.is_folder { &FOLDERS } else { &FILES };
        entry.name.starts_with('.') || list.contains(&entry.name.as_str())
    };
    entries
        .iter()
        .filter(|entry| !belongs(entry))
        .map(|entry| format!("{}: does not belong in the root", entry.name))
        .collect()
}

#[test]
fn the_root_holds_the_fixed_folders_and_nothing_else() {
    let tree = tree();
    let mut complaints = strays(&tree.root_entries);
    for folder in FOLDERS {
        if !tree.root_entries.iter().any(|entry| entry.is_folder && entry.name == folder) {
            complaints.push(format!("{folder}/: missing"));
        }
    }
    no_complaints(complaints);
}

#[test]
fn a_visitor_finds_a_readme_a_licence_and_the_lock_file() {
    let tree = tree();
    let missing = ["README.md", "LICENSE", "Cargo.lock"]
        .into_iter()
        .filter(|name| tree.file(name).is_none_or(|file| file.text.len() < 500))
        .map(|name| format!("{name}: missing or next to empty"));
    no_complaints(missing);
}

#[test]
fn a_failing_test_is_never_run_again_until_it_passes() {
    let tree = tree();
    let file = tree.file(".config/nextest.toml").expect("a nextest configuration");
    let settings: Table = file.text.parse().expect("valid TOML");
    let profiles = settings["profile"].as_table().expect("profiles");
    assert_eq!(profiles["default"].get("retries").and_then(toml::Value::as_integer), Some(0));
    for (name, profile) in profiles {
        let retries = profile.get("retries").and_then(toml::Value::as_integer).unwrap_or_default();
        assert_eq!(retries, 0, "{}: profile `{name}` retries", file.path);
        assert!(profile.get("overrides").is_none(), "{}: overrides could retry", file.path);
    }
}

#[test]
fn the_rules_for_the_root_bite() {
    let entry = |name: &str, is_folder| RootEntry { name: name.into(), is_folder };
    assert_eq!(strays(&[entry("scripts", true), entry("notes.md", false)]).len(), 2);
    assert_eq!(strays(&[entry("docs", false), entry("README.md", true)]).len(), 2);
    assert!(strays(&[entry("docs", true), entry(".ci", true), entry("LICENSE", false)]).is_empty());
}
