//! `littoral egress` and `doctor`, as a person types them.

use super::{Cluster, Plan};
use littoral_tests::process::{Home, Said};

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

async fn run(cluster: &Cluster, arguments: &[&str]) -> Said {
    let url = cluster.url();
    let line = ["--router", url.as_str()].into_iter().chain(arguments.iter().copied());
    Home::empty(BINARY).run(line).await
}

fn doctors_word(said: &Said) -> (String, String) {
    let checks: serde_json::Value =
        serde_json::from_str(said.out.lines().next().unwrap_or_default()).expect("JSON");
    let checks = checks["checks"].as_array().expect("checks").clone();
    let check = checks.iter().find(|check| check["name"] == "egress").expect("a check of egress");
    let text = |key: &str| check[key].as_str().unwrap_or_default().to_owned();
    (text("verdict"), text("found"))
}

#[tokio::test]
async fn off_status_and_on_say_how_it_stands_and_doctor_warns_meanwhile() {
    let cluster = Cluster::start(Plan::default()).await;
    let status = run(&cluster, &["egress", "status"]).await;
    assert!(status.out.starts_with("egress is on"), "{status:?}");
    assert_eq!(doctors_word(&run(&cluster, &["doctor", "--json"]).await).0, "ok");

    let off = run(&cluster, &["egress", "off", "--note", "incident 7"]).await;
    assert_eq!(off.code, Some(0), "{off:?}");
    assert!(off.out.starts_with("egress is off: nothing leaves for a cloud; since"), "{off:?}");
    assert!(off.out.contains("by local/local/local (incident 7)"), "{off:?}");
    let status = run(&cluster, &["egress", "status", "--json"]).await;
    let state: serde_json::Value = serde_json::from_str(&status.out).expect("JSON");
    assert_eq!((&state["allowed"], &state["note"]), (&false.into(), &"incident 7".into()));
    let (verdict, found) = doctors_word(&run(&cluster, &["doctor", "--json"]).await);
    assert_eq!(verdict, "warn");
    assert!(found.contains("off, nothing leaves for a cloud") && found.contains("incident 7"));

    let on = run(&cluster, &["egress", "on"]).await;
    assert!(on.out.starts_with("egress is on"), "{on:?}");
    let odd = run(&cluster, &["egress", "status", "--note", "x"]).await;
    assert_eq!(odd.code, Some(2), "{odd:?}");
}
