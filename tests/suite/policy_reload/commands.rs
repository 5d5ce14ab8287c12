//! `littoral policy`, as people call it.

use super::*;
use littoral_tests::process::{Home, Said};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

/// Runs `littoral policy` against a cluster's router.
async fn policy(cluster: &Cluster, arguments: &[&str]) -> Said {
    let (home, url) = (Home::empty(BINARY), cluster.url());
    let line = ["--router", &url, "policy"].into_iter().chain(arguments.iter().copied());
    home.run(line).await
}

fn json(said: &Said) -> Value {
    serde_json::from_str(said.out.lines().next().unwrap_or_default()).expect("a line of JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn status_shows_every_problem_of_a_refused_edit_and_fails_until_it_is_mended() {
    let cluster = cluster("good").await;
    let said = policy(&cluster, &["status"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    for part in ["good", &decides_under(&cluster).await, "policy.toml"] {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }
    write(&cluster, "policy.toml", BAD);
    wait_for_status(&cluster, |status| status.refused.is_some()).await;
    let said = policy(&cluster, &["status"]).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    said.must_fail_with(&["policy.toml:3:1: nmae", "policy.toml:5:1: deadlines.wrong", "rollback"]);
    let said = policy(&cluster, &["status", "--json"]).await;
    assert_eq!(json(&said)["refused"]["problems"].as_array().map(Vec::len), Some(2), "{said:?}");

    // The way out that it names.
    write(&cluster, "other.toml", &text("other"));
    let other = cluster.home().join("other.toml").display().to_string();
    let said = policy(&cluster, &["apply", &other]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(policy(&cluster, &["status"]).await.code, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn apply_and_rollback_show_what_changes_and_the_history_keeps_both() {
    let cluster = cluster("first").await;
    write(&cluster, "second.toml", &text("second"));
    let second = cluster.home().join("second.toml").display().to_string();
    let dry = policy(&cluster, &["apply", &second, "--dry-run"]).await;
    assert!(dry.out.contains("- name = 'first'\n+ name = 'second'"), "{dry:?}");
    assert_eq!(status(&cluster).await.name, "first", "a dry run changes nothing");

    let applied = policy(&cluster, &["apply", &second, "--note", "ticket 7"]).await;
    assert_eq!(applied.code, Some(0), "{applied:?}");
    assert!(applied.out.contains("+ name = 'second'"), "{applied:?}");
    assert_eq!(status(&cluster).await.name, "second");
    let back = policy(&cluster, &["rollback", "--json"]).await;
    assert_eq!(json(&back)["applied"], true, "{back:?}");
    let present = status(&cluster).await;
    assert_eq!((present.name.as_str(), present.cause()), ("first", v1::PolicyCause::Rollback));
    assert_eq!(json(&back)["hash"], present.hash.as_str());
    let on_disk = std::fs::read_to_string(cluster.home().join("policy.toml"));
    assert_eq!(on_disk.expect("a file"), text("first"));

    let told = policy(&cluster, &["history"]).await;
    let lines: Vec<&str> = told.out.lines().collect();
    assert_eq!(lines.len(), 4, "a head and three entries: {told:?}");
    assert!(lines[1].contains("first") && lines[1].contains("rolled back"), "{told:?}");
    assert!(lines[2].contains("second") && lines[2].contains("ticket 7"), "{told:?}");
    let hash = &history(&cluster).await[1].hash[..8];
    let forth = policy(&cluster, &["rollback", hash]).await;
    assert_eq!(forth.code, Some(0), "{forth:?}");
    assert_eq!(status(&cluster).await.name, "second");
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_told_before_anything_is_changed() {
    let cluster = cluster("first").await;
    let said = policy(&cluster, &["rollback"]).await;
    said.must_fail_with(&["no policy to go back to"]);
    let said = policy(&cluster, &["rollback", "ffff"]).await;
    said.must_fail_with(&["no policy ffff was ever in force"]);
    write(&cluster, "bad.toml", BAD);
    let bad = cluster.home().join("bad.toml").display().to_string();
    let said = policy(&cluster, &["apply", &bad]).await;
    said.must_fail_with(&["bad.toml:3:1: nmae", "bad.toml:5:1: deadlines.wrong"]);
    assert_eq!(names(&cluster).await, ["first"]);
}
