//! What may leave: a public prompt is answered by a cloud when no worker is there; anything else
//! gets a named error, and the cloud does not see one byte, not even a connection.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, ScriptedCloud};
use littoral_tests::cluster::{CLOUD_MODEL, Cluster, Plan, Seat};
use littoral_tests::scripted_engine::ScriptedEngine;
use std::sync::Arc;
use tonic::Code;

/// What is graver by its label, or by what is in it.
const GRAVE: [(DataClass, &str); 4] = [
    (DataClass::Restricted, "my diagnosis is"),
    (DataClass::Personal, "my diagnosis is"),
    (DataClass::Unspecified, "mail it to jo@example.org"),
    (DataClass::Public, "my card is 4111 1111 1111 1111"),
];

async fn cloud_that_says(words: &[&str]) -> ScriptedCloud {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(Behaviour::Answer(Answer::new(words.to_vec()).with_usage(11, 3)));
    cloud
}

#[tokio::test]
async fn a_public_prompt_is_answered_by_the_cloud_when_no_worker_is_there() {
    let cloud = cloud_that_says(&["Sea ", "and ", "sky."]).await;
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let answer = ask(&mut cluster.chat(), prompt("Tell me of the sea", DataClass::Public)).await;

    assert_eq!(answer.text(), "Sea and sky.");
    assert_eq!(answer.served(), (v1::Tier::Cloud, format!("stand-in/{CLOUD_MODEL}")));
    let served = answer.done().served.as_ref().expect("who answered");
    // 11 prompt tokens at 0.15 and 3 generated at 0.60 micro-dollars: 3.45, rounded up.
    assert_eq!(served.cost_usd_micros, Some(4));
    let request = &cloud.requests()[0];
    let body: serde_json::Value = serde_json::from_slice(&request.body).expect("a JSON body");
    assert_eq!(body["messages"][0]["content"], "Tell me of the sea");
    assert_eq!(body["model"], CLOUD_MODEL);
}

#[tokio::test]
async fn prompts_that_are_or_hold_something_graver_get_a_named_error_and_not_one_byte_leaves() {
    for (class, text) in GRAVE {
        let cloud = cloud_that_says(&["leaked"]).await;
        let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
        let answer = ask(&mut cluster.chat(), prompt(text, class)).await;

        assert_eq!(answer.failure(), (Code::PermissionDenied, "EGRESS_DENIED".into()), "{class:?}");
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "{class:?}");
        let id = &answer.routed().request_id;
        let outcome = cluster.explain(id).await.outcome.expect("an outcome");
        assert_eq!(outcome.receipt.expect("a receipt").egress_bytes, 0);
    }
}

#[tokio::test]
async fn one_unlabelled_or_restricted_part_keeps_the_whole_request_here_where_patterns_do_not_suffice()
 {
    let cloud = cloud_that_says(&["leaked"]).await;
    let policy = Some("version = 1\nname = 'names'\n[privacy]\nnames = 'model required'\n");
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), policy, ..Plan::default() }).await;
    let part = |text: &str, class: DataClass| v1::Part {
        content: Some(v1::part::Content::Text(text.into())),
        data_class: class.into(),
    };
    for secret in [DataClass::Restricted, DataClass::Personal, DataClass::Unspecified] {
        let mut request = prompt("", DataClass::Unspecified);
        request.messages[0].parts = vec![part("weather", DataClass::Public), part("pin", secret)];
        let answer = ask(&mut cluster.chat(), request).await;
        assert_eq!(answer.failure().1, "EGRESS_DENIED", "{secret:?}");
    }
    let mut tools = prompt("", DataClass::Unspecified);
    tools.messages[0].parts = vec![part("weather", DataClass::Public)];
    tools.tools = vec![v1::Tool { name: "look_up".into(), ..v1::Tool::default() }];
    let answer = ask(&mut cluster.chat(), tools).await;
    assert_eq!(answer.failure().1, "EGRESS_DENIED", "an unlabelled tool schema is content too");
    assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));
}

#[tokio::test]
async fn no_mode_opens_the_cloud_to_a_class_that_may_not_go_there() {
    let modes = [
        v1::Mode::PolicyDefault,
        v1::Mode::PreferOnDevice,
        v1::Mode::OnlyOnDevice,
        v1::Mode::PreferEdge,
        v1::Mode::OnlyLocalNetwork,
        v1::Mode::PreferInCloud,
        v1::Mode::OnlyInCloud,
    ];
    let cloud = cloud_that_says(&["leaked"]).await;
    let cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    for mode in modes {
        let mut request = prompt("my diagnosis is", DataClass::Restricted);
        request.hints.get_or_insert_default().mode = mode.into();
        let answer = ask(&mut cluster.chat(), request).await;
        assert!(answer.status.is_some(), "{mode:?}");
    }
    assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0));
}

#[tokio::test]
async fn a_restricted_prompt_is_not_sent_to_the_cloud_when_its_worker_dies_in_mid_answer() {
    for (class, text) in GRAVE {
        let cloud = cloud_that_says(&["leaked"]).await;
        let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
        let engine = ScriptedEngine::new("tiny", &["one ", "two ", "three "]).silent_after(2);
        cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;

        let mut stream = cluster.chat().complete(prompt(text, class)).await.expect("a stream");
        let stream = stream.get_mut();
        let mut texts = 0;
        while texts < 2 {
            let event = stream.message().await.expect("an event").expect("more").event;
            texts += usize::from(matches!(event, Some(v1::chat_event::Event::Delta(_))));
        }
        cluster.lose_last_worker().await;
        let end = loop {
            match stream.message().await {
                Ok(Some(_)) => {}
                Ok(None) => panic!("ended as if all were well"),
                Err(status) => break status,
            }
        };
        assert_eq!(end.code(), Code::Unavailable, "{class:?}: {end:?}");
        assert_eq!((cloud.bytes_received(), cloud.connections()), (0, 0), "{class:?}");
    }
}

#[tokio::test]
async fn a_public_prompt_goes_on_in_the_cloud_when_its_worker_dies_in_mid_answer() {
    let cloud = cloud_that_says(&["whole ", "answer"]).await;
    let mut cluster = Cluster::start(Plan { cloud: Some(&cloud), ..Plan::default() }).await;
    let engine = ScriptedEngine::new("tiny", &["one ", "two ", "three "]).silent_after(2);
    cluster.join(&Seat::own("this-device"), Arc::new(engine)).await;

    let mut client = cluster.chat();
    let asking = tokio::spawn(async move {
        let request = prompt("Tell me of the sea", DataClass::Public);
        ask(&mut client, request).await
    });
    cluster.wait_for_workers(|list| list.iter().any(|one| one.models[0].active == 1)).await;
    cluster.lose_last_worker().await;
    let answer = asking.await.expect("an answer");
    assert_eq!(answer.text(), "whole answer");
    assert_eq!(answer.served().0, v1::Tier::Cloud);
    let failovers =
        answer.events.iter().filter(|event| matches!(event, v1::chat_event::Event::Failover(_)));
    assert_eq!(failovers.count(), 1, "the change of author is told");
}
