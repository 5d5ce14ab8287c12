//! Files that somebody edited with SQLite's own tools: each edit is found, with its number.

use super::*;
use crate::store::chain::Link;

/// Edits a chain of five under the running router and again after it; returns what is found.
async fn edited(edit: &str) -> [Option<ChainFault>; 2] {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 5).await;
    Connection::open(&path).unwrap().execute_batch(edit).unwrap();
    let running = fault(&store).await;
    store.close().await.unwrap();
    let store = open(&path);
    let restarted = fault(&store).await;
    // It goes on writing, and what was found stays found.
    store.commit(Row::Ended(ended("later", "alice"))).await.unwrap();
    assert_eq!(fault(&store).await.is_some(), restarted.is_some(), "{edit}");
    [running, restarted]
}

async fn found(edit: &str, sequence: u64, words: &str) {
    for fault in edited(edit).await {
        let fault = fault.unwrap_or_else(|| panic!("not found: {edit}"));
        assert_eq!(fault.at_sequence, Some(sequence), "{edit}: {fault:?}");
        assert!(fault.sentence.contains(words), "{edit}: {fault:?}");
    }
}

#[tokio::test]
async fn a_receipt_whose_content_was_changed_is_found() {
    for change in [
        "receipt_json = replace(receipt_json, '321', '0')",
        "receipt_json = 'no JSON'",
        "principal_key = 'bob'",
        "request_id = 'r33'",
        "at_unix_ms = at_unix_ms - 1",
        "at_unix_ms = -5",
        "principal_key = CAST(x'ff' AS TEXT)",
    ] {
        let edit = format!("UPDATE receipts SET {change} WHERE sequence = 3");
        found(&edit, 3, "receipt 3 was changed after it was written").await;
    }
}

#[tokio::test]
async fn changed_hashes_are_found() {
    let edit = "UPDATE receipts SET hash = zeroblob(32) WHERE sequence = 4";
    found(edit, 4, "receipt 4 was changed").await;
    let edit = "UPDATE receipts SET previous_hash = zeroblob(32) WHERE sequence = 2";
    found(edit, 2, "receipt 2 does not follow receipt 1").await;
    let edit = "UPDATE receipts SET previous_hash = x'00' WHERE sequence = 1";
    found(edit, 1, "receipt 1 does not follow receipt 0").await;
}

#[tokio::test]
async fn a_missing_receipt_is_found_at_the_beginning_in_the_middle_and_at_the_end() {
    found("DELETE FROM receipts WHERE sequence = 1", 1, "receipt 1 is missing").await;
    found("DELETE FROM receipts WHERE sequence = 3", 3, "receipt 3 is missing").await;
    found("DELETE FROM receipts WHERE sequence = 5", 5, "receipt 5 is missing at the end").await;
    found("DELETE FROM receipts WHERE sequence > 2", 3, "receipt 3 is missing at the end").await;
    found("DELETE FROM receipts", 1, "receipt 1 is missing at the end: 5 were written").await;
    // Closing the gap does not close the chain.
    let moved = "DELETE FROM receipts WHERE sequence = 3;
        UPDATE receipts SET sequence = sequence - 1 WHERE sequence > 3;
        UPDATE receipts_head SET receipts = 4";
    found(moved, 3, "receipt 3 does not follow receipt 2").await;
}

#[tokio::test]
async fn receipts_in_another_order_are_found() {
    let swap = "UPDATE receipts SET sequence = -1 WHERE sequence = 3;
        UPDATE receipts SET sequence = 3 WHERE sequence = 4;
        UPDATE receipts SET sequence = 4 WHERE sequence = -1";
    found(swap, 3, "receipt 3 does not follow receipt 2").await;
}

#[tokio::test]
async fn receipts_that_nobody_wrote_are_found() {
    let of_five = |sequence: i64| {
        format!(
            "INSERT INTO receipts SELECT {sequence}, at_unix_ms, principal_key, 'forged',
             receipt_json, hash, hash FROM receipts WHERE sequence = 5"
        )
    };
    found(&of_five(6), 6, "receipt 6").await;
    for fault in edited(&of_five(0)).await {
        assert_eq!(fault.unwrap().sentence, "a receipt is numbered 0, and the first is 1");
    }
}

#[tokio::test]
async fn a_head_that_was_changed_or_taken_away_is_found() {
    let edit = "UPDATE receipts_head SET hash = zeroblob(32)";
    found(edit, 5, "has another hash").await;
    let [running, restarted] = edited("DELETE FROM receipts_head").await;
    for fault in [running, restarted] {
        assert!(fault.unwrap().sentence.contains("counts the receipts is gone"));
    }
}

/// Cuts the last two off and makes the head agree: what is left is a chain.
const CUT: &str = "DELETE FROM receipts WHERE sequence > 3;
    UPDATE receipts_head SET receipts = 3,
        hash = (SELECT hash FROM receipts WHERE sequence = 3)";

#[tokio::test]
async fn a_tail_cut_off_with_its_head_is_found_by_the_running_router_and_by_a_noted_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 5).await;
    let noted = store.verify(None).await.unwrap().head_hash;
    Connection::open(&path).unwrap().execute_batch(CUT).unwrap();
    let running = fault(&store).await.unwrap();
    assert_eq!(running.at_sequence, Some(4), "the writer remembers: {running:?}");
    store.close().await.unwrap();

    let store = open(&path);
    assert_eq!(fault(&store).await, None, "nothing in the file tells");
    let missed = store.verify(Some(noted)).await.unwrap().fault.unwrap();
    assert!(missed.sentence.contains("the noted hash is not in the chain"), "{missed:?}");
    let held: Hash = all(&store).await[1].hash.clone().try_into().unwrap();
    assert_eq!(store.verify(Some(held)).await.unwrap().fault, None, "this one is still there");
}

/// Changes receipt 3 and computes every later hash anew, the head's too: a whole chain.
fn rewrite(path: &Path) {
    let editor = Connection::open(path).unwrap();
    editor.execute_batch("UPDATE receipts SET receipt_json = '{}' WHERE sequence = 3").unwrap();
    let mut hash = GENESIS;
    for sequence in 1..=5_i64 {
        let row = "SELECT at_unix_ms, principal_key, request_id, receipt_json FROM receipts
            WHERE sequence = ?1";
        let text = |row: &rusqlite::Row<'_>, column| row.get::<_, String>(column);
        let (at_unix_ms, principal, request, json) = editor
            .query_row(row, [sequence], |row| {
                Ok((row.get(0)?, text(row, 1)?, text(row, 2)?, text(row, 3)?))
            })
            .unwrap();
        let link = Link {
            sequence,
            at_unix_ms,
            principal_key: principal.as_bytes(),
            request_id: request.as_bytes(),
            receipt_json: json.as_bytes(),
        };
        let next = link.hash(&hash);
        let update = "UPDATE receipts SET previous_hash = ?1, hash = ?2 WHERE sequence = ?3";
        editor.execute(update, rusqlite::params![hash, next, sequence]).unwrap();
        hash = next;
    }
    editor.execute("UPDATE receipts_head SET hash = ?1", [hash]).unwrap();
}

#[tokio::test]
async fn a_chain_written_anew_is_found_by_the_running_router_and_by_a_noted_hash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 5).await;
    let noted = store.verify(None).await.unwrap().head_hash;
    rewrite(&path);
    let running = fault(&store).await.unwrap();
    assert_eq!(running.at_sequence, Some(5), "{running:?}");
    assert!(running.sentence.contains("has another hash than the head had"), "{running:?}");
    store.close().await.unwrap();
    let store = open(&path);
    assert_eq!(fault(&store).await, None, "nothing in the file tells");
    assert!(store.verify(Some(noted)).await.unwrap().fault.is_some());
}
