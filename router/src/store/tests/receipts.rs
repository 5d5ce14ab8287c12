//! The chain of receipts: every outcome gets its place, and whoever edits the file is found out.

use super::*;
use rusqlite::Connection;

mod edited;
mod unfinished;

async fn with_receipts(path: &Path, count: usize) -> SqliteStore {
    let store = open(path);
    for number in 1..=count {
        store.commit(Row::Ended(ended(&format!("r{number}"), "alice"))).await.unwrap();
    }
    store
}

async fn all(store: &SqliteStore) -> Vec<Chained> {
    let page = ReceiptPage { limit: LONGEST_PAGE, ..ReceiptPage::default() };
    store.receipts(page).await.unwrap()
}

async fn fault(store: &SqliteStore) -> Option<ChainFault> {
    store.verify(None).await.unwrap().fault
}

#[tokio::test]
async fn an_empty_chain_is_intact_and_its_hash_is_all_zeros() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    let intact = Verdict { receipts: 0, head_hash: GENESIS, fault: None };
    assert_eq!(store.verify(None).await.unwrap(), intact);
    assert_eq!(store.verify(Some(GENESIS)).await.unwrap(), intact);
}

#[tokio::test]
async fn every_receipt_has_the_hash_of_the_one_before_and_the_last_one_is_the_head() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = with_receipts(&path, 5).await;
    let receipts = all(&store).await;
    assert_eq!(receipts.iter().map(|one| one.sequence).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    assert_eq!(receipts[0].previous_hash, GENESIS);
    assert!(receipts.windows(2).all(|pair| pair[1].previous_hash == pair[0].hash));
    assert_eq!(receipts[2].request_id, "r3");
    assert_eq!(receipts[2].receipt, Some(ended("r3", "alice").outcome.receipt.clone()));
    let verdict = store.verify(None).await.unwrap();
    assert_eq!((verdict.receipts, verdict.fault), (5, None));
    assert_eq!(verdict.head_hash.to_vec(), receipts[4].hash);
    store.close().await.unwrap();

    let store = with_receipts(&path, 0).await;
    assert_eq!(all(&store).await, receipts);
    store.commit(Row::Ended(ended("r6", "bob"))).await.unwrap();
    assert_eq!(all(&store).await[5].previous_hash, receipts[4].hash);
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn sixty_four_ends_at_once_have_sixty_four_places_without_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    let rows: Vec<_> = (0..64).map(|n| Row::Ended(ended(&format!("r{n}"), "alice"))).collect();
    let results = futures_util::future::join_all(rows.into_iter().map(|row| store.commit(row)));
    assert!(results.await.iter().all(Result::is_ok));
    let sequences: Vec<u64> = all(&store).await.iter().map(|one| one.sequence).collect();
    assert_eq!(sequences, (1..=64).collect::<Vec<_>>());
    assert_eq!(fault(&store).await, None);
}

#[tokio::test]
async fn an_outcome_that_is_refused_leaves_no_receipt_and_no_gap() {
    let folder = tempfile::tempdir().unwrap();
    let store = with_receipts(&folder.path().join("littoral.db"), 2).await;
    let good = |id: &str| Row::Ended(ended(id, "alice"));
    // One that is there already, and one whose time SQLite cannot hold: in one transaction with others.
    // And one whose receipt the file does not take, after it took the outcome.
    let editor = Connection::open(folder.path().join("littoral.db")).unwrap();
    let trigger = "CREATE TRIGGER no BEFORE INSERT ON receipts WHEN NEW.request_id = 'r8'
        BEGIN SELECT RAISE(ABORT, 'no'); END";
    editor.execute_batch(trigger).unwrap();
    let unreceipted = good("r8");
    let again = Row::Ended(ended("r1", "alice"));
    let never = Row::Ended(EndedRow { at_unix_ms: u64::MAX, ..ended("r9", "alice") });
    let rows = [good("r3"), again, good("r4"), never, unreceipted, good("r5")];
    let results = futures_util::future::join_all(rows.map(|row| store.commit(row))).await;
    let fine: Vec<bool> = results.iter().map(Result::is_ok).collect();
    assert_eq!(fine, [true, false, true, false, false, true], "{results:?}");
    let ids: Vec<String> = all(&store).await.into_iter().map(|one| one.request_id).collect();
    assert_eq!(ids, ["r1", "r2", "r3", "r4", "r5"]);
    assert_eq!(fault(&store).await, None);
    for id in ["r8", "r9"] {
        assert_eq!(store.find(id, None).await.unwrap(), None, "no outcome without its receipt");
    }
}

#[tokio::test]
async fn pages_follow_each_other_and_one_asker_sees_only_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    for number in 0..30_u64 {
        let whose = if number % 3 == 0 { "bob" } else { "alice" };
        let row = EndedRow { at_unix_ms: 1_000 + number, ..ended(&format!("r{number}"), whose) };
        store.record(Row::Ended(row)).unwrap();
    }
    let page = |limit, after_sequence, since_unix_ms, whose: Option<&str>| {
        let principal_key = whose.map(str::to_owned);
        let page = ReceiptPage { limit, after_sequence, since_unix_ms, principal_key };
        let receipts = store.receipts(page);
        async { receipts.await.unwrap().iter().map(|one| one.sequence).collect::<Vec<_>>() }
    };
    assert_eq!(page(4, 0, 0, None).await, [1, 2, 3, 4]);
    assert_eq!(page(4, 4, 0, None).await, [5, 6, 7, 8]);
    assert_eq!(page(4, 0, 0, Some("bob")).await, [1, 4, 7, 10]);
    assert_eq!(page(9, 10, 0, Some("bob")).await, [13, 16, 19, 22, 25, 28]);
    assert_eq!(page(3, 0, 1_020, None).await, [21, 22, 23]);
    assert_eq!(page(9, 27, 1_020, Some("alice")).await, [29, 30]);
    assert!(page(9, 0, 5_000, None).await.is_empty());
    assert!(page(9, 0, 0, Some("mallory")).await.is_empty());
}

/// Longer than a page of the walk, with the writer at work meanwhile.
#[tokio::test]
async fn a_chain_of_several_pages_is_followed_while_more_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    for number in 0..2_500 {
        store.record(Row::Ended(ended(&format!("r{number}"), "alice"))).unwrap();
    }
    let verify = store.verify(None);
    let more = async {
        for number in 2_500..2_600 {
            store.commit(Row::Ended(ended(&format!("r{number}"), "alice"))).await.unwrap();
        }
    };
    let (verdict, ()) = tokio::join!(verify, more);
    let verdict = verdict.unwrap();
    assert!(verdict.receipts >= 2_500, "{verdict:?}");
    assert_eq!(verdict.fault, None);
    Connection::open(&path)
        .unwrap()
        .execute("UPDATE receipts SET at_unix_ms = at_unix_ms + 1 WHERE sequence = 2400", [])
        .unwrap();
    assert_eq!(fault(&store).await.and_then(|fault| fault.at_sequence), Some(2_400));
}
