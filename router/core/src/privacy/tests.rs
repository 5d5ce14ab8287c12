//! Which labels cover what, and what the gate lets through.

mod class;
mod clearance;
mod linear;
mod recognizers;
mod scans;
mod synthetic;
mod validators;

use super::gate::{Asked, Cleared, Denied, still_allowed};
use super::*;
use crate::class::{DataClass, Tier};
use crate::facts::{ClassFact, ClassOrigin, Facts, Hints, Needs, ScanFact, TokenCount};
use crate::plan::{Attempt, Limits, Place, Prediction, Target};
use crate::policy::{Policy, RawPolicy};
use crate::principal::Principal;
use crate::prompt::{
    AudioFormat, Message, Part, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling,
    Tool, ToolCall, ToolChoice,
};
use crate::reason::Reason;
use std::collections::BTreeMap;
use std::sync::Arc;

const PUBLIC: Option<DataClass> = Some(DataClass::Public);

fn text(text: &str, label: Option<DataClass>) -> Part {
    Part { content: PartContent::Text(text.into()), label }
}

/// Seven bytes of a sound.
fn sound(label: Option<DataClass>) -> Part {
    let content = PartContent::Audio { format: AudioFormat::Mp3, data: b"ID3 456".to_vec() };
    Part { content, label }
}

fn message(parts: Vec<Part>) -> Message {
    Message {
        role: Role::User,
        parts,
        name: None,
        tool_calls: Vec::new(),
        tool_call_id: None,
        label: None,
    }
}

/// A prompt of one part, nothing labelled.
fn plain() -> Prompt {
    Prompt {
        messages: vec![message(vec![text("hello", None)])],
        tools: Vec::new(),
        tool_choice: ToolChoice::Auto,
        response_format: ResponseFormat::Text,
        sampling: Sampling::default(),
        stop: Vec::new(),
        max_output_tokens: None,
        top_logprobs: None,
        user: None,
        metadata: BTreeMap::new(),
        label: None,
        embed: None,
    }
}

fn labelled(label: DataClass) -> Prompt {
    Prompt { label: Some(label), ..plain() }
}

fn fact(class: DataClass, origin: ClassOrigin) -> ClassFact {
    ClassFact { class, origin }
}

fn told(class: DataClass) -> ClassFact {
    fact(class, ClassOrigin::Labelled)
}

fn attempt(at: Place) -> Attempt {
    Attempt {
        target: Target { pool: "openai/m".into(), model: "m".into(), at, accepts_prefix: true },
        tier: Tier::Cloud,
        predicted: Prediction::default(),
        limits: Limits { first_token_ms: 1, stall_ms: 1, output_tokens: 256 },
        score: 0.0,
        because: None,
        bounds: None,
    }
}

fn cloud() -> Attempt {
    attempt(Place::Cloud { provider: "openai".into() })
}

fn beginning() -> Remainder {
    Remainder { assistant_prefix: None, max_output_tokens: 256 }
}

/// What a request with these labels is decided from, when nobody has scanned it.
fn facts(class: ClassFact) -> Facts {
    Facts {
        principal: Principal::loopback(),
        alias: String::new(),
        class,
        scan: ScanFact::default(),
        session: None,
        prompt_tokens: TokenCount { tokens: 1, estimated: false },
        prompt_bytes: 5,
        max_output_tokens: None,
        images: 0,
        audio_seconds: 0,
        needs: Needs::default(),
        hints: Hints::default(),
        time: None,
    }
}

fn scanned(prompt: Prompt) -> Scanned {
    Searcher::shipped().expect("detectors").scan(Arc::new(prompt))
}

/// Scans a prompt, and its begun answer, and asks the gate.
fn clear(
    prompt: Prompt,
    remainder: Remainder,
    class: ClassFact,
    attempt: &Attempt,
    policy: &Policy,
    request_id: &str,
) -> Result<Cleared, Denied> {
    let begun = remainder
        .assistant_prefix
        .clone()
        .map(|text| Searcher::shipped().expect("detectors").answer(text));
    let (content, facts) = (scanned(prompt), facts(class));
    let asked = Asked { content: &content, facts: &facts, attempt, policy, request_id };
    gate::clear(asked, remainder, begun.as_ref())
}

fn pass(prompt: Prompt, class: ClassFact) -> Result<Cleared, Denied> {
    clear(prompt, beginning(), class, &cloud(), &Policy::shipped(), "r-1")
}

/// Every place that can hold content and belongs to no message's parts, one at a time.
fn beside_the_parts() -> Vec<(&'static str, Prompt)> {
    let base = || Prompt { messages: vec![message(vec![text("hello", PUBLIC)])], ..plain() };
    let with_message = |edit: &dyn Fn(&mut Message)| {
        let mut prompt = base();
        edit(&mut prompt.messages[0]);
        prompt
    };
    let tool = |description: Option<&str>, parameters: Option<&str>| Tool {
        name: String::new(),
        description: description.map(Into::into),
        parameters_json: parameters.map(Into::into),
        strict: None,
    };
    let call = |id: &str, name: &str, arguments: &str| ToolCall {
        id: id.into(),
        name: name.into(),
        arguments_json: arguments.into(),
    };
    let schema = |name: &str, schema: &str| ResponseFormat::JsonSchema {
        name: name.into(),
        schema_json: schema.into(),
        strict: None,
    };
    let named = Tool { name: "x".into(), ..tool(None, None) };
    vec![
        ("name", with_message(&|m| m.name = Some("x".into()))),
        ("tool call id", with_message(&|m| m.tool_calls = vec![call("x", "", "")])),
        ("tool call name", with_message(&|m| m.tool_calls = vec![call("", "x", "")])),
        ("tool call arguments", with_message(&|m| m.tool_calls = vec![call("", "", "x")])),
        ("answered call", with_message(&|m| m.tool_call_id = Some("x".into()))),
        ("tool name", Prompt { tools: vec![named], ..base() }),
        ("tool description", Prompt { tools: vec![tool(Some("x"), None)], ..base() }),
        ("tool parameters", Prompt { tools: vec![tool(None, Some("x"))], ..base() }),
        ("tool choice", Prompt { tool_choice: ToolChoice::Function("x".into()), ..base() }),
        ("schema name", Prompt { response_format: schema("x", ""), ..base() }),
        ("schema", Prompt { response_format: schema("", "x"), ..base() }),
        ("stop", Prompt { stop: vec!["x".into()], ..base() }),
        ("user", Prompt { user: Some("x".into()), ..base() }),
        ("metadata key", Prompt { metadata: [("x".into(), String::new())].into(), ..base() }),
        ("metadata value", Prompt { metadata: [(String::new(), "x".into())].into(), ..base() }),
    ]
}

#[test]
fn a_part_takes_its_own_label_then_its_messages_then_the_prompts() {
    let mut prompt = labelled(DataClass::Restricted);
    assert_eq!(classify(&prompt), told(DataClass::Restricted));
    prompt.messages[0].label = Some(DataClass::Internal);
    assert_eq!(classify(&prompt), told(DataClass::Internal));
    prompt.messages[0].parts[0].label = PUBLIC;
    assert_eq!(classify(&prompt), told(DataClass::Public));
}

#[test]
fn the_class_of_a_prompt_is_the_highest_of_its_parts() {
    let mut prompt = labelled(DataClass::Public);
    prompt.messages.push(message(vec![
        text("a", Some(DataClass::Restricted)),
        text("b", Some(DataClass::Internal)),
    ]));
    assert_eq!(classify(&prompt), told(DataClass::Restricted));
}

#[test]
fn one_part_without_a_label_makes_the_whole_personal_and_unlabelled() {
    let mut prompt = plain();
    prompt.messages[0].parts.insert(0, text("a", PUBLIC));
    assert_eq!(classify(&prompt), fact(DataClass::Personal, ClassOrigin::Unlabelled));
    prompt.messages[0].parts[0].label = Some(DataClass::Restricted);
    assert_eq!(classify(&prompt), fact(DataClass::Restricted, ClassOrigin::Unlabelled));
}

#[test]
fn what_stands_beside_the_parts_needs_a_label_too() {
    for (place, mut prompt) in beside_the_parts() {
        let unlabelled = fact(DataClass::Personal, ClassOrigin::Unlabelled);
        assert_eq!(classify(&prompt), unlabelled, "{place}");
        assert_eq!(content_bytes(&prompt), 6, "{place}");
        prompt.label = Some(DataClass::Internal);
        assert_eq!(classify(&prompt), told(DataClass::Internal), "{place}");
    }
}

#[test]
fn the_label_of_a_message_covers_its_tool_calls_and_not_the_speakers_name() {
    let call = ToolCall { id: "1".into(), name: "f".into(), arguments_json: "{}".into() };
    let mut prompt = plain();
    prompt.messages[0].label = PUBLIC;
    prompt.messages[0].tool_calls = vec![call];
    prompt.messages[0].tool_call_id = Some("0".into());
    assert_eq!(classify(&prompt), told(DataClass::Public));
    prompt.messages[0].name = Some("alice".into());
    assert_eq!(classify(&prompt), fact(DataClass::Personal, ClassOrigin::Unlabelled));
}

#[test]
fn an_image_is_content_by_its_address_and_its_detail() {
    let image = |detail: Option<&str>| Part {
        content: PartContent::Image { url: "data:x".into(), detail: detail.map(Into::into) },
        label: None,
    };
    let prompt = |part| Prompt { messages: vec![message(vec![part])], ..plain() };
    assert_eq!(content_bytes(&prompt(image(None))), 6);
    assert_eq!(content_bytes(&prompt(image(Some("low")))), 9);
    assert_eq!(classify(&prompt(image(None))).origin, ClassOrigin::Unlabelled);
}

#[test]
fn a_sound_is_content_by_its_bytes_and_its_label_is_that_of_its_part() {
    let prompt = |label| Prompt { messages: vec![message(vec![sound(label)])], ..plain() };
    assert_eq!(content_bytes(&prompt(None)), 7);
    assert_eq!(classify(&prompt(None)), fact(DataClass::Personal, ClassOrigin::Unlabelled));
    assert_eq!(classify(&prompt(PUBLIC)), told(DataClass::Public));
}

#[test]
fn an_empty_field_is_no_content() {
    let mut prompt = plain();
    let silence = PartContent::Audio { format: AudioFormat::Wav, data: Vec::new() };
    let silence = Part { content: silence, label: None };
    prompt.messages[0].parts = vec![text("hello", PUBLIC), text("", None), silence];
    prompt.user = Some(String::new());
    prompt.stop = vec![String::new()];
    assert_eq!(classify(&prompt), told(DataClass::Public));
    assert_eq!(content_bytes(&prompt), 5);
}

#[test]
fn a_prompt_without_content_is_unlabelled_unless_it_says_otherwise() {
    let empty = || Prompt { messages: vec![message(Vec::new())], ..plain() };
    assert_eq!(classify(&empty()), fact(DataClass::Personal, ClassOrigin::Unlabelled));
    let labelled = Prompt { label: PUBLIC, ..empty() };
    assert_eq!(classify(&labelled), told(DataClass::Public));
}

#[test]
fn content_is_counted_in_bytes_and_not_in_characters() {
    let mut prompt = plain();
    prompt.messages[0].parts = vec![text("海岸", None), text("é", None)];
    assert_eq!(content_bytes(&prompt), 8);
}

#[test]
fn needs_are_read_off_the_shape_of_a_prompt() {
    assert_eq!(needs(&plain()), Needs::default());
    let tool = Tool { name: "f".into(), description: None, parameters_json: None, strict: None };
    assert!(needs(&Prompt { tools: vec![tool], ..plain() }).tools);
    let json = Prompt { response_format: ResponseFormat::JsonObject, ..plain() };
    assert!(needs(&json).json_output);
    assert!(needs(&Prompt { top_logprobs: Some(0), ..plain() }).logprobs);
    let mut history = plain();
    history.messages[0].role = Role::Tool;
    assert!(needs(&history).tools);
    let url = PartContent::Image { url: "https://x".into(), detail: None };
    let image = message(vec![text("a", None), Part { content: url, label: None }]);
    assert!(needs(&Prompt { messages: vec![image], ..plain() }).image);
    let sound = message(vec![text("a", None), sound(None)]);
    let told = needs(&Prompt { messages: vec![sound], ..plain() });
    assert_eq!(told, Needs { audio: true, ..Needs::default() });
}
