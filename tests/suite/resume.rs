//! A broken connection costs nobody an answer: the same body under the same id joins it, `Resume`
//! goes on where the client was, and what is no longer held is said to be lost.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::{ask, prompt, read};
use littoral_tests::cloud::{Answer as Said, Behaviour, Gate, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use tonic::Code;

async fn with_a_worker(words: &[&str]) -> (Cluster, Arc<ScriptedEngine>) {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", words));
    cluster.join(&Seat::own("this-device"), Arc::clone(&engine) as _).await;
    (cluster, engine)
}

fn named(id: &str) -> v1::ChatRequest {
    v1::ChatRequest { request_id: id.into(), ..prompt("hello", DataClass::Public) }
}

fn from(id: &str, epoch: u32, content: u64) -> v1::ResumeRequest {
    v1::ResumeRequest {
        request_id: id.into(),
        epoch,
        next_content_offset: content,
        ..v1::ResumeRequest::default()
    }
}

#[tokio::test]
async fn the_same_body_under_the_same_id_joins_and_runs_once() {
    let (cluster, engine) = with_a_worker(&["one ", "two"]).await;
    let mut clients = (cluster.chat(), cluster.chat());
    let both = tokio::join!(ask(&mut clients.0, named("same")), ask(&mut clients.1, named("same")));
    assert_eq!((both.0.text(), both.1.text()), ("one two".into(), "one two".into()));
    let later = ask(&mut cluster.chat(), named("same")).await;
    assert_eq!(later.text(), "one two");
    assert_eq!(later.done(), both.0.done());
    assert_eq!(engine.started(), 1);
}

#[tokio::test]
async fn another_body_under_a_used_id_is_refused() {
    let (cluster, engine) = with_a_worker(&["one"]).await;
    assert_eq!(ask(&mut cluster.chat(), named("mine")).await.text(), "one");
    let mut other = named("mine");
    other.max_output_tokens = Some(3);
    let status = ask(&mut cluster.chat(), other).await.status.expect("a refusal");
    assert_eq!(status.code(), Code::AlreadyExists);
    assert_eq!(engine.started(), 1);
}

#[tokio::test]
async fn a_client_resumes_in_the_middle_of_a_running_answer() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let gate = Gate::closed();
    gate.release(2);
    let answer = Said::new(["one ", "two ", "three ", "four"]).with_gate(&gate);
    cloud.script(Behaviour::Answer(answer));
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let mut request = named("cut-off");
    request.hints.get_or_insert_default().resume_window_ms = Some(60_000);

    let mut client = cluster.chat();
    let mut stream = client.complete(request).await.expect("a stream").into_inner();
    let mut had = 0;
    while had < 8 {
        if let Some(Event::Delta(delta)) =
            stream.message().await.expect("an event").expect("more").event
        {
            had = delta.offset + delta.text.len() as u64;
        }
    }
    drop(stream);
    gate.open();
    let rest = cluster.chat().resume(from("cut-off", 0, 8)).await.expect("it is held").into_inner();
    let rest = tokio::time::timeout(PATIENCE, read(rest)).await.expect("an end in time");
    assert!(matches!(rest.events[0], Event::Routed(_)), "who answers is told again");
    let texts: Vec<_> = rest
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Delta(delta) => Some((delta.offset, delta.text.as_str())),
            _ => None,
        })
        .collect();
    assert_eq!(texts, [(8, "three "), (14, "four")]);
    assert_eq!(rest.done().finish_reason(), v1::FinishReason::Stop);
    assert_eq!(cloud.requests().len(), 1, "nothing was asked twice");
}

#[tokio::test]
async fn without_a_window_a_request_ends_with_its_connection() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = Said::new(["one ", "two "]);
    cloud.script(Behaviour::HangAfter { answer, chunks: 1 });
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let mut stream = cluster.chat().complete(named("left")).await.expect("a stream").into_inner();
    while !matches!(
        stream.message().await.expect("an event").expect("more").event,
        Some(Event::Delta(_))
    ) {}
    drop(stream);
    cloud.wait_for_abandoned(1).await.expect("the cloud call is cancelled");
    let outcome = cluster.wait_for_outcome("left").await;
    assert_eq!(outcome.reason, "CANCELLED");
    assert!(
        outcome.receipt.expect("a receipt").egress_bytes > 0,
        "what left is receipted all the same"
    );
}

#[tokio::test]
async fn an_unknown_request_is_not_found_and_a_forgotten_one_is_lost() {
    let (mut cluster, _) = with_a_worker(&["one"]).await;
    let never = cluster.chat().resume(from("never", 0, 0)).await.expect_err("unknown");
    assert_eq!(never.code(), Code::NotFound);

    assert_eq!(ask(&mut cluster.chat(), named("before")).await.text(), "one");
    cluster.restart().await;
    for status in [
        cluster.chat().resume(from("before", 0, 0)).await.expect_err("forgotten"),
        ask(&mut cluster.chat(), named("before")).await.status.expect("its id is used"),
    ] {
        use tonic_types::StatusExt as _;
        let info = status.get_details_error_info().expect("an ErrorInfo");
        assert_eq!((status.code(), info.reason.as_str()), (Code::Aborted, "REQUEST_LOST"));
    }
}
