//! Which crate may know of which, and what the pure core may not even see. Cargo holds that a crate
//! uses only what it names; these tests hold what it may name.

use super::{Tree, no_complaints, tree};
use std::collections::{BTreeMap, BTreeSet};
use toml::{Table, Value};

const ALL: &[&str] = &["proto", "core", "kit", "sim", "router", "worker", "engine", "cli", "tests"];

/// Each crate, the folder it lives in, and the crates it may depend on.
const EDGES: [(&str, &str, &[&str]); 9] = [
    ("proto", "proto", &[]),
    ("core", "router/core", &[]),
    ("kit", "router/kit", &[]),
    ("sim", "router/sim", &["core"]),
    ("engine", "edge-worker/engine", &["kit"]),
    ("worker", "edge-worker", &["engine", "proto", "kit"]),
    ("router", "router", &["core", "sim", "proto", "kit", "engine"]),
    ("cli", "router/cli", ALL),
    ("tests", "tests", ALL),
];

/// Crates that would give the core I/O, a clock of its own, or a wire.
const IMPURE: [&str; 12] = [
    "tokio",
    "tonic",
    "prost",
    "reqwest",
    "ort",
    "opentelemetry",
    "hyper",
    "axum",
    "rusqlite",
    "mio",
    "socket2",
    "tracing-subscriber",
];

const DEPENDENCY_TABLES: [&str; 3] = ["dependencies", "dev-dependencies", "build-dependencies"];

fn parse(tree: &Tree, path: &str) -> Table {
    let file = tree.file(path).unwrap_or_else(|| panic!("{path} is missing"));
    file.text.parse().unwrap_or_else(|error| panic!("{path} does not parse: {error}"))
}

fn keys(table: Option<&Value>) -> impl Iterator<Item = &str> {
    table.and_then(Value::as_table).into_iter().flat_map(|table| table.keys().map(String::as_str))
}

/// Crates of ours that a manifest names, for any purpose and platform.
fn own_dependencies(manifest: &Table) -> BTreeSet<&str> {
    let platforms = manifest.get("target").and_then(Value::as_table);
    let scopes = platforms.into_iter().flat_map(|t| t.values().filter_map(Value::as_table));
    scopes
        .chain([manifest])
        .flat_map(|scope| DEPENDENCY_TABLES.map(|name| keys(scope.get(name))))
        .flatten()
        .filter_map(|name| name.strip_prefix("littoral-"))
        .collect()
}

fn forbidden_edges(name: &str, manifest: &Table, allowed: &[&str]) -> Vec<String> {
    own_dependencies(manifest)
        .into_iter()
        .filter(|dependency| !allowed.contains(dependency))
        .map(|dependency| format!("{name} may not depend on {dependency}: allowed are {allowed:?}"))
        .collect()
}

/// Everything that `roots` pull in, by the lock file's graph (all versions of a name are one).
fn closure<'a>(lock: &'a Table, roots: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let packages = lock.get("package").and_then(Value::as_array).into_iter().flatten();
    let mut graph = BTreeMap::<&str, Vec<&str>>::new();
    for package in packages.filter_map(Value::as_table) {
        let Some(name) = package.get("name").and_then(Value::as_str) else { continue };
        let dependencies = package.get("dependencies").and_then(Value::as_array);
        let names = dependencies.into_iter().flatten().filter_map(Value::as_str);
        // "name version" where several versions are locked.
        graph.entry(name).or_default().extend(names.filter_map(|d| d.split(' ').next()));
    }
    let mut seen = BTreeSet::new();
    let mut todo = roots.collect::<Vec<_>>();
    while let Some(name) = todo.pop() {
        if seen.insert(name) {
            todo.extend(graph.get(name).into_iter().flatten());
        }
    }
    seen
}

fn impure(closure: &BTreeSet<&str>) -> Vec<String> {
    let is = |name: &str, banned: &str| {
        name.strip_prefix(banned)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
    };
    closure
        .iter()
        .filter(|name| IMPURE.iter().any(|banned| is(name, banned)))
        .map(|name| format!("router/core pulls in {name}: the core has no I/O and no wire"))
        .collect()
}

#[test]
fn crates_know_only_those_they_may_know() {
    let tree = tree();
    let complaints = EDGES.iter().flat_map(|(name, folder, allowed)| {
        forbidden_edges(name, &parse(&tree, &format!("{folder}/Cargo.toml")), allowed)
    });
    no_complaints(complaints);
}

#[test]
fn every_member_of_the_workspace_has_its_edges_stated_and_inherits_the_lints() {
    let tree = tree();
    let workspace = parse(&tree, "Cargo.toml");
    let members = workspace["workspace"]["members"].as_array().expect("members");
    let members: BTreeSet<_> = members.iter().filter_map(Value::as_str).collect();
    let stated: BTreeSet<_> = EDGES.iter().map(|(_, folder, _)| *folder).collect();
    assert_eq!(members, stated, "a crate came or went: state its edges here and in the design");
    let manifests = tree.files.iter().filter(|file| file.path.ends_with("/Cargo.toml"));
    let complaints = manifests.filter_map(|file| {
        let lints = parse(&tree, &file.path).get("lints").and_then(|l| l.get("workspace")).cloned();
        (lints != Some(Value::Boolean(true)))
            .then(|| format!("{}: does not inherit the workspace's lints", file.path))
    });
    no_complaints(complaints);
}

#[test]
fn the_core_is_pure() {
    let tree = tree();
    let (lock, manifest) = (parse(&tree, "Cargo.lock"), parse(&tree, "router/core/Cargo.toml"));
    // The lock file does not tell a member's tests from its product; the manifest does.
    let roots = ["dependencies", "build-dependencies"].map(|name| keys(manifest.get(name)));
    let closure = closure(&lock, roots.into_iter().flatten());
    assert!(closure.contains("serde"), "the graph was read: {closure:?}");
    no_complaints(impure(&closure));
}

#[test]
fn the_rules_for_edges_bite() {
    let manifest: Table = "[target.'cfg(unix)'.dev-dependencies]\nlittoral-router = {}\n\
         [dependencies]\nlittoral-core = {}\nserde = \"1\"\n"
        .parse()
        .expect("a manifest");
    assert_eq!(forbidden_edges("sim", &manifest, &["core"]).len(), 1);
    let lock: Table = "[[package]]\nname = \"a\"\ndependencies = [\"b 1.0.0\"]\n\
         [[package]]\nname = \"b\"\ndependencies = [\"tokio-util\"]\n"
        .parse()
        .expect("a lock file");
    assert_eq!(impure(&closure(&lock, ["a"].into_iter())).len(), 1);
    assert!(impure(&BTreeSet::from(["sort", "ortho", "portable"])).is_empty());
}
