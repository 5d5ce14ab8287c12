//! `egress off`: from the moment it is acknowledged no cloud is sent a byte, whatever was under way, and
//! that holds until somebody says on.

mod commands;
mod killed;
mod race;

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_router::config::people::UserName;
use littoral_router::policy_files::load_texts;
use littoral_tests::ask::{Answer as Told, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use tonic::{Code, Streaming};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// A cloud that says one word and falls silent, once.
async fn hanging_cloud() -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = Answer::new(["one ", "two "]);
    cloud.script(Behaviour::HangAfter { answer, chunks: 1 });
    cloud
}

async fn with_cloud(cloud: &ScriptedCloud) -> Cluster {
    Cluster::start(Plan { cloud: Some(cloud), ..Plan::default() }).await
}

async fn throw(cluster: &Cluster, allowed: bool) -> v1::EgressState {
    let request = v1::SetEgressRequest { allowed, note: "drill".into() };
    cluster.privacy().set_egress(request).await.expect("a thrown switch").into_inner()
}

async fn state(cluster: &Cluster) -> v1::EgressState {
    let state = cluster.privacy().get_egress(v1::GetEgressRequest {}).await;
    state.expect("a state").into_inner()
}

/// Asks, and reads up to the first piece of text.
async fn first_text(cluster: &Cluster) -> (Streaming<v1::ChatEvent>, Told) {
    let asked = cluster.chat().complete(prompt("Tell me of the sea", DataClass::Public)).await;
    let (mut stream, mut told) = (asked.expect("a stream").into_inner(), Told::default());
    while told.deltas() == 0 {
        told.events.extend(stream.message().await.expect("an event").expect("more").event);
    }
    (stream, told)
}

/// Reads the rest of a stream.
async fn rest(mut stream: Streaming<v1::ChatEvent>, mut told: Told) -> Told {
    let reading = async {
        loop {
            match stream.message().await {
                Ok(Some(event)) => told.events.extend(event.event),
                Ok(None) => return,
                Err(status) => {
                    told.status = Some(status);
                    return;
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("an end in time");
    told
}

#[tokio::test]
async fn a_running_cloud_stream_is_cut_and_its_request_is_denied_egress() {
    let cloud = hanging_cloud().await;
    let cluster = with_cloud(&cloud).await;
    let (stream, told) = first_text(&cluster).await;
    let off = throw(&cluster, false).await;
    assert_eq!((off.allowed, off.cut_streams, off.note.as_str()), (false, Some(1), "drill"));
    assert_eq!(off.by, "local/local/local");
    cloud.wait_for_abandoned(1).await.expect("the cloud sees the connection close");

    let told = rest(stream, told).await;
    assert_eq!(told.failure(), (Code::PermissionDenied, "EGRESS_DENIED".into()));
    let message = told.status.as_ref().expect("a failure").message();
    assert!(message.contains("egress is switched off"), "{message}");
    let outcome = cluster.wait_for_outcome(&told.routed().request_id).await;
    let sent = cloud.requests()[0].body.len() as u64;
    assert_eq!(outcome.receipt.expect("a receipt").egress_bytes, sent, "it had left by then");
}

#[tokio::test]
async fn a_request_whose_cloud_is_cut_goes_on_at_home_where_it_can() {
    let cloud = hanging_cloud().await;
    let mut cluster = with_cloud(&cloud).await;
    let (stream, told) = first_text(&cluster).await;
    // It comes after the plan was made: who goes on is asked anew.
    let engine = Arc::new(ScriptedEngine::new("tiny", &["at ", "home"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    throw(&cluster, false).await;
    let told = rest(stream, told).await;
    assert_eq!(told.text(), "at home");
    assert_eq!(told.served().0, v1::Tier::Device);
    let failover = told.events.iter().find_map(|event| match event {
        Event::Failover(failover) => Some(failover.reason.clone()),
        _ => None,
    });
    assert_eq!(failover.as_deref(), Some("egress is switched off"));
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn while_it_is_off_nothing_reaches_the_cloud_and_explain_says_why() {
    let cloud = hanging_cloud().await;
    let mut cluster = with_cloud(&cloud).await;
    throw(&cluster, false).await;
    let denied = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(denied.failure(), (Code::PermissionDenied, "EGRESS_DENIED".into()));
    let record = cluster.explain(&denied.routed().request_id).await;
    assert_eq!(record.intents.len(), 0, "no intent is written either");
    let row = &record.decision.as_ref().expect("a decision").rejected[0];
    assert_eq!((row.gate.as_str(), row.why.as_str()), ("egress", "egress is switched off"));

    let engine = Arc::new(ScriptedEngine::new("tiny", &["at ", "home"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    let mut wanting = prompt("hello", DataClass::Public);
    wanting.hints.get_or_insert_default().mode = v1::Mode::PreferInCloud.into();
    let answer = ask(&mut cluster.chat(), wanting).await;
    assert_eq!(answer.served().0, v1::Tier::Device);
    assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));

    // What decided is in the record: it is decided again, the same, once egress is on.
    throw(&cluster, true).await;
    let (pipeline, keeper) = (&cluster.router.pipeline, &cluster.router.policy);
    for id in [&denied, &answer].map(|told| told.routed().request_id.clone()) {
        cluster.wait_for_outcome(&id).await;
        let kept = pipeline.store.find(&id, None).await.expect("a store").expect("a request");
        let record = kept.decided.expect("a decision").record;
        let sources = keeper.sources(&record.decision.policy_hash).await.expect("a history");
        let policy = load_texts(&sources.expect("its policy")).expect("it was in force").policy;
        assert_eq!(record.replay(&policy), Ok(()), "{id}");
    }
}

#[tokio::test]
async fn a_restart_keeps_it_off_and_on_lets_content_go_again() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::answer(["ok"]));
    let mut cluster = with_cloud(&cloud).await;
    let untouched = state(&cluster).await;
    assert_eq!((untouched.allowed, untouched.since_unix_ms), (true, None));
    let off = throw(&cluster, false).await;
    cluster.restart().await;
    let after = state(&cluster).await;
    assert_eq!((after.allowed, after.since_unix_ms), (false, off.since_unix_ms));
    assert_eq!((after.by, after.note, after.cut_streams), (off.by, off.note, None));
    let denied = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(denied.failure().1, "EGRESS_DENIED");
    assert_eq!(cloud.connections(), 0);

    assert!(throw(&cluster, true).await.allowed);
    let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    assert_eq!(answer.served(), (v1::Tier::Cloud, format!("stand-in/{CLOUD_MODEL}")));
}

#[tokio::test]
async fn health_has_a_name_for_it_and_the_router_itself_stays_serving() {
    let mut cluster = Cluster::start(Plan::default()).await;
    for (allowed, expected) in [(true, ServingStatus::Serving), (false, ServingStatus::NotServing)]
    {
        throw(&cluster, allowed).await;
        let mut health = HealthClient::new(cluster.channel.clone());
        let mut watch = health
            .watch(HealthCheckRequest { service: "egress".into() })
            .await
            .expect("a watch")
            .into_inner();
        let told = async {
            while let Some(said) = watch.message().await.expect("a status") {
                if said.status() == expected {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, told).await.expect("the status in time");
        let whole = health.check(HealthCheckRequest::default()).await.expect("an answer");
        assert_eq!(whole.into_inner().status(), ServingStatus::Serving);
    }
    cluster.restart().await;
    let mut health = HealthClient::new(cluster.channel.clone());
    let check = HealthCheckRequest { service: "egress".into() };
    let said = health.check(check).await.expect("an answer").into_inner();
    assert_eq!(said.status(), ServingStatus::NotServing, "from the first moment on");
}

#[tokio::test]
async fn only_an_administrator_throws_it_and_everybody_sees_it() {
    let plan = Plan {
        adjust: Some(|_, raw| raw.administrators = Some(vec![UserName("alice".into())])),
        ..Plan::default()
    };
    let cluster = Cluster::start(plan).await;
    for allowed in [false, true] {
        let request = v1::SetEgressRequest { allowed, note: String::new() };
        let status = cluster.privacy().set_egress(request).await.expect_err("a refusal");
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    assert!(state(&cluster).await.allowed);
}
