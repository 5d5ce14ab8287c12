//! When a target breaks: what it does × when × the class of the content × who else is there. The
//! expected outcome stands in the table itself, and the recording cloud's bytes are checked in every
//! row.

mod table;
mod worker;

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use table::{Expected, ROWS, Row};

/// What the first target says when it is well, and the second word for word like it.
const WORDS: [&str; 4] = ["one ", "two ", "three ", "four"];
/// What the cloud says.
const CLOUD_WORDS: [&str; 2] = ["cloud ", "words"];

#[tokio::test]
async fn every_row_of_the_table_of_worker_failures_ends_as_it_says() {
    for row in ROWS {
        for class in [DataClass::Public, DataClass::Personal, DataClass::Restricted] {
            check(row, class).await;
        }
    }
}

async fn check(row: &Row, class: DataClass) {
    let name = format!("{:?} {:?} {class:?}", row.failure, row.moment);
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(CLOUD_WORDS)));
    let with_cloud = row.cloud.then_some(&cloud);
    let mut cluster = Cluster::start(Plan { cloud: with_cloud, ..Plan::default() }).await;
    if row.edge {
        let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
        cluster.join(&Seat::shared("office"), engine).await;
    }
    let broken = worker::join(&cluster, row.failure, row.moment, &WORDS).await;
    let answer = ask(&mut cluster.chat(), prompt("my question", class)).await;
    broken.abort();

    let expected = row.expected(class);
    match expected {
        Expected::Continued => {
            assert_eq!(answer.text(), WORDS.concat(), "{name}");
            assert_eq!(answer.served().0, v1::Tier::Edge, "{name}");
        }
        Expected::Reset => {
            assert_eq!(answer.text(), CLOUD_WORDS.concat(), "{name}");
            assert_eq!(answer.served().0, v1::Tier::Cloud, "{name}");
        }
        Expected::Fails(reason) => assert_eq!(answer.failure().1, reason, "{name}"),
    }
    if expected == Expected::Reset {
        let bodies: usize = cloud.requests().iter().map(|request| request.body.len()).sum();
        let receipt = answer.done().receipt.as_ref().expect("a receipt");
        assert_eq!(receipt.egress_bytes, bodies as u64, "{name}");
    } else {
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "{name}");
    }
    cluster.wait_for_workers(|list| list.iter().all(|one| one.models[0].active == 0)).await;
}
