//! What it costs to count money: settled requests a second against a real file, and the processor's time on
//! the way of one request. The wait for the intent's row is measured apart.
//!
//! Prints two lines. `LITTORAL_SETTLED` asks for another number of requests.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark measures, and says what it found"
)]

use littoral_core::budget::{Budget, Cost, Over, Period, Scope, Unit};
use littoral_core::class::DataClass;
use littoral_core::principal::Principal;
use littoral_router::store::{
    By, IntentRow, Ledger, Row, SpentRow, SqliteStore, Store, UsageQuery, UsageRow,
};
use littoral_router::treasury::Treasury;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

const SETTLED: usize = 200_000;
const AT_ONCE: usize = 512;
const TENANTS: usize = 20;

fn asked() -> usize {
    std::env::var("LITTORAL_SETTLED").map_or(SETTLED, |asked| asked.parse().unwrap())
}

fn principal(at: usize) -> Principal {
    Principal { tenant: format!("tenant-{}", at % TENANTS), ..Principal::loopback() }
}

fn budgets() -> Vec<Budget> {
    let each = Scope { tenant: Over::Each, ..Scope::default() };
    let budget = |name: &str, scope, unit| Budget {
        name: name.into(),
        scope,
        unit,
        period: Period::Month,
        hard: Some(1 << 50),
        soft: None,
        alert_percent: vec![80],
    };
    vec![budget("money", each, Unit::UsdMicros), budget("tokens", Scope::default(), Unit::Tokens)]
}

fn intent(at: usize) -> IntentRow {
    IntentRow {
        request_id: format!("request-{at}"),
        principal_key: format!("tenant-{}/local/local", at % TENANTS),
        dispatch: 0,
        at_unix_ms: 1_790_000_000_000 + at as u64,
        provider: "openai".into(),
        model: "gpt-4o-mini".into(),
        bytes: 2_000,
        class: DataClass::Internal,
        policy_hash: "0123456789abcdef".repeat(4),
    }
}

fn used(at: usize, who: &Principal) -> UsageRow {
    UsageRow {
        dispatch: 0,
        at_unix_ms: 1_790_000_000_000 + at as u64,
        tenant: who.tenant.clone(),
        application: who.application.clone(),
        user: who.user.clone(),
        provider: "openai".into(),
        model: "gpt-4o-mini".into(),
        tier: "cloud".into(),
        outcome: "ok".into(),
        prompt_tokens: 500,
        cached_tokens: 0,
        completion_tokens: 200,
        reasoning_tokens: 0,
        bytes: 2_000,
        cost_usd_micros: Some(195),
        assumed: false,
        predicted_usd_micros: Some(200),
        joules: None,
        joules_estimated: false,
    }
}

/// What one request did: time on its way without the waits, and the wait for its intent.
struct Took {
    way: Duration,
    intent: Duration,
}

async fn settle(treasury: &Arc<Treasury>, store: &SqliteStore, at: usize) -> Took {
    let who = principal(at);
    let worst = Cost { usd_micros: Some(1_500), tokens: 2_500 };
    let begin = Instant::now();
    let hold = treasury.reserve(&who, "gpt-4o-mini", worst).await.unwrap();
    let (charge, held) = hold.send();
    let row = Row::Paid(intent(at), held.unwrap());
    let reserved = begin.elapsed();
    let begin = Instant::now();
    store.note(row).await.unwrap();
    let waited = begin.elapsed();
    let begin = Instant::now();
    let journal = charge.settle(Some(Cost { usd_micros: Some(195), tokens: 700 }));
    let row = SpentRow {
        request_id: format!("request-{at}"),
        principal_key: String::new(),
        uses: vec![used(at, &who)],
        journal: journal.into_iter().collect(),
    };
    store.record(Row::Spent(row)).unwrap();
    Took { way: reserved + begin.elapsed(), intent: waited }
}

fn quantile(sorted: &[Duration], share: f64) -> Duration {
    sorted[(share * (sorted.len() - 1) as f64) as usize]
}

fn main() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    runtime.unwrap().block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(&folder.path().join("littoral.db")).unwrap());
        let treasury = Treasury::open(budgets(), Arc::clone(&store) as _, &*store).await.unwrap();
        let treasury = Arc::new(treasury);
        let (next, count) = (Arc::new(AtomicUsize::new(0)), asked());
        let begin = Instant::now();
        let mut tasks = JoinSet::new();
        for _ in 0..AT_ONCE {
            let (treasury, store, next) =
                (Arc::clone(&treasury), Arc::clone(&store), Arc::clone(&next));
            tasks.spawn(async move {
                let mut all = Vec::new();
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= count {
                        return all;
                    }
                    all.push(settle(&treasury, &store, at).await);
                }
            });
        }
        let took: Vec<Took> = tasks.join_all().await.into_iter().flatten().collect();
        // A question is answered after everything before it is durable.
        let query = UsageQuery { by: vec![By::Model], ..UsageQuery::default() };
        let sums = store.usage(query).await.unwrap();
        let all = begin.elapsed();
        assert_eq!(sums[0].dispatches as usize, count);
        assert_eq!((treasury.outstanding(), store.lost_rows()), (0, 0));
        let sorted = |of: fn(&Took) -> Duration| {
            let mut times: Vec<Duration> = took.iter().map(of).collect();
            times.sort_unstable();
            times
        };
        let (way, intent) = (sorted(|took| took.way), sorted(|took| took.intent));
        println!(
            "{count} settled by {AT_ONCE} at once in {all:.2?}: {:.0} a second; on the way of a request p50 {:.1?}; \
             wait for the intent p50 {:.2?}, p99 {:.2?}",
            count as f64 / all.as_secs_f64(),
            quantile(&way, 0.5),
            quantile(&intent, 0.5),
            quantile(&intent, 0.99),
        );
        // Alone: nobody else on the lock, the queue or the processor.
        let mut alone = Vec::new();
        for at in 0..2_000 {
            alone.push(settle(&treasury, &store, count + at).await);
        }
        alone.sort_unstable_by_key(|took| took.way);
        let mut waits: Vec<Duration> = alone.iter().map(|took| took.intent).collect();
        waits.sort_unstable();
        println!(
            "one after the other: on the way of a request p50 {:.1?}, p99 {:.1?}; wait for the intent p50 {:.1?}",
            alone[alone.len() / 2].way,
            alone[alone.len() * 99 / 100].way,
            quantile(&waits, 0.5),
        );
    });
}
