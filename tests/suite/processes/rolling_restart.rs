//! A rolling restart under load: each worker in turn is drained with the command, ends by itself, and
//! is started again, while six clients ask without a pause. Nobody notices.

use super::stage::{self, Lists};
use futures_util::future::join_all;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::ask;
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::process::{Home, Staying};
use std::collections::BTreeSet;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

const CLIENTS: usize = 6;
const WORKERS: [&str; 2] = ["left", "right"];

/// The sessions that have answered: worker and session number.
type Served = BTreeSet<(String, u64)>;

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_restart_of_all_workers_under_load_loses_nothing() {
    let policy = Some(littoral_core::policy::DEFAULT_POLICY_TOML);
    let cluster = stage::cluster(Plan { policy, ..Plan::default() }).await;
    let home = stage::home().await;
    let mut workers = WORKERS.map(|name| start(&home, &cluster, name));
    Lists::of(&cluster.channel).await.ready(&WORKERS).await;
    let (over, served) = (CancellationToken::new(), watch::Sender::new(Served::new()));

    let restarts = async {
        for (worker, name) in workers.iter_mut().zip(WORKERS) {
            wait_for_sessions(&served, WORKERS.len()).await;
            let drained = home.run(["--router", &cluster.url(), "drain", name]).await;
            assert_eq!(drained.code, Some(0), "{drained:?}");
            let fresh = start(&home, &cluster, name);
            let old = std::mem::replace(worker, fresh);
            assert_eq!(old.end().await, Some(0), "{name} ends by itself");
            Lists::of(&cluster.channel).await.ready(&WORKERS).await;
        }
        // Both old sessions and both new ones have answered.
        wait_for_sessions(&served, 2 * WORKERS.len()).await;
        over.cancel();
    };
    let clients = join_all((0..CLIENTS).map(|_| keep_asking(&cluster, &over, &served)));
    let ((), answers) = tokio::join!(restarts, clients);
    assert!(answers.iter().all(|count| *count > 1), "everybody was served: {answers:?}");
}

fn start(home: &Home, cluster: &Cluster, name: &str) -> Staying {
    stage::worker(home, &cluster.url(), &cluster.token(&Seat::shared(name)))
}

async fn wait_for_sessions(served: &watch::Sender<Served>, count: usize) {
    let mut seen = served.subscribe();
    let wait = tokio::time::timeout(PATIENCE, seen.wait_for(|served| served.len() >= count));
    wait.await.expect("sessions in time").expect("a sender");
}

/// Asks one question after another; returns how many were answered. Every one is, whole.
async fn keep_asking(
    cluster: &Cluster,
    over: &CancellationToken,
    served: &watch::Sender<Served>,
) -> usize {
    let mut count = 0;
    while !over.is_cancelled() {
        let answer = ask(&mut cluster.chat(), stage::story(DataClass::Personal, 6)).await;
        assert!(answer.status.is_none(), "after {count}: {:?}", answer.status);
        assert!(!answer.text().is_empty());
        let done = answer.done();
        assert_eq!(done.finish_reason(), v1::FinishReason::Length);
        let target = done.served.as_ref().and_then(|served| served.target.as_ref());
        let Some(v1::target::At::Worker(at)) = target.and_then(|target| target.at.as_ref()) else {
            panic!("a worker answered: {done:?}")
        };
        served.send_if_modified(|served| served.insert((at.worker_id.clone(), at.incarnation)));
        count += 1;
    }
    count
}
