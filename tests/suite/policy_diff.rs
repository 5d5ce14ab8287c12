//! What another policy would have done with the requests of the past: asked of a router over the wire,
//! and as people call it. And what a policy means for one principal.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::config::people::UserName;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::ScriptedCloud;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::process::{Home, Said};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use tonic::Code;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");
const BASE: &str = "version = 1\nname = 'base'\n";

/// A rule that denies what is labelled public.
const NO_PUBLIC: &str = "version = 1\nname = 'draft'\n[[rule]]\nname = 'no public'\n\
    when = 'request.class == \"public\"'\ndeny = true\n";
/// A policy without clouds.
const NO_CLOUD: &str = "version = 1\nname = 'near'\n[tiers]\norder = ['device', 'edge']\n";

fn sources(text: &str) -> Vec<v1::PolicySource> {
    vec![v1::PolicySource { name: "policy.toml".into(), text: text.into() }]
}

/// A router with a device and a cloud that was asked twice: the ids of a public request and of a
/// personal one.
async fn asked_twice(policy: &str, cloud: &ScriptedCloud) -> (Cluster, [String; 2]) {
    let plan = Plan { policy: Some(policy), cloud: Some(cloud), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &["a ", "b"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    let mut ids = Vec::new();
    for class in [DataClass::Public, DataClass::Personal] {
        let answer = ask(&mut cluster.chat(), prompt("hello", class)).await;
        ids.push(answer.routed().request_id.clone());
    }
    (cluster, ids.try_into().expect("two ids"))
}

async fn diff(cluster: &Cluster, request: v1::DiffRequest) -> v1::DiffResponse {
    cluster.policy().diff(request).await.expect("a difference").into_inner()
}

#[tokio::test]
async fn the_one_request_that_a_policy_denies_is_named_and_only_it() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, [public, _]) = asked_twice(BASE, &cloud).await;
    let sent = cloud.bytes_received();
    let request = v1::DiffRequest { a: sources(NO_PUBLIC), ..v1::DiffRequest::default() };
    let told = diff(&cluster, request.clone()).await;
    assert_eq!((told.considered, told.changed, told.unreplayable), (2, 1, 0));
    let [change] = &told.changes[..] else { panic!("one change: {told:?}") };
    assert_eq!(change.request_id, public);
    assert!(change.before.starts_with("tiny on this-device, then "), "{change:?}");
    assert!(change.after.starts_with("refused: "), "{change:?}");
    assert_eq!(change.why, "tiny on this-device lost at rule: rule no public: denied");
    assert_eq!(change.cloud(), v1::CloudChange::Disappears);
    assert_eq!((told.newly_cloud, told.no_longer_cloud), (0, 1));
    assert!(change.at_unix_ms > 0 && told.hash_a != told.hash_b);
    assert_eq!(cloud.bytes_received(), sent, "a comparison sends nothing");

    // The newest alone, which is the personal one; and nothing of later than it.
    let newest = v1::DiffRequest { limit: 1, ..request.clone() };
    let newest = diff(&cluster, newest).await;
    assert_eq!((newest.considered, newest.changed), (1, 0));
    let later = v1::DiffRequest { since_unix_ms: Some(u64::MAX), ..request };
    assert_eq!(diff(&cluster, later).await.considered, 0);
}

#[tokio::test]
async fn what_would_newly_reach_a_cloud_is_counted_against_another_policy_too() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, [public, _]) = asked_twice(NO_CLOUD, &cloud).await;
    assert_eq!(cloud.bytes_received(), 0);
    let against = |b| v1::DiffRequest { a: sources(BASE), b, ..v1::DiffRequest::default() };
    let told = diff(&cluster, against(None)).await;
    let near = v1::PolicySources { sources: sources(NO_CLOUD) };
    assert_eq!(diff(&cluster, against(Some(near))).await, told, "the same, written out");
    assert_eq!((told.changed, told.newly_cloud), (1, 1));
    assert_eq!(told.changes[0].request_id, public);
    assert_eq!(told.changes[0].cloud(), v1::CloudChange::Appears);
    assert!(told.changes[0].why.contains("does not use tier cloud, and no longer"), "{told:?}");
}

#[tokio::test]
async fn nobody_but_an_administrator_compares_and_mistakes_are_told() {
    let bad =
        v1::DiffRequest { a: sources("version = 1\nnmae = 'x'"), ..v1::DiffRequest::default() };
    let cluster = Cluster::start(Plan { policy: Some(BASE), ..Plan::default() }).await;
    let refused = cluster.policy().diff(bad.clone()).await.expect_err("no policy");
    assert_eq!(refused.code(), Code::FailedPrecondition, "{refused:?}");
    let plan = Plan {
        adjust: Some(|_, raw| raw.administrators = Some(vec![UserName("alice".into())])),
        ..Plan::default()
    };
    let cluster = Cluster::start(plan).await;
    let request = v1::DiffRequest { a: sources(BASE), ..v1::DiffRequest::default() };
    let refused = cluster.policy().diff(request).await.expect_err("refused");
    assert_eq!(refused.code(), Code::PermissionDenied);
}

/// Runs `littoral policy` against a cluster's router.
async fn policy(cluster: &Cluster, arguments: &[&str]) -> Said {
    let (home, url) = (Home::empty(BINARY), cluster.url());
    let line = ["--router", &url, "policy"].into_iter().chain(arguments.iter().copied());
    home.run(line).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_shows_the_change_and_is_loud_about_clouds() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, [public, personal]) = asked_twice(NO_CLOUD, &cloud).await;
    let file = cluster.home().join("draft.toml");
    std::fs::write(&file, BASE).expect("a written file");
    let file = file.display().to_string();
    let said = policy(&cluster, &["diff", &file]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in ["1 request WOULD NEWLY REACH A CLOUD", &public, "1 of 2 recorded requests"] {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }
    assert!(!said.out.contains(&personal), "{}", said.out);
    let said = policy(&cluster, &["diff", &file, &file, "--json"]).await;
    let told: serde_json::Value = serde_json::from_str(said.out.trim()).expect("JSON");
    assert_eq!((&told["considered"], &told["changed"]), (&2.into(), &0.into()), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn show_prints_the_files_in_force_and_what_they_mean_for_somebody() {
    let cluster = Cluster::start(Plan { policy: Some(NO_PUBLIC), ..Plan::default() }).await;
    let said = policy(&cluster, &["show"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.contains("# policy draft, hash ") && said.out.contains(NO_PUBLIC), "{said:?}");
    let said = policy(&cluster, &["show", "--effective", "--user", "alice"]).await;
    for part in ["who wins", "user alice", "1. no public (ranks as everybody)", "deny = true"] {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }
    // From disk, without a router.
    let file = cluster.home().join("draft.toml");
    std::fs::write(&file, NO_CLOUD).expect("a written file");
    let file = file.display().to_string();
    let said = Home::empty(BINARY).run(["policy", "show", &file, "--effective", "--json"]).await;
    let told: serde_json::Value = serde_json::from_str(said.out.trim()).expect("JSON");
    assert_eq!(told["tiers"]["order"], serde_json::json!(["device", "edge"]), "{told}");
}
