//! Calls over a vocabulary of single bytes and a few longer tokens.

use super::*;
use crate::chat_format::ChatFormat;
use crate::grammar::Grammars;
use crate::grammar::tests::format;
use crate::tools::Tool;

/// The token `>{`, which opens a call and says more.
const BEYOND: u32 = 265;

fn calls(schema: &str, most: u32) -> (Calls, ChatFormat) {
    let (format, tool) = (format(), Tool::parse("add", None, Some(schema)).expect("JSON"));
    let fresh = Grammars::default().call(&format, &[&tool]).expect("held");
    let tools = vec![Checked::new(0, &tool).expect("a schema")];
    (Calls::new(tools, format.convention(), fresh, most, false), format)
}

/// Says `text` byte by byte and returns what the last byte came to.
fn say(calls: &mut Calls, format: &ChatFormat, text: &str) -> Result<Step, EngineError> {
    let mut last = Ok(Step::Said);
    for byte in text.bytes() {
        last = calls.take(u32::from(byte), format.vocabulary());
    }
    last
}

const CALL: &str = "{\"name\": \"add\", \"arguments\": {\"a\": 1}}";
const SCHEMA: &str = r#"{"properties": {"a": {"type": "integer", "maximum": 9}}, "required": ["a"],
    "additionalProperties": false}"#;

#[test]
fn an_opening_is_found_wherever_tokens_end() {
    assert_eq!(beyond(b"a <t>", b"<t>", 1), Some(0));
    assert_eq!(beyond(b"a <t>{\"n", b"<t>", 5), Some(3));
    assert_eq!(beyond(b"a <t", b"<t>", 2), None);
    // It was there before the new bytes.
    assert_eq!(beyond(b"<t>ab", b"<t>", 2), None);
}

#[test]
fn words_then_two_calls_in_a_row_then_the_end() {
    let (mut calls, format) = calls(SCHEMA, 2);
    assert!(matches!(say(&mut calls, &format, "Wait. <tool_call"), Ok(Step::Said)));
    // What the token says beyond the opening is taken back.
    let step = calls.take(BEYOND, format.vocabulary()).expect("taken");
    let Step::Opened(tokens) = step else { panic!("{step:?}") };
    assert_eq!(tokens, [u32::from(b'>')]);
    assert!(calls.constraint().is_some() && !calls.is_calls());
    let Ok(Step::Made(call, tokens)) = say(&mut calls, &format, CALL) else { panic!("no call") };
    assert_eq!((call.name.as_str(), call.arguments.as_str()), ("add", "{\"a\":1}"));
    let close: Vec<u8> = tokens.iter().flat_map(|&it| format.vocabulary().bytes(it)).collect();
    assert_eq!(close, b"</tool_call>");
    assert!(calls.is_calls() && calls.constraint().is_none());
    assert!(matches!(say(&mut calls, &format, "\n<tool_call"), Ok(Step::Silent)));
    assert!(matches!(say(&mut calls, &format, ">"), Ok(Step::Opened(_))));
    let last = say(&mut calls, &format, CALL);
    assert!(matches!(last, Ok(Step::MadeLast(_))), "{last:?}");
    assert_eq!(calls.made(), 2);
}

#[test]
fn words_after_a_call_end_the_answer() {
    let (mut calls, format) = calls(SCHEMA, 9);
    assert!(matches!(say(&mut calls, &format, "<tool_call>"), Ok(Step::Opened(_))));
    assert!(matches!(say(&mut calls, &format, CALL), Ok(Step::Made(..))));
    assert!(matches!(say(&mut calls, &format, "\nS"), Ok(Step::Over)));
}

#[test]
fn what_is_not_by_the_schema_is_out_of_reach_and_without_one_that_can_be_held_it_fails() {
    let wrong = "{\"name\": \"add\", \"arguments\": {\"a\": 77}}";
    let (mut held, format) = calls(SCHEMA, 1);
    assert!(matches!(say(&mut held, &format, "<tool_call>"), Ok(Step::Opened(_))));
    assert!(matches!(say(&mut held, &format, wrong), Err(EngineError::Form(_))));
    let (mut checked, format) = calls(r#"{"not": {"required": ["a"]}}"#, 1);
    assert!(matches!(say(&mut checked, &format, "<tool_call>"), Ok(Step::Opened(_))));
    let failed = say(&mut checked, &format, CALL);
    assert!(matches!(failed, Err(EngineError::ToolCall)), "{failed:?}");
}
