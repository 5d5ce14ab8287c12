//! Receipts from end to end: every request has one, in a chain, whatever became of it; who asks sees
//! their own, and an edit of the file is found over the wire and on the command line.

mod commands;
mod edited;

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_router::config::people::UserName;
use littoral_router::config::raw::RawConfig;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::path::Path;
use std::sync::Arc;
use tonic::Code;

/// All receipts that this asker may see.
async fn list(cluster: &Cluster) -> Vec<v1::ChainedReceipt> {
    let request = v1::ListReceiptsRequest { limit: 1_000, ..v1::ListReceiptsRequest::default() };
    let list = cluster.privacy().list_receipts(request).await;
    list.expect("receipts").into_inner().receipts
}

async fn verify(cluster: &Cluster, noted: Option<&str>) -> v1::VerifyReceiptsResponse {
    let request = v1::VerifyReceiptsRequest { noted_hash: noted.map(str::to_owned) };
    let verdict = cluster.privacy().verify_receipts(request).await;
    verdict.expect("a verdict").into_inner()
}

/// Asks so many questions that nobody can answer; each leaves a receipt.
async fn refused(cluster: &Cluster, count: usize) {
    for _ in 0..count {
        let answer = ask(&mut cluster.chat(), prompt("hello", DataClass::Restricted)).await;
        assert!(answer.status.is_some());
        cluster.wait_for_outcome(&answer.routed().request_id).await;
    }
}

fn held(receipt: &v1::Receipt) -> Vec<(&str, v1::Tier)> {
    receipt.holdings.iter().map(|held| (held.machine.as_str(), held.tier())).collect()
}

#[tokio::test]
async fn what_left_what_stayed_and_what_was_refused_each_has_a_receipt_in_its_place() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(["ok"])));
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let left = ask(&mut cluster.chat(), prompt("hello", DataClass::Public)).await;
    let refused = ask(&mut cluster.chat(), prompt("my PIN", DataClass::Restricted)).await;
    assert_eq!(refused.failure().1, "EGRESS_DENIED");
    let engine = Arc::new(ScriptedEngine::new("tiny", &["a ", "b"]));
    cluster.join(&Seat::own("this-device"), engine).await;
    let stayed = ask(&mut cluster.chat(), prompt("my PIN", DataClass::Restricted)).await;

    let receipts = list(&cluster).await;
    let ids: Vec<_> = receipts.iter().map(|one| one.receipt.as_ref().expect("a receipt")).collect();
    let asked = [&left, &refused, &stayed].map(|answer| answer.routed().request_id.clone());
    assert_eq!(ids.iter().map(|one| one.request_id.clone()).collect::<Vec<_>>(), asked);
    assert_eq!(receipts.iter().map(|one| one.sequence).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(receipts.iter().all(|one| one.principal == "local/local/local"));
    assert!(receipts.windows(2).all(|pair| pair[1].previous_hash == pair[0].hash));

    let sent = cloud.requests()[0].body.len() as u64;
    assert_eq!(ids.iter().map(|one| one.egress_bytes).collect::<Vec<_>>(), [sent, 0, 0]);
    assert_eq!(ids[0], left.done().receipt.as_ref().expect("a receipt"));
    let router = ("router", v1::Tier::Unspecified);
    let target = format!("stand-in/{CLOUD_MODEL}");
    assert_eq!(held(ids[0]), [router, (target.as_str(), v1::Tier::Cloud)]);
    assert_eq!(held(ids[1]), [router]);
    assert_eq!(held(ids[2]), [router, ("this-device", v1::Tier::Device)]);

    let verdict = verify(&cluster, None).await;
    assert!(verdict.intact && verdict.fault.is_empty(), "{verdict:?}");
    assert_eq!((verdict.receipts, &verdict.head_hash), (3, &receipts[2].hash));
}

#[tokio::test]
async fn sixty_four_requests_at_once_make_a_chain_without_a_gap_that_a_restart_continues() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let chat = cluster.chat();
    let asks = (0..64).map(|_| {
        let mut chat = chat.clone();
        async move { ask(&mut chat, prompt("hello", DataClass::Public)).await }
    });
    let answers = futures_util::future::join_all(asks).await;
    for answer in &answers {
        cluster.wait_for_outcome(&answer.routed().request_id).await;
    }
    let receipts = list(&cluster).await;
    let sequences: Vec<u64> = receipts.iter().map(|one| one.sequence).collect();
    assert_eq!(sequences, (1..=64).collect::<Vec<_>>());
    let head = verify(&cluster, None).await.head_hash;
    cluster.restart().await;
    refused(&cluster, 1).await;
    let verdict = verify(&cluster, Some(&head)).await;
    assert_eq!((verdict.intact, verdict.receipts), (true, 65), "{verdict:?}");
}

#[tokio::test]
async fn receipts_come_in_pages_and_from_a_moment_on() {
    let cluster = Cluster::start(Plan::default()).await;
    refused(&cluster, 5).await;
    let page = |limit, after_sequence, since_unix_ms| {
        let request = v1::ListReceiptsRequest { limit, after_sequence, since_unix_ms };
        let mut client = cluster.privacy();
        async move {
            let list = client.list_receipts(request).await.expect("receipts").into_inner();
            list.receipts.iter().map(|one| one.sequence).collect::<Vec<_>>()
        }
    };
    assert_eq!(page(2, 0, 0).await, [1, 2]);
    assert_eq!(page(2, 4, 0).await, [5]);
    let last = list(&cluster).await[4].at_unix_ms;
    assert!(page(9, 0, last).await.contains(&5));
    assert!(page(9, 0, last + 1).await.is_empty());
}

fn nobody_is_an_administrator(_: &Path, raw: &mut RawConfig) {
    raw.administrators = Some(vec![UserName("alice".into())]);
}

#[tokio::test]
async fn who_is_no_administrator_sees_their_own_receipts_and_verifies_nothing() {
    let adjust: Option<fn(&Path, &mut RawConfig)> = Some(nobody_is_an_administrator);
    let cluster = Cluster::start(Plan { adjust, ..Plan::default() }).await;
    refused(&cluster, 1).await;
    assert_eq!(list(&cluster).await.len(), 1);
    let request = v1::VerifyReceiptsRequest { noted_hash: None };
    let status = cluster.privacy().verify_receipts(request).await.expect_err("a refusal");
    assert_eq!(status.code(), Code::PermissionDenied);
}

#[tokio::test]
async fn a_noted_hash_that_is_no_hash_is_told() {
    let cluster = Cluster::start(Plan::default()).await;
    let request = v1::VerifyReceiptsRequest { noted_hash: Some("cafe".into()) };
    let status = cluster.privacy().verify_receipts(request).await.expect_err("a refusal");
    assert_eq!(status.code(), Code::InvalidArgument);
    assert!(status.message().contains("noted_hash"), "{}", status.message());
}
