//! Reading from beside: everything that was recorded, from a file whose router runs or has ended, and nothing written.

use super::*;

/// What a reading gave: ids are not told, so moments stand for them.
fn read(path: &Path, since_unix_ms: u64) -> (Vec<(u64, bool)>, Counted) {
    let mut seen = Vec::new();
    let counted = Observed::open(path)
        .unwrap()
        .each(since_unix_ms, |at, record, outcome| {
            assert_eq!(record.facts.alias, "default");
            seen.push((at, outcome.is_some()));
        })
        .unwrap();
    (seen, counted)
}

#[tokio::test]
async fn decisions_come_oldest_first_with_their_ends_while_the_writer_runs_and_after_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    for (id, at_unix_ms) in [("b", 7), ("a", 5), ("c", 9)] {
        let row = DecidedRow { at_unix_ms, ..decided(id, "t/a/u") };
        store.commit(Row::Decided(row)).await.unwrap();
    }
    store.commit(Row::Ended(ended("a", "t/a/u"))).await.unwrap();
    let mut other = decided("d", "t/a/u");
    let mut record = other.record.as_ref().clone();
    record.version += 1;
    other.record = Arc::new(record);
    store.commit(Row::Decided(other)).await.unwrap();
    let all = (vec![(5, true), (7, false), (9, false)], Counted { read: 3, skipped: 1 });
    assert_eq!(read(&path, 0), all);
    store.close().await.unwrap();
    assert_eq!(read(&path, 0), all);
    assert_eq!(read(&path, 8).0, [(9, false)]);
    assert_eq!(Observed::open(&path).unwrap().policy().unwrap(), None);
}

#[test]
fn a_file_that_is_no_database_of_a_router_of_this_version_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let refused = |name: &str| {
        let error = Observed::open(&at(name)).err().unwrap();
        assert!(error.to_string().contains(at(name).to_str().unwrap()), "{error}");
        error
    };
    assert!(matches!(refused("missing.db"), ObserveError::Missing { .. }));
    std::fs::write(at("text.db"), "no database at all, but long enough to be looked at").unwrap();
    assert!(matches!(refused("text.db"), ObserveError::NotOurs { .. }));
    let theirs = rusqlite::Connection::open(at("theirs.db")).unwrap();
    theirs.execute_batch("CREATE TABLE t (c)").unwrap();
    assert!(matches!(refused("theirs.db"), ObserveError::NotOurs { .. }));
    drop(schema::open(&at("newer.db"), Durability::Kill).unwrap());
    let newer = rusqlite::Connection::open(at("newer.db")).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(refused("newer.db"), ObserveError::OtherVersion { found: 99, .. }));
}
