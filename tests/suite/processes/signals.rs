//! SIGTERM in mid-answer. The first one asks for an orderly end, of a worker or of a router: what
//! runs is finished, nothing new is taken, the exit code is 0. A second one ends either at once: requests of a
//! worker go on elsewhere or fail by name, those of a router hear why.

use super::stage::{self, FirstToken, Lists, RouterProcess, named};
use littoral_proto::v1;
use littoral_proto::v1::{DataClass, WorkerStatus};
use littoral_tests::ask::ask;
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::model;
use littoral_tests::process::{Home, Staying};
use tokio::sync::Barrier;
use tonic::Code;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// Long enough that a signal arrives in the middle.
const ANSWER_TOKENS: u32 = 100;

/// A worker process as the asker's own device, in this home.
async fn device(cluster: &Cluster, home: &Home) -> (Staying, Lists) {
    let token = cluster.token(&Seat::own("desk"));
    let worker = stage::worker(home, &cluster.url(), &token);
    let mut lists = Lists::of(&cluster.channel).await;
    lists.ready(&["desk"]).await;
    (worker, lists)
}

/// A router process and a worker process at it.
async fn router() -> (RouterProcess, Staying) {
    let router = RouterProcess::start(stage::home().await, "").await;
    let token = router.token("box").await;
    let worker = stage::worker(&router.home, &router.process.address, &token);
    Lists::of(&router.channel).await.ready(&["box"]).await;
    (router, worker)
}

fn is_draining(list: &[v1::WorkerSummary]) -> bool {
    named(list, "desk").is_some_and(|worker| worker.status() == WorkerStatus::Draining)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_process_told_to_end_finishes_its_answer_and_takes_nothing_new() {
    let (cluster, home) = (stage::cluster(Plan::default()).await, stage::home().await);
    let (worker, mut lists) = device(&cluster, &home).await;
    let told = async {
        worker.signal("TERM").await;
        lists.until(is_draining).await;
        let refused = ask(&mut cluster.chat(), stage::story(DataClass::Personal, 4)).await;
        assert_eq!(refused.failure(), (Code::Unavailable, "NO_READY_TARGET".into()));
    };
    let request = stage::story(DataClass::Restricted, ANSWER_TOKENS);
    let end = stage::interrupt(cluster.chat(), request, FirstToken::At, told).await;
    assert!(end.answer.text().len() > end.told.len(), "it went on after the signal");
    assert_eq!(end.answer.done().finish_reason(), v1::FinishReason::Length);
    assert_eq!(worker.end().await, Some(0));
    lists.until(<[_]>::is_empty).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_process_told_twice_ends_at_once_and_its_requests_fail_over_or_fail_by_name() {
    let (mut cluster, home) = (stage::cluster(Plan::default()).await, stage::home().await);
    let seat = Seat::shared("office");
    let config = cluster.worker_config(&seat, cluster.token(&seat));
    let real = tokio::task::spawn_blocking(move || model::real(&config)).await;
    cluster.join(&seat, real.expect("a model")).await;
    let (worker, mut lists) = device(&cluster, &home).await;

    let running = Barrier::new(3);
    let ask = |class| {
        let (client, request) = (cluster.chat(), stage::story(class, ANSWER_TOKENS));
        let meet = async {
            running.wait().await;
        };
        stage::interrupt(client, request, FirstToken::At, meet)
    };
    let signals = async {
        running.wait().await;
        worker.signal("TERM").await;
        lists.until(is_draining).await;
        worker.signal("TERM").await;
        worker.end().await
    };
    let (restricted, personal, code) =
        tokio::join!(ask(DataClass::Restricted), ask(DataClass::Personal), signals);
    assert_eq!(code, Some(130), "interrupted");
    assert_eq!(restricted.answer.failure().1, "ATTEMPTS_FAILED");
    assert_eq!(personal.answer.served().0, v1::Tier::Edge);
    assert!(personal.answer.text().starts_with(&personal.told), "the text goes on");
    let idle = |one: &v1::WorkerSummary| {
        one.worker_id != "desk" && one.models.iter().all(|model| model.active == 0)
    };
    lists.until(|list| list.iter().all(idle)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_process_told_to_end_finishes_its_answer_and_refuses_new_ones_by_name() {
    let (router, _worker) = router().await;
    let told = async {
        router.process.signal("TERM").await;
        not_serving(&router).await;
        let refused = ask(&mut router.chat(), stage::story(DataClass::Personal, 4)).await;
        assert_eq!(refused.failure(), (Code::Unavailable, "SHUTTING_DOWN".into()));
    };
    let request = stage::story(DataClass::Personal, ANSWER_TOKENS);
    let end = stage::interrupt(router.chat(), request, FirstToken::At, told).await;
    assert!(end.answer.text().len() > end.told.len(), "it went on after the signal");
    assert_eq!(end.answer.done().finish_reason(), v1::FinishReason::Length);
    assert_eq!(router.process.end().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_router_process_told_twice_ends_at_once_and_its_answer_hears_why() {
    let (router, _worker) = router().await;
    let told = async {
        router.process.signal("TERM").await;
        not_serving(&router).await;
        router.process.signal("TERM").await;
    };
    let request = stage::story(DataClass::Personal, ANSWER_TOKENS);
    let end = stage::interrupt(router.chat(), request, FirstToken::At, told).await;
    assert_eq!(end.answer.failure(), (Code::Unavailable, "SHUTTING_DOWN".into()));
    assert_eq!(router.process.end().await, Some(130), "interrupted");
}

/// Waits until the router says that it is not to be asked any more.
async fn not_serving(router: &RouterProcess) {
    let mut client = HealthClient::new(router.channel.clone());
    let watch = client.watch(HealthCheckRequest::default()).await.expect("a watch");
    let mut said = watch.into_inner();
    let wait = async {
        while let Some(health) = said.message().await.expect("a status") {
            if health.status() == ServingStatus::NotServing {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.expect("the end of service in time");
}
