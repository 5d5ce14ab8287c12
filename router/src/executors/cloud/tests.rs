//! Calls over real sockets: what leaves, what comes back, and how every bad end is told.

use super::*;
use crate::egress::Pass;
use bytes::Bytes;
use littoral_core::flight::event::{Channel, DispatchId, Event, Finish, Usage};
use stand::{Stand, Step, chunk, end, events, whole};
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

mod clearance;
mod configuration;
mod ends;
mod keys;
mod passes;
mod stand;
mod tls;

const BODY: &str = r#"{"model":"m","content":"What is a littoral?"}"#;
const HELLO: &str = r#"{"choices":[{"index":0,"delta":{"content":"Hello"}}]}"#;
const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;
const USAGE: &str = r#"{"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":1}}"#;
const KEY: &str = "sk-test-key";

fn config(base_url: &str) -> ProviderConfig {
    let dialect = Dialect::openai_at(base_url);
    let mut config = ProviderConfig::new("openai", base_url, dialect, vec![KEY.to_owned().into()]);
    config.headers.push(("OpenAI-Organization".into(), "org-1".to_owned().into()));
    config
}

fn provider(base_url: &str) -> CloudProvider {
    CloudProvider::new(config(base_url)).unwrap()
}

/// A provider with these limits for connecting, the first byte and a gap, in milliseconds.
fn impatient(base_url: &str, limits_ms: [u64; 3]) -> CloudProvider {
    let mut config = config(base_url);
    [config.connect_timeout, config.first_byte_timeout, config.gap_timeout] =
        limits_ms.map(Duration::from_millis);
    CloudProvider::new(config).unwrap()
}

fn call(provider: &CloudProvider) -> PreparedCall {
    PreparedCall::new(Arc::clone(&provider.endpoint), Bytes::from_static(BODY.as_bytes()), None)
}

/// A pass that nobody cuts.
fn pass() -> &'static Pass {
    Box::leak(Box::new(Pass::of_nobody().0))
}

/// Runs a call to its end.
async fn run(provider: &CloudProvider) -> (CallReport, Vec<Event>) {
    let (events, mut told) = mpsc::channel(64);
    let report = call(provider).run(pass(), DispatchId(7), events, CancellationToken::new()).await;
    let mut all = Vec::new();
    while let Some(event) = told.recv().await {
        all.push(event);
    }
    (report, all)
}

async fn run_against(scripts: Vec<Vec<Step>>) -> (CallReport, Vec<Event>) {
    let stand = Stand::start(scripts).await;
    run(&provider(&stand.base_url())).await
}

fn accepted() -> Event {
    Event::Accepted(DispatchId(7))
}

fn delta(text: &str) -> Event {
    Event::Delta {
        dispatch: DispatchId(7),
        channel: Channel::Content,
        offset: None,
        text: text.into(),
        logprobs: vec![],
    }
}

fn finished(usage: Option<Usage>) -> Event {
    Event::Finished { dispatch: DispatchId(7), finish: Finish::Stop, usage }
}

fn all_sent() -> CallReport {
    CallReport { sent_bytes: BODY.len() as u64 }
}

/// The fault in the last event.
fn fault(events: &[Event]) -> &Fault {
    match events {
        [.., Event::Failed { fault, .. }] => fault,
        other => panic!("no fault at the end of {other:?}"),
    }
}

#[tokio::test]
async fn a_stream_arrives_as_events_and_the_receipt_counts_its_body_byte_for_byte() {
    let stand = Stand::start(vec![vec![events(&[HELLO, STOP, USAGE, "[DONE]"]), end()]]).await;
    let provider = provider(&stand.base_url());
    assert_eq!(call(&provider).bytes(), BODY.len() as u64);
    let (report, told) = run(&provider).await;
    let usage = Some(Usage { prompt_tokens: 5, completion_tokens: 1, ..Usage::default() });
    assert_eq!(told, [accepted(), delta("Hello"), finished(usage)]);
    assert_eq!(report, all_sent());

    let seen = stand.seen.lock().unwrap();
    let (head, body) = &seen.requests[0];
    assert_eq!(body, BODY.as_bytes());
    for line in [
        "post /v1/chat/completions http/1.1\r\n",
        "\r\nauthorization: bearer sk-test-key\r\n",
        "\r\nopenai-organization: org-1\r\n",
        "\r\ncontent-type: application/json\r\n",
        "\r\naccept: text/event-stream\r\n",
        &format!("\r\nuser-agent: littoral/{}\r\n", env!("CARGO_PKG_VERSION")),
        &format!("\r\ncontent-length: {}\r\n", BODY.len()),
    ] {
        assert!(head.contains(line), "{line:?} is not in {head}");
    }
}

#[tokio::test]
async fn connections_are_used_again_even_if_a_stream_ends_a_little_after_its_answer() {
    let heard = Arc::new(Notify::new());
    let answer = |_| vec![events(&[HELLO, STOP, "[DONE]"]), Step::Await(Arc::clone(&heard)), end()];
    let stand = Stand::start((0..10).map(answer).collect()).await;
    let provider = provider(&stand.base_url());
    for _ in 0..10 {
        let (events, mut told) = mpsc::channel(64);
        let running = call(&provider).run(pass(), DispatchId(7), events, CancellationToken::new());
        let hearing = async {
            let mut last = None;
            while let Some(event) = told.recv().await {
                if event == finished(None) {
                    heard.notify_one();
                }
                last = Some(event);
            }
            last
        };
        assert_eq!(tokio::join!(running, hearing).1, Some(finished(None)));
    }
    // Not all of them must be: a busy machine may not have put one back before the next call.
    let connections = stand.seen.lock().unwrap().connections;
    assert!(connections < 10, "{connections} connections for 10 calls");
}

#[tokio::test]
async fn a_refused_connection_is_the_networks_fault_and_nothing_was_sent() {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let (report, told) = run(&provider(&format!("http://127.0.0.1:{port}"))).await;
    assert_eq!(report.sent_bytes, 0);
    assert_eq!(told.len(), 1);
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "connect"));
    assert!(fault(&told).detail.contains("refused"), "{}", fault(&told).detail);
}

#[tokio::test]
async fn an_error_answer_is_told_with_its_wait_and_without_accepting_first() {
    let body = r#"{"error":{"message":"What is a littoral? no","type":"requests","code":"rate_limit_exceeded"}}"#;
    let answer = whole("429 Too Many Requests", "retry-after: 3\r\n", body);
    let (report, told) = run_against(vec![vec![answer]]).await;
    assert_eq!(report, all_sent());
    assert_eq!(told.len(), 1);
    let fault = fault(&told);
    assert_eq!((fault.blame, fault.kind), (Blame::Target, "rate_limited"));
    assert_eq!(fault.retry_after_ms, Some(3_000));
    assert_eq!(fault.detail, "openai answered 429 (rate_limit_exceeded)");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Stand::start(vec![vec![events(&[HELLO, STOP]), end()]]).await;
    let location = format!("location: {}\r\n", elsewhere.base_url());
    for status in ["307 Temporary Redirect", "302 Found"] {
        let (_, told) = run_against(vec![vec![whole(status, &location, "")]]).await;
        assert_eq!(fault(&told).kind, "redirect");
    }
    assert_eq!(elsewhere.seen.lock().unwrap().connections, 0);
}

#[tokio::test]
async fn a_connection_cut_in_mid_answer_is_told_after_what_came() {
    let script = vec![events(&[HELLO]), Step::Close];
    let (report, told) = run_against(vec![script]).await;
    assert_eq!(report, all_sent());
    assert_eq!(told[..told.len() - 1], [accepted(), delta("Hello")]);
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "cut"));
    // A reset may overtake the text on its way through the kernels.
    let (_, told) = run_against(vec![vec![events(&[HELLO]), Step::Reset]]).await;
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "cut"));
}

#[tokio::test]
async fn a_stream_that_ends_in_order_but_unfinished_is_the_targets_fault() {
    let (_, told) = run_against(vec![vec![events(&[HELLO]), end()]]).await;
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "cut"));
    let (_, told) = run_against(vec![vec![events(&[HELLO, "[DONE]"]), end()]]).await;
    assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Target, "garbage"));
}

#[tokio::test]
async fn half_an_event_at_the_end_is_a_cut() {
    let half = "data: {\"choices\":[{\"del";
    let half = Step::Write(format!("{:x}\r\n{half}\r\n0\r\n\r\n", half.len()));
    let (_, told) = run_against(vec![vec![events(&[HELLO]), half]]).await;
    assert_eq!(fault(&told).kind, "cut");
}

#[tokio::test]
async fn an_answer_that_is_finished_stays_finished_whatever_happens_to_the_connection() {
    let (_, told) = run_against(vec![vec![events(&[HELLO, STOP]), Step::Close]]).await;
    assert_eq!(told, [accepted(), delta("Hello"), finished(None)]);
    let stand = Stand::start(vec![vec![
        events(&[HELLO, STOP]),
        Step::UntilClosed(Arc::new(Notify::new())),
    ]])
    .await;
    // Patient as this provider is, it does not wait a minute for a usage that may never come.
    let answer = tokio::time::timeout(Duration::from_secs(20), async {
        run(&provider(&stand.base_url())).await
    });
    assert_eq!(answer.await.unwrap().1, [accepted(), delta("Hello"), finished(None)]);
}

#[tokio::test]
async fn silence_before_and_inside_an_answer_is_bounded() {
    let hang = || Step::UntilClosed(Arc::new(Notify::new()));
    // In each case the limit at hand is short and the others are out of reach.
    for (script, limits_ms, what) in [
        (vec![hang()], [900, 100, 60_000], "did not answer in time"),
        (vec![events(&[]), hang()], [60_000, 100, 60_000], "sent no answer in time"),
        (vec![events(&[HELLO]), hang()], [60_000, 60_000, 100], "fell silent in its answer"),
    ] {
        let stand = Stand::start(vec![script]).await;
        let (report, told) = run(&impatient(&stand.base_url(), limits_ms)).await;
        assert_eq!((fault(&told).blame, fault(&told).kind), (Blame::Network, "timeout"));
        assert_eq!(fault(&told).detail, format!("openai {what}"));
        assert_eq!(report, all_sent());
    }
}

#[tokio::test]
async fn a_cancelled_call_hangs_up_and_says_no_more() {
    let (hung_up, cancel) = (Arc::new(Notify::new()), CancellationToken::new());
    let hang = Step::UntilClosed(Arc::clone(&hung_up));
    let stand = Stand::start(vec![vec![events(&[HELLO]), hang]]).await;
    let provider = provider(&stand.base_url());
    let (events, mut told) = mpsc::channel(64);
    let running = call(&provider).run(pass(), DispatchId(7), events, cancel.clone());
    let watching = async {
        assert_eq!(told.recv().await, Some(accepted()));
        assert_eq!(told.recv().await, Some(delta("Hello")));
        cancel.cancel();
        hung_up.notified().await;
        assert_eq!(told.recv().await, None);
    };
    let (report, ()) = tokio::join!(running, watching);
    assert_eq!(report, all_sent());
}

#[tokio::test]
async fn a_call_cancelled_before_it_starts_sends_nothing() {
    let stand = Stand::start(vec![vec![events(&[HELLO, STOP]), end()]]).await;
    let (events, mut told) = mpsc::channel(64);
    let cancel = CancellationToken::new();
    cancel.cancel();
    let report =
        call(&provider(&stand.base_url())).run(pass(), DispatchId(7), events, cancel).await;
    assert_eq!((report.sent_bytes, told.recv().await), (0, None));
    assert!(stand.seen.lock().unwrap().requests.is_empty());
}

#[tokio::test]
async fn a_call_that_nobody_listens_to_ends() {
    let hung_up = Arc::new(Notify::new());
    let hang = Step::UntilClosed(Arc::clone(&hung_up));
    let stand = Stand::start(vec![vec![events(&[]), hang]]).await;
    let provider = provider(&stand.base_url());
    let (events, mut told) = mpsc::channel(64);
    let running = call(&provider).run(pass(), DispatchId(7), events, CancellationToken::new());
    let leaving = async {
        assert_eq!(told.recv().await, Some(accepted()));
        drop(told);
        hung_up.notified().await;
    };
    assert_eq!(tokio::join!(running, leaving).0, all_sent());
}

#[tokio::test]
async fn a_slow_listener_slows_the_reader_and_loses_nothing() {
    let texts: Vec<String> =
        (0..200).map(|n| format!(r#"{{"choices":[{{"delta":{{"content":"{n} "}}}}]}}"#)).collect();
    let all: Vec<&str> = texts.iter().map(String::as_str).chain([STOP, "[DONE]"]).collect();
    let stand = Stand::start(vec![vec![events(&all), end()]]).await;
    let provider = provider(&stand.base_url());
    let (events, mut told) = mpsc::channel(1);
    let running = call(&provider).run(pass(), DispatchId(7), events, CancellationToken::new());
    let reading = async {
        let mut text = String::new();
        while let Some(event) = told.recv().await {
            if let Event::Delta { text: more, .. } = event {
                text += &more;
            }
        }
        text
    };
    let (_, text) = tokio::join!(running, reading);
    assert_eq!(text, (0..200).map(|n| format!("{n} ")).collect::<String>());
}

#[tokio::test]
async fn a_server_that_does_not_stream_is_accepted_if_it_answers_with_a_completion() {
    let json = "content-type: application/json\r\n";
    let body = r#"{"object":"chat.completion","choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}]}"#;
    let (_, told) = run_against(vec![vec![whole("200 OK", json, body)]]).await;
    assert_eq!(told, [accepted(), delta("Hello"), finished(None)]);

    let error = r#"{"error":{"message":"What is a littoral?","type":"server_error"}}"#;
    let (_, told) = run_against(vec![vec![whole("200 OK", json, error)]]).await;
    assert_eq!(fault(&told).detail, "openai sent an error (server_error)");

    let html = whole("200 OK", "content-type: text/html\r\n", "<p>Log in to the hotel network</p>");
    let (_, told) = run_against(vec![vec![html]]).await;
    assert_eq!(fault(&told).kind, "garbage");
}

#[tokio::test]
async fn an_error_event_ends_the_answer_whatever_the_form_of_its_data() {
    for (data, kind) in [
        (r#"{"error":{"code":"overloaded_error"}}"#, "overloaded"),
        (r#"{"type":"overloaded_error","message":"What is a littoral?"}"#, "overloaded"),
        ("What is a littoral?", "provider_error"),
    ] {
        let event = format!("event: error\ndata: {data}\n\n");
        let event = Step::Write(format!("{:x}\r\n{event}\r\n", event.len()));
        let (_, told) = run_against(vec![vec![events(&[HELLO]), event, end()]]).await;
        assert_eq!(fault(&told).kind, kind, "{data}");
        assert!(!fault(&told).detail.contains("littoral"), "{}", fault(&told).detail);
    }
}

#[tokio::test]
async fn an_event_without_end_is_refused() {
    let flood = "x".repeat(sse::EVENT_LIMIT_BYTES + 1);
    let script = vec![events(&[HELLO]), Step::Write(chunk(&flood)), Step::Close];
    let (_, told) = run_against(vec![script]).await;
    assert_eq!(fault(&told).detail, "openai sent a bad stream: an event exceeds 1 MiB");
}

/// Runs this one test again in a process with proxies in its environment.
#[tokio::test]
async fn a_proxy_in_the_environment_is_not_used() {
    const MARK: &str = "LITTORAL_TEST_PROXIED";
    if std::env::var_os(MARK).is_some() {
        let (_, told) = run_against(vec![vec![events(&[STOP]), end()]]).await;
        assert_eq!(told, [accepted(), finished(None)]);
        return;
    }
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let nowhere = format!("http://127.0.0.1:{port}");
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "executors::cloud::tests::a_proxy_in_the_environment_is_not_used"])
        .env(MARK, "1")
        .envs(["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"].map(|name| (name, &nowhere)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}
