//! The router's process is killed as `kill -9` does: a switch that was off is off, and what was on its
//! way to a cloud has a receipt.

use super::*;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_proto::v1::privacy_service_client::PrivacyServiceClient;
use littoral_tests::process::Home;
use littoral_tests::serving::{self, serve};

const BINARY: &str = env!("CARGO_BIN_EXE_littoral-under-test");

fn home(cloud: &ScriptedCloud) -> Home {
    serving::home(BINARY, cloud, "", "")
}

#[tokio::test(flavor = "multi_thread")]
async fn off_survives_it() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let home = home(&cloud);
    let (mut process, channel) = serve(&home).await;
    let off = v1::SetEgressRequest { allowed: false, note: "drill".into() };
    PrivacyServiceClient::new(channel).set_egress(off).await.expect("a thrown switch");
    // Acknowledged is committed: it is killed with nothing in between.
    process.kill().await;

    let (_process, channel) = serve(&home).await;
    let mut privacy = PrivacyServiceClient::new(channel.clone());
    let state = privacy.get_egress(v1::GetEgressRequest {}).await.expect("a state").into_inner();
    assert_eq!((state.allowed, state.note.as_str()), (false, "drill"));
    let mut chat = ChatServiceClient::new(channel);
    let answer = ask(&mut chat, prompt("hello", DataClass::Public)).await;
    assert_eq!(answer.failure(), (Code::PermissionDenied, "EGRESS_DENIED".into()));
    assert_eq!(cloud.connections(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_on_its_way_has_an_assumed_receipt_in_the_chain() {
    let cloud = hanging_cloud().await;
    let home = home(&cloud);
    let (mut process, channel) = serve(&home).await;
    let mut chat = ChatServiceClient::new(channel);
    let asked = v1::ChatRequest { request_id: "left".into(), ..prompt("hello", DataClass::Public) };
    let stream = chat.complete(asked).await.expect("a stream");
    cloud.wait_for_requests(1).await.expect("the request at the cloud");
    process.kill().await;
    drop(stream);

    for _ in 0..2 {
        let (mut process, channel) = serve(&home).await;
        let mut client = PrivacyServiceClient::new(channel);
        let list = client.list_receipts(v1::ListReceiptsRequest::default()).await;
        let receipts = list.expect("receipts").into_inner().receipts;
        let [one] = &receipts[..] else { panic!("one receipt is expected: {receipts:?}") };
        let receipt = one.receipt.as_ref().expect("a receipt");
        let told = (one.sequence, receipt.request_id.as_str(), receipt.assumed);
        assert_eq!(told, (1, "left", true));
        assert_eq!(receipt.egress_bytes, cloud.requests()[0].body.len() as u64);
        let request = v1::VerifyReceiptsRequest { noted_hash: Some(one.hash.clone()) };
        let verdict = client.verify_receipts(request).await.expect("a verdict").into_inner();
        assert!(verdict.intact, "{verdict:?}");
        process.kill().await;
    }
}
