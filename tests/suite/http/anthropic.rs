//! `/v1/messages`.

use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_tests::web::{client, post, send};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

const WORDS: [&str; 3] = ["Ebbe ", "und ", "Flut"];

async fn with_worker() -> Cluster {
    let mut cluster = Cluster::start(Plan::default()).await;
    cluster.join(&Seat::own("this-device"), Arc::new(ScriptedEngine::new("tiny", &WORDS))).await;
    cluster
}

fn messages(cluster: &Cluster) -> String {
    format!("{}/v1/messages", cluster.url())
}

/// An answer that calls a tool, its arguments in two pieces.
fn calling() -> Answer {
    let nothing: [&str; 0] = [];
    Answer::new(nothing).with_tool_call("tide", ["{\"at\":", "\"noon\"}"])
}

fn asked(more: Value) -> Value {
    let mut body = json!({
        "model": "tiny", "max_tokens": 9, "messages": [{ "role": "user", "content": "hi" }],
    });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

#[tokio::test]
async fn a_whole_answer_is_a_message_with_blocks() {
    let cluster = with_worker().await;
    let reply = post(messages(&cluster), &asked(json!({ "system": "be brief" }))).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let body = reply.json();
    assert_eq!((&body["type"], &body["role"]), (&json!("message"), &json!("assistant")));
    assert_eq!(body["content"], json!([{ "type": "text", "text": WORDS.concat() }]));
    assert_eq!(
        (&body["stop_reason"], &body["usage"]["output_tokens"]),
        (&json!("end_turn"), &json!(3))
    );
    assert_eq!(body["littoral"]["tier"], "device");
    assert_eq!(reply.header("x-littoral-target"), "this-device/tiny");
}

#[tokio::test]
async fn a_stream_opens_and_closes_its_blocks_in_order() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let tools = json!([{ "name": "tide", "input_schema": { "type": "object" } }]);
    cloud.script(Behaviour::Answer(calling()));
    let body = asked(json!({ "model": CLOUD_MODEL, "stream": true, "tools": tools }));
    let request = client().post(messages(&cluster)).header("x-littoral-data-class", "public");
    let reply = send(request.json(&body)).await;
    let events = reply.events();
    let kinds: Vec<&str> = events.iter().filter_map(|event| event["type"].as_str()).collect();
    assert_eq!(kinds.first(), Some(&"message_start"), "{reply:?}");
    assert_eq!(kinds[kinds.len() - 2..], ["message_delta", "message_stop"]);
    let open = kinds.iter().filter(|kind| **kind == "content_block_start").count();
    let closed = kinds.iter().filter(|kind| **kind == "content_block_stop").count();
    assert!(open == closed && open > 0, "{kinds:?}");
    let call =
        events.iter().find(|event| event["content_block"]["type"] == "tool_use").expect("a call");
    assert_eq!(call["content_block"]["name"], "tide");
    let arguments: String =
        events.iter().filter_map(|event| event["delta"]["partial_json"].as_str()).collect();
    assert_eq!(arguments, "{\"at\":\"noon\"}");
    let end = events.iter().find(|event| event["type"] == "message_delta").expect("an end");
    assert_eq!(end["delta"]["stop_reason"], "tool_use");
    assert_eq!(end["littoral"]["tier"], "cloud");
    let names: Vec<&str> =
        reply.text.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(names, kinds);
}

#[tokio::test]
async fn an_error_has_anthropics_shape_and_our_reason() {
    let cluster = with_worker().await;
    let reply = post(messages(&cluster), &asked(json!({ "model": "nobody" }))).await;
    let body = reply.json();
    assert_eq!(
        (&body["type"], &body["error"]["code"]),
        (&json!("error"), &json!("NO_CAPABLE_TARGET"))
    );
    let reply =
        post(messages(&cluster), &asked(json!({ "thinking": { "type": "enabled" } }))).await;
    assert_eq!(reply.status, StatusCode::BAD_REQUEST);
    assert_eq!(reply.json()["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn tokens_are_counted_without_asking_anybody() {
    let cluster = with_worker().await;
    let url = format!("{}/count_tokens", messages(&cluster));
    let body =
        json!({ "model": "tiny", "messages": [{ "role": "user", "content": "a few words" }] });
    let reply = post(url, &body).await;
    assert!(reply.json()["input_tokens"].as_u64().is_some_and(|tokens| tokens > 2), "{reply:?}");
}
