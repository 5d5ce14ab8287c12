//! The switch: what was thrown last is found by the next process, however this one ended.

use super::*;

fn switched(allowed: bool, at_unix_ms: u64) -> EgressSwitched {
    EgressSwitched { allowed, at_unix_ms, by: "local/local/local".into(), note: "drill".into() }
}

#[tokio::test]
async fn the_last_throw_rules_after_a_restart_too_whatever_the_clock_says() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    assert_eq!(store.last_switch().await.unwrap(), None, "nobody ever threw it");
    store.note_switch(switched(false, 900)).await.unwrap();
    store.note_switch(switched(true, 800)).await.unwrap();
    assert_eq!(store.last_switch().await.unwrap(), Some(switched(true, 800)));
    store.note_switch(switched(false, 700)).await.unwrap();
    let reader = rusqlite::Connection::open(&path).unwrap();
    let count = reader.query_row("SELECT count(*) FROM egress_switches", [], |row| row.get(0));
    assert_eq!(count, Ok(3_u32), "committed by the time its thrower knows, and none is replaced");
    store.close().await.unwrap();
    assert_eq!(open(&path).last_switch().await.unwrap(), Some(switched(false, 700)));
}

#[tokio::test]
async fn a_damaged_switch_is_an_error_or_a_no_and_never_a_yes() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    store.note_switch(switched(true, 1)).await.unwrap();
    let editor = rusqlite::Connection::open(&path).unwrap();
    editor.execute("UPDATE egress_switches SET allowed = 7", []).unwrap();
    assert_eq!(store.last_switch().await.unwrap().map(|switch| switch.allowed), Some(false));
    editor.execute("DROP TABLE egress_switches", []).unwrap();
    assert!(matches!(store.last_switch().await, Err(StoreError::Database(_))));
}
