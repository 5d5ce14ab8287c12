//! What must not compile: every way around the privacy gate that a type can close.
//!
//! The compiler is asked directly, with the libraries that were built for this test: a project for each case would
//! build all that this crate stands on once more.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::cmp::Reverse;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What the control does with the gate's word compiles; every other case differs by the line that must not.
const CONTROL: &str = "sends_what_the_gate_made";
/// Each other case, and what the compiler says of it, from the line and column on.
const CASES: [(&str, &str); 5] = [
    (
        "builds_it_outside_the_gate",
        "10:9: error[E0451]: fields `prompt`, `remainder`, `class`, `target`, `policy_hash` and `request_id` of struct \
         `Cleared` are private",
    ),
    (
        "clones_it",
        "6:14: error[E0599]: no method named `clone` found for struct `Cleared` in the current scope",
    ),
    (
        "serializes_it",
        "6:27: error[E0277]: the trait bound `Cleared: serde::Serialize` is not satisfied",
    ),
    ("uses_it_twice", "9:10: error[E0382]: use of moved value: `cleared`"),
    ("swaps_its_prompt", "7:5: error[E0594]: cannot assign to data in a `&` reference"),
];

/// A built library of each crate that the cases name.
struct Libraries {
    folder: PathBuf,
    core: PathBuf,
    serde_json: PathBuf,
}

impl Libraries {
    /// Those of this build: the newest with which the control compiles.
    fn of_this_build() -> Self {
        let folder = std::env::current_exe().unwrap().parent().unwrap().to_owned();
        let all = built(&folder, "littoral_core").into_iter().flat_map(|core| {
            let pair = move |serde_json| (core.clone(), serde_json);
            built(&folder, "serde_json").into_iter().map(pair)
        });
        let mut last = String::new();
        for (core, serde_json) in all {
            let libraries = Self { folder: folder.clone(), core, serde_json };
            let said = libraries.compile(CONTROL);
            if said.status.success() {
                return libraries;
            }
            last = String::from_utf8_lossy(&said.stderr).into_owned();
        }
        panic!("the control must compile: {last}");
    }

    /// Compiles a case as far as it takes to know whether it is right.
    fn compile(&self, case: &str) -> Output {
        let source = format!("tests/compile_fail/{case}.rs");
        let library = |name: &str, path: &Path| format!("{name}={}", path.display());
        Command::new("rustc")
            .args([
                "--edition=2024",
                "--crate-type=bin",
                "--emit=metadata",
                "--error-format=short",
                &source,
            ])
            .args(["--out-dir", env!("CARGO_TARGET_TMPDIR")])
            .arg(format!("-Ldependency={}", self.folder.display()))
            .args(["--extern", &library("littoral_core", &self.core)])
            .args(["--extern", &library("serde_json", &self.serde_json)])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("rustc")
    }
}

/// The libraries of a crate in `folder`, the newest first.
fn built(folder: &Path, name: &str) -> Vec<PathBuf> {
    let start = format!("lib{name}-");
    let is_one = |path: &PathBuf| {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        file.starts_with(&start) && file.ends_with(".rlib")
    };
    let entries = folder.read_dir().unwrap().filter_map(|entry| Some(entry.ok()?.path()));
    let mut all: Vec<PathBuf> = entries.filter(is_one).collect();
    let made = |path: &PathBuf| path.metadata().and_then(|it| it.modified()).ok();
    all.sort_by_cached_key(|path| Reverse(made(path)));
    all
}

#[test]
fn cleared_content_cannot_be_made_copied_stored_or_used_twice() {
    let libraries = Libraries::of_this_build();
    for (case, expected) in CASES {
        let said = libraries.compile(case);
        let text = String::from_utf8_lossy(&said.stderr);
        assert!(!said.status.success(), "{case} compiles");
        let errors: Vec<&str> = text.lines().filter(|line| line.contains(": error[")).collect();
        let [error] = errors[..] else { panic!("{case} must fail for its one reason:\n{text}") };
        let expected = format!("tests/compile_fail/{case}.rs:{expected}");
        assert!(error.starts_with(&expected), "{case}: expected\n{expected}\nand not\n{text}");
    }
}
