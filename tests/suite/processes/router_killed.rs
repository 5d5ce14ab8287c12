//! The router's process is killed in mid-answer and started again in the same home at the same
//! address. What was in the air is lost by name, workers come back by themselves, and what may have
//! left for a cloud stays written down.

use super::stage::{self, FirstToken, Lists, RouterProcess, incarnations};
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::routing_service_client::RoutingServiceClient;
use littoral_router::store::{Kept, SqliteStore, Store as _};
use littoral_tests::ask::{Answer as Asked, ask};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::CLOUD_MODEL;
use littoral_tests::serving;
use tonic::Code;
use tonic_types::StatusExt as _;

fn request(id: &str, class: DataClass) -> v1::ChatRequest {
    v1::ChatRequest { request_id: id.into(), ..stage::story(class, 200) }
}

/// Asks under this id, kills the router's process after the first piece of text, starts it again.
async fn struck(router: &mut RouterProcess, request: v1::ChatRequest) -> Asked {
    let client = router.chat();
    let kill = async { router.kill_and_start_again().await };
    stage::interrupt(client, request, FirstToken::At, kill).await.answer
}

async fn is_lost(router: &RouterProcess, request: v1::ChatRequest) {
    let resume = v1::ResumeRequest {
        request_id: request.request_id.clone(),
        ..v1::ResumeRequest::default()
    };
    let resumed = router.chat().resume(resume).await.expect_err("it is not held");
    let again = ask(&mut router.chat(), request).await.status.expect("its id is used");
    for status in [resumed, again] {
        let info = status.get_details_error_info().expect("an ErrorInfo");
        assert_eq!((status.code(), info.reason.as_str()), (Code::Aborted, "REQUEST_LOST"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_of_the_router_its_requests_are_lost_by_name_and_its_workers_come_back() {
    let mut router = RouterProcess::start(stage::home().await, "").await;
    let token = router.token("box").await;
    let _worker = stage::worker(&router.home, &router.process.address, &token);
    let before = Lists::of(&router.channel).await.ready(&["box"]).await;

    let asked = request("cut-off", DataClass::Personal);
    let answer = struck(&mut router, asked.clone()).await;
    let status = answer.status.expect("a broken stream");
    assert!(status.get_details_error_info().is_none(), "nobody was there to name it: {status:?}");
    is_lost(&router, asked).await;

    let after = Lists::of(&router.channel).await.ready(&["box"]).await;
    assert!(incarnations(&after, &["box"]) > incarnations(&before, &["box"]), "a new session");
    let again = ask(&mut router.chat(), stage::story(DataClass::Personal, 8)).await;
    assert_eq!(again.served().0, v1::Tier::Edge);
    assert!(!again.text().is_empty());
}

/// A router whose only target is this cloud.
async fn with_cloud(cloud: &ScriptedCloud) -> RouterProcess {
    let home = stage::home().await;
    serving::write_key(&home);
    RouterProcess::start(home, &serving::provider(cloud)).await
}

/// A cloud that begins to answer once and then hangs.
async fn hanging_cloud() -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = Answer::new(["one ", "two "]);
    cloud.script(Behaviour::HangAfter { answer, chunks: 1 });
    cloud
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_of_the_router_the_intent_to_send_is_kept_without_an_outcome() {
    let cloud = hanging_cloud().await;
    let mut router = with_cloud(&cloud).await;
    let asked = request("left", DataClass::Public);
    struck(&mut router, asked.clone()).await;
    is_lost(&router, asked).await;
    assert_eq!(cloud.requests().len(), 1, "nothing was sent twice");

    router.process.signal("TERM").await;
    assert_eq!(router.process.end().await, Some(0));
    let store = SqliteStore::open(&router.home.path("state/littoral.db")).expect("its database");
    let kept: Kept = store.find("left", None).await.expect("an answer").expect("a record");
    assert!(kept.decided.is_some(), "what was decided");
    assert_eq!(kept.ended, None, "nobody knows how it ended");
    let intents: Vec<_> =
        kept.intents.iter().map(|one| (one.provider.as_str(), one.bytes)).collect();
    assert_eq!(intents, [("stand-in", cloud.requests()[0].body.len() as u64)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_kill_9_of_the_router_explain_tells_what_may_have_left() {
    let cloud = hanging_cloud().await;
    let mut router = with_cloud(&cloud).await;
    struck(&mut router, request("left", DataClass::Public)).await;

    let question = v1::ExplainRequest { request_id: "left".into() };
    let mut client = RoutingServiceClient::new(router.channel.clone());
    let record = client.explain(question).await.expect("a record").into_inner();
    assert!(record.decision.is_some() && record.outcome.is_none(), "{record:?}");
    let explain = ["--router", &router.process.address, "explain", "left"];
    let said = router.home.run(explain).await;
    assert_eq!(said.code, Some(0), "{said:?}");
    // Told as a person reads it, wherever the lines are broken.
    let words = said.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("may have left"), "{}", said.out);
    assert!(words.contains(&format!("stand-in/{CLOUD_MODEL}")), "{}", said.out);
}
