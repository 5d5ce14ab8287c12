//! A replay reads page by page, one at a time, and stops when its time is over or nobody asks on.

use super::*;
use crate::store::{DecidedRow, Row, SqliteStore, Store as _};
use futures_util::future::BoxFuture;
use littoral_core::policy_case::{Cases, RawCases};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Requests in the store: two pages and a bit.
const REQUESTS: u64 = 300;

/// A store that counts the pages that are read.
pub(crate) struct Counting {
    store: SqliteStore,
    pub(crate) pages: AtomicUsize,
    _folder: tempfile::TempDir,
}

impl DecisionLog for Counting {
    fn recent(&self, page: Page) -> BoxFuture<'_, Result<Vec<Logged>, StoreError>> {
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.store.recent(page)
    }

    fn count(&self, when: When, most: u32) -> BoxFuture<'_, Result<u64, StoreError>> {
        self.store.count(when, most)
    }
}

/// A log of requests that a laptop takes, the one of number 7 recorded by another build.
pub(crate) fn log() -> Arc<Counting> {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("littoral.db")).unwrap();
    let text = "policy = 'p'\n[worker.laptop]\nowner = 'alice'\nmodel = 'small'\n\
        [[case]]\nname = 'one'\nclass = 'public'\nexpect.route = ['laptop']";
    let raw: RawCases = toml::from_str(text).unwrap();
    let record = Cases::compile(&raw).unwrap().cases[0].record(&Policy::shipped());
    for number in 0..REQUESTS {
        let mut record = record.clone();
        record.way += u32::from(number == 7);
        let row = DecidedRow {
            request_id: format!("r{number}"),
            principal_key: "acme/chat/alice".into(),
            at_unix_ms: 1_000 + number,
            record: Arc::new(record),
        };
        store.record(Row::Decided(row)).unwrap();
    }
    Arc::new(Counting { store, pages: AtomicUsize::new(0), _folder: folder })
}

/// The newest requests under the shipped policy, against the shipped policy.
pub(crate) fn question(limit: u32) -> Question {
    let (before, after) = (Arc::new(Policy::shipped()), Arc::new(Policy::shipped()));
    Question { before, after, when: When::default(), limit, most_changes: 5 }
}

#[tokio::test]
async fn every_request_is_looked_at_once_and_progress_leads_to_the_end() {
    let log = log();
    let replays = Replays::of(Arc::clone(&log) as Arc<dyn DecisionLog>);
    let mut running = replays.begin(question(u32::MAX)).await.unwrap();
    let mut told = vec![running.progress()];
    while running.step().await.unwrap() {
        told.push(running.progress());
    }
    assert_eq!(told, [(0, 300), (128, 300), (256, 300), (300, 300)]);
    let outcome = running.finish().await.unwrap();
    let counts = outcome.summary.counts;
    assert_eq!((counts.considered, counts.unreplayable, counts.not_reproduced), (299, 1, 0));
    assert!(!outcome.cut_short && outcome.changes.is_empty());
    assert_eq!(outcome.summary.between_unix_ms, Some((1_000, 1_299)));
    // The newest ones alone.
    let (counts, _) = replays.compare(question(10)).await.unwrap();
    assert_eq!((counts.considered, counts.unreplayable), (10, 0));
}

#[tokio::test]
async fn one_replay_runs_at_a_time_and_whoever_goes_away_makes_room() {
    let log = log();
    let replays = Replays::of(Arc::clone(&log) as Arc<dyn DecisionLog>);
    let mut running = replays.begin(question(0)).await.unwrap();
    assert_eq!(replays.begin(question(9)).await.err(), Some(NoReplay::Busy));
    assert!(!running.step().await.unwrap(), "none was asked for");
    drop(running);
    let mut running = replays.begin(question(u32::MAX)).await.unwrap();
    assert!(running.step().await.unwrap());
    drop(running);
    assert_eq!(log.pages.load(Ordering::Relaxed), 1, "nobody asked for more");
    assert!(replays.begin(question(9)).await.is_ok());
}

#[tokio::test]
async fn a_replay_whose_time_is_over_says_that_it_did_not_see_everything() {
    let hasty = Replays { longest: Duration::ZERO, ..Replays::of(log()) };
    let mut running = hasty.begin(question(u32::MAX)).await.unwrap();
    assert!(!running.step().await.unwrap());
    let outcome = running.finish().await.unwrap();
    assert!(outcome.cut_short);
    assert_eq!(outcome.summary.counts.considered, 0);
}
