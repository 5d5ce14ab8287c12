//! Routers that were killed: what may have left has a receipt at the next start.

use super::*;

/// A store whose process ends without closing it, as after `kill -9`: the file, its journal and its
/// notes are copied as they lie there.
async fn killed(path: &Path, store: SqliteStore) -> std::path::PathBuf {
    let after = path.parent().unwrap().join("after-the-kill");
    std::fs::create_dir(&after).unwrap();
    for name in ["littoral.db", "littoral.db-wal", "littoral.db-intents-1"] {
        std::fs::copy(path.with_file_name(name), after.join(name)).unwrap();
    }
    drop(store);
    after.join("littoral.db")
}

#[tokio::test]
async fn the_chain_survives_a_kill_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 20).await;
    let before = all(&store).await;
    let store = open(&killed(&path, store).await);
    assert_eq!(all(&store).await, before);
    store.commit(Row::Ended(ended("next", "alice"))).await.unwrap();
    let after = all(&store).await;
    assert_eq!(after[20].previous_hash, before[19].hash);
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn an_intent_without_an_outcome_gets_one_assumed_receipt_at_the_next_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 1).await;
    store.record(Row::Decided(decided("cut-off", "bob"))).unwrap();
    for dispatch in [0, 2] {
        store.commit(Row::Intent(intent("cut-off", "bob", dispatch))).await.unwrap();
    }
    // One that ended is not assumed.
    store.commit(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    assert_eq!(all(&store).await.len(), 1, "it may still be running");
    let path = killed(&path, store).await;

    for _ in 0..2 {
        let store = open(&path);
        let receipts = all(&store).await;
        assert_eq!(receipts.len(), 2, "once and not again");
        let assumed = &receipts[1];
        assert_eq!(
            (assumed.request_id.as_str(), assumed.principal_key.as_str()),
            ("cut-off", "bob")
        );
        let receipt = assumed.receipt.clone().unwrap();
        assert!(receipt.assumed);
        assert_eq!((receipt.egress_bytes, receipt.class), (642, DataClass::Internal));
        assert_eq!(receipt.policy_hash, "ab12");
        let held = |row: &HoldingRow| (row.machine.clone(), row.tier, row.bytes);
        let cloud = ("openai/gpt-4o-mini".to_owned(), Some(Tier::Cloud), 321);
        let held: Vec<_> = receipt.holdings.iter().map(held).collect();
        assert_eq!(held, [("router".to_owned(), None, 12), cloud.clone(), cloud]);
        assert_eq!(fault(&store).await, None);
        let kept = store.find("cut-off", None).await.unwrap().unwrap();
        assert_eq!(kept.ended, None, "how it ended is still not known");
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn receipts_of_a_file_from_before_the_chain_are_taken_into_it_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let old = Connection::open(&path).unwrap();
    for step in &schema::MIGRATIONS[..3] {
        old.execute_batch(step).unwrap();
    }
    old.pragma_update(None, "application_id", schema::APPLICATION_ID).unwrap();
    old.pragma_update(None, "user_version", 3).unwrap();
    let mut early = ended("early", "alice");
    early.at_unix_ms -= 1_000;
    for row in [Row::Ended(ended("late", "alice")), Row::Ended(early)] {
        sql::insert(&old, &row).unwrap();
    }
    // As it was written before receipts had detectors.
    let plain = "UPDATE outcomes SET outcome_json =
        json_remove(outcome_json, '$.receipt.detectors', '$.receipt.found')";
    old.execute(plain, []).unwrap();
    sql::insert(&old, &Row::Intent(intent("cut-off", "alice", 0))).unwrap();
    drop(old);
    for _ in 0..2 {
        let store = open(&path);
        let ids: Vec<_> = all(&store).await.into_iter().map(|one| one.request_id).collect();
        assert_eq!(ids, ["early", "late", "cut-off"]);
        assert_eq!(fault(&store).await, None);
        store.close().await.unwrap();
    }
}
