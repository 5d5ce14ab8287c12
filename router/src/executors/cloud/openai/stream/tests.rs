//! Answers as servers really send them, whole, odd and broken.

use super::*;
use littoral_core::flight::event::{Blame, Channel, TokenLogprob, ToolCallFragment};

const SENT: &[u8] = b"{\"model\":\"m\"}";

fn reader() -> AnswerReader<'static> {
    AnswerReader::new(ErrorReader { provider: "cloud", sent: SENT, key: b"" })
}

fn cut() -> Fault {
    ErrorReader { provider: "cloud", sent: SENT, key: b"" }.cut()
}

/// All pieces and the end of a stream of these events.
fn read(events: &[&str]) -> Result<(Vec<Piece>, Completed), Fault> {
    let mut reader = reader();
    let mut all = Vec::new();
    for event in events {
        match reader.event(event)? {
            Step::Pieces(pieces) => all.extend(pieces),
            Step::Done => break,
        }
    }
    Ok((all, reader.end(cut())?))
}

fn kind(result: Result<(Vec<Piece>, Completed), Fault>) -> &'static str {
    result.unwrap_err().kind
}

fn content(text: &str) -> Piece {
    Piece::Text(Channel::Content, text.into(), vec![])
}

fn finished(finish: Finish) -> Completed {
    Completed { finish, usage: None }
}

const STOP: &str = r#"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#;

#[test]
fn openais_own_stream_is_read() {
    let events = [
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-4o-mini-2024-07-18","service_tier":"default","system_fingerprint":"fp","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"x"}"#,
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"Hel"},"logprobs":null,"finish_reason":null}],"usage":null}"#,
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"lo"},"logprobs":null,"finish_reason":null}],"usage":null}"#,
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null}"#,
        r#"{"id":"chatcmpl-1","object":"chat.completion.chunk","choices":[],"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":0}}}"#,
        "[DONE]",
    ];
    let usage = Some(Usage { prompt_tokens: 9, completion_tokens: 2, ..Usage::default() });
    let expected = (vec![content("Hel"), content("lo")], Completed { finish: Finish::Stop, usage });
    assert_eq!(read(&events), Ok(expected));
}

#[test]
fn tool_calls_come_in_fragments() {
    let events = [
        r#"{"choices":[{"delta":{"content":null,"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"weather","arguments":""}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"id":"","function":{"name":"","arguments":"{\"a\":"}}]}}]}"#,
        r#"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}},{"index":1,"id":"c2","function":{"name":"f"}}]},"finish_reason":"tool_calls"}]}"#,
    ];
    let fragment = |index, id: &str, name: &str, arguments: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (id, name, arguments) = (some(id), some(name), arguments.into());
        Piece::ToolCall(ToolCallFragment { index, id, name, arguments })
    };
    let expected = vec![
        fragment(0, "c1", "weather", ""),
        fragment(0, "", "", "{\"a\":"),
        fragment(0, "", "", "1}"),
        fragment(1, "c2", "f", ""),
    ];
    assert_eq!(read(&events), Ok((expected, finished(Finish::ToolCalls))));
}

#[test]
fn calls_without_numbers_are_numbered_by_their_place() {
    let event = r#"{"choices":[{"delta":{"tool_calls":[{"id":"a"},{"id":"b"}]},"finish_reason":"tool_calls"}]}"#;
    let (pieces, _) = read(&[event]).unwrap();
    let indexes: Vec<u32> = pieces
        .iter()
        .map(|piece| match piece {
            Piece::ToolCall(fragment) => fragment.index,
            Piece::Text(..) => panic!("no text was sent"),
        })
        .collect();
    assert_eq!(indexes, [0, 1]);
}

#[test]
fn reasoning_and_refusal_have_channels_of_their_own() {
    let events = [
        r#"{"choices":[{"delta":{"reasoning_content":"hm"}}]}"#,
        r#"{"choices":[{"delta":{"reasoning":"ah","reasoning_content":null}}]}"#,
        r#"{"choices":[{"delta":{"refusal":"no"},"finish_reason":"content_filter"}]}"#,
    ];
    let text = |channel, text: &str| Piece::Text(channel, text.into(), vec![]);
    let expected = vec![
        text(Channel::Reasoning, "hm"),
        text(Channel::Reasoning, "ah"),
        text(Channel::Refusal, "no"),
    ];
    assert_eq!(read(&events), Ok((expected, finished(Finish::ContentFilter))));
}

#[test]
fn log_probabilities_go_with_their_text_and_survive_an_empty_one() {
    let event = r#"{"choices":[{"delta":{"content":""},"logprobs":{"content":[{"token":"\u00e2","bytes":[226],"logprob":-0.5,"top_logprobs":[{"token":"x","bytes":null,"logprob":-1.5}]}],"refusal":null},"finish_reason":"length"}]}"#;
    let logprob =
        TokenLogprob { token: "\u{e2}".into(), logprob: -0.5, top: vec![("x".into(), -1.5)] };
    let expected = vec![Piece::Text(Channel::Content, String::new(), vec![logprob])];
    assert_eq!(read(&[event]), Ok((expected, finished(Finish::Length))));
}

#[test]
fn a_finished_answer_needs_no_done() {
    assert_eq!(read(&[STOP]), Ok((vec![], finished(Finish::Stop))));
}

#[test]
fn an_empty_finish_reason_is_none() {
    let text = r#"{"choices":[{"delta":{"content":"Once"},"finish_reason":""}]}"#;
    assert_eq!(read(&[text, STOP]), Ok((vec![content("Once")], finished(Finish::Stop))));
    assert_eq!(kind(read(&[text])), "cut");
}

#[test]
fn a_stream_that_stops_or_claims_to_be_done_without_a_finish_reason_is_a_fault() {
    let text = r#"{"choices":[{"delta":{"content":"Once"}}]}"#;
    assert_eq!(kind(read(&[])), "cut");
    assert_eq!(kind(read(&[text])), "cut");
    assert_eq!(kind(read(&[text, "[DONE]"])), "cut");
    assert_eq!(kind(read(&["[DONE]"])), "cut");
}

#[test]
fn what_is_no_chunk_is_garbage() {
    for event in ["", "hello", "7", "[]", r#"{"choices":7}"#, r#"{"choices":[{"delta":"x"}]}"#] {
        assert_eq!(kind(read(&[event, STOP])), "garbage", "{event}");
    }
    let unknown_end = r#"{"choices":[{"delta":{},"finish_reason":"whim"}]}"#;
    assert_eq!(kind(read(&[unknown_end])), "garbage");
    let second_choice = r#"{"choices":[{"index":1,"delta":{"content":"x"}}]}"#;
    assert_eq!(kind(read(&[second_choice, STOP])), "garbage");
    let more = r#"{"choices":[{"delta":{"content":"x"}}]}"#;
    assert_eq!(kind(read(&[STOP, more])), "garbage");
}

#[test]
fn an_error_in_the_stream_is_a_fault_of_its_kind() {
    let rate = r#"{"error":{"message":"slow down","type":"tokens","code":"rate_limit_exceeded"}}"#;
    assert_eq!(kind(read(&[rate])), "rate_limited");
    // vLLM's older form, with the status as the code.
    let flat = r#"{"object":"error","message":"boom","type":"InternalServerError","code":500}"#;
    assert_eq!(kind(read(&[flat])), "server");
    let bare = r#"{"error":"boom"}"#;
    assert_eq!(kind(read(&[bare])), "provider_error");
    assert!(read(&[r#"{"error":null}"#, STOP]).is_ok());
}

#[test]
fn half_a_usage_is_none() {
    let usage = r#"{"choices":[],"usage":{"prompt_tokens":9}}"#;
    assert_eq!(read(&[STOP, usage]).unwrap().1.usage, None);
}

#[test]
fn a_server_that_does_not_stream_is_understood() {
    let mut whole = reader();
    let body = r#"{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    assert_eq!(whole.whole(body).unwrap(), [content("Hello")]);
    let usage = Some(Usage { prompt_tokens: 1, completion_tokens: 2, ..Usage::default() });
    assert_eq!(whole.end(cut()), Ok(Completed { finish: Finish::Stop, usage }));
}

#[test]
fn a_success_that_is_no_completion_is_a_fault() {
    for body in ["<html>welcome to the hotel</html>", "{}", r#"{"object":"list"}"#, STOP] {
        let fault = reader().whole(body).unwrap_err();
        assert_eq!((fault.blame, fault.kind), (Blame::Target, "garbage"), "{body}");
    }
    let error = r#"{"error":{"message":"x","type":"server_error","code":null}}"#;
    assert_eq!(reader().whole(error).unwrap_err().kind, "server");
}
