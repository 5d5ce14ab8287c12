//! The clients that applications bring, unchanged, before a running `littoral up` with the real model.
//!
//! `tests/clients/doors` holds what is judged, a check a function; each client has a test here, with a router
//! process of its own.

use crate::python::{Recipe, clean};
use littoral_tests::cluster::{Cluster, Plan};
use littoral_tests::process::Home;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
/// Longest time that one client's checks may take. Alone a judge needs less than a minute; four of them at
/// once share two cores with each other's models.
const LIMIT: Duration = Duration::from_secs(240);
/// Settings of a person's own that would make a client ask somebody else, or tell others of it.
const SETTINGS: [&str; 12] = [
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_PROXY",
    "ANTHROPIC_API_KEY",
    "ANTHROPIC_AUTH_TOKEN",
    "ANTHROPIC_BASE_URL",
    "LANGSMITH_TRACING",
    "LANGCHAIN_TRACING_V2",
    "HTTP_PROXY",
    "http_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// What a judge said of a router.
struct Verdict {
    checks: u64,
    complaints: Vec<Value>,
    /// How long each check took, for a person who reads a failure.
    times: String,
}

impl Verdict {
    /// Fails with every complaint, and if there was less to complain of than there should be.
    fn must_be_good(&self, least: u64) {
        let Self { checks, complaints, times } = self;
        assert!(complaints.is_empty(), "complaints: {complaints:#?}\n{times}");
        assert!(*checks >= least, "only {checks} checks");
    }
}

/// Judges the router at this address through one client.
async fn judged(client: &str, url: &str) -> Verdict {
    let folder: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("clients/doors");
    let requirements = folder.join("requirements.txt");
    let recipe = Recipe { name: "door-clients", requirements, package: None, sources: vec![] };
    let mut command = clean(&recipe.interpreter().await);
    for name in SETTINGS {
        command.env_remove(name);
    }
    command.arg(folder.join("judge.py")).args([client, url]);
    let output = tokio::time::timeout(LIMIT, command.output()).await.expect("a verdict in time");
    let output = output.expect("a Python process");
    let times = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{times}");
    let lines = String::from_utf8(output.stdout).expect("text");
    let lines = lines.lines().map(|line| serde_json::from_str(line).expect("a line of JSON"));
    let mut complaints: Vec<Value> = lines.collect();
    let counts = complaints.pop().expect("a last line with counts");
    assert_eq!(counts["complaints"].as_u64(), u64::try_from(complaints.len()).ok(), "{counts}");
    Verdict { checks: counts["checks"].as_u64().expect("a number of checks"), complaints, times }
}

/// The same of a router and a worker in one process, as `littoral up` starts them.
async fn judged_at_home(client: &str) -> Verdict {
    let home = tokio::task::spawn_blocking(|| Home::provisioned(BINARY));
    let home = home.await.expect("a provisioned home");
    let up = home.stay(["up", "--listen", "127.0.0.1:0"]).await;
    let verdict = judged(client, &up.address).await;
    up.signal("TERM").await;
    assert_eq!(up.end().await, Some(0), "an orderly end: nothing that a client did hangs");
    verdict
}

#[tokio::test(flavor = "multi_thread")]
async fn openais_client_is_answered_as_openai_would_answer_it() {
    judged_at_home("openai").await.must_be_good(30);
}

#[tokio::test(flavor = "multi_thread")]
async fn anthropics_client_is_answered_as_anthropic_would_answer_it() {
    judged_at_home("anthropic").await.must_be_good(9);
}

#[tokio::test(flavor = "multi_thread")]
async fn langchains_classes_for_openai_need_only_another_address() {
    judged_at_home("langchain").await.must_be_good(7);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grpc_client_needs_no_contract_but_what_reflection_tells_it() {
    judged_at_home("grpc").await.must_be_good(7);
}

#[tokio::test]
async fn a_router_without_workers_tells_every_client_by_name_to_come_again() {
    let cluster = Cluster::start(Plan::default()).await;
    judged("nobody", &cluster.url()).await.must_be_good(5);
}

#[tokio::test]
async fn the_judge_sees_a_router_that_answers_nobody() {
    let cluster = Cluster::start(Plan::default()).await;
    let Verdict { complaints, .. } = judged("anthropic", &cluster.url()).await;
    let of = |check: &str| complaints.iter().any(|complaint| complaint["check"] == check);
    for check in [
        "a_whole_message_tells_who_gave_it_in_its_headers_and_in_its_body",
        "a_stream_says_what_the_whole_message_says",
        "a_tool_that_must_be_used_is_used_with_an_input_that_fits",
        "a_stream_that_is_closed_early_is_cancelled",
    ] {
        assert!(of(check), "{check}: {complaints:#?}");
    }
}
