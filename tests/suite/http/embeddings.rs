//! Texts into vectors, over HTTP and gRPC, by a cloud: under the same gates as every other content.

use littoral_proto::v1;
use littoral_proto::v1::embedding_service_client::EmbeddingServiceClient;
use littoral_router::config::raw::RawConfig;
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_tests::web::{client, post, send};
use reqwest::StatusCode;
use serde_json::json;
use std::path::Path;
use std::sync::Arc;

const EMBEDDER: &str = "embed-model";

/// The stand-in offers a model for vectors beside the one for chat.
fn with_embedder(_: &Path, raw: &mut RawConfig) {
    let models = &mut raw.provider[0].model;
    let mut more = models[0].clone();
    more.name = EMBEDDER.into();
    (more.tools, more.json_output, more.logprobs, more.embeddings) = (false, false, false, true);
    models.push(more);
}

async fn cluster(cloud: &ScriptedCloud) -> Cluster {
    cloud.usually(Behaviour::Answer(Answer::new(["a word"])));
    let adjust: fn(&Path, &mut RawConfig) = with_embedder;
    let mut cluster =
        Cluster::start(Plan { cloud: Some(cloud), adjust: Some(adjust), ..Plan::default() }).await;
    cluster.join(&Seat::own("this-device"), Arc::new(ScriptedEngine::new("tiny", &["hi"]))).await;
    cluster
}

fn embeddings(cluster: &Cluster) -> String {
    format!("{}/v1/embeddings", cluster.url())
}

#[tokio::test]
async fn a_cloud_turns_harmless_texts_into_vectors_with_a_receipt() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    let body = json!({ "model": "", "input": ["the tide", "the moon"] });
    let request = client().post(embeddings(&cluster)).header("x-littoral-data-class", "public");
    let reply = send(request.json(&body)).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let told = reply.json();
    let rows = told["data"].as_array().expect("rows");
    assert_eq!(
        (rows.len(), &rows[0]["embedding"], &rows[1]["index"]),
        (2, &json!([1.0, 0.0]), &json!(1))
    );
    assert_eq!((&told["model"], &told["littoral"]["tier"]), (&json!(EMBEDDER), &json!("cloud")));
    let sent = &cloud.requests()[0];
    assert_eq!(told["littoral"]["egress_bytes"], sent.body.len());
    assert_eq!(sent.json()["input"], json!(["the tide", "the moon"]));
    assert!(cluster.explain(reply.header("x-littoral-request-id")).await.decision.is_some());
}

#[tokio::test]
async fn base64_holds_the_same_numbers() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    let body = json!({
        "model": EMBEDDER, "input": "x", "encoding_format": "base64",
        "metadata": { "x-littoral-data-class": "public" },
    });
    let told = post(embeddings(&cluster), &body).await.json();
    assert_eq!(told["data"][0]["embedding"], "AACAPwAAAAA=", "{told}");
}

#[tokio::test]
async fn no_text_of_a_person_leaves_to_become_a_vector() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    for (label, text) in [("restricted", "the tide"), ("public", "write to ann.doe@example.org")] {
        let body = json!({ "model": "", "input": ["harmless", text] });
        let request = client().post(embeddings(&cluster)).header("x-littoral-data-class", label);
        let reply = send(request.json(&body)).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{reply:?}");
        assert_eq!(reply.json()["error"]["code"], "EGRESS_DENIED");
    }
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn a_model_for_chat_makes_no_vectors_and_a_model_for_vectors_no_chat() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    let public = json!({ "x-littoral-data-class": "public" });
    let wrong = json!({ "model": CLOUD_MODEL, "input": "x", "metadata": public });
    let reply = post(embeddings(&cluster), &wrong).await;
    assert_eq!(reply.json()["error"]["code"], "NO_CAPABLE_TARGET", "{reply:?}");
    let wrong = json!({
        "model": EMBEDDER, "metadata": public, "messages": [{ "role": "user", "content": "hi" }],
    });
    let reply = post(format!("{}/v1/chat/completions", cluster.url()), &wrong).await;
    assert_eq!(reply.json()["error"]["code"], "NO_CAPABLE_TARGET", "{reply:?}");
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn grpc_gives_the_same_vectors_once() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    let input =
        |text: &str| v1::EmbedInput { text: text.into(), data_class: v1::DataClass::Public.into() };
    let request = v1::EmbedRequest {
        request_id: "once".into(),
        inputs: vec![input("the tide"), input("the moon")],
        ..v1::EmbedRequest::default()
    };
    let mut client = EmbeddingServiceClient::new(cluster.channel.clone());
    let answer = client.embed(request.clone()).await.expect("vectors").into_inner();
    assert_eq!(answer.embeddings.len(), 2);
    assert_eq!(answer.embeddings[0].values, [1.0, 0.0]);
    let again = client.embed(request).await.expect_err("vectors are not kept");
    assert_eq!(again.code(), tonic::Code::Aborted, "{again}");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn a_broken_answer_of_a_cloud_is_an_error_and_no_wrong_vector() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = cluster(&cloud).await;
    for body in [
        r#"{"data": [{"index": 0, "embedding": [1.0]}]}"#,
        r#"{"data": [{"index": 0, "embedding": [1.0]}, {"index": 0, "embedding": [1.0]}]}"#,
        r#"{"data": [{"index": 0, "embedding": [1.0]}, {"index": 1, "embedding": [1.0, 2.0]}]}"#,
        "nonsense",
    ] {
        let raw = Behaviour::Raw { content_type: "application/json", body: body.into() };
        for _ in 0..3 {
            cloud.script(raw.clone());
        }
        let asked = json!({
            "model": EMBEDDER, "input": ["a", "b"], "metadata": { "x-littoral-data-class": "public" },
        });
        let reply = post(embeddings(&cluster), &asked).await;
        assert!(reply.status.is_server_error(), "{reply:?}");
        assert!(reply.json()["error"]["code"].is_string());
    }
    let nothing = json!({ "model": EMBEDDER, "input": [1, 2, 3] });
    let reply = post(embeddings(&cluster), &nothing).await;
    assert!(reply.json()["error"]["message"].as_str().is_some_and(|told| told.contains("tokens")));
}
