//! Each field of a message: where it goes, or that it is refused, because one that is dropped looks right.

use super::*;
use crate::ingress::http::fuzzed::{anything, spoilt};
use proptest::prelude::*;
use serde_json::json;

fn wire(body: Value) -> Result<v1::ChatRequest, String> {
    let body: MessageBody = serde_json::from_value(body).map_err(|error| error.to_string())?;
    body.into_wire(Hinted::default(), true).map_err(|status| status.message().to_owned())
}

fn asked(more: Value) -> Value {
    let mut body =
        json!({ "model": "m", "max_tokens": 9, "messages": [{ "role": "user", "content": "hi" }] });
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
    body
}

fn everything() -> Value {
    json!({
        "model": "fast", "max_tokens": 7,
        "system": [{ "type": "text", "text": "be brief", "cache_control": { "type": "ephemeral" } }],
        "messages": [
            { "role": "user", "content": [
                { "type": "text", "text": "what is it?" },
                { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "AA==" } },
            ]},
            { "role": "assistant", "content": [
                { "type": "thinking", "thinking": "hm", "signature": "x" },
                { "type": "text", "text": "I look" },
                { "type": "tool_use", "id": "t1", "name": "f", "input": { "a": 1 } },
            ]},
            { "role": "user", "content": [
                { "type": "tool_result", "tool_use_id": "t1", "content": [{ "type": "text", "text": "42" }] },
                { "type": "text", "text": "and?" },
            ]},
        ],
        "tools": [{ "name": "f", "description": "d", "input_schema": { "type": "object" } }],
        "tool_choice": { "type": "any", "disable_parallel_tool_use": true },
        "stop_sequences": ["END"], "temperature": 0.5, "top_k": 4,
        "metadata": { "user_id": "u" }, "thinking": { "type": "disabled" },
        "output_config": { "format": { "type": "json_schema", "schema": { "type": "object" } } },
    })
}

#[test]
fn everything_that_has_a_meaning_here_arrives() {
    let request = wire(everything()).unwrap();
    let roles: Vec<v1::Role> = request.messages.iter().map(v1::Message::role).collect();
    use v1::Role::{Assistant, System, Tool, User};
    assert_eq!(roles, [System, User, Assistant, Tool, User]);
    assert_eq!(request.messages[2].tool_calls[0].arguments_json, r#"{"a":1}"#);
    assert_eq!(request.messages[2].parts.len(), 1);
    assert_eq!(request.messages[3].tool_call_id.as_deref(), Some("t1"));
    assert_eq!(request.tool_choice.unwrap().kind(), v1::tool_choice::Kind::Required);
    assert_eq!((request.max_output_tokens, request.user.as_deref()), (Some(7), Some("u")));
    assert_eq!(request.stop, ["END"]);
    assert!(request.response_format.is_some());
}

#[test]
fn thinking_may_be_left_to_the_model_and_thoughts_may_be_cleared_for_nobody_thinks_aloud() {
    for more in [
        json!({ "thinking": { "type": "adaptive" } }),
        json!({ "context_management": {} }),
        json!({ "context_management": { "edits": [] } }),
        json!({ "context_management": { "edits": [{ "type": "clear_thinking_20251015", "keep": "all" }] } }),
    ] {
        assert!(wire(asked(more.clone())).is_ok(), "{more}");
    }
    for edits in [json!([{ "type": "clear_tool_uses_20250919" }]), json!(["x"]), json!(1)] {
        let refused = wire(asked(json!({ "context_management": { "edits": edits } })));
        assert!(refused.is_err_and(|message| message.contains("context_management")), "{edits}");
    }
}

#[test]
fn what_cannot_be_honoured_is_refused_by_its_name() {
    for (more, field) in [
        (json!({ "max_tokens": null }), "max_tokens"),
        (json!({ "thinking": { "type": "enabled", "budget_tokens": 1024 } }), "thinking"),
        (json!({ "service_tier": "priority" }), "service_tier"),
        (json!({ "mcp_servers": [{}] }), "mcp_servers"),
        (json!({ "tools": [{ "type": "bash_20250124", "name": "bash" }] }), "tools[0].type"),
        (json!({ "tool_choice": { "type": "tool" } }), "tool_choice.type"),
        (json!({ "colour": 1 }), "unknown field `colour`"),
        (json!({ "messages": [{ "role": "system", "content": "x" }] }), "messages[0].role"),
        (
            json!({ "messages": [{ "role": "user", "content": [{ "type": "document" }] }] }),
            "messages[0].content[0].type",
        ),
        (
            json!({ "messages": [
                { "role": "user", "content": "hi" }, { "role": "assistant", "content": "Well," },
            ]}),
            "must be the user's",
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
