//! Budgets over a real database: races, restarts, and tasks that end in the middle.

use super::*;
use crate::store::SqliteStore;
use littoral_core::budget::{Period, Scope, Unit};

const WHOLE: u64 = 100_000;

fn daily(hard: u64) -> Vec<Budget> {
    vec![Budget {
        name: "all".into(),
        scope: Scope::default(),
        unit: Unit::UsdMicros,
        period: Period::Month,
        hard: Some(hard),
        soft: None,
        alert_percent: vec![50],
    }]
}

const fn cost(usd_micros: u64) -> Cost {
    Cost { usd_micros: Some(usd_micros), tokens: 1 }
}

struct Stage {
    folder: tempfile::TempDir,
    store: Arc<SqliteStore>,
    treasury: Arc<Treasury>,
}

impl Stage {
    async fn new(hard: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (store, treasury) = open(folder.path(), hard).await;
        Self { folder, store, treasury }
    }

    async fn reserve(&self, usd_micros: u64) -> Result<Hold, Fault> {
        self.treasury.reserve(&Principal::loopback(), "m", cost(usd_micros)).await
    }

    fn left(&self) -> u64 {
        self.treasury.left(&Principal::loopback(), "m").usd_micros.unwrap().left
    }

    async fn send(&self, usd_micros: u64) -> Charge {
        let (charge, row) = self.reserve(usd_micros).await.unwrap().send();
        self.store.commit(Row::Budget(row.unwrap())).await.unwrap();
        charge
    }

    /// The process ends and another one takes over.
    async fn restart(mut self, hard: u64) -> Self {
        self.store.close().await.unwrap();
        drop((self.treasury, self.store));
        (self.store, self.treasury) = open(self.folder.path(), hard).await;
        self
    }
}

async fn open(folder: &std::path::Path, hard: u64) -> (Arc<SqliteStore>, Arc<Treasury>) {
    let store = Arc::new(SqliteStore::open(&folder.join("littoral.db")).unwrap());
    let treasury = Treasury::open(daily(hard), Arc::clone(&store) as _, &*store).await.unwrap();
    (store, Arc::new(treasury))
}

#[tokio::test]
async fn what_is_settled_is_spent_and_what_is_dropped_before_it_is_sent_is_not() {
    let stage = Stage::new(WHOLE).await;
    let charge = stage.send(1_000).await;
    assert_eq!(stage.left(), WHOLE - 1_000);
    let row = charge.settle(Some(cost(300))).unwrap();
    stage.store.commit(Row::Budget(row)).await.unwrap();
    drop(stage.reserve(5_000).await.unwrap());
    assert_eq!((stage.left(), stage.treasury.outstanding()), (WHOLE - 300, 0));
    let (unsent, _) = stage.reserve(5_000).await.unwrap().send();
    unsent.take_back();
    assert_eq!((stage.left(), stage.treasury.outstanding()), (WHOLE - 300, 0));
    let stage = stage.restart(WHOLE).await;
    assert_eq!(stage.left(), WHOLE - 300);
}

#[tokio::test]
async fn a_dispatch_that_was_cut_off_is_taken_at_its_worst_case() {
    let stage = Stage::new(WHOLE).await;
    drop(stage.send(2_000).await);
    assert_eq!(stage.left(), WHOLE - 2_000);
    let charge = stage.send(1_000).await;
    // Killed: neither a settlement nor a drop is written.
    std::mem::forget(charge);
    let stage = stage.restart(WHOLE).await;
    assert_eq!((stage.left(), stage.treasury.outstanding()), (WHOLE - 3_000, 0));
    let stage = stage.restart(WHOLE).await;
    assert_eq!(stage.left(), WHOLE - 3_000, "it is assumed once");
}

#[tokio::test]
async fn what_is_set_aside_and_unused_returns() {
    let stage = Stage::new(WHOLE).await;
    drop(stage.reserve(10).await.unwrap());
    let stage = stage.restart(WHOLE).await;
    assert_eq!(stage.left(), WHOLE);
    assert!(stage.reserve(WHOLE).await.is_ok());
}

#[tokio::test]
async fn a_budget_that_is_spent_says_when_it_refills() {
    let stage = Stage::new(1_000).await;
    let _held = stage.reserve(900).await.unwrap();
    let Err(fault) = stage.reserve(200).await else { panic!("nothing was left") };
    assert_eq!((fault.blame, fault.kind), (Blame::Limit, "budget"));
    assert!(fault.detail.contains("it refills at 20"), "{}", fault.detail);
    assert!(fault.retry_after_ms.is_some_and(|ms| ms <= 31 * 86_400_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_race_for_the_last_cent_as_many_win_as_it_pays_for() {
    const EACH: u64 = 700;
    let stage = Arc::new(Stage::new(10_000).await);
    let mut racers = tokio::task::JoinSet::new();
    for _ in 0..64 {
        let stage = Arc::clone(&stage);
        racers.spawn(async move { stage.reserve(EACH).await.ok() });
    }
    let held: Vec<Hold> = racers.join_all().await.into_iter().flatten().collect();
    assert_eq!(held.len() as u64, 10_000 / EACH);
    assert_eq!(stage.left(), 10_000 - held.len() as u64 * EACH);
    drop(held);
    assert_eq!((stage.left(), stage.treasury.outstanding()), (10_000, 0));
}

#[tokio::test]
async fn a_task_that_ends_while_a_slab_is_written_leaves_nothing_pending() {
    let stage = Stage::new(WHOLE).await;
    for _ in 0..20 {
        let reserve = stage.reserve(WHOLE);
        tokio::select! {
            biased;
            held = reserve => drop(held),
            () = tokio::task::yield_now() => {}
        }
    }
    let held = stage.reserve(WHOLE).await;
    assert!(held.is_ok(), "all of it is free again");
}

#[tokio::test]
async fn without_budgets_nothing_is_asked_and_nothing_written() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(SqliteStore::open(&folder.path().join("littoral.db")).unwrap());
    let treasury = Treasury::open(Vec::new(), Arc::clone(&store) as _, &*store).await.unwrap();
    let treasury = Arc::new(treasury);
    let unpriced = Cost { usd_micros: None, tokens: u64::MAX };
    let hold = treasury.reserve(&Principal::loopback(), "m", unpriced).await.unwrap();
    let (charge, row) = hold.send();
    assert_eq!(row, None);
    assert_eq!(charge.settle(None), None);
}
