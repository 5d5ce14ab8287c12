//! The bodies, as goldens: what a reader of the API's documents would write by hand.

use super::*;
use littoral_core::flight::event::Blame;
use littoral_core::prompt::{Part, ToolCall};
use std::collections::BTreeMap;

fn text(text: &str) -> Part {
    Part { content: PartContent::Text(text.into()), label: None }
}

fn said(role: Role, parts: Vec<Part>) -> Message {
    Message { role, parts, name: None, tool_calls: vec![], tool_call_id: None, label: None }
}

fn prompt(messages: Vec<Message>) -> Prompt {
    Prompt {
        messages,
        tools: vec![],
        tool_choice: ToolChoice::Auto,
        response_format: ResponseFormat::Text,
        sampling: Sampling::default(),
        stop: vec![],
        max_output_tokens: None,
        top_logprobs: None,
        user: None,
        metadata: BTreeMap::new(),
        label: None,
        embed: None,
    }
}

fn all() -> Remainder {
    Remainder { assistant_prefix: None, max_output_tokens: 64 }
}

fn hello() -> Prompt {
    prompt(vec![said(Role::User, vec![text("Hello?")])])
}

fn weather() -> Tool {
    Tool {
        name: "weather".into(),
        description: Some("Looks out of the window.".into()),
        parameters_json: Some(
            r#"{"type": "object", "properties": {"big": {"const": 1.10}}}"#.into(),
        ),
        strict: Some(true),
    }
}

fn body(prompt: &Prompt, dialect: OpenAi) -> String {
    String::from_utf8(encode(prompt, &all(), "m", dialect).unwrap().into()).unwrap()
}

fn refused(prompt: &Prompt) -> (Blame, &'static str) {
    let unfit = encode(prompt, &all(), "m", OpenAi::OPENAI).unwrap_err();
    (unfit.blame, unfit.kind)
}

#[test]
fn a_plain_question_is_a_short_body() {
    assert_eq!(
        body(&hello(), OpenAi::COMPATIBLE),
        r#"{"model":"m","messages":[{"role":"user","content":"Hello?"}],"stream":true,"stream_options":{"include_usage":true},"max_tokens":64}"#
    );
}

#[test]
fn openai_is_told_not_to_keep_the_conversation() {
    let body: serde_json::Value = serde_json::from_str(&body(&hello(), OpenAi::OPENAI)).unwrap();
    assert_eq!(body["store"], false);
}

#[test]
fn every_field_of_a_prompt_is_in_the_body() {
    let call = ToolCall { id: "c1".into(), name: "weather".into(), arguments_json: "{}".into() };
    let image =
        PartContent::Image { url: "data:image/png;base64,AA".into(), detail: Some("low".into()) };
    let full = Prompt {
        tools: vec![weather()],
        tool_choice: ToolChoice::Function("weather".into()),
        response_format: ResponseFormat::JsonSchema {
            name: "answer".into(),
            schema_json: r#"{"type":"object"}"#.into(),
            strict: Some(false),
        },
        sampling: Sampling {
            temperature: Some(0.7),
            top_k: Some(40),
            top_p: Some(0.9),
            min_p: Some(0.05),
            repetition_penalty: Some(1.1),
            frequency_penalty: Some(-0.5),
            presence_penalty: Some(0.25),
            seed: Some(9_007_199_254_740_993),
        },
        stop: vec!["\n\n".into(), "END".into()],
        max_output_tokens: Some(64),
        top_logprobs: Some(2),
        user: Some("u-1".into()),
        metadata: BTreeMap::from([("k".into(), "v".into())]),
        ..prompt(vec![
            said(Role::System, vec![text("Be brief.")]),
            Message {
                name: Some("alice".into()),
                ..said(
                    Role::User,
                    vec![text("What is this?"), Part { content: image, label: None }],
                )
            },
            Message { tool_calls: vec![call], ..said(Role::Assistant, vec![]) },
            Message { tool_call_id: Some("c1".into()), ..said(Role::Tool, vec![text("rain")]) },
            said(Role::Assistant, vec![]),
        ])
    };
    let everything = OpenAi {
        token_limit: TokenLimitField::MaxTokens,
        top_k: true,
        min_p: true,
        repetition_penalty: true,
        metadata: true,
        store_field: false,
    };
    let golden = concat!(
        r#"{"model":"m","messages":[{"role":"system","content":"Be brief."},"#,
        r#"{"role":"user","content":[{"type":"text","text":"What is this?"},"#,
        r#"{"type":"image_url","image_url":{"url":"data:image/png;base64,AA","detail":"low"}}],"name":"alice"},"#,
        r#"{"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","#,
        r#""function":{"name":"weather","arguments":"{}"}}]},"#,
        r#"{"role":"tool","content":"rain","tool_call_id":"c1"},{"role":"assistant","content":""}],"#,
        r#""stream":true,"stream_options":{"include_usage":true},"max_tokens":64,"temperature":0.7,"#,
        r#""top_p":0.9,"top_k":40,"min_p":0.05,"repetition_penalty":1.1,"frequency_penalty":-0.5,"#,
        r#""presence_penalty":0.25,"seed":9007199254740993,"stop":["\n\n","END"],"logprobs":true,"#,
        r#""top_logprobs":2,"user":"u-1","metadata":{"k":"v"},"tools":[{"type":"function","#,
        r#""function":{"name":"weather","description":"Looks out of the window.","#,
        r#""parameters":{"type": "object", "properties": {"big": {"const": 1.10}}},"strict":true}}],"#,
        r#""tool_choice":{"type":"function","function":{"name":"weather"}},"#,
        r#""response_format":{"type":"json_schema","json_schema":{"name":"answer","schema":{"type":"object"},"strict":false}}}"#,
    );
    assert_eq!(body(&full, everything), golden);
}

#[test]
fn the_token_limit_goes_under_the_name_the_provider_knows() {
    let limited = hello();
    assert!(body(&limited, OpenAi::OPENAI).contains(r#""max_completion_tokens":64"#));
    assert!(!body(&limited, OpenAi::OPENAI).contains(r#""max_tokens""#));
    assert!(body(&limited, OpenAi::COMPATIBLE).contains(r#""max_tokens":64"#));
    assert!(!body(&limited, OpenAi::COMPATIBLE).contains("max_completion_tokens"));
}

#[test]
fn tool_choice_words_are_sent_only_along_with_tools() {
    let choose = |tools: Vec<Tool>, tool_choice| {
        let body = body(&Prompt { tools, tool_choice, ..hello() }, OpenAi::COMPATIBLE);
        serde_json::from_str::<serde_json::Value>(&body).unwrap()["tool_choice"].clone()
    };
    assert_eq!(choose(vec![weather()], ToolChoice::Auto), serde_json::Value::Null);
    assert_eq!(choose(vec![weather()], ToolChoice::None), "none");
    assert_eq!(choose(vec![weather()], ToolChoice::Required), "required");
    assert_eq!(choose(vec![], ToolChoice::None), serde_json::Value::Null);
}

#[test]
fn any_json_object_is_asked_for_by_its_own_word() {
    let json = Prompt { response_format: ResponseFormat::JsonObject, ..hello() };
    assert!(body(&json, OpenAi::OPENAI).contains(r#""response_format":{"type":"json_object"}"#));
}

#[test]
fn what_this_provider_cannot_do_is_refused_and_blamed_on_it() {
    let sampling = [
        Sampling { top_k: Some(1), ..Sampling::default() },
        Sampling { min_p: Some(0.1), ..Sampling::default() },
        Sampling { repetition_penalty: Some(1.1), ..Sampling::default() },
        Sampling { seed: Some(1 << 63), ..Sampling::default() },
    ];
    for sampling in sampling {
        let prompt = Prompt { sampling, ..hello() };
        assert_eq!(refused(&prompt), (Blame::Target, "unsupported"), "{:?}", prompt.sampling);
    }
    let metadata = BTreeMap::from([("k".into(), "v".into())]);
    assert_eq!(refused(&Prompt { metadata, ..hello() }), (Blame::Target, "unsupported"));
    let begun = Remainder { assistant_prefix: Some("Once upon".into()), ..all() };
    let unfit = encode(&hello(), &begun, "m", OpenAi::OPENAI).unwrap_err();
    assert_eq!((unfit.blame, unfit.kind), (Blame::Target, "unsupported"));
}

#[test]
fn what_no_provider_could_do_is_blamed_on_the_client() {
    let call = ToolCall { id: "c".into(), name: "f".into(), arguments_json: "{}".into() };
    let tool = |json: &str| Tool { parameters_json: Some(json.into()), ..weather() };
    let schema = |json: &str| ResponseFormat::JsonSchema {
        name: "s".into(),
        schema_json: json.into(),
        strict: None,
    };
    let bad = [
        Prompt { tools: vec![tool("{")], ..hello() },
        Prompt { tools: vec![tool("[]")], ..hello() },
        Prompt { tools: vec![tool("{} {}")], ..hello() },
        Prompt { response_format: schema("7"), ..hello() },
        Prompt { tool_choice: ToolChoice::Required, ..hello() },
        Prompt { tools: vec![weather()], tool_choice: ToolChoice::Function("x".into()), ..hello() },
        Prompt {
            sampling: Sampling { temperature: Some(f32::NAN), ..Sampling::default() },
            ..hello()
        },
        prompt(vec![Message { tool_calls: vec![call], ..said(Role::User, vec![]) }]),
        prompt(vec![said(Role::Tool, vec![text("rain")])]),
    ];
    for (index, prompt) in bad.iter().enumerate() {
        assert_eq!(refused(prompt), (Blame::Client, "invalid_request"), "case {index}");
    }
}
