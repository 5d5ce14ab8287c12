//! What the recorded streams do not show: answers that are no stream, and streams nobody recorded.

use super::*;
use littoral_core::flight::event::Usage;
use proptest::prelude::*;
use serde_json::json;

const ERRORS: ErrorReader<'static> = ErrorReader { provider: "cloud", sent: b"", key: b"" };

fn whole(body: &Value) -> Result<(Vec<Piece>, Completed), Fault> {
    let mut reader = AnswerReader::new(ERRORS);
    let pieces = reader.whole(&body.to_string())?;
    Ok((pieces, reader.end(ERRORS.cut())?))
}

#[test]
fn a_server_that_does_not_stream_is_understood() {
    let body = json!({
        "id": "msg_1", "type": "message", "role": "assistant", "model": "m",
        "content": [
            {"type": "thinking", "thinking": "hm", "signature": "x"},
            {"type": "text", "text": "Hello", "citations": null},
            {"type": "tool_use", "id": "t1", "name": "f", "input": {"a": 1}},
            {"type": "tool_use", "id": "t2", "name": "g", "input": {}},
        ],
        "stop_reason": "tool_use", "stop_sequence": null,
        "usage": {"input_tokens": 3, "output_tokens": 9},
    });
    let (pieces, completed) = whole(&body).unwrap();
    let call = |index, id: &str, name: &str, arguments: &str| {
        let (id, name, arguments) = (Some(id.into()), Some(name.into()), arguments.into());
        Piece::ToolCall(ToolCallFragment { index, id, name, arguments })
    };
    let expected = [
        Piece::Text(Channel::Reasoning, "hm".into(), vec![]),
        Piece::Text(Channel::Content, "Hello".into(), vec![]),
        call(0, "t1", "f", r#"{"a":1}"#),
        call(1, "t2", "g", ""),
        arguments(1, "{}".into()).unwrap(),
    ];
    assert_eq!(pieces, expected);
    let usage = Usage { prompt_tokens: 3, completion_tokens: 9, ..Usage::default() };
    assert_eq!(completed, Completed { finish: Finish::ToolCalls, usage: Some(usage) });
}

#[test]
fn a_success_that_is_no_message_is_a_fault() {
    for body in [json!({}), json!({"type": "completion"}), json!([])] {
        assert_eq!(whole(&body).unwrap_err().kind, "garbage", "{body}");
    }
    let unfinished = json!({"type": "message", "content": [], "stop_reason": null});
    assert_eq!(whole(&unfinished).unwrap_err().kind, "cut");
    let error = json!({"type": "error", "error": {"type": "api_error", "message": "boom"}});
    assert_eq!(whole(&error).unwrap_err().kind, "server");
}

#[test]
fn counts_that_come_again_smaller_do_not_make_the_bill_smaller() {
    let mut reader = AnswerReader::new(ERRORS);
    for event in [
        json!({"type": "message_start", "message": {"usage": {"input_tokens": 25, "output_tokens": 1}}}),
        json!({"type": "message_delta", "delta": {"stop_reason": "end_turn"},
               "usage": {"input_tokens": 0, "output_tokens": 15}}),
    ] {
        reader.event(&event.to_string()).unwrap();
    }
    let usage = Usage { prompt_tokens: 25, completion_tokens: 15, ..Usage::default() };
    assert_eq!(reader.end(ERRORS.cut()).unwrap().usage, Some(usage));
}

/// Events of every kind in any order, most of which no server would send.
fn event() -> impl Strategy<Value = Value> {
    let index = 0_u32..2;
    prop_oneof![
        Just(json!({"type": "message_start", "message": {}})),
        Just(json!({"type": "message_stop"})),
        Just(json!({"type": "ping"})),
        index.clone().prop_map(|index| json!({"type": "content_block_start", "index": index,
            "content_block": {"type": "text"}})),
        index.clone().prop_map(|index| json!({"type": "content_block_start", "index": index,
            "content_block": {"type": "tool_use", "id": "t", "name": "f"}})),
        (index.clone(), "[a-z]{0,3}").prop_map(|(index, text)| json!({
            "type": "content_block_delta", "index": index,
            "delta": {"type": "text_delta", "text": text}})),
        index.prop_map(|index| json!({"type": "content_block_stop", "index": index})),
        prop::option::of(prop::sample::select(vec!["end_turn", "max_tokens", "whim"]))
            .prop_map(|reason| json!({"type": "message_delta", "delta": {"stop_reason": reason}})),
    ]
}

proptest! {
    /// Whatever comes: an answer is complete only with a reason, and then all its text has come.
    #[test]
    fn no_order_of_events_makes_an_answer_of_a_part(
        events in prop::collection::vec(event(), 0..12),
    ) {
        let mut reader = AnswerReader::new(ERRORS);
        let (mut has_reason, mut is_open) = (false, false);
        for event in &events {
            match reader.event(&event.to_string()) {
                Ok(Step::Done) | Err(_) => break,
                Ok(Step::Pieces(pieces)) => prop_assert!(pieces.is_empty() || !has_reason),
            }
            match event["type"].as_str() {
                Some("content_block_start") => is_open = true,
                Some("content_block_stop") => is_open = false,
                Some("message_delta") => has_reason |= event["delta"]["stop_reason"].is_string(),
                _ => {}
            }
        }
        let is_complete = reader.is_complete();
        prop_assert_eq!(is_complete, has_reason);
        prop_assert!(!(is_complete && is_open));
        prop_assert_eq!(reader.end(ERRORS.cut()).is_ok(), is_complete);
    }

    #[test]
    fn the_text_of_a_block_is_that_of_its_pieces(texts in prop::collection::vec(".{0,8}", 0..20)) {
        let mut reader = AnswerReader::new(ERRORS);
        let begin = json!({"type": "content_block_start", "index": 0,
            "content_block": {"type": "text", "text": ""}});
        reader.event(&begin.to_string()).unwrap();
        let mut told = String::new();
        for text in &texts {
            let delta = json!({"type": "content_block_delta", "index": 0,
                "delta": {"type": "text_delta", "text": text}});
            let Ok(Step::Pieces(pieces)) = reader.event(&delta.to_string()) else { panic!() };
            for piece in pieces {
                let Piece::Text(Channel::Content, text, _) = piece else { panic!("{piece:?}") };
                told += &text;
            }
        }
        prop_assert_eq!(told, texts.concat());
    }
}
