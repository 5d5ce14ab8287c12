//! What the goldens of all dialects do not show: text kept as it stands, and what depends on the model.

use super::*;
use littoral_core::flight::event::Blame;
use proptest::prelude::*;

const ALL: Remainder = Remainder { assistant_prefix: None, max_output_tokens: 64 };

fn hello() -> Prompt {
    Prompt::of_text("Hello?".into())
}

fn with_tool(parameters_json: &str, tool_choice: ToolChoice) -> Prompt {
    let parameters_json = Some(parameters_json.to_owned());
    let tool = Tool { name: "f".into(), description: None, parameters_json, strict: None };
    Prompt { tools: vec![tool], tool_choice, ..hello() }
}

fn refused(prompt: &Prompt, model: &str) -> (Blame, &'static str) {
    let unfit = encode(prompt, &ALL, model).unwrap_err();
    (unfit.blame, unfit.kind)
}

#[test]
fn a_schema_goes_out_letter_for_letter() {
    let schema = r#"{"type": "object", "properties": {"z": {"const": 1.10}, "a": {}}}"#;
    let body = encode(&with_tool(schema, ToolChoice::Auto), &ALL, "m").unwrap();
    let body = str::from_utf8(&body).unwrap();
    assert!(body.contains(&format!(r#""input_schema":{schema}"#)), "{body}");
}

#[test]
fn a_model_that_thinks_unasked_is_not_sent_what_it_refuses() {
    let sampling = Sampling { temperature: Some(0.5), ..Sampling::default() };
    let prompts = [Prompt { sampling, ..hello() }, with_tool("{}", ToolChoice::Required)];
    for prompt in prompts {
        assert!(encode(&prompt, &ALL, "claude-haiku-4-5").is_ok());
        assert_eq!(refused(&prompt, "claude-sonnet-5"), (Blame::Target, "unsupported"));
    }
    let default = Sampling { temperature: Some(1.0), top_p: Some(1.0), ..Sampling::default() };
    assert!(encode(&Prompt { sampling: default, ..hello() }, &ALL, "claude-sonnet-5").is_ok());
}

#[test]
fn what_no_provider_could_do_is_blamed_on_the_client() {
    let schema = |json: &str| ResponseFormat::JsonSchema {
        name: "s".into(),
        schema_json: json.into(),
        strict: None,
    };
    let not_a_number = Sampling { temperature: Some(f32::INFINITY), ..Sampling::default() };
    let bad = [
        with_tool("[]", ToolChoice::Auto),
        with_tool("{} {}", ToolChoice::Auto),
        with_tool("{}", ToolChoice::Function("g".into())),
        Prompt { tool_choice: ToolChoice::Required, ..hello() },
        Prompt { response_format: schema("7"), ..hello() },
        Prompt { sampling: not_a_number, ..hello() },
    ];
    for (index, prompt) in bad.iter().enumerate() {
        assert_eq!(refused(prompt, "m"), (Blame::Client, "invalid_request"), "case {index}");
    }
}

proptest! {
    /// A bound on what is generated, and so on a bill, is part of every request.
    #[test]
    fn every_body_bounds_the_answer(limit in 1_u32.., text in "[^\0]{1,40}") {
        let remainder = Remainder { max_output_tokens: limit, ..ALL };
        let body = encode(&Prompt::of_text(text.clone()), &remainder, "m").unwrap();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        prop_assert_eq!(&body["max_tokens"], limit);
        prop_assert_eq!(&body["messages"][0]["content"][0]["text"], &text);
    }
}
