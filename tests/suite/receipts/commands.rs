//! `littoral receipts` as a person types it.

use super::{list, refused};
use littoral_tests::cluster::{Cluster, Plan};
use littoral_tests::process::{Home, Said};
use rusqlite::Connection;

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

async fn run(cluster: &Cluster, arguments: &[&str]) -> Said {
    let url = cluster.url();
    let line = ["--router", url.as_str()].into_iter().chain(arguments.iter().copied());
    Home::empty(BINARY).run(line).await
}

#[tokio::test]
async fn receipts_are_listed_verified_and_an_edit_ends_in_exit_code_1() {
    let cluster = Cluster::start(Plan::default()).await;
    let none = run(&cluster, &["receipts"]).await;
    assert_eq!((none.code, none.out.as_str()), (Some(0), ""), "{none:?}");
    assert!(none.err.contains("no receipt since"), "{none:?}");

    refused(&cluster, 3).await;
    let receipts = list(&cluster).await;
    let table = run(&cluster, &["receipts", "--since", "1h", "--limit", "2"]).await;
    assert_eq!(table.code, Some(0), "{table:?}");
    for (index, one) in receipts.iter().enumerate() {
        let id = &one.receipt.as_ref().expect("a receipt").request_id;
        assert_eq!(table.out.contains(id), index > 0, "the latest two: {table:?}");
    }
    assert!(table.out.contains("restricted  0 bytes  -"), "{table:?}");
    assert!(table.err.contains("1 earlier ones are not shown"), "{table:?}");
    let since = (receipts[2].at_unix_ms + 1).to_string();
    let later = run(&cluster, &["receipts", "--since", &since, "--json"]).await;
    assert_eq!(later.out.trim(), r#"{"receipts":[]}"#, "{later:?}");

    let intact = run(&cluster, &["receipts", "verify"]).await;
    assert_eq!(intact.code, Some(0), "{intact:?}");
    assert!(intact.out.contains("intact: 3 receipts"), "{intact:?}");
    assert!(intact.out.contains(&receipts[2].hash), "the hash to note: {intact:?}");
    let noted = run(&cluster, &["receipts", "verify", "--noted", &receipts[1].hash]).await;
    assert_eq!(noted.code, Some(0), "{noted:?}");

    let path = cluster.home().join("state/littoral.db");
    let editor = Connection::open(path).expect("the database");
    editor.execute("DELETE FROM receipts WHERE sequence = 2", []).expect("an edit");
    let broken = run(&cluster, &["receipts", "verify", "--noted", &receipts[1].hash]).await;
    assert_eq!(broken.code, Some(1), "{broken:?}");
    broken.must_fail_with(&["receipt 2 is missing"]);
    let broken = run(&cluster, &["receipts", "verify", "--json"]).await;
    assert_eq!(broken.code, Some(1), "{broken:?}");
    let verdict = broken.out.lines().next().expect("a line");
    let verdict: serde_json::Value = serde_json::from_str(verdict).expect("JSON");
    assert_eq!((&verdict["intact"], &verdict["at_sequence"]), (&false.into(), &2.into()));
}

#[tokio::test]
async fn a_moment_that_is_none_is_refused_with_a_hint() {
    let said = Home::empty(BINARY).run(["receipts", "--since", "yesterday"]).await;
    assert_eq!(said.code, Some(2), "{said:?}");
    said.must_fail_with(&["such as 1d"]);
}
