//! When a party breaks: what it does × when × the class of the content × who else is there. The
//! expected outcome stands in the table itself, and the recording cloud's bytes are checked in every
//! cell.

mod client;
mod policy;
mod replan;
pub mod table;
pub mod worker;

use crate::tables::{CLASSES, Moment, OTHERS, Others};
use futures_util::StreamExt as _;
use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::{Answer as Heard, prompt, read};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use table::{Expected, Failure, ROWS, Row};
use tokio::task::JoinHandle;
use tonic::Streaming;

/// What the first target says when it is well, and the second word for word like it.
const WORDS: [&str; 4] = ["one ", "two ", "three ", "four"];
/// What the cloud says.
const CLOUD_WORDS: [&str; 2] = ["cloud ", "words"];
/// Cells at a time: each has a router of its own.
const AT_ONCE: usize = 8;
/// Time that a request has where the outcome is that it ran out.
const DEADLINE_MS: u64 = 3_000;

#[tokio::test]
async fn every_cell_of_the_table_of_worker_failures_ends_as_it_says() {
    let mut cells = Vec::new();
    for row in ROWS {
        for (class, by_others) in CLASSES.into_iter().zip(row.cells) {
            cells.extend(OTHERS.into_iter().zip(by_others).map(|cell| (row, class, cell)));
        }
    }
    assert_eq!(cells.len(), 135);
    futures_util::stream::iter(cells)
        .for_each_concurrent(AT_ONCE, |(row, class, (others, expected))| {
            check(row, class, others, expected)
        })
        .await;
}

async fn check(row: &Row, class: DataClass, others: Others, expected: Expected) {
    let name = format!("{:?} {:?} {class:?} {others:?}", row.failure, row.moment);
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(CLOUD_WORDS)));
    let with_cloud = (others != Others::Nobody).then_some(&cloud);
    let mut cluster = Cluster::start(Plan { cloud: with_cloud, ..Plan::default() }).await;
    if others == Others::EdgeAndCloud {
        let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
        cluster.join(&Seat::shared("office"), engine).await;
    }
    let broken = worker::join(&cluster, row.failure, row.moment, &WORDS).await;
    let mut request = prompt("my question", class);
    request.request_id = "cell".into();
    request.hints.get_or_insert_default().deadline_ms = Some(DEADLINE_MS);
    let answer = fail(&cluster, request, row, broken).await;

    match expected {
        Expected::Edge => {
            assert_eq!(answer.text(), WORDS.concat(), "{name}");
            assert_eq!(answer.served().0, v1::Tier::Edge, "{name}");
            assert_eq!(kinds(&answer), [v1::failover::Kind::Continued], "{name}");
        }
        Expected::Cloud => {
            assert_eq!(answer.text(), CLOUD_WORDS.concat(), "{name}");
            assert_eq!(answer.served().0, v1::Tier::Cloud, "{name}");
            let nothing_told = row.moment == Moment::Before;
            let kind = if nothing_told {
                v1::failover::Kind::Continued
            } else {
                v1::failover::Kind::Reset
            };
            assert_eq!(kinds(&answer), [kind], "{name}");
        }
        Expected::Failed => assert_eq!(answer.failure().1, "ATTEMPTS_FAILED", "{name}"),
        Expected::TooLate => assert_eq!(answer.failure().1, "DEADLINE_EXCEEDED", "{name}"),
    }
    nothing_but_the_receipted_left(&cluster, &cloud, expected == Expected::Cloud, &name).await;
    cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
}

/// Asks, and kills the worker at its moment if that is how it fails.
async fn fail(
    cluster: &Cluster,
    request: v1::ChatRequest,
    row: &Row,
    broken: JoinHandle<()>,
) -> Heard {
    let mut answer = Heard::default();
    let mut stream = cluster.chat().complete(request).await.expect("a stream").into_inner();
    if row.failure == Failure::Killed {
        hear(&mut stream, row.moment.words(), &mut answer).await;
        let busy = |one: &v1::WorkerSummary| one.models[0].active == 1;
        cluster.wait_for_workers(|list| list.iter().any(busy)).await;
        broken.abort();
    }
    let rest = tokio::time::timeout(PATIENCE, read(stream)).await.expect("an end in time");
    answer.events.extend(rest.events);
    answer.status = rest.status;
    broken.abort();
    answer
}

/// Reads until so many pieces of text came.
async fn hear(stream: &mut Streaming<v1::ChatEvent>, words: usize, answer: &mut Heard) {
    let hear = async {
        while answer.deltas() < words {
            let event = stream.message().await.expect("a stream").expect("an event");
            answer.events.extend(event.event);
        }
    };
    tokio::time::timeout(PATIENCE, hear).await.expect("the words in time");
}

/// How each failover of an answer was told.
fn kinds(answer: &Heard) -> Vec<v1::failover::Kind> {
    let kind = |event: &Event| match event {
        Event::Failover(failover) => Some(failover.kind()),
        _ => None,
    };
    answer.events.iter().filter_map(kind).collect()
}

/// What the stand-in received is what the record's receipt says; nothing at all unless it answered.
async fn nothing_but_the_receipted_left(
    cluster: &Cluster,
    cloud: &ScriptedCloud,
    answered: bool,
    name: &str,
) {
    let receipt = cluster.wait_for_outcome("cell").await.receipt.expect("a receipt");
    let bodies: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
    assert_eq!(receipt.egress_bytes, bodies as u64, "{name}");
    assert_eq!(bodies > 0, answered, "{name}");
    if !answered {
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "{name}");
    }
}
