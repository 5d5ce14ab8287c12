//! gRPC for everyone: from browsers, compressed, and with health that tells whether a request could be placed.

use bytes::{BufMut as _, Bytes, BytesMut};
use littoral_proto::v1;
use littoral_proto::v1::chat_service_client::ChatServiceClient;
use littoral_tests::ask;
use littoral_tests::cluster::{Cluster, PATIENCE, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_tests::web::client;
use prost::Message as _;
use std::sync::Arc;
use tonic::codec::CompressionEncoding;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

async fn with_worker() -> Cluster {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = ScriptedEngine::new("tiny", &["Ebbe ", "und ", "Flut"]);
    cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;
    cluster
}

/// The frames of a body of gRPC-Web: whether each holds trailers, and its bytes.
fn frames(mut body: Bytes) -> Vec<(bool, Bytes)> {
    let mut frames = Vec::new();
    while body.len() >= 5 {
        let length = u32::from_be_bytes([body[1], body[2], body[3], body[4]]) as usize;
        let is_trailer = body[0] & 0x80 != 0;
        let _ = body.split_to(5);
        frames.push((is_trailer, body.split_to(length)));
    }
    frames
}

#[tokio::test]
async fn a_browser_streams_over_grpc_web_on_http_1() {
    let cluster = with_worker().await;
    let message = ask::prompt("hi", v1::DataClass::Internal).encode_to_vec();
    let mut body = BytesMut::new();
    body.put_u8(0);
    body.put_u32(u32::try_from(message.len()).expect("short"));
    body.extend_from_slice(&message);
    let request = client()
        .post(format!("{}/littoral.v1.ChatService/Complete", cluster.url()))
        .header("content-type", "application/grpc-web+proto")
        .header("origin", "http://localhost:3000")
        .body(body.freeze());
    let response = request.send().await.expect("an answer");
    assert_eq!(response.version(), reqwest::Version::HTTP_11);
    assert_eq!(response.headers()["access-control-allow-origin"], "http://localhost:3000");
    let frames = frames(response.bytes().await.expect("a body"));
    let mut text = String::new();
    for (_, frame) in frames.iter().filter(|(is_trailer, _)| !is_trailer) {
        let event = v1::ChatEvent::decode(frame.clone()).expect("an event").event;
        if let Some(v1::chat_event::Event::Delta(delta)) = event {
            text.push_str(&delta.text);
        }
    }
    assert_eq!(text, "Ebbe und Flut");
    let (is_trailer, trailers) = frames.last().expect("frames");
    assert!(*is_trailer && trailers.starts_with(b"grpc-status:0"), "{trailers:?}");
}

#[tokio::test]
async fn answers_are_compressed_for_whoever_asks_for_that() {
    let cluster = with_worker().await;
    let mut chat = ChatServiceClient::new(cluster.channel.clone())
        .accept_compressed(CompressionEncoding::Gzip)
        .send_compressed(CompressionEncoding::Gzip);
    let request = ask::prompt(&"the tide ".repeat(200), v1::DataClass::Internal);
    let response = chat.complete_unary(request).await.expect("an answer");
    let encoding = response.metadata().get("grpc-encoding").map(|value| value.as_bytes().to_vec());
    assert_eq!(encoding.as_deref(), Some(b"gzip".as_slice()));
    assert_eq!(response.into_inner().text, "Ebbe und Flut");
}

#[tokio::test]
async fn readiness_means_that_a_request_could_be_placed_now() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let mut health = HealthClient::new(cluster.channel.clone());
    let alive = health.check(HealthCheckRequest { service: "liveness".into() }).await;
    assert_eq!(alive.expect("an answer").into_inner().status(), ServingStatus::Serving);
    let mut watches = Vec::new();
    for service in ["readiness", "model:default"] {
        let watch = health.watch(HealthCheckRequest { service: service.into() }).await;
        watches.push(watch.expect("a watch").into_inner());
    }
    let engine = ScriptedEngine::new("tiny", &["hi"]);
    let mut told = async |wanted: ServingStatus| {
        for watch in &mut watches {
            let heard = async {
                while let Some(status) = watch.message().await.expect("a status") {
                    if status.status() == wanted {
                        return;
                    }
                }
            };
            tokio::time::timeout(PATIENCE, heard).await.expect("a status in time");
        }
    };
    told(ServingStatus::NotServing).await;
    cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;
    told(ServingStatus::Serving).await;
    cluster.lose_last_worker().await;
    told(ServingStatus::NotServing).await;
}
