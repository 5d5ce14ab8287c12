//! Our goldens before a judge that nobody here wrote: the Python clients of the two APIs' own makers.
//!
//! `tests/clients/official/judge.py` holds what it judges, and the few goldens that stray on purpose.

use crate::python::{Recipe, clean};
use littoral_tests::cluster::PATIENCE;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/official")
}

/// What the judge says of a folder of goldens, line by line.
async fn judged(goldens: &Path) -> Vec<Value> {
    let requirements = folder().join("requirements.txt");
    let recipe = Recipe { name: "official-clients", requirements, package: None, sources: vec![] };
    let mut command = clean(&recipe.interpreter().await);
    for key in ["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        command.env_remove(key);
    }
    command.arg(folder().join("judge.py")).arg(goldens);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("a verdict in time");
    let output = output.expect("a Python process");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let lines = String::from_utf8(output.stdout).expect("text");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON")).collect()
}

fn goldens() -> PathBuf {
    let router = Path::new(env!("CARGO_MANIFEST_DIR")).join("../router");
    router.join("src/executors/cloud/dialect/goldens")
}

#[tokio::test]
async fn what_we_send_and_accept_is_what_the_official_clients_types_allow() {
    let verdict = judged(&goldens()).await;
    let [counts] = &verdict[..] else { panic!("complaints: {verdict:#?}") };
    for (what, least) in [("requests", 40), ("streams", 25), ("embeddings", 2)] {
        assert!(counts[what].as_u64() >= Some(least), "{counts}");
    }
}

#[tokio::test]
async fn the_judge_sees_a_field_that_no_type_has_and_a_text_that_is_another() {
    let copy = tempfile::tempdir().expect("a folder");
    copy_folder(&goldens(), copy.path());
    let edit = |name: &str, from: &str, to: &str| {
        let path = copy.path().join(name);
        let text = std::fs::read_to_string(&path).expect("a golden");
        assert!(text.contains(from), "{name}: {from}");
        std::fs::write(&path, text.replacen(from, to, 1)).expect("an edited golden");
    };
    edit("openai/requests/seed.json", "\"seed\"", "\"sead\"");
    edit("anthropic/requests/stop.json", "\"max_tokens\": 64", "\"max_tokens\": \"many\"");
    edit("openai/streams/text.events", "Content \"", "Content \"so ");
    edit("anthropic/streams/text.sse", "\"output_tokens\"", "\"output_tolkens\"");
    let complaints = judged(copy.path()).await;
    let names: Vec<&str> =
        complaints.iter().filter_map(|complaint| complaint["golden"].as_str()).collect();
    let expected = [
        "openai/requests/seed.json",
        "anthropic/requests/stop.json",
        "openai/streams/text.sse",
        "anthropic/streams/text.sse",
    ];
    assert_eq!(names, expected, "{complaints:#?}");
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("a folder").map(|entry| entry.expect("an entry")) {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a copy");
        }
    }
}
