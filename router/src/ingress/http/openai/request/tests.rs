//! Each field of a completion: where it goes, or that it is refused, because one that is dropped looks right.

use super::*;
use crate::ingress::http::fuzzed::{anything, spoilt};
use proptest::prelude::*;
use serde_json::json;

fn wire(body: Value) -> Result<v1::ChatRequest, String> {
    let body: ChatBody = serde_json::from_value(body).map_err(|error| error.to_string())?;
    body.into_wire(Hinted::default()).map_err(|status| status.message().to_owned())
}

fn asked(more: Value) -> Value {
    let mut body = json!({ "model": "m", "messages": [{ "role": "user", "content": "hi" }] });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

fn everything() -> Value {
    json!({
        "model": "fast",
        "messages": [
            { "role": "developer", "content": "be brief" },
            { "role": "user", "name": "ann", "content": [
                { "type": "text", "text": "what is it?" },
                { "type": "image_url", "image_url": { "url": "data:image/png;base64,AA==", "detail": "low" } },
                { "type": "input_audio", "input_audio": { "data": "SUQz", "format": "mp3" } },
            ]},
            { "role": "assistant", "content": null, "tool_calls": [
                { "id": "c1", "type": "function", "function": { "name": "f", "arguments": "{}" } },
            ]},
            { "role": "tool", "tool_call_id": "c1", "content": "42" },
        ],
        "tools": [{ "type": "function", "function": {
            "name": "f", "description": "d", "parameters": { "type": "object" }, "strict": true,
        }}],
        "tool_choice": { "type": "function", "function": { "name": "f" } },
        "response_format": { "type": "json_schema", "json_schema": { "name": "s", "schema": { "type": "object" }, "strict": true } },
        "max_completion_tokens": 9, "temperature": 0.5, "top_p": 0.9, "top_k": 4, "seed": 7,
        "frequency_penalty": 0.1, "presence_penalty": 0.2, "stop": "END",
        "logprobs": true, "top_logprobs": 3, "user": "u", "metadata": { "a": "b" }, "n": 1,
        "parallel_tool_calls": true, "store": false, "service_tier": "auto", "logit_bias": {},
    })
}

#[test]
fn everything_that_has_a_meaning_here_arrives() {
    let request = wire(everything()).unwrap();
    assert_eq!((request.model.as_str(), request.max_output_tokens), ("fast", Some(9)));
    let roles: Vec<v1::Role> = request.messages.iter().map(v1::Message::role).collect();
    assert_eq!(roles, [v1::Role::System, v1::Role::User, v1::Role::Assistant, v1::Role::Tool]);
    assert_eq!(request.messages[1].parts.len(), 3);
    assert_eq!(request.messages[2].tool_calls[0].name, "f");
    assert_eq!(request.messages[3].tool_call_id.as_deref(), Some("c1"));
    assert_eq!(request.tools[0].parameters_json.as_deref(), Some(r#"{"type":"object"}"#));
    let choice = request.tool_choice.unwrap();
    assert_eq!((choice.kind(), choice.function.as_str()), (v1::tool_choice::Kind::Function, "f"));
    let sampling = request.sampling.unwrap();
    assert_eq!(
        (sampling.seed, sampling.top_k, sampling.temperature),
        (Some(7), Some(4), Some(0.5))
    );
    assert_eq!((request.stop, request.top_logprobs), (vec!["END".to_owned()], Some(3)));
    assert_eq!(request.metadata["a"], "b");
}

#[test]
fn what_openais_client_made_of_an_answer_can_be_sent_back_with_it() {
    let call = json!({ "id": "c1", "type": "function", "function": {
        "name": "f", "arguments": "{}", "parsed_arguments": { "a": 1 },
    }});
    let answer =
        json!({ "role": "assistant", "content": "{}", "parsed": { "a": 1 }, "tool_calls": [call] });
    let asked = json!({ "messages": [answer, { "role": "user", "content": "and?" }] });
    let plain = wire(asked).unwrap();
    assert_eq!(plain.messages[0].tool_calls[0].arguments_json, "{}");
}

#[test]
fn what_cannot_be_honoured_is_refused_by_its_name() {
    for (more, field) in [
        (json!({ "n": 2 }), "n: 1"),
        (json!({ "store": true }), "store"),
        (json!({ "service_tier": "priority" }), "service_tier"),
        (json!({ "logit_bias": { "1": 2 } }), "logit_bias"),
        (json!({ "modalities": ["text", "audio"] }), "modalities"),
        (json!({ "prediction": {} }), "prediction"),
        (json!({ "reasoning_effort": "low" }), "reasoning_effort"),
        (json!({ "functions": [] }), "functions"),
        (json!({ "tools": [{ "type": "web_search" }] }), "tools[0].type"),
        (json!({ "tool_choice": "any" }), "tool_choice"),
        (json!({ "response_format": { "type": "xml" } }), "response_format"),
        (json!({ "max_tokens": 1, "max_completion_tokens": 2 }), "max_tokens"),
        (json!({ "top_logprobs": 2 }), "top_logprobs"),
        (json!({ "seed": -1 }), "seed"),
        (json!({ "colour": "red" }), "unknown field `colour`"),
        (json!({ "messages": [{ "role": "function", "content": "x" }] }), "messages[0].role"),
        (
            json!({ "messages": [{ "role": "user", "content": [{ "type": "file" }] }] }),
            "messages[0].content[0].type",
        ),
    ] {
        let refused = wire(asked(more)).unwrap_err();
        assert!(refused.contains(field), "{field}: {refused}");
    }
    assert!(wire(asked(json!({}))).is_ok());
}

proptest! {
    #[test]
    fn whatever_is_in_a_body_it_is_read_or_refused(body in spoilt(&everything())) {
        _ = wire(body);
    }

    #[test]
    fn whatever_a_body_is_it_is_read_or_refused(body in anything()) {
        _ = wire(body);
    }
}
