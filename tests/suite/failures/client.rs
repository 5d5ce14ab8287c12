//! When the client breaks: it cancels, its machine goes away, or it does not read. Whoever was
//! answering stops, its place is free, and what left is on record.

use super::{AT_ONCE, WORDS, hear};
use crate::tables::Moment;
use futures_util::StreamExt as _;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::{self, DataClass};
use littoral_tests::ask::{Answer as Heard, ask, prompt, read};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use std::time::Duration;
use tonic::transport::Channel;

/// How a client leaves.
#[derive(Clone, Copy, Debug)]
enum Leaving {
    /// It cancels the call; the connection stays.
    Cancels,
    /// It goes away, connection and all.
    Gone,
}

/// Who was answering.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answering {
    Device,
    Cloud,
}

/// All cells: whoever leaves whenever, the outcome is CANCELLED and nothing goes on. Only a public
/// prompt can be at a cloud.
#[tokio::test]
async fn a_client_that_leaves_at_any_moment_stops_whoever_was_answering() {
    let mut cells = Vec::new();
    for leaving in [Leaving::Cancels, Leaving::Gone] {
        for moment in Moment::ALL {
            for class in [DataClass::Public, DataClass::Personal, DataClass::Restricted] {
                cells.push((leaving, moment, class, Answering::Device));
            }
            cells.push((leaving, moment, DataClass::Public, Answering::Cloud));
        }
    }
    futures_util::stream::iter(cells)
        .for_each_concurrent(AT_ONCE, |(leaving, moment, class, answering)| async move {
            leave(leaving, moment, class, answering).await;
        })
        .await;
}

async fn leave(leaving: Leaving, moment: Moment, class: DataClass, answering: Answering) {
    let name = format!("{leaving:?} {moment:?} {class:?} {answering:?}");
    let words = moment.words();
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let answer = Answer::new(WORDS);
    cloud.script(match words {
        0 => Behaviour::HangBeforeHeaders,
        chunks => Behaviour::HangAfter { answer, chunks },
    });
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    if answering == Answering::Device {
        let engine = ScriptedEngine::new("tiny", &WORDS).silent_after(words);
        cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;
    }
    let own_connection = Channel::from_shared(cluster.url()).expect("an address");
    let connection = own_connection.connect().await.expect("a connection");
    let mut client = ChatServiceClient::new(connection);
    let mut request = prompt("my question", class);
    // If nobody were told that the client has left, the request would run for this long.
    request.hints.get_or_insert_default().allow_failover = Some(false);
    request.request_id = "left".into();
    let mut stream = client.complete(request).await.expect("a stream").into_inner();
    let mut heard = Heard::default();
    hear(&mut stream, words, &mut heard).await;
    match answering {
        Answering::Device => {
            cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 1)).await;
        }
        Answering::Cloud => cloud.wait_for_requests(1).await.expect("a request"),
    }
    match leaving {
        Leaving::Cancels => drop(stream),
        Leaving::Gone => drop((stream, client)),
    }

    let outcome = cluster.wait_for_outcome("left").await;
    assert_eq!(outcome.reason, "CANCELLED", "{name}");
    let bodies: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!(bodies > 0, answering == Answering::Cloud, "{name}");
    assert_eq!(outcome.receipt.expect("a receipt").egress_bytes, bodies as u64, "{name}");
    cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
    assert_eq!(cluster.router.pipeline.in_flight.available_permits(), 256, "{name}");
}

/// Far more than every buffer between the model and the client.
const LONG: usize = 256;

#[tokio::test]
async fn a_client_that_does_not_read_holds_up_nobody_else_and_gets_all_of_it_in_the_end() {
    let big: Vec<String> = (0..LONG).map(|index| format!("{index:04}").repeat(8192)).collect();
    let big: Vec<&str> = big.iter().map(String::as_str).collect();
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = Arc::new(ScriptedEngine::new("long", &big));
    cluster.join(&Seat::own("this-device"), engine).await;
    let words = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    cluster.join(&Seat::own("another-device"), words).await;

    let mut slow = v1::ChatRequest {
        model: "long".into(),
        request_id: "slow".into(),
        ..prompt("tell me all", DataClass::Public)
    };
    slow.max_output_tokens = None;
    let stream = cluster.chat().complete(slow).await.expect("a stream").into_inner();
    cluster.wait_for_workers(|list| list.iter().any(|one| one.models[0].active == 1)).await;
    for _ in 0..20 {
        let quick = v1::ChatRequest { model: "tiny".into(), ..prompt("hello", DataClass::Public) };
        assert_eq!(ask(&mut cluster.chat(), quick).await.text(), WORDS.concat());
    }
    let all = tokio::time::timeout(PATIENCE, read(stream)).await.expect("an end in time");
    assert_eq!(all.text(), big.concat());
}

#[tokio::test]
async fn a_client_that_never_reads_is_given_up_at_its_deadline() {
    let big: Vec<String> = (0..LONG).map(|index| format!("{index:04}").repeat(8192)).collect();
    let big: Vec<&str> = big.iter().map(String::as_str).collect();
    let mut cluster = Cluster::start(Plan::default()).await;
    cluster.join(&Seat::own("this-device"), Arc::new(ScriptedEngine::new("long", &big))).await;
    let mut request = prompt("tell me all", DataClass::Restricted);
    request.request_id = "never".into();
    request.hints.get_or_insert_default().deadline_ms = Some(1_000);
    let stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
    let outcome = cluster.wait_for_outcome("never").await;
    assert_eq!(outcome.reason, "DEADLINE_EXCEEDED");
    cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
    drop(stream);
}

#[tokio::test]
async fn a_deadline_of_the_call_or_of_the_hint_reaches_whoever_answers() {
    for by_header in [false, true] {
        let mut cluster = Cluster::start(Plan::default()).await;
        let engine = ScriptedEngine::new("tiny", &WORDS).silent_after(1);
        cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;
        let mut message = prompt("my question", DataClass::Restricted);
        message.request_id = "late".into();
        message.hints.get_or_insert_default().deadline_ms = (!by_header).then_some(700);
        let mut request = tonic::Request::new(message);
        if by_header {
            request.set_timeout(Duration::from_millis(700));
        }
        let stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
        let answer = tokio::time::timeout(PATIENCE, read(stream)).await.expect("an end");
        assert_eq!(answer.text(), WORDS[0], "by header {by_header}");
        assert!(answer.status.is_some(), "by header {by_header}");
        let outcome = cluster.wait_for_outcome("late").await;
        assert!(
            ["DEADLINE_EXCEEDED", "CANCELLED"].contains(&outcome.reason.as_str()),
            "{}",
            outcome.reason
        );
        cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
    }
}
