//! The policy of a running router changes: by its files, over the wire, and back again. Whatever is
//! wrong with a change, the last good policy stays, and everybody who should know is told.

mod commands;
mod wire;

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::prompt;
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::path::Path;
use std::sync::Arc;
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// The name of the policy in health.
const HEALTH: &str = "littoral.policy";
/// No policy, for two reasons.
const BAD: &str = "version = 1\nname = 'x'\nnmae = 'y'\n[deadlines]\nwrong = 1\n";

fn text(name: &str) -> String {
    format!("version = 1\nname = '{name}'\n")
}

/// A router whose policy is the file `policy.toml` in its home folder.
async fn cluster(name: &str) -> Cluster {
    Cluster::start(Plan { policy: Some(&text(name)), ..Plan::default() }).await
}

fn write(cluster: &Cluster, file: &str, text: &str) {
    std::fs::write(cluster.home().join(file), text).expect("a written file");
}

/// Replaces a file as editors do.
fn rename_over(cluster: &Cluster, file: &str, text: &str) {
    write(cluster, "elsewhere", text);
    rename(cluster, "elsewhere", file);
}

fn rename(cluster: &Cluster, from: &str, to: &str) {
    let in_home = |path: &str| cluster.home().join(path);
    std::fs::rename(in_home(from), in_home(to)).expect("a renamed file");
}

async fn status(cluster: &Cluster) -> v1::PolicyStatusResponse {
    let status = cluster.policy().status(v1::PolicyStatusRequest {}).await;
    status.expect("a status").into_inner()
}

/// Waits until the status, as it is told over the wire, is as wanted.
async fn wait_for_status(
    cluster: &Cluster,
    wanted: impl Fn(&v1::PolicyStatusResponse) -> bool,
) -> v1::PolicyStatusResponse {
    let mut changes = cluster.router.policy.watch();
    let wait = async {
        loop {
            changes.mark_unchanged();
            let status = status(cluster).await;
            if wanted(&status) {
                return status;
            }
            changes.changed().await.expect("a keeper");
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("a status as wanted in time")
}

async fn wait_for(cluster: &Cluster, name: &str) -> v1::PolicyStatusResponse {
    wait_for_status(cluster, |status| status.name == name && status.refused.is_none()).await
}

/// Waits until health says this of a service.
async fn wait_for_health(cluster: &Cluster, service: &str, wanted: ServingStatus) {
    let request = HealthCheckRequest { service: service.into() };
    let mut client = HealthClient::new(cluster.channel.clone());
    let mut states = client.watch(request).await.expect("a watch").into_inner();
    let wait = async {
        while let Some(state) = states.message().await.expect("a state") {
            if state.status == wanted as i32 {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("health as wanted in time");
}

async fn history(cluster: &Cluster) -> Vec<v1::PolicyEntry> {
    let list = cluster.policy().list(v1::ListPoliciesRequest { limit: 0 }).await;
    let mut entries = list.expect("a history").into_inner().entries;
    entries.reverse();
    entries
}

/// The names in the history, the first one first.
async fn names(cluster: &Cluster) -> Vec<String> {
    history(cluster).await.into_iter().map(|entry| entry.name).collect()
}

/// The hash that a dry run of this moment decides under.
async fn decides_under(cluster: &Cluster) -> String {
    let chat = prompt("hello", DataClass::Public);
    let subject = Some(v1::decide_request::Subject::Chat(chat));
    let request = v1::DecideRequest { subject, seed: None };
    let decided = cluster.routing().decide(request).await.expect("a decision").into_inner();
    decided.decision.expect("a decision").policy_hash
}

/// Asks, and reads until the first word is there.
async fn begin(cluster: &Cluster, id: &str) -> (tonic::Streaming<v1::ChatEvent>, v1::Decision) {
    let request = v1::ChatRequest { request_id: id.into(), ..prompt("go", DataClass::Personal) };
    let mut stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
    let mut decision = None;
    let wait = async {
        loop {
            match stream.message().await.expect("a stream").expect("an event").event {
                Some(Event::Routed(routed)) => decision = routed.decision,
                Some(Event::Delta(_)) => return,
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("a word in time");
    (stream, decision.expect("a decision"))
}

#[tokio::test]
async fn an_edited_policy_rules_the_next_request_and_not_the_one_in_flight() {
    let mut cluster = cluster("first").await;
    let engine = ScriptedEngine::new("tiny", &["one ", "two"]).silent_after(1);
    cluster.join(&Seat::own("laptop"), Arc::new(engine)).await;
    let first = status(&cluster).await.hash;
    let (_in_flight, decision) = begin(&cluster, "in-flight").await;
    assert_eq!(decision.policy_hash, first);

    write(&cluster, "policy.toml", &text("second"));
    let second = wait_for(&cluster, "second").await.hash;
    let (_next, decision) = begin(&cluster, "next").await;
    assert_eq!(decision.policy_hash, second);

    cluster.lose_last_worker().await;
    for (id, hash) in [("in-flight", first), ("next", second)] {
        let receipt = cluster.wait_for_outcome(id).await.receipt.expect("a receipt");
        assert_eq!(receipt.policy_hash, hash, "{id}");
        // What it says is found by its hash, however long ago it ruled.
        let get = v1::GetPolicyRequest { hash: Some(hash) };
        let kept = cluster.policy().get(get).await.expect("its files").into_inner();
        assert_eq!(kept.sources.len(), 1, "{id}");
    }
}

#[tokio::test]
async fn a_broken_edit_keeps_the_last_good_policy_and_is_told_until_it_is_mended() {
    let cluster = cluster("good").await;
    wait_for_health(&cluster, HEALTH, ServingStatus::Serving).await;
    let good = status(&cluster).await;
    write(&cluster, "policy.toml", BAD);
    wait_for_health(&cluster, HEALTH, ServingStatus::NotServing).await;
    wait_for_health(&cluster, "", ServingStatus::Serving).await;
    let bad = wait_for_status(&cluster, |status| status.refused.is_some()).await;
    let problems = bad.refused.expect("refused").problems;
    let told: Vec<_> = problems.iter().map(|bad| (bad.path.as_str(), bad.line)).collect();
    assert_eq!(told, [("nmae", Some(3)), ("deadlines.wrong", Some(5))]);
    assert!(problems.iter().all(|bad| bad.file.ends_with("policy.toml")), "{problems:?}");
    assert_eq!((bad.hash.as_str(), bad.name.as_str()), (good.hash.as_str(), "good"));
    assert_eq!(decides_under(&cluster).await, good.hash);

    write(&cluster, "policy.toml", &text("mended"));
    wait_for_health(&cluster, HEALTH, ServingStatus::Serving).await;
    let mended = wait_for(&cluster, "mended").await;
    assert_eq!(decides_under(&cluster).await, mended.hash);
    assert_eq!(names(&cluster).await, ["good", "mended"]);
}

#[tokio::test]
async fn quick_edits_end_at_the_last_however_the_file_is_replaced() {
    let cluster = cluster("first").await;
    write(&cluster, "policy.toml", &text("second"));
    write(&cluster, "policy.toml", &text("third"));
    wait_for(&cluster, "third").await;
    rename_over(&cluster, "policy.toml", &text("fourth"));
    rename_over(&cluster, "policy.toml", &text("fifth"));
    let last = wait_for(&cluster, "fifth").await;
    assert_eq!(decides_under(&cluster).await, last.hash);
}

/// A policy that is a folder, and another to put in its place.
fn two_folders(home: &Path, raw: &mut littoral_router::config::raw::RawConfig) {
    for (folder, name) in [("policies", "first"), ("next", "second")] {
        let folder = home.join(folder);
        std::fs::create_dir_all(&folder).expect("a folder");
        std::fs::write(folder.join("a.toml"), text(name)).expect("a file");
    }
    raw.policy = Some("policies".into());
}

#[tokio::test]
async fn a_folder_is_replaced_as_a_whole_and_watched_from_then_on() {
    let plan = Plan { adjust: Some(two_folders), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    assert_eq!(status(&cluster).await.name, "first");
    rename(&cluster, "policies", "former");
    rename(&cluster, "next", "policies");
    wait_for(&cluster, "second").await;
    write(&cluster, "policies/a.toml", &text("third"));
    wait_for(&cluster, "third").await;
}
