//! The Python client as an application uses it: a process of its own with the installed package, over
//! a real socket to the real router. Each case is told to both of its clients, the ordinary one and
//! the one for asyncio.

mod environment;
mod talk;

use crate::python::clean;
use littoral_proto::v1;
use littoral_tests::cloud::{Answer, Behaviour, Gate, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::relay::Relay;
use littoral_tests::scripted_engine::ScriptedEngine;
use serde_json::{Value, json};
use std::sync::Arc;
use talk::{STYLES, Talk};

async fn with_cloud(cloud: &ScriptedCloud) -> Cluster {
    Cluster::start(Plan { cloud: Some(cloud), ..Plan::default() }).await
}

async fn scripted_cloud(behaviour: Behaviour) -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(behaviour);
    cloud
}

/// A worker that says these words and then falls silent.
fn hanging(words: &[&str]) -> Arc<ScriptedEngine> {
    Arc::new(ScriptedEngine::new("tiny", words).silent_after(words.len()))
}

fn hello(url: &str) -> Value {
    json!({ "url": url, "messages": "hello", "data_class": "public", "temperature": 0.0 })
}

/// The code and the reason of a failure.
fn failure(error: &Value) -> (&str, &str) {
    let word = |key: &str| error[key].as_str().unwrap_or_default();
    (word("code"), word("reason"))
}

fn with(mut spec: Value, more: &[(&str, Value)]) -> Value {
    for (name, value) in more {
        spec[*name] = value.clone();
    }
    spec
}

#[tokio::test]
async fn the_clients_own_tests_pass() {
    let mut command = clean(&environment::interpreter().await);
    let folder = environment::client().join("tests");
    command.args(["-m", "unittest", "discover", "--start-directory"]).arg(folder);
    let output = command.output().await.expect("a Python process");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("OK"), "{said}");
    assert!(!said.contains("Ran 0 tests"), "{said}");
}

#[tokio::test]
async fn an_answer_is_streamed_and_its_decision_explained() {
    for style in STYLES {
        let mut cluster = Cluster::start(Plan::default()).await;
        let engine = Arc::new(ScriptedEngine::new("tiny", &["Ebbe ", "und ", "Flüt"]));
        cluster.join(&Seat::own("this-device"), Arc::clone(&engine) as _).await;
        let messages = json!([
            { "role": "system", "content": "Be brief." },
            { "role": "user", "content": "What moves the sea?", "data_class": "restricted" },
        ]);
        let more = [("messages", messages), ("max_output_tokens", json!(9)), ("seed", json!(1))];
        let mut talk = Talk::start(style, &with(hello(&cluster.url()), &more)).await;
        talk.hears(&["Ebbe ", "und ", "Flüt"]).await;
        let done = talk.ends("done").await;
        assert_eq!(done["text"], "Ebbe und Flüt", "{style}");
        assert_eq!((&done["tier"], &done["pool"]), (&json!("TIER_DEVICE"), &done["chosen"]));
        assert_eq!((&done["completion_tokens"], &done["egress_bytes"]), (&json!(3), &json!(0)));
        assert_eq!(done["explained_as_routed"], true, "{style}");
        let facts = cluster.facts_of(done["request_id"].as_str().expect("an id")).await;
        assert_eq!(facts.data_class(), v1::DataClass::Restricted);
        assert_eq!(facts.max_output_tokens, Some(9));
        assert_eq!(engine.started(), 1);
    }
}

#[tokio::test]
async fn a_refusal_has_the_routers_code_reason_and_advice() {
    let cloud = scripted_cloud(Behaviour::answer(["leaked"])).await;
    let (near, nobody) = (with_cloud(&cloud).await, Cluster::start(Plan::default()).await);
    for style in STYLES {
        let restricted = with(hello(&near.url()), &[("data_class", json!("restricted"))]);
        let error = Talk::start(style, &restricted).await.ends("error").await;
        assert_eq!(failure(&error), ("PERMISSION_DENIED", "EGRESS_DENIED"));
        assert_eq!((&error["named"], &error["knows_its_request"]), (&json!(true), &json!(true)));
        assert_eq!(error["retry_after_s"], Value::Null);

        let more = [("data_class", json!("restricted")), ("resume_window_s", json!(30))];
        let spec = with(hello(&nobody.url()), &more);
        let error = Talk::start(style, &spec).await.ends("error").await;
        assert_eq!(failure(&error), ("UNAVAILABLE", "NO_READY_TARGET"));
        assert!(error["retry_after_s"].as_f64().is_some_and(|seconds| seconds > 0.0), "{error}");
    }
    assert_eq!(cloud.bytes_received(), 0);
}

#[tokio::test]
async fn a_deadline_ends_the_answer_with_its_name_and_frees_the_slot() {
    for style in STYLES {
        let mut cluster = Cluster::start(Plan::default()).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one "])).await;
        let more = [
            ("deadline_s", json!(2)),
            ("max_output_tokens", json!(4)),
            ("request_id", json!("late")),
        ];
        let mut talk = Talk::start(style, &with(hello(&cluster.url()), &more)).await;
        talk.hears(&["one "]).await;
        let error = talk.ends("error").await;
        assert_eq!(failure(&error), ("DEADLINE_EXCEEDED", "DEADLINE_EXCEEDED"));
        assert_eq!((&error["named"], &error["text"]), (&json!(true), &json!("one ")), "{error}");
        assert_eq!(cluster.wait_for_outcome("late").await.reason, "DEADLINE_EXCEEDED");
        cluster.wait_for_workers(|list| list[0].models[0].active == 0).await;
    }
}

#[tokio::test]
async fn a_cancelled_answer_frees_its_slot() {
    for style in STYLES {
        let mut cluster = Cluster::start(Plan::default()).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one ", "two "])).await;
        let spec = with(hello(&cluster.url()), &[("request_id", json!("dropped"))]);
        let mut talk = Talk::start(style, &spec).await;
        talk.hears(&["one ", "two "]).await;
        cluster.wait_for_workers(|list| list[0].models[0].active == 1).await;
        talk.cancel().await;
        let error = talk.ends("error").await;
        assert_eq!(failure(&error), ("CANCELLED", "CANCELLED"));
        assert_eq!(cluster.wait_for_outcome("dropped").await.reason, "CANCELLED");
        cluster.wait_for_workers(|list| list[0].models[0].active == 0).await;
    }
}

#[tokio::test]
async fn text_of_a_lost_worker_is_void_when_the_cloud_starts_over() {
    for style in STYLES {
        let cloud = scripted_cloud(Behaviour::answer(["whole ", "answer"])).await;
        let mut cluster = with_cloud(&cloud).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one ", "two "])).await;
        let mut talk = Talk::start(style, &hello(&cluster.url())).await;
        talk.hears(&["one ", "two "]).await;
        cluster.lose_last_worker().await;
        assert_eq!(talk.next("reset").await["epoch"], 1, "{style}");
        talk.hears(&["whole ", "answer"]).await;
        let done = talk.ends("done").await;
        assert_eq!(
            (&done["text"], &done["failovers"]),
            (&json!("whole answer"), &json!(["KIND_RESET"]))
        );
        assert_eq!(done["pool"], format!("stand-in/{CLOUD_MODEL}"));
        assert!(done["egress_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{done}");
    }
}

#[tokio::test]
async fn another_worker_goes_on_with_the_text_of_a_lost_one() {
    for style in STYLES {
        let mut cluster = Cluster::start(Plan::default()).await;
        let whole = Arc::new(ScriptedEngine::new("tiny", &["one ", "two ", "three"]));
        cluster.join(&Seat::shared("edge-box"), whole).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one ", "two "])).await;
        let mut talk = Talk::start(style, &hello(&cluster.url())).await;
        talk.hears(&["one ", "two "]).await;
        cluster.lose_last_worker().await;
        talk.hears(&["three"]).await;
        let done = talk.ends("done").await;
        assert_eq!(
            (&done["text"], &done["failovers"]),
            (&json!("one two three"), &json!(["KIND_CONTINUED"]))
        );
        assert_eq!((&done["continued_at"], &done["tier"]), (&json!([8]), &json!("TIER_EDGE")));
    }
}

#[tokio::test]
async fn a_broken_connection_is_resumed_with_no_byte_twice_and_none_missing() {
    for style in STYLES {
        let gate = Gate::closed();
        gate.release(2);
        let answer = Answer::new(["Ebbe ", "für ", "drüben ", "jäh"]).with_gate(&gate);
        let cloud = scripted_cloud(Behaviour::Answer(answer)).await;
        let cluster = with_cloud(&cloud).await;
        let relay = Relay::start(Some(cluster.router.address)).await;
        let spec = with(hello(&relay.url()), &[("resume_window_s", json!(60))]);
        let mut talk = Talk::start(style, &spec).await;
        talk.hears(&["Ebbe ", "für "]).await;
        relay.cut().await;
        gate.release(1);
        relay.wait_for_one_turned_away().await;
        relay.mend(cluster.router.address);
        talk.hears(&["drüben "]).await;
        relay.cut().await;
        relay.mend(cluster.router.address);
        gate.open();
        talk.hears(&["jäh"]).await;
        let done = talk.ends("done").await;
        assert_eq!(
            (&done["text"], &done["failovers"]),
            (&json!("Ebbe für drüben jäh"), &json!([]))
        );
        assert_eq!(done["explained_as_routed"], true);
        assert_eq!((cloud.requests().len(), relay.forwarded()), (1, 3), "{style}: asked once");
    }
}

#[tokio::test]
async fn a_reset_that_happened_while_the_connection_was_broken_is_told() {
    for style in STYLES {
        let cloud = scripted_cloud(Behaviour::answer(["whole ", "answer"])).await;
        let mut cluster = with_cloud(&cloud).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one ", "two "])).await;
        let relay = Relay::start(Some(cluster.router.address)).await;
        let more = [("resume_window_s", json!(60)), ("request_id", json!("unseen"))];
        let mut talk = Talk::start(style, &with(hello(&relay.url()), &more)).await;
        talk.hears(&["one ", "two "]).await;
        relay.cut().await;
        cluster.lose_last_worker().await;
        assert_eq!(cluster.wait_for_outcome("unseen").await.reason, "", "it flew on alone");
        relay.mend(cluster.router.address);
        assert_eq!(talk.next("reset").await["epoch"], 1, "{style}");
        talk.hears(&["whole ", "answer"]).await;
        let done = talk.ends("done").await;
        assert_eq!(
            (&done["text"], &done["failovers"]),
            (&json!("whole answer"), &json!(["KIND_RESET"]))
        );
    }
}

#[tokio::test]
async fn a_question_that_could_not_be_sent_is_sent_again_and_asked_once() {
    for style in STYLES {
        let cloud = scripted_cloud(Behaviour::answer(["one ", "two"])).await;
        let cluster = with_cloud(&cloud).await;
        let relay = Relay::start(None).await;
        let spec = with(hello(&relay.url()), &[("resume_window_s", json!(60))]);
        let talk = Talk::start(style, &spec).await;
        relay.wait_for_one_turned_away().await;
        relay.mend(cluster.router.address);
        let mut talk = talk;
        talk.hears(&["one ", "two"]).await;
        assert_eq!(talk.ends("done").await["text"], "one two", "{style}");
        assert_eq!(cloud.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_broken_connection_is_an_error_without_a_window_and_after_it() {
    for style in STYLES {
        let mut cluster = Cluster::start(Plan::default()).await;
        cluster.join(&Seat::own("this-device"), hanging(&["one "])).await;
        for window_s in [0.0, 1.0] {
            let relay = Relay::start(Some(cluster.router.address)).await;
            let id = format!("window-{window_s}");
            let more = [("resume_window_s", json!(window_s)), ("request_id", json!(id))];
            let mut talk = Talk::start(style, &with(hello(&relay.url()), &more)).await;
            talk.hears(&["one "]).await;
            relay.cut().await;
            let error = talk.ends("error").await;
            assert_eq!((&error["code"], &error["named"]), (&json!("UNAVAILABLE"), &json!(false)));
            assert_eq!(
                cluster.wait_for_outcome(&id).await.reason,
                "CANCELLED",
                "{style} {window_s}"
            );
        }
        cluster.wait_for_workers(|list| list[0].models[0].active == 0).await;
    }
}

#[tokio::test]
async fn an_answer_that_a_restarted_router_no_longer_holds_is_named_lost() {
    for style in STYLES {
        let cloud = scripted_cloud(Behaviour::Answer(Answer::new(["one ", "two"]))).await;
        let mut cluster = with_cloud(&cloud).await;
        let gate = Gate::closed();
        gate.release(1);
        cloud.script(Behaviour::Answer(Answer::new(["one ", "two"]).with_gate(&gate)));
        let relay = Relay::start(Some(cluster.router.address)).await;
        let mut talk = Talk::start(style, &hello(&relay.url())).await;
        talk.hears(&["one ", "two"]).await;
        talk.ends("done").await;

        let more = [("resume_window_s", json!(60)), ("request_id", json!("lost"))];
        let mut talk = Talk::start(style, &with(hello(&relay.url()), &more)).await;
        talk.hears(&["one "]).await;
        relay.cut().await;
        gate.open();
        cluster.wait_for_outcome("lost").await;
        cluster.restart().await;
        relay.mend(cluster.router.address);
        let error = talk.ends("error").await;
        assert_eq!(failure(&error), ("ABORTED", "REQUEST_LOST"));
        assert_eq!((&error["named"], &error["text"]), (&json!(true), &json!("one ")), "{style}");
    }
}

#[tokio::test]
async fn both_clients_see_the_same_decision_and_the_same_workers() {
    let cloud = scripted_cloud(Behaviour::answer(["asked"])).await;
    let mut cluster = with_cloud(&cloud).await;
    cluster.join(&Seat::own("this-device"), hanging(&[])).await;
    let look = async |spec: Value| -> Value {
        let mut command = clean(&environment::interpreter().await);
        let script = environment::client().join("tests/look.py");
        let output = command.arg(script).arg(spec.to_string()).output().await.expect("a process");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        serde_json::from_slice(&output.stdout).expect("JSON")
    };
    let (near, far) = ("local/@local/tiny", format!("stand-in/{CLOUD_MODEL}"));
    let public = look(hello(&cluster.url())).await;
    assert_eq!(public["plan"], json!([near, far]));
    assert_eq!(
        (&public["workers"], &public["unknown_request"]),
        (&json!(["this-device"]), &json!("NOT_FOUND"))
    );
    let restricted =
        look(with(hello(&cluster.url()), &[("data_class", json!("restricted"))])).await;
    assert_eq!((&restricted["plan"], &restricted["refused"]), (&json!([near]), &json!("")));
    assert_eq!(restricted["rejected"], json!([format!("{far}: class")]));
    assert_eq!(cloud.bytes_received(), 0, "looking asks nobody");
}
