//! Labels of sessions: they rise and never fall, in this process and the next.

use super::*;
use DataClass::{Internal, Personal, Public, Restricted};

const KEY: &str = "local/app/alice";

fn session(name: &str) -> SessionDigest {
    session_digest(KEY, name)
}

#[tokio::test]
async fn a_label_rises_and_never_falls_over_a_restart_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    assert_eq!(store.label(KEY, session("one")).await, Ok(None));
    let steps = [(Internal, Internal), (Public, Internal), (Restricted, Restricted)];
    for (raised, kept) in steps.into_iter().chain([(Personal, Restricted)]) {
        store.raise(KEY, session("one"), raised).await.unwrap();
        assert_eq!(store.label(KEY, session("one")).await, Ok(Some(kept)));
    }
    store.raise(KEY, session("two"), Public).await.unwrap();
    drop(store);

    let store = reopened(&path).await;
    // Raised before anybody asked: the file has more than this process knows.
    store.raise(KEY, session("one"), Internal).await.unwrap();
    assert_eq!(store.label(KEY, session("one")).await, Ok(Some(Restricted)));
    assert_eq!(store.label(KEY, session("two")).await, Ok(Some(Public)));
    assert_eq!(store.label("local/app/bob", session("one")).await, Ok(None), "another asker's");
    drop(store);
    let store = reopened(&path).await;
    assert_eq!(store.label(KEY, session("one")).await, Ok(Some(Restricted)), "in the file too");
}

/// Opens the file once the store that was dropped has let it go.
async fn reopened(path: &Path) -> SqliteStore {
    loop {
        match SqliteStore::open(path) {
            Ok(store) => return store,
            Err(OpenError::InUse { .. }) => tokio::task::yield_now().await,
            Err(error) => panic!("{error}"),
        }
    }
}

#[tokio::test]
async fn a_raise_is_in_the_file_by_the_time_it_is_answered_and_the_key_of_the_session_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    store.raise(KEY, session("mrs-smith-1972"), Personal).await.unwrap();
    let reader = rusqlite::Connection::open(&path).unwrap();
    let kept = "SELECT principal_key, session, class FROM session_labels";
    let kept: (String, Vec<u8>, String) =
        reader.query_row(kept, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
    let digest = session("mrs-smith-1972").to_vec();
    assert_eq!(kept, (KEY.to_owned(), digest, "personal".to_owned()));
    store.close().await.unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(9).any(|window| window == b"mrs-smith"), "the key itself is kept");
}

#[tokio::test]
async fn what_was_asked_for_lately_is_answered_without_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    store.raise(KEY, session("one"), Personal).await.unwrap();
    assert_eq!(store.label(KEY, session("two")).await, Ok(None));
    store.close().await.unwrap();
    assert_eq!(store.label(KEY, session("one")).await, Ok(Some(Personal)));
    assert_eq!(store.label(KEY, session("two")).await, Ok(None));
    assert_eq!(store.raise(KEY, session("one"), Internal).await, Ok(()), "it is higher already");
    assert_eq!(store.raise(KEY, session("one"), Restricted).await, Err(StoreError::Closed));
    assert_eq!(store.label(KEY, session("three")).await, Err(StoreError::Closed));
}

#[tokio::test]
async fn many_raises_at_once_leave_the_highest() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    let classes = DataClass::ALL.into_iter().cycle().take(64);
    let raises = classes.map(|class| store.raise(KEY, session("one"), class));
    let results = futures_util::future::join_all(raises).await;
    assert!(results.iter().all(Result::is_ok), "{results:?}");
    assert_eq!(store.label(KEY, session("one")).await, Ok(Some(Restricted)));
}

#[tokio::test]
async fn a_class_that_is_none_is_an_error_and_not_no_label() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    let editor = rusqlite::Connection::open(&path).unwrap();
    let insert = "INSERT INTO session_labels VALUES (?1, ?2, 'harmless', 1)";
    editor.execute(insert, rusqlite::params![KEY, session("one")]).unwrap();
    assert!(matches!(store.label(KEY, session("one")).await, Err(StoreError::Damaged { .. })));
    let raised = store.raise(KEY, session("one"), Restricted).await;
    assert!(matches!(raised, Err(StoreError::Damaged { .. })));
}

#[test]
fn digests_of_sessions_keep_who_and_which_apart() {
    assert_eq!(session_digest("a", "bc"), session_digest("a", "bc"));
    assert_ne!(session_digest("a", "bc"), session_digest("ab", "c"));
    assert_ne!(session_digest("a", "b"), session_digest("b", "a"));
}
