//! The stand-in itself: it does what it is told and records what it gets. Spoken to over a bare
//! socket, because a client library would hide the very things that are asserted here.
#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test may end at the first thing that is not as it should be"
)]

use littoral_tests::cloud::{Answer, Behaviour, Framing, Gate, RefusingCloud, ScriptedCloud};
use std::io::ErrorKind;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ASK: &str = r#"{"model":"m","messages":[{"role":"user","content":"hi"}]}"#;
const STREAM: &str = r#"{"model":"m","messages":[{"role":"user","content":"hi"}],"stream":true,"stream_options":{"include_usage":true}}"#;

fn request(body: &str) -> String {
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: x\r\nauthorization: Bearer k\r\n\
         connection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// A cloud with this script, and a connection on which `body` was asked.
async fn ask(script: Behaviour, body: &str) -> (ScriptedCloud, TcpStream) {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    cloud.script(script);
    let mut socket = TcpStream::connect(cloud.address()).await.expect("a connection");
    socket.write_all(request(body).as_bytes()).await.expect("a request");
    (cloud, socket)
}

/// Everything until the connection ends, and how it ended.
async fn read_to_end(socket: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(30), socket.read_to_end(&mut bytes));
    let error = read.await.expect("an end").err().map(|error| error.kind());
    (String::from_utf8_lossy(&bytes).into_owned(), error)
}

/// Reads until `text` was seen.
async fn read_until(socket: &mut TcpStream, text: &str) -> String {
    let mut bytes = Vec::new();
    while !String::from_utf8_lossy(&bytes).contains(text) {
        let mut buffer = [0; 1024];
        let read = tokio::time::timeout(Duration::from_secs(30), socket.read(&mut buffer));
        let length = read.await.expect("in time").expect("a readable socket");
        assert_ne!(length, 0, "ended before {text:?}: {}", String::from_utf8_lossy(&bytes));
        bytes.extend_from_slice(&buffer[..length]);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The body of a chunked response.
fn unchunk(response: &str) -> String {
    let (head, mut rest) = response.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    let mut body = String::new();
    while let Some((length, tail)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length, 16).expect("a chunk length");
        body.push_str(&tail[..length]);
        rest = &tail[length + 2..];
        if length == 0 {
            break;
        }
    }
    body
}

#[tokio::test]
async fn a_whole_answer_carries_text_and_usage_and_the_request_is_recorded_byte_for_byte() {
    let answer = Answer::new(["Hel", "lo"]).with_usage(11, 2);
    let (cloud, mut socket) = ask(Behaviour::Answer(answer), ASK).await;
    let (response, error) = read_to_end(&mut socket).await;
    assert_eq!(error, None);
    assert!(response.contains(r#""content":"Hello""#), "{response}");
    assert!(response.contains(r#""prompt_tokens":11,"completion_tokens":2"#), "{response}");
    let requests = cloud.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].body, ASK.as_bytes());
    assert_eq!(requests[0].headers["authorization"], "Bearer k");
    assert!(requests[0].body_contains("hi") && !requests[0].body_contains("ho"));
    assert_eq!(cloud.bytes_received(), request(ASK).len() as u64);
    assert_eq!((cloud.connections(), cloud.abandoned(), cloud.unplayed()), (1, 0, 0));
}

#[tokio::test]
async fn a_streamed_answer_is_one_event_each_piece_then_finish_usage_and_done() {
    let (_cloud, mut socket) = ask(Behaviour::answer(["Hel", "lo"]), STREAM).await;
    let body = unchunk(&read_to_end(&mut socket).await.0);
    let events: Vec<&str> = body.split("\n\n").filter(|event| !event.is_empty()).collect();
    assert_eq!(events.len(), 6, "{body}");
    assert!(events[1].contains(r#""content":"Hel""#) && events[2].contains(r#""content":"lo""#));
    assert!(events[3].contains(r#""finish_reason":"stop""#));
    assert!(events[4].contains(r#""choices":[],"usage":{"prompt_tokens":7"#), "{}", events[4]);
    assert_eq!(events[5], "data: [DONE]");
}

#[tokio::test]
async fn crlf_comments_and_small_writes_change_the_bytes_and_not_the_meaning() {
    let answer = Answer::new(["né", "e"]).with_framing(Framing::CrLf).with_comments();
    let (_cloud, mut socket) = ask(Behaviour::Answer(answer.clone()), STREAM).await;
    let body = unchunk(&read_to_end(&mut socket).await.0);
    assert_eq!(body.matches(": keep-alive\r\n\r\n").count(), 5, "{body}");
    assert!(!body.replace("\r\n", "").contains('\n'));

    let small = Behaviour::Answer(answer.with_writes_of(1));
    let (_cloud, mut socket) = ask(small, STREAM).await;
    let response = read_to_end(&mut socket).await.0;
    let chunk_lengths = response.matches("\r\n1\r\n").count();
    assert_eq!(chunk_lengths, body.len(), "one byte in each chunk");
}

#[tokio::test]
async fn a_gate_lets_pieces_through_one_by_one() {
    let gate = Gate::closed();
    let answer = Answer::new(["one", "two", "three"]).with_gate(&gate);
    let (cloud, mut socket) = ask(Behaviour::Answer(answer), STREAM).await;
    gate.release(1);
    let seen = read_until(&mut socket, "one").await;
    assert!(!seen.contains("two"), "{seen}");
    gate.release(1);
    let seen = read_until(&mut socket, "two").await;
    assert!(!seen.contains("three"), "{seen}");
    gate.open();
    let (rest, _) = read_to_end(&mut socket).await;
    assert!(rest.contains("three") && rest.contains("[DONE]"), "{rest}");
    assert_eq!(cloud.abandoned(), 0);
}

#[tokio::test]
async fn a_hang_before_the_headers_says_nothing_until_the_stand_in_stops() {
    let (cloud, mut socket) = ask(Behaviour::HangBeforeHeaders, STREAM).await;
    cloud.wait_for_requests(1).await.expect("a request");
    cloud.stop().await.expect("every connection to end");
    let (response, _) = read_to_end(&mut socket).await;
    assert!(response.starts_with("HTTP/1.1 503"), "{response}");
}

#[tokio::test]
async fn a_client_that_leaves_is_noticed_before_the_headers_and_in_mid_stream() {
    let (cloud, socket) = ask(Behaviour::HangBeforeHeaders, STREAM).await;
    cloud.wait_for_requests(1).await.expect("a request");
    assert_eq!(cloud.abandoned(), 0);
    drop(socket);
    cloud.wait_for_abandoned(1).await.expect("a client that left");

    let script = Behaviour::HangAfter { answer: Answer::new(["one"]), chunks: 1 };
    let (cloud, mut socket) = ask(script, STREAM).await;
    read_until(&mut socket, "one").await;
    assert_eq!(cloud.abandoned(), 0);
    drop(socket);
    cloud.wait_for_abandoned(1).await.expect("a client that left");
}

#[tokio::test]
async fn a_hang_in_mid_stream_follows_the_first_pieces_and_ends_with_the_stand_in() {
    let answer = Answer::new(["one", "two", "three"]);
    let (cloud, mut socket) = ask(Behaviour::HangAfter { answer, chunks: 2 }, STREAM).await;
    let seen = read_until(&mut socket, "two").await;
    assert!(seen.contains("one") && !seen.contains("three"), "{seen}");
    cloud.stop().await.expect("every connection to end");
    let (rest, _) = read_to_end(&mut socket).await;
    assert!(!rest.contains("three") && !rest.contains("[DONE]"), "{rest}");
}

#[tokio::test]
async fn a_cut_resets_the_connection_in_the_middle_of_an_event() {
    let answer = Answer::new(["one", "two"]);
    let (cloud, mut socket) = ask(Behaviour::CutAfter { answer, chunks: 1 }, STREAM).await;
    let (seen, error) = read_to_end(&mut socket).await;
    assert_eq!(error, Some(ErrorKind::ConnectionReset));
    let (whole, half) = seen.rsplit_once("data: ").expect("events");
    assert!(whole.contains(r#""content":"one""#), "{seen}");
    assert!(half.starts_with(r#"{"id":"#) && !half.contains("\n\n"), "{seen}");
    assert_eq!(cloud.abandoned(), 0, "the stand-in broke it off, not the client");
}

#[tokio::test]
async fn refusals_have_their_status_and_retry_after() {
    for (behaviour, status, retry_after) in [
        (Behaviour::rate_limited(Some(17)), "429", Some("retry-after: 17")),
        (Behaviour::rate_limited(None), "429", None),
        (Behaviour::server_error(), "500", None),
        (Behaviour::overloaded(), "529", None),
        (Behaviour::unauthorized(), "401", None),
        (Behaviour::ErrorWith200 { message: "no".into() }, "200", None),
    ] {
        let (_cloud, mut socket) = ask(behaviour, STREAM).await;
        let (response, _) = read_to_end(&mut socket).await;
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{response}");
        assert!(response.contains(r#"{"error":{"message":"#), "{response}");
        assert_eq!(response.contains("retry-after"), retry_after.is_some(), "{response}");
        assert!(response.contains(retry_after.unwrap_or_default()), "{response}");
    }
}

#[tokio::test]
async fn malformed_events_and_errors_in_the_stream_are_sent_as_scripted() {
    let (_cloud, mut socket) = ask(Behaviour::malformed_stream(), STREAM).await;
    let (response, _) = read_to_end(&mut socket).await;
    assert!(response.contains("data: {\"choices\": [{\"delta\": \n\n"), "{response}");

    let (_cloud, mut socket) = ask(Behaviour::ErrorInStream { message: "no".into() }, STREAM).await;
    let (response, _) = read_to_end(&mut socket).await;
    assert!(response.starts_with("HTTP/1.1 200") && response.contains(r#"data: {"error":"#));
}

#[tokio::test]
async fn a_tool_call_comes_in_fragments() {
    let answer = Answer::new(["ok"]).with_tool_call("weather", ["{\"city\":", "\"Kiel\"}"]);
    let (_cloud, mut socket) = ask(Behaviour::Answer(answer), STREAM).await;
    let body = unchunk(&read_to_end(&mut socket).await.0);
    assert_eq!(body.matches(r#""tool_calls":[{"#).count(), 3, "{body}");
    assert!(body.contains(r#""finish_reason":"tool_calls""#), "{body}");
}

#[tokio::test]
async fn a_request_beyond_the_script_or_against_the_protocol_is_refused_and_recorded() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    let no_key = request(ASK).replace("authorization: Bearer k\r\n", "");
    let get = "GET /v1/models HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n".to_owned();
    let cases = [
        (request(ASK), "500"),
        (no_key, "401"),
        (get, "404"),
        (request("{}"), "400"),
        (request(r#"{"model":"m","messages":[]}"#), "400"),
    ];
    let mut bytes = 0;
    for (request, status) in &cases {
        let mut socket = TcpStream::connect(cloud.address()).await.expect("a connection");
        socket.write_all(request.as_bytes()).await.expect("a request");
        let (response, _) = read_to_end(&mut socket).await;
        assert!(response.starts_with(&format!("HTTP/1.1 {status}")), "{response}");
        bytes += request.len() as u64;
    }
    assert_eq!(cloud.requests().len(), cases.len());
    assert_eq!(cloud.bytes_received(), bytes);
}

#[tokio::test]
async fn a_connection_that_never_becomes_a_request_is_counted_too() {
    let cloud = ScriptedCloud::start().await.expect("a stand-in");
    assert_eq!((cloud.connections(), cloud.bytes_received()), (0, 0));
    let mut socket = TcpStream::connect(cloud.address()).await.expect("a connection");
    socket.write_all(b"POST /v1/chat").await.expect("half a request");
    socket.shutdown().await.expect("an end");
    read_to_end(&mut socket).await;
    assert_eq!((cloud.connections(), cloud.bytes_received()), (1, 13));
    assert!(cloud.requests().is_empty());
}

#[tokio::test]
async fn a_refusing_cloud_refuses_connections() {
    let cloud = RefusingCloud::start().expect("a port");
    let url = cloud.base_url();
    let address = url.trim_start_matches("http://").trim_end_matches("/v1");
    let error = TcpStream::connect(address).await.expect_err("a refusal");
    assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
}
