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
    let of = |when| Page { limit: 9, when, behind: None };
    let since = When { since_unix_ms: 7, until_unix_ms: None };
    assert_eq!(ids(&store.recent(of(since)).await.unwrap()), ["e", "d", "c", "b"]);
    let until = When { since_unix_ms: 0, until_unix_ms: Some(9) };
    assert_eq!(ids(&store.recent(of(until)).await.unwrap()), ["d", "c", "b", "a"]);
    let within = When { since_unix_ms: 6, until_unix_ms: Some(8) };
    assert_eq!(store.count(within, 9).await, Ok(3));
    assert_eq!(store.count(When::default(), 9).await, Ok(5));
    assert_eq!(store.count(When::default(), 4).await, Ok(4), "counted no further");
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

#[tokio::test]
async fn a_decision_comes_with_its_own_end_and_with_what_its_dispatches_took() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    // Two askers may use one id.
    for key in ["acme/chat/ann", "acme/chat/bob"] {
        store.record(Row::Decided(decided("r", key))).unwrap();
    }
    store.record(Row::Ended(ended("r", "acme/chat/ann"))).unwrap();
    let near =
        UsageRow { tier: "edge".into(), joules: Some(2.5), ..ledger::used("ann", "m", Some(3), 5) };
    store.record(ledger::spent("r", vec![near, ledger::used("ann", "n", Some(40), 6)])).unwrap();
    let logged = store.recent(Page { limit: 9, ..Page::default() }).await.unwrap();
    let spent = SpentInAll {
        dispatches: 2,
        // Electricity is told in joules.
        cost_usd_micros: Some(40),
        assumed: false,
        joules: Some(2.5),
    };
    let [other, own] = &logged[..] else { panic!("{logged:?}") };
    assert_eq!(
        (own.spent, own.outcome()),
        (spent, Some((*ended("r", "acme/chat/ann").outcome).clone()))
    );
    assert_eq!((other.spent.dispatches, other.outcome()), (0, None));
    // A call to a cloud whose price nobody knows makes the sum unknown.
    let dear = UsageRow { assumed: true, ..ledger::used("ann", "n", None, 7) };
    store.record(ledger::spent("r", vec![dear])).unwrap();
    let logged = store.recent(Page { limit: 9, ..Page::default() }).await.unwrap();
    let spent = SpentInAll { dispatches: 3, cost_usd_micros: None, assumed: true, ..spent };
    assert_eq!(logged[1].spent, spent);
}
