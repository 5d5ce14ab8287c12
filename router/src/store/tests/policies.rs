//! The log of policies: in order, with the text of each, and in databases that were made before it.

use super::*;
use crate::policy_files::SourceText;

fn entry(hash: &str, at_unix_ms: u64, cause: PolicyCause) -> PolicyEntry {
    PolicyEntry {
        hash: hash.into(),
        name: format!("name of {hash}"),
        etag: format!("etag of {hash}"),
        at_unix_ms,
        cause,
        by: "local/local/local".into(),
        note: "because".into(),
    }
}

fn text(text: &str) -> Vec<SourceText> {
    vec![SourceText { name: "policy.toml".into(), text: text.into() }]
}

#[tokio::test]
async fn policies_come_back_latest_first_with_their_text_after_a_restart_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    // The wall clock went back in between: the order is that of the entries.
    let log = [
        (entry("a", 300, PolicyCause::Start), text("one")),
        (entry("b", 200, PolicyCause::File), text("two")),
        (entry("a", 100, PolicyCause::Rollback), text("one, with a comment")),
        (entry("c", 400, PolicyCause::Apply), text("three")),
    ];
    for (entry, sources) in log.clone() {
        store.append(entry, sources).await.unwrap();
    }
    store.close().await.unwrap();

    let store = open(&path);
    let entries: Vec<_> = log.iter().rev().map(|(entry, _)| entry.clone()).collect();
    assert_eq!(store.latest(9).await.unwrap(), entries);
    assert_eq!(store.latest(1).await.unwrap(), entries[..1]);
    assert_eq!(store.sources("a").await.unwrap(), Some(text("one, with a comment")));
    assert_eq!(store.sources("b").await.unwrap(), Some(text("two")));
    assert_eq!(store.sources("d").await.unwrap(), None);
}

#[tokio::test]
async fn a_database_of_the_first_version_opens_with_all_it_had_and_takes_policies() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let first = rusqlite::Connection::open(&path).unwrap();
    first.execute_batch(schema::MIGRATIONS[0]).unwrap();
    first.pragma_update(None, "application_id", schema::APPLICATION_ID).unwrap();
    first.pragma_update(None, "user_version", 1).unwrap();
    sql::insert(&first, &Row::Intent(intent("r1", "alice", 0))).unwrap();
    drop(first);

    let store = open(&path);
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents.len(), 1);
    assert_eq!(store.latest(9).await.unwrap(), []);
    store.append(entry("a", 1, PolicyCause::Start), text("one")).await.unwrap();
    assert_eq!(store.latest(9).await.unwrap().len(), 1);
}
