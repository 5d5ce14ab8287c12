//! The command: a page that is loud about clouds, JSON, and assertions that fail a script.

use super::*;
use littoral_tests::process::{Home, Said};

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

/// Runs `littoral policy simulate` with a draft against a cluster's router.
async fn simulate(cluster: &Cluster, draft: &str, arguments: &[&str]) -> Said {
    let file = cluster.home().join("draft.toml");
    std::fs::write(&file, draft).expect("a written file");
    let (file, url) = (file.display().to_string(), cluster.url());
    let line = ["--router", &url, "policy", "simulate", &file];
    Home::empty(BINARY).run(line.into_iter().chain(arguments.iter().copied())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_shows_what_would_leave_and_what_it_would_cost_and_fails_what_is_asserted() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let (cluster, ids) = asked_for_much(NEAR, &cloud).await;
    let said = simulate(&cluster, RULED, &["--since", "1h"]).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    let count = format!("{} recorded requests, ", ids.len());
    for part in
        ["(in force)", &count, "WOULD NEWLY REACH A CLOUD", "paid to clouds", "now rests on"]
    {
        assert!(said.out.contains(part), "{part} in {}", said.out);
    }

    let asserted = ["--assert", "newly_cloud == 0", "--assert", "egress_bytes.restricted == 0"];
    let said = simulate(&cluster, RULED, &asserted).await;
    assert_eq!(said.code, Some(1), "{said:?}");
    said.must_fail_with(&["1 assertion did not hold", "newly_cloud == 0 (it is "]);
    assert!(said.out.contains("fails  newly_cloud == 0"), "{}", said.out);
    assert!(said.out.contains("holds  egress_bytes.restricted == 0"), "{}", said.out);
    let same = simulate(&cluster, NEAR, &asserted).await;
    assert_eq!(same.code, Some(0), "{same:?}");

    let said =
        simulate(&cluster, RULED, &["--json", "--changes", "1", "--assert", "changed > 0"]).await;
    let told: serde_json::Value = serde_json::from_str(said.out.trim()).expect("JSON");
    assert_eq!(told["summary"]["considered"], ids.len(), "{told}");
    assert_eq!(told["changes"].as_array().map(Vec::len), Some(1));
    assert_eq!(told["changes"][0]["cloud"], "CLOUD_CHANGE_APPEARS");
    assert_eq!(told["assertions"][0]["holds"], true, "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_assertion_is_told_before_anybody_is_asked() {
    let home = Home::empty(BINARY);
    let draft = home.path("draft.toml");
    std::fs::write(&draft, NEAR).expect("a written file");
    let draft = draft.display().to_string();
    let line = ["--router", "127.0.0.1:1", "policy", "simulate", &draft];
    let said = home.run(line.into_iter().chain(["--assert", "newly_clout == 0"])).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    said.must_fail_with(&["no figure \"newly_clout\""]);
}
