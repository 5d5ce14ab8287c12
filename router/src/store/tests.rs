//! What the store promises: rows come back as they were, in order, from this process or the next,
//! and a file that is not ours is refused untouched.

use super::*;
use littoral_core::class::{DataClass, Tier};
use littoral_core::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, TokenCount};
use littoral_core::fleet::FleetView;
use littoral_core::flight::event::{Finish, Usage};
use littoral_core::plan::{Decision, Gate, Note, Outcome, Place, Refusal, Rejection, Target, Why};
use littoral_core::principal::Principal;
use littoral_core::reason::Reason;
use littoral_core::record::Record;
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

mod decisions;
mod egress;
mod files;
mod ledger;
mod notes;
mod observed;
mod policies;
mod receipts;
mod session_labels;
mod writer;

fn decided(request_id: &str, principal_key: &str) -> DecidedRow {
    DecidedRow {
        request_id: request_id.into(),
        principal_key: principal_key.into(),
        at_unix_ms: 1_800_000_000_000,
        record: Arc::new(Record {
            version: Record::VERSION,
            way: Record::WAY,
            fleet: FleetView::default(),
            now_ms: 7,
            facts: Facts {
                principal: Principal::loopback(),
                alias: "default".into(),
                class: ClassFact { class: DataClass::Personal, origin: ClassOrigin::Unlabelled },
                scan: Default::default(),
                session: None,
                prompt_tokens: TokenCount { tokens: 12, estimated: true },
                prompt_bytes: 12,
                max_output_tokens: Some(64),
                images: 0,
                audio_seconds: 0,
                needs: Needs { tools: true, ..Needs::default() },
                hints: Hints { min_quality: Some(0.1 + 0.2), ..Hints::default() },
                time: None,
            },
            decision: Decision {
                version: Decision::VERSION,
                policy_hash: "ab12".into(),
                seed: u64::MAX,
                class: DataClass::Personal,
                outcome: Outcome::Refused(Refusal {
                    reason: Reason::EgressDenied,
                    message: "class personal may not reach tier cloud".into(),
                    retry_after_ms: None,
                }),
                rejected: vec![Rejection {
                    pool: "openai/gpt-4o-mini".into(),
                    worker_id: None,
                    tier: Some(Tier::Cloud),
                    gate: Gate::Class,
                    why: Why::Class(DataClass::Personal, Tier::Cloud),
                    more_workers: None,
                }],
                notes: vec![Note::UpperBound(12)],
            },
        }),
    }
}

fn intent(request_id: &str, principal_key: &str, dispatch: u32) -> IntentRow {
    IntentRow {
        request_id: request_id.into(),
        principal_key: principal_key.into(),
        dispatch,
        at_unix_ms: 1_800_000_000_001,
        provider: "openai".into(),
        model: "gpt-4o-mini".into(),
        bytes: 321,
        class: DataClass::Internal,
        policy_hash: "ab12".into(),
    }
}

fn ended(request_id: &str, principal_key: &str) -> EndedRow {
    EndedRow {
        request_id: request_id.into(),
        principal_key: principal_key.into(),
        at_unix_ms: 1_800_000_000_900,
        outcome: Arc::new(OutcomeRow {
            reason: None,
            message: String::new(),
            finish: Some(Finish::Stop),
            served: Some(ServedRow {
                target: Target {
                    pool: "openai/gpt-4o-mini".into(),
                    model: "gpt-4o-mini".into(),
                    at: Place::Cloud { provider: "openai".into() },
                    accepts_prefix: false,
                },
                tier: Tier::Cloud,
                first_token_ms: Some(312.062_5),
                total_ms: 898.1,
                cost_usd_micros: Some(17),
                energy_joules: None,
                spent: None,
            }),
            usage: Some(Usage { prompt_tokens: 12, completion_tokens: 30, ..Usage::default() }),
            failovers: 1,
            receipt: ReceiptRow {
                policy_hash: "ab12".into(),
                class: DataClass::Internal,
                egress_bytes: 321,
                holdings: vec![
                    HoldingRow { machine: "router".into(), tier: None, bytes: 44 },
                    HoldingRow { machine: "openai".into(), tier: Some(Tier::Cloud), bytes: 321 },
                ],
                detectors: "patterns 1".into(),
                found: BTreeMap::from([("EMAIL".to_owned(), 2)]),
                assumed: false,
                energy: None,
            },
        }),
    }
}

fn open(path: &Path) -> SqliteStore {
    SqliteStore::open(path).unwrap()
}

#[tokio::test]
async fn every_row_comes_back_as_it_was_now_and_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state/littoral.db");
    let expected = Kept {
        principal_key: "alice".into(),
        decided: Some(decided("r1", "alice")),
        intents: vec![intent("r1", "alice", 0), intent("r1", "alice", 3)],
        ended: Some(ended("r1", "alice")),
    };

    let store = open(&path);
    store.record(Row::Decided(decided("r1", "alice"))).unwrap();
    store.commit(Row::Intent(intent("r1", "alice", 3))).await.unwrap();
    store.commit(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    store.record(Row::Ended(ended("r1", "alice"))).unwrap();
    assert_eq!(store.find("r1", Some("alice")).await.unwrap(), Some(expected.clone()));
    store.close().await.unwrap();

    let reopened = open(&path);
    assert_eq!(reopened.find("r1", Some("alice")).await.unwrap(), Some(expected));
    assert_eq!(reopened.find("r2", Some("alice")).await.unwrap(), None);
}

#[tokio::test]
async fn one_asker_never_finds_anothers_request_and_the_administrator_finds_the_latest() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    store.record(Row::Decided(decided("r1", "alice"))).unwrap();
    store
        .record(Row::Decided(DecidedRow { at_unix_ms: 1_900_000_000_000, ..decided("r1", "bob") }))
        .unwrap();
    let whose = |kept: Option<Kept>| kept.map(|kept| kept.principal_key);
    assert_eq!(whose(store.find("r1", Some("alice")).await.unwrap()).as_deref(), Some("alice"));
    assert_eq!(whose(store.find("r1", Some("mallory")).await.unwrap()), None);
    assert_eq!(whose(store.find("r1", None).await.unwrap()).as_deref(), Some("bob"));
}

#[tokio::test]
async fn an_intent_is_found_even_where_the_decision_was_lost() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    store.commit(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    let kept = store.find("r1", None).await.unwrap().unwrap();
    assert_eq!((kept.decided, kept.intents.len(), kept.ended), (None, 1, None));
}

#[tokio::test]
async fn a_second_row_of_the_same_kind_is_refused_and_the_first_stays() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    store.commit(Row::Intent(intent("r1", "alice", 0))).await.unwrap();
    let again = IntentRow { bytes: 1, ..intent("r1", "alice", 0) };
    let refused = store.commit(Row::Intent(again)).await;
    assert_eq!(refused, Err(StoreError::Duplicate { what: "intent", request_id: "r1".into() }));
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents[0].bytes, 321);
}

#[tokio::test]
async fn a_committed_row_is_in_the_file_by_the_time_its_committer_knows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    let reader = rusqlite::Connection::open(&path).unwrap();
    let mut count = reader.prepare("SELECT count(*) FROM intents").unwrap();
    for n in 1..=100 {
        store.commit(Row::Intent(intent("r1", "alice", n))).await.unwrap();
        assert_eq!(count.query_row([], |row| row.get::<_, u32>(0)).unwrap(), n);
    }
}

#[tokio::test]
async fn a_bad_row_fails_alone_among_many_committers() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("littoral.db"));
    // SQLite's integers end at 2^63 - 1.
    let too_big = IntentRow { bytes: u64::MAX, ..intent("r1", "alice", 64) };
    let rows = (0..64).map(|n| intent("r1", "alice", n)).chain([too_big]);
    let results =
        futures_util::future::join_all(rows.map(|row| store.commit(Row::Intent(row)))).await;
    assert!(results[..64].iter().all(Result::is_ok), "{results:?}");
    assert!(matches!(results[64], Err(StoreError::Database(_))), "{:?}", results[64]);
    assert_eq!(store.find("r1", None).await.unwrap().unwrap().intents.len(), 64);
}

#[tokio::test]
async fn a_closed_store_says_so_and_keeps_what_it_was_given_before() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = open(&path);
    for n in 0..1000 {
        store.record(Row::Intent(intent("r1", "alice", n))).unwrap();
    }
    store.close().await.unwrap();
    assert_eq!(store.record(Row::Ended(ended("r1", "alice"))), Err(StoreError::Closed));
    assert_eq!(store.commit(Row::Ended(ended("r1", "alice"))).await, Err(StoreError::Closed));
    assert_eq!(store.find("r1", None).await, Err(StoreError::Closed));
    assert_eq!(store.close().await, Err(StoreError::Closed));
    assert_eq!(open(&path).find("r1", None).await.unwrap().unwrap().intents.len(), 1000);
}

#[tokio::test]
async fn a_full_queue_is_told_counted_and_recovered_from() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("littoral.db");
    let store = SqliteStore::open_with(&path, Durability::Kill, 2).unwrap();
    // Somebody else's transaction holds the writer up, so the queue must fill: the writer can take
    // one row out of it, and no more.
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let results: Vec<_> =
        (0..4).map(|n| store.record(Row::Intent(intent("r1", "alice", n)))).collect();
    let lost = results.iter().filter(|result| **result == Err(StoreError::Full)).count();
    assert!(lost >= 1, "{results:?}");
    assert_eq!(store.lost_rows(), lost as u64);
    other.execute_batch("ROLLBACK").unwrap();
    let kept = store.find("r1", None).await.unwrap().unwrap();
    assert_eq!(kept.intents.len(), 4 - lost);
}

proptest! {
    // Each case makes a database, which costs several flushes to the disk.
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Replay compares a stored decision with a fresh one, so numbers must not lose their last bit.
    #[test]
    fn numbers_survive_to_the_last_bit(
        total_ms in proptest::num::f64::NORMAL,
        joules in proptest::num::f64::POSITIVE,
        cost in any::<u64>(),
        seed in any::<u64>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let database = schema::open(&folder.path().join("littoral.db"), Durability::Kill).unwrap();
        let mut end = ended("r1", "alice");
        let served = Arc::make_mut(&mut end.outcome).served.as_mut().unwrap();
        (served.total_ms, served.energy_joules, served.cost_usd_micros) =
            (total_ms, Some(joules), Some(cost));
        let mut start = decided("r1", "alice");
        Arc::make_mut(&mut start.record).decision.seed = seed;
        sql::insert(&database.connection, &Row::Ended(end.clone())).unwrap();
        sql::insert(&database.connection, &Row::Decided(start.clone())).unwrap();
        let kept = sql::find(&database.connection, "r1", None).unwrap().unwrap();
        prop_assert_eq!(kept.ended, Some(end));
        prop_assert_eq!(kept.decided, Some(start));
    }
}
