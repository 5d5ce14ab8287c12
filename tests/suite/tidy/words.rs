//! Words that must not be committed: promises instead of work, and anything that ties the project to
//! one machine or one download host. Such words are put together here from halves, or this file
//! would be the first to complain of.

use super::{File, no_complaints, sample, tree};

/// Work that was not done.
const PROMISES: [&str; 4] =
    [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")];

/// Folders of one machine.
const MACHINE_PATHS: [&str; 5] = [
    concat!("/wo", "rk/"),
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers"),
];

/// Hosts of package registries: a build reaches them through its own tools' settings, never by name.
const REGISTRIES: [&str; 7] = [
    concat!("py", "pi.org"),
    concat!("files.python", "hosted.org"),
    concat!("crates", ".io"),
    concat!("registry.npm", "js.org"),
    concat!("registry.yarn", "pkg.com"),
    concat!("proxy.go", "lang.org"),
    concat!("rubygems", ".org"),
];

fn complaints_of(file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    for (line, number) in file.text.lines().zip(1..) {
        let mut complain = |rule: &str, word: &str| {
            complaints.push(format!("{}:{number}: {rule}: `{word}`", file.path));
        };
        for word in PROMISES.into_iter().filter(|word| has_word(line, word)) {
            complain("work that was not done", word);
        }
        for path in MACHINE_PATHS.into_iter().filter(|path| line.contains(path)) {
            complain("a path of one machine", path);
        }
        for host in REGISTRIES.into_iter().filter(|host| line.contains(host)) {
            if !is_lock_source(file, line) {
                complain("the host of a package registry", host);
            }
        }
    }
    complaints
}

/// The lock file names the index that each package came from; cargo wants it so.
fn is_lock_source(file: &File, line: &str) -> bool {
    file.path == "Cargo.lock" && line.starts_with("source = \"registry+")
}

fn has_word(line: &str, word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + word.len()..]);
        !before.ends_with(is_letter) && !after.starts_with(is_letter)
    })
}

#[test]
fn no_file_holds_a_promise_a_machines_path_or_a_registrys_host() {
    no_complaints(tree().files.iter().flat_map(complaints_of));
}

#[test]
fn the_rules_for_words_bite() {
    for word in PROMISES.into_iter().chain(MACHINE_PATHS).chain(REGISTRIES) {
        let file = sample("docs/a.md", &format!("fine\nsee {word} now"));
        let complaints = complaints_of(&file);
        assert_eq!(complaints.len(), 1, "{word}: {complaints:?}");
        assert!(complaints[0].starts_with("docs/a.md:2: "), "{complaints:?}");
    }
    let source =
        format!("source = \"registry+https://github.com/rust-lang/{}-index\"", REGISTRIES[2]);
    assert!(complaints_of(&sample("Cargo.lock", &source)).is_empty());
    assert_eq!(complaints_of(&sample("docs/a.md", &source)).len(), 1);
    assert!(complaints_of(&sample("a.rs", &format!("let {}S = 1;", PROMISES[0]))).is_empty());
}
