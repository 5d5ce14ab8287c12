//! A worker process is killed or stopped, before, at and after the first token of an answer by the
//! real model. The expected end of every cell stands in the table; the cloud's bytes, the edge
//! machine's jobs and the slots of all workers are checked in every cell.
//!
//! A stopped process is found by the limits of its attempt, long before its lease is over, and after
//! SIGCONT its session goes on and serves the next cell.

use super::counted::Counted;
use super::stage::{self, FirstToken, Interrupted, Lists, named};
use super::table::{Expected, Failure, Other, ROWS, Row};
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_proto::v1::decide_request::Subject;
use littoral_proto::v1::failover::Kind;
use littoral_router::config::raw::RawLimits;
use littoral_tests::ask::{Answer, ask};
use littoral_tests::cloud::{Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::model;
use littoral_tests::process::{Home, Staying};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// What the cloud says.
const CLOUD_WORDS: [&str; 2] = ["cloud ", "words"];
/// Length of an answer, long enough to be broken in the middle.
const ANSWER_TOKENS: u32 = 40;
/// Time beyond the predicted one for a request that will not be answered, in milliseconds.
const SPARE_MS: f64 = 3_000.0;
/// Workers that load or answer at once, over all lanes. A worker's limits follow from how fast it found
/// itself when it loaded, so it must neither load nor answer beside a crowd.
static TURNS: Semaphore = Semaphore::const_new(2);
/// What is said of a worker whose connection ended.
const GONE: &str = "went away";
/// The router pings a connection every 5 s and ends it where a ping is not answered within 12 s: one whose
/// worker is stopped ends after so many milliseconds at the soonest, and at the latest with a second to spare.
const SILENT_MS: (u64, u64) = (12_000, 18_000);
/// The shipped policy, but the edge machine, which serves two lanes, may pause for longer: it reads one
/// lane's prompt while it answers the other's.
const POLICY: &str = "version = 1\nname = 'busy'\n[deadlines]\nstall_floor_ms = 3000\n";

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_a_killed_worker_process_end_as_the_table_says() {
    rows_of(Failure::Killed).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_of_a_stopped_worker_process_end_as_the_table_says() {
    rows_of(Failure::Stopped).await;
}

async fn rows_of(failure: Failure) {
    let lane = |other| async move {
        let mut lane = Lane::open(other).await;
        for row in ROWS.iter().filter(|row| row.failure == failure && row.other == other) {
            for (class, expected) in row.cells() {
                lane.check(row, class, expected).await;
            }
        }
    };
    tokio::join!(lane(Other::Edge), lane(Other::Cloud), lane(Other::Nobody));
}

/// A router with those who could answer instead, and the worker process that breaks.
struct Lane {
    cloud: ScriptedCloud,
    cluster: Cluster,
    edge: Option<Arc<Counted>>,
    home: Home,
    worker: Option<Staying>,
    /// So many machines have been the one that breaks: one that was lost again and again would be used last.
    machines: usize,
}

/// What the others have seen so far.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    cloud_bytes: u64,
    cloud_connections: u64,
    cloud_bodies: usize,
    edge_jobs: usize,
}

impl Lane {
    async fn open(other: Other) -> Self {
        let cloud = ScriptedCloud::start().await.expect("a stand-in");
        let with_cloud = (other != Other::Nobody).then_some(&cloud);
        // A lease that is longer than any limit of an attempt: it finds nobody here.
        let limits = RawLimits { lease_ms: 60_000, ..RawLimits::default() };
        let plan = Plan { cloud: with_cloud, limits, policy: Some(POLICY), ..Plan::default() };
        let mut cluster = stage::cluster(plan).await;
        let mut edge = None;
        if other == Other::Edge {
            let seat = Seat::shared("office");
            let config = cluster.worker_config(&seat, cluster.token(&seat));
            let real = tokio::task::spawn_blocking(move || model::real(&config)).await;
            let counted = Arc::new(Counted::new(real.expect("a model")));
            cluster.join(&seat, Arc::clone(&counted) as _).await;
            edge = Some(counted);
        }
        let home = stage::home().await;
        Self { cloud, cluster, edge, home, worker: None, machines: 0 }
    }

    /// The worker process, well and listed: the one of the last cell, if it still lives.
    async fn well_worker(&mut self) -> Staying {
        if let Some(worker) = self.worker.take() {
            return worker;
        }
        self.machines += 1;
        let name = self.breaking();
        let token = self.cluster.token(&Seat::own(&name));
        let worker = stage::worker(&self.home, &self.cluster.url(), &token);
        Lists::of(&self.cluster.channel).await.ready(&[&name]).await;
        worker
    }

    /// The worker that breaks.
    fn breaking(&self) -> String {
        format!("breaking-{}", self.machines)
    }

    fn seen(&self) -> Seen {
        Seen {
            cloud_bytes: self.cloud.bytes_received(),
            cloud_connections: self.cloud.connections(),
            cloud_bodies: self.cloud.requests().iter().map(|request| request.body.len()).sum(),
            edge_jobs: self.edge.as_ref().map_or(0, |edge| edge.started()),
        }
    }

    async fn check(&mut self, row: &Row, class: DataClass, expected: Expected) {
        let (failure, moment, other) = (row.failure, row.moment, row.other);
        let name = format!("{failure:?} {moment:?} the first token, other: {other:?}, {class:?}");
        let turn = TURNS.acquire().await.expect("a turn");
        let mut worker = self.well_worker().await;
        let mut request = match moment {
            FirstToken::Before => stage::long_question(class, ANSWER_TOKENS),
            FirstToken::At | FirstToken::After => stage::story(class, ANSWER_TOKENS),
        };
        if expected == Expected::TooLate {
            let deadline_ms = self.predicted_ms(&request).await + SPARE_MS;
            request.hints.get_or_insert_default().deadline_ms = Some(deadline_ms as u64);
        }
        if expected == Expected::Cloud {
            self.cloud.script(Behaviour::answer(CLOUD_WORDS));
        }
        let before = self.seen();
        let strike = async {
            match failure {
                Failure::Killed => worker.kill().await,
                Failure::Stopped => worker.signal("STOP").await,
            }
            drop(turn);
        };
        let end = stage::interrupt(self.cluster.chat(), request, moment, strike).await;
        self.judge(&name, row, expected, &end, &before);
        self.check_record(&name, class, &end).await;
        self.tidy_up(&name, failure, worker).await;
    }

    /// How long the request would take, as the router sees it.
    async fn predicted_ms(&self, request: &v1::ChatRequest) -> f64 {
        let subject = Some(Subject::Chat(request.clone()));
        let dry = self.cluster.routing().decide(v1::DecideRequest { subject, seed: None }).await;
        let decision = dry.expect("a decision").into_inner().decision.expect("a decision");
        let Some(v1::decision::Outcome::Plan(plan)) = decision.outcome else {
            panic!("a plan is expected, not {}", decision.text)
        };
        let predicted = plan.attempts[0].predicted.expect("a prediction");
        predicted.total_ms.expect("a measured worker")
    }

    fn judge(&self, name: &str, row: &Row, expected: Expected, end: &Interrupted, before: &Seen) {
        let (answer, now) = (&end.answer, self.seen());
        let only = || the_one_failover(name, row, answer);
        let fails = matches!(expected, Expected::Failed | Expected::TooLate);
        assert_eq!(answer.status.is_some(), fails, "{name}: {:?}", answer.status);
        match expected {
            Expected::Edge => {
                let (text, failover) = (answer.text(), only());
                assert_eq!(answer.served().0, v1::Tier::Edge, "{name}");
                assert_eq!((failover.kind(), failover.epoch), (Kind::Continued, 0), "{name}");
                assert!(text.starts_with(&end.told), "{name}: {:?} then {text:?}", end.told);
                assert!(text.len() as u64 > failover.at_offset, "{name}: it went on");
                assert_eq!(failover.at_offset == 0, end.told.is_empty(), "{name}");
                assert_eq!(now, Seen { edge_jobs: before.edge_jobs + 1, ..*before }, "{name}");
            }
            Expected::Cloud => {
                let failover = only();
                let (kind, epoch) =
                    if end.told.is_empty() { (Kind::Continued, 0) } else { (Kind::Reset, 1) };
                assert_eq!(answer.served().0, v1::Tier::Cloud, "{name}");
                assert_eq!(answer.text(), CLOUD_WORDS.concat(), "{name}");
                assert_eq!((failover.kind(), failover.epoch), (kind, epoch), "{name}");
                assert_eq!(failover.at_offset, 0, "{name}");
                let sent = (now.cloud_bodies - before.cloud_bodies) as u64;
                let receipt = answer.done().receipt.as_ref().expect("a receipt");
                assert!(sent > 0, "{name}");
                assert_eq!(receipt.egress_bytes, sent, "{name}");
            }
            Expected::Failed | Expected::TooLate => {
                let late = expected == Expected::TooLate;
                let reason = if late { "DEADLINE_EXCEEDED" } else { "ATTEMPTS_FAILED" };
                assert_eq!(answer.failure().1, reason, "{name}: {:?}", answer.status);
                assert_eq!(now, *before, "{name}: nobody else saw it");
            }
        }
    }

    /// The record tells the same: who held content, and that nothing restricted left the device.
    async fn check_record(&self, name: &str, class: DataClass, end: &Interrupted) {
        let outcome = self.cluster.wait_for_outcome(&end.answer.routed().request_id).await;
        let receipt = outcome.receipt.expect("a receipt");
        let holders = receipt.holdings.iter().map(|held| held.machine.as_str());
        let known = ["router", &self.breaking()];
        let strangers: Vec<&str> = holders.filter(|machine| !known.contains(machine)).collect();
        match class {
            DataClass::Restricted => assert!(strangers.is_empty(), "{name}: {strangers:?}"),
            DataClass::Personal => assert_eq!(receipt.egress_bytes, 0, "{name}"),
            _ => {}
        }
        if outcome.reason.is_empty() {
            assert_eq!(Some(&receipt), end.answer.done().receipt.as_ref(), "{name}");
        }
    }

    /// No slot stays taken; a stopped worker is woken and works.
    async fn tidy_up(&mut self, name: &str, failure: Failure, worker: Staying) {
        let mut lists = Lists::of(&self.cluster.channel).await;
        let breaking = self.breaking();
        let idle = |list: &[v1::WorkerSummary]| {
            list.iter().all(|one| one.models.iter().all(|model| model.active + model.queued == 0))
        };
        match failure {
            Failure::Killed => {
                lists.until(|list| idle(list) && named(list, &breaking).is_none()).await;
            }
            Failure::Stopped => {
                let list = lists.until(idle).await;
                // On a slow machine its connection may be over by now: the next cell gets another.
                let Some(stopped) = named(&list, &breaking) else { return };
                worker.signal("CONT").await;
                let _turn = TURNS.acquire().await.expect("a turn");
                let request = stage::story(DataClass::Restricted, 1);
                let awake = ask(&mut self.cluster.chat(), request).await;
                assert_eq!(awake.served().0, v1::Tier::Device, "{name}: awake again");
                let now = lists.until(idle).await;
                let session = named(&now, &breaking).map(|worker| worker.incarnation);
                assert_eq!(session, Some(stopped.incarnation), "{name}: its session went on");
                self.worker = Some(worker);
            }
        }
    }
}

/// The change of author, of which there is one, for the reason that belongs to the row.
fn the_one_failover<'a>(name: &str, row: &Row, answer: &'a Answer) -> &'a v1::Failover {
    let events = answer.events.iter();
    let all: Vec<&v1::Failover> = events
        .filter_map(|event| match event {
            Event::Failover(failover) => Some(failover),
            _ => None,
        })
        .collect();
    assert_eq!(all.len(), 1, "{name}: {all:?}");
    let (reason, limit_ms) = (&all[0].reason, limit_ms(row.moment, answer));
    let limit = match row.moment {
        FirstToken::Before => "no first token within",
        FirstToken::At | FirstToken::After => "silent in mid-stream",
    };
    // A worker that found itself very slow has a limit that its connection may not live to see.
    match row.failure {
        Failure::Stopped if limit_ms < SILENT_MS.0 => {
            assert!(reason.contains(limit), "{name}: {reason}, limit {limit_ms} ms");
        }
        Failure::Stopped if limit_ms < SILENT_MS.1 => {
            assert!(reason.contains(limit) || reason.contains(GONE), "{name}: {reason}");
        }
        Failure::Killed | Failure::Stopped => assert!(reason.contains(GONE), "{name}: {reason}"),
    }
    all[0]
}

/// How long the worker that breaks may be silent there.
fn limit_ms(moment: FirstToken, answer: &Answer) -> u64 {
    let Some(v1::decision::Outcome::Plan(plan)) = &answer.decision().outcome else {
        panic!("a plan is expected, not {}", answer.decision().text)
    };
    match moment {
        FirstToken::Before => plan.attempts[0].first_token_limit_ms,
        FirstToken::At | FirstToken::After => plan.attempts[0].stall_limit_ms,
    }
}
