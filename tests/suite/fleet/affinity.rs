//! A conversation comes back to the worker that holds what was read of it.

use littoral_proto::v1;
use littoral_proto::v1::DataClass;
use littoral_tests::ask::{Answer, ask, prompt};
use littoral_tests::cluster::{Cluster, Plan, Seat};
use littoral_tests::model;
use std::sync::Arc;

/// Turns of a log that is about 1,500 tokens long.
const LINES: usize = 90;

fn said(role: v1::Role, text: &str) -> v1::Message {
    let content = Some(v1::part::Content::Text(text.into()));
    let part = v1::Part { content, ..v1::Part::default() };
    v1::Message { role: role.into(), parts: vec![part], ..v1::Message::default() }
}

async fn turn(cluster: &Cluster, messages: &[v1::Message], session: Option<&str>) -> Answer {
    let mut request = prompt("", DataClass::Restricted);
    request.messages = messages.to_vec();
    request.max_output_tokens = Some(4);
    request.hints.get_or_insert_default().session_key = session.map(Into::into);
    ask(&mut cluster.chat(), request).await
}

fn served(answer: &Answer) -> (String, u32, f64) {
    let served = answer.done().served.as_ref().expect("who answered");
    let target = served.target.as_ref().and_then(|target| target.at.as_ref());
    let Some(v1::target::At::Worker(worker)) = target else { panic!("{served:?}") };
    let first_token_ms = served.first_token_ms.expect("a token");
    (worker.worker_id.clone(), served.cached_prompt_tokens, first_token_ms)
}

/// Nobody is given up for being slow: on a busy machine the first turn would fail over, and then two hold it.
const PATIENT: &str = "version = 1\nname = 'patient'\n[deadlines]\nfirst_token_floor_ms = 100000\n\
    stall_floor_ms = 100000\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_second_turn_of_a_conversation_reads_only_what_is_new_where_the_first_was_read() {
    let plan = Plan { policy: Some(PATIENT), ..Plan::default() };
    let mut cluster = Cluster::start(plan).await;
    for name in ["laptop", "tower"] {
        let seat = Seat::own(name);
        let config = cluster.worker_config(&seat, cluster.token(&seat));
        let engine = tokio::task::spawn_blocking(move || model::another(&config)).await;
        cluster.join(&seat, Arc::new(engine.expect("a model"))).await;
    }
    let log = "The tide came in, the tide went out, and the keeper wrote it down. ".repeat(LINES);
    let mut messages = vec![said(v1::Role::User, &format!("Keep this log. {log}"))];
    let first = turn(&cluster, &messages, Some("log")).await;
    let (holder, cached, _) = served(&first);
    assert_eq!(cached, 0, "nobody had read it");
    messages.push(said(v1::Role::Assistant, &first.text()));
    messages.push(said(v1::Role::User, "What came in?"));

    let second = turn(&cluster, &messages, Some("log")).await;
    let (who, cached, with_ms) = served(&second);
    let text = &second.decision().text;
    assert_eq!(who, holder, "{text}");
    assert!(cached >= 1_400, "only {cached} tokens were held: {text}");

    // The same turn of nobody's conversation.
    let (_, cached, without_ms) = served(&turn(&cluster, &messages, None).await);
    assert_eq!(cached, 0);
    let ratio = without_ms / with_ms;
    println!(
        "first token of a second turn: {with_ms:.0} ms held, {without_ms:.0} ms not: {ratio:.1} x"
    );
}
