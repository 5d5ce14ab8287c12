//! A worker process is stopped for thirty seconds, twice as long as its lease, as a machine that sleeps.
//! Announced, it is asleep and not lost; unannounced, it is lost within one lease. Either way it comes
//! back by itself under a new session, and the old one haunts nobody.

use super::stage::{self, Lists, RouterProcess, named};
use littoral_proto::v1;
use littoral_proto::v1::{DataClass, WorkerStatus};
use littoral_tests::ask::ask;
use littoral_tests::process::Staying;
use std::time::{Duration, Instant};

/// How long the worker is stopped.
const SLEEP: Duration = Duration::from_secs(30);
/// The lease, and as much again for a busy machine.
const WITHIN: Duration = Duration::from_secs(30);

struct Sleeper {
    router: RouterProcess,
    worker: Staying,
    /// Its heartbeats are the ticks of a clock: it is never stopped.
    _awake: Staying,
    lists: Lists,
    session: u64,
}

impl Sleeper {
    async fn start() -> Self {
        let router = RouterProcess::start(stage::home().await, "").await;
        let mut workers = Vec::new();
        for name in ["sleeper", "awake"] {
            let token = router.token(name).await;
            workers.push(stage::worker(&router.home, &router.process.address, &token));
        }
        let mut lists = Lists::of(&router.channel).await;
        let list = lists.ready(&["sleeper", "awake"]).await;
        let session = named(&list, "sleeper").expect("a sleeper").incarnation;
        let awake = workers.pop().expect("two workers");
        let worker = workers.pop().expect("two workers");
        Self { router, worker, _awake: awake, lists, session }
    }

    async fn status(&mut self) -> WorkerStatus {
        let list = self.lists.everybody().await;
        named(&list, "sleeper").map_or(WorkerStatus::Unspecified, v1::WorkerSummary::status)
    }

    async fn until(&mut self, wanted: WorkerStatus) -> Duration {
        let begun = Instant::now();
        while self.status().await != wanted {
            assert!(begun.elapsed() < WITHIN + SLEEP, "it is never {wanted:?}");
        }
        begun.elapsed()
    }

    /// It wakes, joins anew, and answers.
    async fn wakes_and_answers(mut self) {
        self.worker.signal("CONT").await;
        let list = self.lists.ready(&["sleeper"]).await;
        let sleeper = named(&list, "sleeper").expect("a sleeper");
        assert!(sleeper.incarnation >= self.session);
        let all = self.lists.everybody().await;
        let ghosts = all.iter().filter(|worker| worker.worker_id == "sleeper").count();
        assert_eq!(ghosts, 1);
        let answer = ask(&mut self.router.chat(), stage::story(DataClass::Personal, 4)).await;
        assert!(answer.status.is_none(), "{:?}", answer.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_announced_its_sleep_is_never_lost() {
    let mut sleeper = Sleeper::start().await;
    sleeper.worker.signal("USR1").await;
    sleeper.until(WorkerStatus::Sleeping).await;
    sleeper.worker.signal("STOP").await;
    let begun = Instant::now();
    while begun.elapsed() < SLEEP {
        assert_eq!(sleeper.status().await, WorkerStatus::Sleeping);
    }
    sleeper.wakes_and_answers().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_stops_without_a_word_is_lost_within_a_lease_and_comes_back_without_a_ghost()
{
    let mut sleeper = Sleeper::start().await;
    let begun = Instant::now();
    sleeper.worker.signal("STOP").await;
    let lost_after = sleeper.until(WorkerStatus::Lost).await;
    println!("lost after {:.1} s", lost_after.as_secs_f64());
    while begun.elapsed() < SLEEP {
        assert_eq!(sleeper.status().await, WorkerStatus::Lost);
    }
    sleeper.wakes_and_answers().await;
}
