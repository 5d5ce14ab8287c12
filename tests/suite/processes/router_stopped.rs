//! A router's process is stopped for ten seconds and wakes up. Its workers' heartbeats wait in the
//! sockets; nobody is lost by a sweep that looks at the clock before it reads them.
//!
//! A worker holds a lease of its own, of the same length, on the router. So there are three cases: the
//! router alone stops for less than a lease, the router alone stops for longer, and the whole machine
//! stops, where neither side may count the time in which it did not run.
//!
//! The ten seconds are real, and are told by the heartbeats of another fleet, which goes on.

use super::stage::{self, Lists, RouterProcess, incarnations};
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_router::config::raw::RawLimits;
use littoral_tests::ask::ask;
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::process::{Staying, signal_all};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use std::time::{Duration, Instant};

const WORKERS: [&str; 2] = ["left", "right"];
/// How long everything stops.
const PAUSE: Duration = Duration::from_secs(10);
/// Longest time of a short answer on a busy machine, in milliseconds: half of the pause.
const AT_ONCE_MS: f64 = 5_000.0;
/// Lists of workers that are looked at afterwards: two workers' heartbeats for some seconds.
const LISTS_AFTER: usize = 20;

/// A fleet that nobody stops; its heartbeats are the ticks of a clock.
struct Metronome {
    _cluster: Cluster,
    lists: Lists,
}

impl Metronome {
    async fn start() -> Self {
        let limits = RawLimits { heartbeat_ms: 500, ..RawLimits::default() };
        let mut cluster = Cluster::start(Plan { limits, ..Plan::default() }).await;
        let engine = Arc::new(ScriptedEngine::new("tiny", &["tick"]));
        cluster.join(&Seat::own("metronome"), engine).await;
        let lists = Lists::of(&cluster.channel).await;
        Self { _cluster: cluster, lists }
    }

    async fn wait(&mut self, time: Duration) {
        let start = Instant::now();
        while start.elapsed() < time {
            self.lists.next().await;
        }
    }
}

/// A router process with two worker processes.
struct Fleet {
    router: RouterProcess,
    workers: Vec<Staying>,
    lists: Lists,
    sessions: Vec<Option<u64>>,
}

impl Fleet {
    async fn start(lease_ms: u64) -> Self {
        let settings = format!("[limits]\nheartbeat_ms = 500\nlease_ms = {lease_ms}\n");
        let router = RouterProcess::start(stage::home().await, &settings).await;
        let mut workers = Vec::new();
        for name in WORKERS {
            let token = router.token(name).await;
            workers.push(stage::worker(&router.home, &router.process.address, &token));
        }
        let mut lists = Lists::of(&router.channel).await;
        let sessions = incarnations(&lists.ready(&WORKERS).await, &WORKERS);
        Self { router, workers, lists, sessions }
    }

    /// Stops the router, and the workers too if `whole`, for [`PAUSE`].
    async fn pause(&mut self, whole: bool) {
        let mut metronome = Metronome::start().await;
        // Right after a heartbeat: the workers have just heard of the router.
        self.lists.next().await;
        let mut all = vec![&self.router.process];
        all.extend(self.workers.iter().filter(|_| whole));
        signal_all("STOP", &all).await;
        metronome.wait(PAUSE).await;
        signal_all("CONT", &all).await;
    }

    async fn nobody_was_lost(&mut self) {
        for seen in 0..LISTS_AFTER {
            let list = self.lists.next().await;
            assert_eq!(incarnations(&list, &WORKERS), self.sessions, "list {seen}: {list:#?}");
        }
    }

    /// The next request is answered by its first attempt, in the time that a short answer takes.
    async fn answers_at_once(&self) {
        let answer = ask(&mut self.router.chat(), stage::story(DataClass::Personal, 8)).await;
        let served = answer.done().served.as_ref();
        let failovers = answer.events.iter().filter(|event| matches!(event, Event::Failover(_)));
        assert_eq!(failovers.count(), 0);
        let total_ms = served.map(|served| served.total_ms);
        assert!(total_ms.is_some_and(|total_ms| total_ms < AT_ONCE_MS), "{total_ms:?} ms");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_that_was_stopped_for_10_s_has_lost_nobody() {
    let mut fleet = Fleet::start(15_000).await;
    fleet.pause(false).await;
    fleet.answers_at_once().await;
    fleet.nobody_was_lost().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_that_was_suspended_for_10_s_has_lost_nobody_though_leases_are_shorter() {
    let mut fleet = Fleet::start(1_500).await;
    fleet.pause(true).await;
    fleet.answers_at_once().await;
    fleet.nobody_was_lost().await;
}

/// The workers count the silence too: they give the router up and dial again, as they must if it were
/// dead. That is no loss either.
#[tokio::test(flavor = "multi_thread")]
async fn workers_of_a_router_stopped_for_longer_than_their_lease_are_all_back_at_once() {
    let mut fleet = Fleet::start(1_500).await;
    fleet.pause(false).await;
    fleet.lists.ready(&WORKERS).await;
    fleet.answers_at_once().await;
}
