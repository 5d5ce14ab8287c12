//! What dispatches took, summed up and let go of; what budgets remember over a restart.

use super::*;
use littoral_core::budget::{AccountKey, Entry, Names, Period, Row as JournalRow, Unit};

const DAY_MS: u64 = 86_400_000;
const NOW: u64 = 1_790_000_000_000;

fn store() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    (folder, store)
}

pub(super) fn used(
    user: &str,
    model: &str,
    cost_usd_micros: Option<u64>,
    at_unix_ms: u64,
) -> UsageRow {
    UsageRow {
        dispatch: 0,
        at_unix_ms,
        tenant: "acme".into(),
        application: "chat".into(),
        user: user.into(),
        provider: "p".into(),
        model: model.into(),
        tier: "cloud".into(),
        outcome: "ok".into(),
        prompt_tokens: 10,
        cached_tokens: 4,
        completion_tokens: 5,
        reasoning_tokens: 0,
        bytes: 100,
        cost_usd_micros,
        assumed: false,
        predicted_usd_micros: Some(7),
        joules: None,
        joules_estimated: false,
    }
}

pub(super) fn spent(request_id: &str, uses: Vec<UsageRow>) -> Row {
    let principal_key = "acme/chat/ann".into();
    Row::Spent(SpentRow { request_id: request_id.into(), principal_key, uses, journal: Vec::new() })
}

async fn sums(store: &SqliteStore, by: &[By], query: UsageQuery) -> Vec<(String, u64, u64)> {
    let query = UsageQuery { by: by.to_vec(), ..query };
    let sums = store.usage(query).await.unwrap();
    sums.iter().map(|sum| (sum.key.join(" "), sum.dispatches, sum.cost_usd_micros)).collect()
}

#[tokio::test]
async fn uses_are_summed_by_what_is_asked_and_an_unknown_cost_is_told_apart() {
    let (_folder, store) = store();
    store
        .record(spent("r1", vec![used("ann", "m", Some(5), NOW), used("ann", "m", None, NOW)]))
        .unwrap();
    store.record(spent("r2", vec![used("bob", "n", Some(9), NOW + DAY_MS)])).unwrap();
    let all = UsageQuery::default();
    let of = |user: &str, model: &str| format!("{user} {model}");
    let by_user = sums(&store, &[By::User, By::Model], all.clone()).await;
    assert_eq!(by_user, [(of("ann", "m"), 2, 5), (of("bob", "n"), 1, 9)]);
    assert_eq!(sums(&store, &[By::Day], all.clone()).await.len(), 2);
    let later = UsageQuery { since_unix_ms: NOW + 1, ..all.clone() };
    assert_eq!(sums(&store, &[], later).await, [(String::new(), 1, 9)]);
    let earlier = UsageQuery { until_unix_ms: Some(NOW + 1), ..all.clone() };
    assert_eq!(sums(&store, &[], earlier).await, [(String::new(), 2, 5)]);
    let one = store.usage(all).await.unwrap().remove(0);
    assert_eq!((one.requests, one.unpriced, one.predicted_usd_micros), (2, 1, 14));
    assert_eq!((one.prompt_tokens, one.cached_tokens, one.egress_bytes), (30, 12, 300));
}

#[tokio::test]
async fn whoever_may_see_their_own_alone_sees_no_others() {
    let (_folder, store) = store();
    store.record(spent("r1", vec![used("ann", "m", Some(5), NOW)])).unwrap();
    store.record(spent("r2", vec![used("bob", "m", Some(9), NOW)])).unwrap();
    let only = Some(["acme", "chat", "ann"].map(str::to_owned));
    let own = UsageQuery { only, ..UsageQuery::default() };
    assert_eq!(sums(&store, &[By::User], own).await, [("ann".to_owned(), 1, 5)]);
}

#[tokio::test]
async fn what_is_old_is_let_go_of_and_receipts_and_open_intents_stay() {
    let (_folder, store) = store();
    store.record(Row::Decided(DecidedRow { at_unix_ms: NOW, ..decided("old", "alice") })).unwrap();
    store
        .commit(Row::Intent(IntentRow { at_unix_ms: NOW, ..intent("old", "alice", 0) }))
        .await
        .unwrap();
    store.record(spent("old", vec![used("ann", "m", Some(5), NOW)])).unwrap();
    store.commit(Row::Ended(EndedRow { at_unix_ms: NOW, ..ended("old", "alice") })).await.unwrap();
    store
        .commit(Row::Intent(IntentRow { at_unix_ms: NOW, ..intent("open", "bob", 0) }))
        .await
        .unwrap();
    store.record(spent("new", vec![used("ann", "m", Some(6), NOW + DAY_MS)])).unwrap();
    assert_eq!(store.forget(NOW + 1).await, Ok(4), "decision, intent, end and use of the old one");
    assert_eq!(store.find("old", None).await, Ok(None));
    assert!(store.find("open", None).await.unwrap().is_some(), "its receipt is yet to be written");
    assert_eq!(sums(&store, &[], UsageQuery::default()).await, [(String::new(), 1, 6)]);
    let receipts = ReceiptPage { limit: 10, ..ReceiptPage::default() };
    assert_eq!(store.receipts(receipts).await.unwrap().len(), 1, "the chain is the proof");
    assert_eq!(store.forget(NOW + 1).await, Ok(0));
}

fn entry(amount: u64, start_unix_ms: u64) -> Entry {
    let account = AccountKey {
        budget: "b".into(),
        names: Names::default(),
        unit: Unit::UsdMicros,
        period: Period::Day,
        start_unix_ms,
    };
    Entry { account, amount, overrun: 0 }
}

#[tokio::test]
async fn an_account_is_one_row_that_grows_and_what_is_settled_twice_counts_once() {
    let (_folder, store) = store();
    let day = Period::Day.around(NOW).start_unix_ms;
    let sent = |reservation| JournalRow::Sent { reservation, entries: vec![entry(100, day)] };
    let settled = |reservation, amount| JournalRow::Settled {
        reservation,
        entries: vec![entry(amount, day)],
        assumed: false,
    };
    let slab = JournalRow::Slab { slab: 1, entries: vec![entry(500, day)] };
    let rows =
        [slab.clone(), sent(2), sent(3), settled(2, 40), settled(2, 40), sent(4), settled(4, 2)];
    for row in rows {
        store.commit(Row::Budget(row)).await.unwrap();
    }
    let read = store.journal(NOW).await.unwrap();
    let sum = JournalRow::Settled { reservation: 4, entries: vec![entry(42, day)], assumed: false };
    assert_eq!(read, [slab, sent(3), sum]);
    store.commit(Row::Budget(JournalRow::Returned { slabs: vec![1] })).await.unwrap();
    let tomorrow = store.journal(NOW + 2 * DAY_MS).await.unwrap();
    let nothing = JournalRow::Settled { reservation: 4, entries: Vec::new(), assumed: false };
    assert_eq!(tomorrow, [sent(3), nothing], "the day is over, the open dispatch is not");
}

#[tokio::test]
async fn an_intent_and_what_is_held_for_it_are_both_written_or_none() {
    let (_folder, store) = store();
    let held = |reservation| JournalRow::Sent { reservation, entries: vec![entry(100, 0)] };
    store.commit(Row::Paid(intent("r1", "alice", 0), held(1))).await.unwrap();
    let again = store.commit(Row::Paid(intent("r1", "alice", 0), held(2))).await;
    assert!(matches!(again, Err(StoreError::Duplicate { .. })), "{again:?}");
    let open = store.journal(NOW).await.unwrap();
    assert_eq!(open[..open.len() - 1], [held(1)], "the second holds nothing");
}
