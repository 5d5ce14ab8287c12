//! A router's own file, edited with SQLite while it runs: the verdict over the wire names the place.

use super::{list, refused, verify};
use littoral_tests::cluster::{Cluster, Plan};
use rusqlite::Connection;

/// A cluster with four receipts.
async fn with_four() -> Cluster {
    let cluster = Cluster::start(Plan::default()).await;
    refused(&cluster, 4).await;
    cluster
}

fn edit(cluster: &Cluster, sql: &str) {
    let path = cluster.home().join("state/littoral.db");
    Connection::open(path).expect("the database").execute_batch(sql).expect("an edit");
}

#[tokio::test]
async fn each_edit_is_found_with_its_number_and_a_sentence() {
    let swap = "UPDATE receipts SET sequence = -1 WHERE sequence = 2;
        UPDATE receipts SET sequence = 2 WHERE sequence = 3;
        UPDATE receipts SET sequence = 3 WHERE sequence = -1";
    for (sql, sequence, words) in [
        (
            "UPDATE receipts SET receipt_json = replace(receipt_json, 'restricted', 'public')
             WHERE sequence = 2",
            2,
            "receipt 2 was changed after it was written",
        ),
        ("DELETE FROM receipts WHERE sequence = 2", 2, "receipt 2 is missing"),
        ("DELETE FROM receipts WHERE sequence = 4", 4, "receipt 4 is missing at the end"),
        (swap, 2, "receipt 2 does not follow receipt 1"),
        (
            "UPDATE receipts SET previous_hash = zeroblob(32) WHERE sequence = 3",
            3,
            "receipt 3 does not follow receipt 2",
        ),
    ] {
        let mut cluster = with_four().await;
        assert!(verify(&cluster, None).await.intact);
        edit(&cluster, sql);
        for _ in 0..2 {
            let verdict = verify(&cluster, None).await;
            assert!(!verdict.intact, "{sql}");
            assert_eq!(verdict.at_sequence, Some(sequence), "{sql}: {verdict:?}");
            assert!(verdict.fault.contains(words), "{sql}: {verdict:?}");
            cluster.restart().await;
        }
    }
}

#[tokio::test]
async fn a_noted_hash_finds_an_end_that_was_cut_off_without_a_trace() {
    let mut cluster = with_four().await;
    let receipts = list(&cluster).await;
    cluster.restart().await;
    edit(
        &cluster,
        "DELETE FROM receipts WHERE sequence > 2; UPDATE receipts_head SET receipts = 2,
         hash = (SELECT hash FROM receipts WHERE sequence = 2)",
    );
    cluster.restart().await;
    assert!(verify(&cluster, None).await.intact, "nothing in the file tells");
    let verdict = verify(&cluster, Some(&receipts[3].hash)).await;
    assert!(!verdict.intact && verdict.fault.contains("noted hash"), "{verdict:?}");
    assert!(verify(&cluster, Some(&receipts[1].hash)).await.intact);
}
