//! The main job: a prompt over gRPC is answered by the real model in ONNX Runtime, token by token.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_tests::ask::{ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::model::{self, MODEL};

/// A cluster whose one worker runs the real model.
async fn with_the_real_model() -> Cluster {
    let folder = tokio::task::spawn_blocking(model::folder).await.expect("a provisioned model");
    let plan = Plan { tokenizer: Some(folder), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    let seat = Seat::own("this-device");
    let config = cluster.worker_config(&seat, cluster.token(&seat));
    let engine = tokio::task::spawn_blocking(move || model::real(&config)).await.expect("a model");
    cluster.join(&seat, engine).await;
    cluster
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prompt_over_grpc_is_answered_by_the_real_model_token_by_token() {
    let cluster = with_the_real_model().await;
    let request = prompt("Write one sentence about the sea.", DataClass::Unspecified);
    let answer = ask(&mut cluster.chat(), request).await;

    let text = answer.text();
    assert!(text.split_whitespace().count() >= 5, "an answer in words: {text:?}");
    assert!(answer.deltas() >= 10, "token by token, not in one piece: {}", answer.deltas());
    let (tier, pool) = answer.served();
    assert_eq!((tier, pool.as_str()), (v1::Tier::Device, &*format!("local/@local/{MODEL}")));
    let done = answer.done();
    assert_eq!(done.finish_reason(), v1::FinishReason::Length);
    assert_eq!(done.receipt.as_ref().map(|receipt| receipt.egress_bytes), Some(0));
    let counted = answer.events.iter().find_map(|event| match event {
        Event::Usage(usage) => Some(*usage),
        _ => None,
    });
    let usage = counted.expect("usage");
    assert_eq!(usage.completion_tokens, 24);
    let facts = cluster.facts_of(&answer.routed().request_id).await;
    assert_eq!(facts.prompt_tokens, usage.prompt_tokens, "the router counts as the model does");
    assert!(!facts.prompt_tokens_estimated);
}

#[tokio::test(flavor = "multi_thread")]
async fn temperature_zero_or_the_same_seed_gives_the_same_text_twice() {
    let cluster = with_the_real_model().await;
    let mut client = cluster.chat();
    let question = "Name three things one finds on a beach.";
    let greedy = prompt(question, DataClass::Unspecified);
    let sampled = |seed| v1::ChatRequest {
        sampling: Some(v1::Sampling {
            temperature: Some(1.0),
            seed: Some(seed),
            ..v1::Sampling::default()
        }),
        ..prompt(question, DataClass::Unspecified)
    };
    for request in [greedy, sampled(7)] {
        let once = ask(&mut client, request.clone()).await.text();
        let again = ask(&mut client, request).await.text();
        assert_eq!(once, again);
        assert!(!once.is_empty());
    }
    let other = ask(&mut client, sampled(8)).await.text();
    assert_ne!(other, ask(&mut client, sampled(7)).await.text(), "another seed, another text");
}

#[tokio::test(flavor = "multi_thread")]
async fn stop_strings_system_messages_and_logprobs_reach_the_model() {
    let cluster = with_the_real_model().await;
    let mut request = prompt("Count from one to ten in words.", DataClass::Unspecified);
    let plain = ask(&mut cluster.chat(), request.clone()).await.text();
    let stop: String = plain.chars().skip(8).take(6).collect();
    request.stop = vec![stop.clone()];
    request.top_logprobs = Some(2);
    let stopped = ask(&mut cluster.chat(), request.clone()).await;
    assert_eq!(Some(stopped.text().as_str()), plain.split(&stop).next());
    assert_eq!(stopped.done().finish_reason(), v1::FinishReason::Stop);
    let logprobs: Vec<_> = stopped
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Delta(delta) => Some(delta.logprobs.clone()),
            _ => None,
        })
        .flatten()
        .collect();
    assert!(!logprobs.is_empty());
    assert!(logprobs.iter().all(|entry| entry.logprob <= 0.0 && entry.top.len() == 2));

    let pirate = v1::Message {
        role: v1::Role::System.into(),
        parts: vec![v1::Part {
            content: Some(v1::part::Content::Text("You are a pirate. Answer as one.".into())),
            ..v1::Part::default()
        }],
        ..v1::Message::default()
    };
    request.stop.clear();
    request.messages.insert(0, pirate);
    assert_ne!(ask(&mut cluster.chat(), request).await.text(), plain, "the system message matters");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_unary_answer_is_the_streamed_one() {
    let cluster = with_the_real_model().await;
    let request = prompt("What is the capital of France?", DataClass::Unspecified);
    let streamed = ask(&mut cluster.chat(), request.clone()).await;
    let unary = cluster.chat().complete_unary(request).await.expect("an answer").into_inner();
    assert_eq!(unary.text, streamed.text());
    let done = unary.done.expect("an end");
    assert_eq!(done.finish_reason, streamed.done().finish_reason);
    assert_eq!(unary.usage.map(|usage| usage.completion_tokens), Some(24));
}
