//! The router and a provider that speaks Anthropic's messages, end to end: the same answers as in chat
//! completions. What such a provider does wrong is in `misbehaviour`.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_proto::v1::chat_event::Event;
use littoral_router::config::raw::RawDialect;
use littoral_tests::ask::{Answer as Heard, ask, prompt};
use littoral_tests::cloud::{Answer, Behaviour, Framing, ScriptedCloud};
use littoral_tests::cluster::{Cluster, Plan};

const WORDS: [&str; 3] = ["Ebbe ", "und ", "Flut 🌊"];

/// A cloud that does this twice, since a broken connection is tried again, and what a request hears.
async fn heard(behaviour: Behaviour, request: v1::ChatRequest) -> (ScriptedCloud, Heard) {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(behaviour.clone()).script(behaviour);
    let cluster = Cluster::start(Plan {
        cloud: Some(&cloud),
        adjust: Some(|_, raw| {
            for provider in &mut raw.provider {
                provider.dialect = RawDialect::Anthropic;
                provider.model.iter_mut().for_each(|model| model.logprobs = false);
            }
        }),
        ..Plan::default()
    })
    .await;
    let answer = ask(&mut cluster.chat(), request).await;
    (cloud, answer)
}

fn question() -> v1::ChatRequest {
    prompt("what comes after the ebb", DataClass::Public)
}

#[tokio::test]
async fn an_answer_of_messages_is_told_like_any_other_however_it_is_written() {
    let plain = Answer::new(WORDS).with_usage(11, 5);
    let odd = plain.clone().with_framing(Framing::CrLf).with_comments().with_writes_of(3);
    for answer in [plain, odd] {
        let (cloud, heard) = heard(Behaviour::Answer(answer), question()).await;
        assert_eq!(heard.text(), WORDS.concat());
        assert_eq!(heard.done().finish_reason(), v1::FinishReason::Stop);
        let usage = heard.events.iter().find_map(|event| match event {
            Event::Usage(usage) => Some((usage.prompt_tokens, usage.completion_tokens)),
            _ => None,
        });
        assert_eq!(usage, Some((11, 5)));
        let requests = cloud.requests();
        let [request] = &requests[..] else { panic!("one request") };
        assert_eq!(request.path, "/v1/messages");
        assert_eq!(request.json()["max_tokens"], 24);
        assert_eq!(request.headers["anthropic-version"], "2023-06-01");
        assert!(request.headers.contains_key("x-api-key"), "the key is shown");
    }
}

#[tokio::test]
async fn a_tool_call_of_messages_comes_in_fragments() {
    let answer = Answer::new(["I look."]).with_tool_call("tide", [r#"{"at""#, r#": "Kiel"}"#]);
    let function = v1::Tool {
        name: "tide".into(),
        parameters_json: Some(r#"{"type":"object"}"#.into()),
        ..v1::Tool::default()
    };
    let request = v1::ChatRequest { tools: vec![function], ..question() };
    let (cloud, heard) = heard(Behaviour::Answer(answer), request).await;
    let arguments: String = heard
        .events
        .iter()
        .filter_map(|event| match event {
            Event::ToolCallDelta(delta) => Some(delta.arguments.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(arguments, r#"{"at": "Kiel"}"#);
    assert_eq!(heard.done().finish_reason(), v1::FinishReason::ToolCalls);
    assert_eq!(cloud.requests()[0].json()["tools"][0]["name"], "tide");
}

#[tokio::test]
async fn what_messages_cannot_say_is_refused_by_name_and_nothing_is_sent() {
    let mut request = question();
    request.sampling.get_or_insert_default().seed = Some(7);
    let (cloud, heard) = heard(Behaviour::answer(WORDS), request).await;
    let status = heard.status.as_ref().expect("a failure");
    assert!(status.message().contains("no seed"), "{}", status.message());
    assert_eq!((cloud.requests().len(), cloud.bytes_received(), cloud.unplayed()), (0, 0, 2));
}
