//! The wall clock is moved by an hour under a running process, forward and back, on the router's side
//! and on the worker's. Leases, deadlines and answers run on the monotonic clock and do not notice.
//!
//! The clock is moved for one process alone: a small library, compiled here and loaded before the C
//! library's own functions, adds an offset that a file holds. That it does is shown by what the
//! process writes down.

use super::stage::{self, Lists, RouterProcess, named};
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use littoral_router::clock::unix_ms;
use littoral_tests::ask::{Answer, ask};
use littoral_tests::cluster::PATIENCE;
use littoral_tests::process::Home;
use std::path::PathBuf;
use std::time::{Duration, Instant};

const SOURCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/processes/clock_shim.c");
const SETTINGS: &str = "[limits]\nheartbeat_ms = 200\nlease_ms = 600\n";
/// Heartbeats looked at after each move, and the time they take.
const HEARTBEATS: (usize, Duration) = (10, Duration::from_secs(2));
const HOUR_S: i64 = 3_600;
/// What a clock may be off by for other reasons than being moved, in seconds.
const TOLERANCE_S: i64 = 600;

/// The wall clock of the processes of one home.
struct WallClock(PathBuf);

impl WallClock {
    /// Compiles the library and puts it under every later process of this home.
    async fn under(home: &mut Home) -> Self {
        let (library, file) = (home.path("clock_shim.so"), home.path("offset"));
        let mut compiler = tokio::process::Command::new("cc");
        compiler.args(["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o"]);
        let output = compiler.arg(&library).arg(SOURCE).output().await.expect("a C compiler");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        home.set("LD_PRELOAD", library);
        home.set("LITTORAL_TEST_CLOCK", file.clone());
        let clock = Self(file);
        clock.is_off_by(0);
        clock
    }

    /// Moves it, in one step for whoever reads it.
    fn is_off_by(&self, seconds: i64) {
        let next = self.0.with_extension("next");
        std::fs::write(&next, seconds.to_string()).expect("a written offset");
        std::fs::rename(next, &self.0).expect("a moved clock");
    }
}

/// Seconds by which a moment is ahead of the true time.
fn ahead_s(at_unix_ms: u64) -> i64 {
    (at_unix_ms as i64 - unix_ms() as i64) / 1_000
}

fn assert_about(seconds: i64, wanted: i64) {
    assert!((seconds - wanted).abs() < TOLERANCE_S, "{seconds} s ahead, not {wanted}");
}

/// Moves the clock to each of these offsets: the worker stays, for ten heartbeats each.
async fn it_stays(lists: &mut Lists, session: u64, mut at_each: impl AsyncFnMut(i64)) {
    for offset in [HOUR_S, 0, -HOUR_S, 0] {
        at_each(offset).await;
        let (start, mut heartbeats) = (Instant::now(), 0);
        let mut seen = start;
        while heartbeats < HEARTBEATS.0 || start.elapsed() < HEARTBEATS.1 {
            let list = lists.next().await;
            let worker = named(&list, "box").unwrap_or_else(|| panic!("lost at {offset} s"));
            assert_eq!(worker.incarnation, session, "a new session at {offset} s");
            assert_eq!(worker.status(), v1::WorkerStatus::Ready, "{offset} s: {worker:?}");
            // One that is younger than the last look has come since.
            let since = std::mem::replace(&mut seen, Instant::now()).elapsed();
            heartbeats += usize::from(u128::from(worker.heartbeat_age_ms) < since.as_millis());
        }
    }
}

/// Asks for a long answer and moves the clock at its first, tenth and twentieth piece.
async fn it_streams_on(router: &RouterProcess, mut at_each: impl AsyncFnMut(i64)) {
    let reading = async {
        let asked = router.chat().complete(stage::story(DataClass::Personal, 60)).await;
        let mut stream = asked.expect("a stream").into_inner();
        let mut answer = Answer::default();
        let mut moves = [(1, HOUR_S), (10, -HOUR_S), (20, 0)].into_iter().peekable();
        while let Some(event) = stream.message().await.expect("an event") {
            answer.events.extend(event.event);
            if let Some((_, offset)) = moves.next_if(|(pieces, _)| answer.deltas() >= *pieces) {
                at_each(offset).await;
            }
        }
        assert_eq!(moves.next(), None, "the clock was moved in the middle");
        answer
    };
    let answer = tokio::time::timeout(PATIENCE, reading).await.expect("an end in time");
    assert_eq!(answer.done().finish_reason(), v1::FinishReason::Length);
    assert!(!answer.text().is_empty());
    let failovers = answer.events.iter().filter(|event| matches!(event, Event::Failover(_)));
    assert_eq!(failovers.count(), 0, "one author");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routers_wall_clock_moved_by_an_hour_either_way_loses_nobody() {
    let mut home = stage::home().await;
    let clock = WallClock::under(&mut home).await;
    let router = RouterProcess::start(home, SETTINGS).await;
    let token = router.token("box").await;
    let worker_home = stage::home().await;
    let _worker = stage::worker(&worker_home, &router.process.address, &token);
    let mut lists = Lists::of(&router.channel).await;
    let list = lists.ready(&["box"]).await;
    let session = named(&list, "box").expect("the worker").incarnation;

    it_streams_on(&router, async |offset| clock.is_off_by(offset)).await;
    it_stays(&mut lists, session, async |offset| {
        clock.is_off_by(offset);
        let answer = ask(&mut router.chat(), stage::story(DataClass::Personal, 2)).await;
        let request_id = answer.routed().request_id.clone();
        assert!(answer.status.is_none(), "{:?}", answer.status);
        let mut client = RoutingServiceClient::new(router.channel.clone());
        let record = client.explain(v1::ExplainRequest { request_id }).await.expect("a record");
        assert_about(ahead_s(record.into_inner().decided_at_unix_ms), offset);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workers_wall_clock_moved_by_an_hour_either_way_does_not_lose_it() {
    let router = RouterProcess::start(stage::home().await, SETTINGS).await;
    let token = router.token("box").await;
    let mut worker_home = stage::home().await;
    let clock = WallClock::under(&mut worker_home).await;
    // Its session number is its wall clock's time, and so shows that the clock is moved.
    clock.is_off_by(-HOUR_S);
    let _worker = stage::worker(&worker_home, &router.process.address, &token);
    let mut lists = Lists::of(&router.channel).await;
    let list = lists.ready(&["box"]).await;
    let session = named(&list, "box").expect("the worker").incarnation;
    assert_about(ahead_s(session), -HOUR_S);

    it_streams_on(&router, async |offset| clock.is_off_by(offset)).await;
    it_stays(&mut lists, session, async |offset| clock.is_off_by(offset)).await;
}
