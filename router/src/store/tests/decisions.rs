//! The log of decisions: newest first, page by page, and a record that cannot be read stops nobody.

use super::*;

fn at(request_id: &str, at_unix_ms: u64) -> Row {
    Row::Decided(DecidedRow { at_unix_ms, ..decided(request_id, "t/a/u") })
}

fn ids(logged: &[Logged]) -> Vec<&str> {
    logged.iter().map(|logged| logged.request_id.as_str()).collect()
}

#[tokio::test]
async fn recent_decisions_come_newest_first_and_pages_neither_skip_nor_repeat() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    // Three of one moment: their order is that in which they were written, turned round.
    for (id, moment) in [("a", 5), ("b", 7), ("c", 7), ("d", 7), ("e", 9)] {
        store.record(at(id, moment)).unwrap();
    }
    let mut page = Page { limit: 2, ..Page::default() };
    let mut seen = Vec::new();
    loop {
        let logged = store.recent(page).await.unwrap();
        let Some(last) = logged.last() else { break };
        assert!(logged.len() <= 2);
        page.behind = Some(last.place);
        seen.extend(logged);
    }
    assert_eq!(ids(&seen), ["e", "d", "c", "b", "a"]);
    assert_eq!((seen[0].at_unix_ms, seen[4].at_unix_ms), (9, 5));
    assert_eq!(seen[0].record().as_ref(), Some(decided("e", "t/a/u").record.as_ref()));
    let since = Page { limit: 9, since_unix_ms: 7, behind: None };
    assert_eq!(ids(&store.recent(since).await.unwrap()), ["e", "d", "c", "b"]);
}

#[tokio::test]
async fn a_page_has_a_bound_whatever_is_asked() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    for moment in 0..300 {
        store.record(at(&moment.to_string(), moment)).unwrap();
    }
    let all = Page { limit: u32::MAX, ..Page::default() };
    assert_eq!(store.recent(all).await.unwrap().len(), 256);
}

#[tokio::test]
async fn a_record_of_another_build_is_listed_and_has_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    for (id, version, way) in [("now", 0, 0), ("other format", 1, 0), ("other way", 0, 1)] {
        let mut row = decided(id, "t/a/u");
        let mut record = row.record.as_ref().clone();
        record.version += version;
        record.way += way;
        row.record = Arc::new(record);
        store.record(Row::Decided(row)).unwrap();
    }
    let logged = store.recent(Page { limit: 9, ..Page::default() }).await.unwrap();
    let readable: Vec<_> =
        logged.iter().map(|logged| (&*logged.request_id, logged.record().is_some())).collect();
    assert_eq!(readable, [("other way", false), ("other format", false), ("now", true)]);
}
