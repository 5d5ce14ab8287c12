//! A provider that is out for a while under load: how many calls reach it, and when it is found again.

use super::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;

/// How long it is out in an ordinary run; `LITTORAL_OUTAGE_S` asks for another time.
const OUT: Duration = Duration::from_secs(5);
/// Requests a second.
const RATE: u32 = 200;
/// Time that a request has.
const DEADLINE: Duration = Duration::from_secs(2);
/// The longest that a breaker stays open before it probes.
const PROBE_INTERVAL: Duration = Duration::from_secs(15);

fn out() -> Duration {
    let asked = std::env::var("LITTORAL_OUTAGE_S").ok();
    asked.map_or(OUT, |s| Duration::from_secs(s.parse().expect("seconds")))
}

struct Seen {
    began: Instant,
    took: Duration,
    answered: bool,
}

/// Asks at a steady rate for a time, whatever comes of it.
async fn load(cluster: &Arc<Cluster>, time: Duration, until_answered: bool) -> Vec<Seen> {
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / RATE);
    let (mut running, begun) = (JoinSet::new(), Instant::now());
    let mut seen = Vec::new();
    while begun.elapsed() < time {
        ticks.tick().await;
        let mut chat = cluster.chat();
        running.spawn(async move {
            let mut asked = question();
            asked.max_output_tokens = Some(24);
            let ms = u64::try_from(DEADLINE.as_millis()).unwrap_or(u64::MAX);
            asked.hints.as_mut().expect("hints").deadline_ms = Some(ms);
            let began = Instant::now();
            let answer = ask(&mut chat, asked).await;
            Seen { began, took: began.elapsed(), answered: answer.status.is_none() }
        });
        while let Some(one) = running.try_join_next() {
            seen.push(one.expect("a request"));
        }
        if until_answered && seen.iter().any(|one| one.answered) {
            break;
        }
    }
    seen.extend(running.join_all().await);
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_to_a_dead_provider_are_bounded_and_it_is_found_again() {
    let cloud = willing_cloud().await;
    let adjust = Some(
        (|_: &std::path::Path, raw: &mut littoral_router::config::raw::RawConfig| {
            raw.limits.in_flight = 4_096;
        }) as fn(&_, &mut _),
    );
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), adjust, ..Plan::default() }).await;
    let cluster = Arc::new(cluster);
    let before = load(&cluster, Duration::from_secs(1), false).await;
    assert!(before.iter().all(|one| one.answered), "all is well before");
    let sent_before = cloud.requests().len();

    cloud.usually(Behaviour::server_error());
    let during = load(&cluster, out(), false).await;
    let calls = cloud.requests().len() - sent_before;
    let back = Instant::now();
    cloud.usually(Behaviour::Answer(Answer::new(WORDS)));
    let after = load(&cluster, PROBE_INTERVAL * 2, true).await;
    let first = after.iter().filter(|one| one.answered).map(|one| one.began + one.took).min();
    let found = first.expect("it is found again").saturating_duration_since(back);

    let slowest = during.iter().chain(&after).map(|one| one.took).max().unwrap_or_default();
    println!(
        "out for {:?} at {RATE} requests a second: {calls} calls reached the dead provider for {} requests, \
         found again after {found:.2?}, slowest request {slowest:.2?}",
        out(),
        during.len(),
    );
    // A run of failures trips it; those that were on their way then, and a few probes each time, come on top.
    let probes = 3 * (out().as_secs() + 2);
    assert!(calls as u64 <= 60 + probes, "{calls} calls to a dead provider");
    assert!(found <= PROBE_INTERVAL, "found again after {found:?}");
    assert!(
        slowest <= DEADLINE + Duration::from_secs(2),
        "{slowest:?} for a deadline of {DEADLINE:?}"
    );
}
