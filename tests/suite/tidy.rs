//! The shape of the house, held by tests: sizes, headers, names, edges between crates, words that
//! must not be committed. Each rule is a function from files to complaints, shown to bite on a bad
//! sample, and then run over the real tree. A complaint names the file and the rule.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may end at the first thing that is not as it should be"
)]

mod edges;
mod layout;
mod rust_files;
mod tree;
mod words;

use tree::{File, Tree};

/// Fails with every complaint, not just the first.
fn no_complaints(complaints: impl IntoIterator<Item = String>) {
    let complaints: Vec<String> = complaints.into_iter().collect();
    assert!(complaints.is_empty(), "the tree is untidy:\n  {}", complaints.join("\n  "));
}

/// A file that exists in a test only.
fn sample(path: &str, text: &str) -> File {
    File { path: path.into(), text: text.into() }
}

/// The files of the repository, read anew: a test must not depend on another's.
fn tree() -> Tree {
    Tree::read().expect("the repository is readable")
}
