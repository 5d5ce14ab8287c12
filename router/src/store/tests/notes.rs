//! Notes beside the database: what stands there is found, once, whatever the process and the database were doing.

use super::*;
use crate::store::notes::sheet_path;
use futures_util::FutureExt as _;
use littoral_core::budget::Row as JournalRow;
use std::fs;
use std::path::PathBuf;

/// An open store in a folder of its own.
fn stand() -> (tempfile::TempDir, PathBuf, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    (folder, path, store)
}

/// All files of a database, copied as they lie there, as after `kill -9`.
fn copied(path: &Path, name: &str) -> PathBuf {
    let folder = path.parent().unwrap();
    let after = folder.join(name);
    fs::create_dir(&after).unwrap();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_file() {
            fs::copy(entry.path(), after.join(entry.file_name())).unwrap();
        }
    }
    after.join(path.file_name().unwrap())
}

/// Holds everybody else's transactions up until it is dropped.
fn holds_up(path: &Path) -> rusqlite::Connection {
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    other
}

async fn receipts(store: &SqliteStore) -> Vec<(String, bool)> {
    let page = ReceiptPage { limit: 100, ..ReceiptPage::default() };
    let rows = store.receipts(page).await.unwrap();
    let told = |row: Chained| (row.request_id, row.receipt.unwrap().assumed);
    rows.into_iter().map(told).collect()
}

fn held(reservation: u64) -> JournalRow {
    JournalRow::Sent { reservation, entries: Vec::new() }
}

#[tokio::test]
async fn an_intent_that_the_database_has_yet_to_take_in_survives_a_kill() {
    let (_folder, path, store) = stand();
    let other = holds_up(&path);
    store.note(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    store.note(Row::Paid(intent("r1", "alice", 1), held(7))).await.unwrap();
    let after = copied(&path, "after-the-kill");
    drop(other);
    for _ in 0..2 {
        let store = open(&after);
        let kept = store.find("r1", None).await.unwrap().unwrap();
        assert_eq!(kept.intents, [intent("r1", "alice", 0), intent("r1", "alice", 1)]);
        assert_eq!(receipts(&store).await, [("r1".to_owned(), true)], "once and not again");
        let journal = store.journal(0).await.unwrap();
        assert!(journal.contains(&held(7)), "{journal:?}");
        store.close().await.unwrap();
    }
}

#[tokio::test]
async fn what_is_in_the_database_too_is_not_taken_in_again() {
    let (_folder, path, store) = stand();
    store.note(Row::Paid(intent("r1", "alice", 0), held(7))).await.unwrap();
    store.record(Row::Ended(ended("r1", "alice"))).unwrap();
    let settled = JournalRow::Settled { reservation: 7, entries: Vec::new(), assumed: false };
    store.record(Row::Budget(settled)).unwrap();
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents.len(), 1);
    let stood = fs::metadata(sheet_path(&path, 1)).unwrap().len();
    assert!(stood > 0, "the note still stands on its sheet");
    // The intent is let go of after its time, and its note must not bring it back.
    store.forget(u64::MAX >> 1).await.unwrap();
    let store = open(&copied(&path, "after-the-kill"));
    assert_eq!(store.find("r1", None).await.unwrap(), None);
    assert_eq!(receipts(&store).await, [("r1".to_owned(), false)]);
    assert!(!store.journal(0).await.unwrap().contains(&held(7)));
}

#[tokio::test]
async fn rows_come_into_the_database_in_the_order_of_their_notes_and_records() {
    let (_folder, _, store) = stand();
    store.record(Row::Decided(decided("r1", "alice"))).unwrap();
    store.note(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    store.record(Row::Ended(ended("r1", "alice"))).unwrap();
    let kept = store.find("r1", None).await.unwrap().unwrap();
    assert_eq!((kept.decided.is_some(), kept.intents.len(), kept.ended.is_some()), (true, 1, true));
}

#[tokio::test]
async fn half_a_note_at_the_end_was_never_promised() {
    let (_folder, path, store) = stand();
    let other = holds_up(&path);
    store.note(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    let after = copied(&path, "after-the-kill");
    drop(other);
    let whole = fs::read(sheet_path(&after, 1)).unwrap();
    fs::write(sheet_path(&after, 1), [&whole[..], &whole[..whole.len() / 2]].concat()).unwrap();
    let store = open(&after);
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents.len(), 1);
    assert_eq!(fs::metadata(sheet_path(&after, 1)).unwrap().len(), 0);
}

#[tokio::test]
async fn a_note_that_cannot_be_read_is_named_with_its_place_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    open(&path).close().await.unwrap();
    fs::write(sheet_path(&path, 2), "{\"number\":1}\n").unwrap();
    let error = SqliteStore::open(&path).unwrap_err().to_string();
    let sheet = sheet_path(&path, 2).display().to_string();
    assert!(error.starts_with(&format!("read line 1 of {sheet}")), "{error}");
    assert!(error.contains("missing field `intent`"), "{error}");
    assert_eq!(fs::read_to_string(sheet_path(&path, 2)).unwrap(), "{\"number\":1}\n");
}

#[tokio::test]
async fn sheets_take_turns_and_stay_short() {
    let (_folder, path, store) = stand();
    let length = |number| fs::metadata(sheet_path(&path, number)).unwrap().len();
    let mut both = [0_u64; 2];
    for round in 0..8 {
        for dispatch in 0..2_000 {
            let id = format!("r{round}");
            store.note(Row::Intent(intent(&id, "alice", dispatch))).await.unwrap();
        }
        let id = format!("r{round}");
        assert_eq!(store.find(&id, None).await.unwrap().unwrap().intents.len(), 2_000);
        both = [both[0].max(length(1)), both[1].max(length(2))];
    }
    assert!(both.iter().all(|most| (1 << 18..3 << 20).contains(most)), "{both:?}");
}

#[tokio::test]
async fn where_the_database_refuses_what_is_noted_the_next_one_waits_for_it_and_nothing_is_lost() {
    let (_folder, path, store) = stand();
    // SQLite's integers end at 2^63 - 1: this row the database never takes.
    let too_big = IntentRow { bytes: u64::MAX, ..intent("big", "alice", 0) };
    store.note(Row::Intent(too_big.clone())).await.unwrap();
    assert_eq!(store.find("big", None).await.unwrap(), None);
    let next = store.note(Row::Intent(IntentRow { request_id: "next".into(), ..too_big })).await;
    assert!(matches!(next, Err(StoreError::Database(_))), "it hears of it: {next:?}");
    store.note(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents.len(), 1);
    let stands = fs::read_to_string(sheet_path(&path, 1)).unwrap();
    assert!(stands.contains("\"big\"") && !stands.contains("\"r1\""), "{stands}");
}

#[tokio::test]
async fn where_the_writer_falls_behind_intents_wait_and_leave_room_for_what_nobody_waits_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = SqliteStore::open_with(&path, Durability::Kill, 16).unwrap();
    let other = holds_up(&path);
    let mut waiting = Vec::new();
    for dispatch in 0..16 {
        let mut noted = store.note(Row::Intent(intent("r1", "alice", dispatch)));
        match (&mut noted).now_or_never() {
            Some(done) => done.unwrap(),
            None => {
                waiting.push(noted);
                break;
            }
        }
    }
    assert_eq!(waiting.len(), 1, "one of sixteen has to wait");
    for number in 0..4 {
        store.record(Row::Ended(ended(&format!("r{number}"), "alice"))).unwrap();
    }
    drop(other);
    futures_util::future::try_join_all(waiting).await.unwrap();
    assert_eq!(store.lost_rows(), 0);
    assert!(store.find("r3", None).await.unwrap().unwrap().ended.is_some());
}

#[tokio::test]
async fn where_a_loss_of_power_must_not_undo_it_an_intent_waits_for_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = SqliteStore::open_as(&path, Durability::Power).unwrap();
    store.note(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    let reader = rusqlite::Connection::open(&path).unwrap();
    let count: u32 =
        reader.query_row("SELECT count(*) FROM intents", [], |row| row.get(0)).unwrap();
    assert_eq!(count, 1);
    assert_eq!(fs::metadata(sheet_path(&path, 1)).unwrap().len(), 0);
}
