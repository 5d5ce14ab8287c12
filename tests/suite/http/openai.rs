//! `/v1/chat/completions` and `/v1/models`.

use littoral_proto::v1;
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use littoral_tests::web::{client, post, send};
use reqwest::StatusCode;
use serde_json::{Value, json};
use std::sync::Arc;

const WORDS: [&str; 3] = ["Ebbe ", "und ", "Flut"];

async fn with_worker(plan: Plan<'_>) -> Cluster {
    let mut cluster = Cluster::start(plan).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS));
    cluster.join(&Seat::own("this-device"), engine).await;
    cluster
}

fn chat(cluster: &Cluster) -> String {
    format!("{}/v1/chat/completions", cluster.url())
}

/// An answer that calls a tool, its arguments in two pieces.
fn calling() -> Answer {
    let nothing: [&str; 0] = [];
    Answer::new(nothing).with_tool_call("tide", ["{\"at\":", "\"noon\"}"])
}

fn asked(more: Value) -> Value {
    let mut body = json!({ "model": "tiny", "messages": [{ "role": "user", "content": "hi" }] });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

#[tokio::test]
async fn a_whole_answer_says_who_gave_it_in_headers_and_in_the_body() {
    let cluster = with_worker(Plan::default()).await;
    let reply = post(chat(&cluster), &asked(json!({}))).await;
    assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
    let body = reply.json();
    assert_eq!(body["object"], "chat.completion");
    assert_eq!(body["choices"][0]["message"]["content"], WORDS.concat());
    assert_eq!(body["choices"][0]["finish_reason"], "stop");
    assert_eq!((&body["model"], &body["usage"]["completion_tokens"]), (&json!("tiny"), &json!(3)));
    let told = &body["littoral"];
    assert_eq!((&told["target"], &told["tier"]), (&json!("this-device/tiny"), &json!("device")));
    assert_eq!((&told["on_device"], &told["egress_bytes"]), (&json!(true), &json!(0)));
    assert_eq!(reply.header("x-littoral-target"), "this-device/tiny");
    assert_eq!(reply.header("x-littoral-tier"), "device");
    assert_eq!(reply.header("x-littoral-on-device"), "true");
    let id = reply.header("x-littoral-request-id");
    assert_eq!(
        (json!(id), json!(format!("chatcmpl-{id}"))),
        (told["request_id"].clone(), body["id"].clone())
    );
    assert!(cluster.explain(id).await.outcome.is_some() || !id.is_empty());
}

#[tokio::test]
async fn a_stream_is_pieces_of_one_answer_and_its_last_ones_tell_the_rest() {
    let cluster = with_worker(Plan::default()).await;
    let more = json!({ "stream": true, "stream_options": { "include_usage": true } });
    let reply = post(chat(&cluster), &asked(more)).await;
    assert_eq!((reply.status, reply.header("content-type")), (StatusCode::OK, "text/event-stream"));
    assert_eq!(reply.header("x-littoral-tier"), "device");
    let events = reply.events();
    let said: String = events
        .iter()
        .filter_map(|event| event["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, WORDS.concat());
    assert_eq!(events[0]["choices"][0]["delta"]["role"], "assistant");
    let [.., last, usage, end] = &events[..] else { panic!("{events:?}") };
    assert_eq!(last["choices"][0]["finish_reason"], "stop");
    assert_eq!(last["littoral"]["tier"], "device");
    assert_eq!((&usage["choices"], &usage["usage"]["completion_tokens"]), (&json!([]), &json!(3)));
    assert_eq!((&usage["littoral"], end), (&last["littoral"], &json!("[DONE]")));
    assert!(
        events
            .iter()
            .filter(|event| event["id"].is_string())
            .all(|event| event["id"] == events[0]["id"])
    );
}

#[tokio::test]
async fn an_error_has_openais_shape_and_our_reason() {
    let cluster = with_worker(Plan::default()).await;
    let reply = post(chat(&cluster), &asked(json!({ "model": "gpt-nobody" }))).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    let error = &reply.json()["error"];
    assert_eq!(
        (&error["code"], &error["type"]),
        (&json!("NO_CAPABLE_TARGET"), &json!("invalid_request_error"))
    );
    assert!(!reply.header("x-request-id").is_empty());
    for (more, field, status) in [
        (json!({ "n": 3 }), "n", StatusCode::BAD_REQUEST),
        (json!({ "temperature": 9 }), "temperature", StatusCode::BAD_REQUEST),
        (json!({ "messages": [] }), "messages", StatusCode::BAD_REQUEST),
        (json!({ "max_tokens": 0 }), "max_tokens", StatusCode::BAD_REQUEST),
    ] {
        let reply = post(chat(&cluster), &asked(more)).await;
        let error = &reply.json()["error"];
        assert_eq!((reply.status, &error["param"]), (status, &json!(field)), "{error}");
        assert_eq!(error["code"], "INVALID_REQUEST");
    }
    let lost = post(format!("{}/v1/completions", cluster.url()), &json!({})).await;
    assert_eq!(
        (lost.status, &lost.json()["error"]["code"]),
        (StatusCode::NOT_FOUND, &json!("NOT_FOUND"))
    );
    let got = send(client().get(chat(&cluster))).await;
    assert_eq!(got.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_hint_in_a_header_or_in_metadata_is_obeyed_and_an_unknown_one_refused() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.usually(Behaviour::Answer(Answer::new(["from a cloud"])));
    let cluster = with_worker(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let any = json!({ "model": "" });
    let by_header = client().post(chat(&cluster)).json(&asked(any.clone()));
    let by_header = by_header.header("x-littoral-mode", "only-in-cloud");
    let by_header = send(by_header.header("x-littoral-data-class", "public")).await;
    assert_eq!(by_header.header("x-littoral-tier"), "cloud", "{by_header:?}");
    assert!(by_header.json()["littoral"]["egress_bytes"].as_u64() > Some(0));
    let pairs = json!({ "model": "", "metadata": {
        "x-littoral-mode": "only-in-cloud", "x-littoral-data-class": "restricted", "mine": "x",
    }});
    let by_metadata = post(chat(&cluster), &asked(pairs)).await;
    assert_eq!(by_metadata.status, StatusCode::FORBIDDEN, "{by_metadata:?}");
    assert_eq!(by_metadata.json()["error"]["code"], "EGRESS_DENIED");
    let guess =
        client().post(chat(&cluster)).json(&asked(any)).header("x-littoral-klass", "public");
    let guess = send(guess).await;
    assert_eq!(guess.status, StatusCode::BAD_REQUEST);
    assert!(
        guess.json()["error"]["message"]
            .as_str()
            .is_some_and(|told| told.contains("x-littoral-klass"))
    );
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn text_that_was_streamed_is_not_taken_back_and_a_whole_answer_may_start_anew() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    for streams in [true, false] {
        cloud
            .script(Behaviour::CutAfter { answer: Answer::new(["half ", "of ", "it"]), chunks: 2 });
        let cluster = with_worker(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
        let request = client().post(chat(&cluster));
        let request = request.header("x-littoral-mode", "prefer-in-cloud");
        let request = request.header("x-littoral-data-class", "public");
        let reply = send(request.json(&asked(json!({ "model": "", "stream": streams })))).await;
        if streams {
            // The worker continues a prefix exactly, so the text stands and goes on; or it ends by name.
            let events = reply.events();
            let said: String = events
                .iter()
                .filter_map(|event| event["choices"][0]["delta"]["content"].as_str())
                .collect();
            assert!(said.starts_with("half of "), "{said}");
            let continued =
                events.iter().any(|event| event["littoral"]["failovers"][0]["kind"] == "continued");
            let named = events.iter().any(|event| event["error"]["code"].is_string());
            assert!(continued || named, "{events:?}");
        } else {
            assert_eq!(reply.status, StatusCode::OK, "{reply:?}");
            assert_eq!(reply.json()["littoral"]["tier"], "device");
        }
    }
}

#[tokio::test]
async fn a_stream_that_the_policy_keeps_back_starts_anew_unseen() {
    let keeps_back = "version = 1\nname = 'whole'\n[fallback]\nbuffer = true\n";
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cut = Answer::new(["half ", "of ", "it"]);
    cloud.script(Behaviour::CutAfter { answer: cut, chunks: 2 });
    cloud.usually(Behaviour::Answer(Answer::new(["all ", "of it"])));
    let plan = Plan { cloud: Some(&cloud), policy: Some(keeps_back), ..Plan::default() };
    let cluster = Cluster::start(plan).await;
    let request = client().post(chat(&cluster)).header("x-littoral-data-class", "public");
    let reply = send(request.json(&asked(json!({ "model": "", "stream": true })))).await;
    let events = reply.events();
    let said: String = events
        .iter()
        .filter_map(|event| event["choices"][0]["delta"]["content"].as_str())
        .collect();
    assert_eq!(said, "all of it", "{events:?}");
    assert_eq!(events.last(), Some(&json!("[DONE]")));
}

#[tokio::test]
async fn tool_calls_of_a_cloud_arrive_whole_and_in_pieces() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let tools = json!([{ "type": "function", "function": { "name": "tide", "parameters": { "type": "object" } } }]);
    for streams in [false, true] {
        cloud.script(Behaviour::Answer(calling()));
        let request = client().post(chat(&cluster)).header("x-littoral-data-class", "public");
        let body = asked(json!({ "model": CLOUD_MODEL, "tools": tools, "stream": streams }));
        let reply = send(request.json(&body)).await;
        let call = if streams {
            let events = reply.events();
            let pieces = events.iter().filter_map(|event| {
                event["choices"][0]["delta"]["tool_calls"][0]["function"]["arguments"].as_str()
            });
            let finish =
                events.iter().find_map(|event| event["choices"][0]["finish_reason"].as_str());
            assert_eq!(finish, Some("tool_calls"));
            pieces.collect::<String>()
        } else {
            let choice = reply.json()["choices"][0].clone();
            assert_eq!(choice["finish_reason"], "tool_calls", "{reply:?}");
            assert_eq!(choice["message"]["content"], Value::Null);
            let call = &choice["message"]["tool_calls"][0]["function"];
            assert_eq!(call["name"], "tide");
            call["arguments"].as_str().unwrap_or_default().to_owned()
        };
        assert_eq!(call, "{\"at\":\"noon\"}");
    }
}

#[tokio::test]
async fn a_client_that_goes_away_ends_its_request() {
    let mut cluster = Cluster::start(Plan::default()).await;
    let engine = Arc::new(ScriptedEngine::new("tiny", &WORDS).silent_after(1));
    cluster.join(&Seat::own("this-device"), engine).await;
    let request = client().post(chat(&cluster)).json(&asked(json!({ "stream": true })));
    let mut response = request.send().await.expect("an answer");
    let id = response.headers()["x-littoral-request-id"].to_str().expect("text").to_owned();
    assert!(response.chunk().await.expect("a piece").is_some());
    drop(response);
    let outcome = cluster.wait_for_outcome(&id).await;
    assert_eq!(outcome.reason, "CANCELLED");
}

#[tokio::test]
async fn the_list_of_models_has_aliases_with_who_would_answer_and_what_it_costs() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let cluster = with_worker(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let url = format!("{}/v1/models", cluster.url());
    let body = send(client().get(&url)).await.json();
    let all = body["data"].as_array().expect("a list");
    let named = |name: &str| all.iter().find(|model| model["id"] == name).expect("a model");
    assert_eq!(named("default")["littoral"]["kind"], "alias");
    let tiers: Vec<&str> = named("default")["littoral"]["targets"]
        .as_array()
        .expect("targets")
        .iter()
        .filter_map(|target| target["tier"].as_str())
        .collect();
    assert!(tiers.contains(&"device") && tiers.contains(&"cloud"), "{tiers:?}");
    let of_cloud = &named(CLOUD_MODEL)["littoral"]["targets"][0];
    assert_eq!(of_cloud["price"]["input_usd_micros_per_mtok"], 150_000);
    assert!(of_cloud["abilities"].as_array().is_some_and(|all| all.contains(&json!("tools"))));
    let one = send(client().get(format!("{url}/tiny"))).await;
    assert_eq!(one.json()["id"], "tiny");
    assert_eq!(send(client().get(format!("{url}/nobody"))).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_over_http_is_recorded_as_every_other() {
    let cluster = with_worker(Plan::default()).await;
    let request = client().post(chat(&cluster)).header("x-littoral-request-id", "over-http");
    let reply = send(request.json(&asked(json!({})))).await;
    assert_eq!(reply.header("x-littoral-request-id"), "over-http");
    let outcome = cluster.wait_for_outcome("over-http").await;
    assert_eq!(outcome.served.expect("served").tier(), v1::Tier::Device);
    let again = client().post(chat(&cluster)).header("x-littoral-request-id", "over-http");
    let again = send(again.json(&asked(json!({ "temperature": 0.1 })))).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "{again:?}");
}
