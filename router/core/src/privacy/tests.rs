//! Which labels cover what, and what the gate lets through.

use super::gate::{Cleared, Denied, clear, still_allowed};
use super::*;
use crate::class::{DataClass, Tier};
use crate::facts::{ClassFact, ClassOrigin, Needs};
use crate::plan::{Attempt, Limits, Place, Prediction, Target};
use crate::policy::{Policy, RawPolicy};
use crate::prompt::{
    Message, Part, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling, Tool, ToolCall,
    ToolChoice,
};
use crate::reason::Reason;
use std::collections::BTreeMap;

const PUBLIC: Option<DataClass> = Some(DataClass::Public);

fn text(text: &str, label: Option<DataClass>) -> Part {
    Part { content: PartContent::Text(text.into()), label }
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
fn an_empty_field_is_no_content() {
    let mut prompt = plain();
    prompt.messages[0].parts = vec![text("hello", PUBLIC), text("", None)];
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
}

#[test]
fn a_labelled_public_prompt_is_cleared_for_its_target_policy_and_request() {
    let prompt = labelled(DataClass::Public);
    let policy = Policy::shipped();
    let rest = Remainder { assistant_prefix: Some("so far".into()), max_output_tokens: 7 };
    let public = told(DataClass::Public);
    let cleared = clear(prompt.clone(), rest.clone(), public, &cloud(), &policy, "r-1").unwrap();
    assert!(*cleared.prompt() == prompt);
    assert_eq!(*cleared.remainder(), rest);
    assert_eq!(cleared.class(), DataClass::Public);
    assert_eq!(*cleared.target(), cloud().target);
    assert_eq!(cleared.policy_hash(), &**policy.hash());
    assert_eq!(cleared.request_id(), "r-1");
    assert_eq!(cleared.content_bytes(), 11);
}

#[test]
fn personal_restricted_and_unlabelled_prompts_are_never_cleared() {
    for (prompt, message) in [
        (labelled(DataClass::Personal), "class personal may not reach tier cloud"),
        (labelled(DataClass::Restricted), "class restricted may not reach tier cloud"),
        (
            plain(),
            "content without a label counts as personal and may not reach tier cloud; label every \
             part public or internal if it may leave",
        ),
    ] {
        let denied = pass(prompt, told(DataClass::Public)).unwrap_err();
        assert_eq!(denied.reason, Reason::EgressDenied);
        assert_eq!(denied.to_string(), message);
    }
}

#[test]
fn an_unlabelled_prompt_is_not_cleared_even_under_ceilings_that_would_let_it() {
    let policy = Policy::impossible();
    let personal = told(DataClass::Personal);
    let labelled = labelled(DataClass::Personal);
    assert!(clear(labelled, beginning(), personal, &cloud(), &policy, "r").is_ok());
    let denied = clear(plain(), beginning(), personal, &cloud(), &policy, "r").unwrap_err();
    assert_eq!(denied.reason, Reason::EgressDenied);
}

#[test]
fn the_gate_believes_the_stricter_of_what_it_reads_and_what_it_is_told() {
    let public = || labelled(DataClass::Public);
    assert!(pass(public(), told(DataClass::Restricted)).is_err());
    assert!(pass(public(), fact(DataClass::Public, ClassOrigin::Unlabelled)).is_err());
    assert_eq!(pass(public(), told(DataClass::Internal)).unwrap().class(), DataClass::Internal);
}

#[test]
fn the_gate_asks_the_policy_of_the_moment() {
    let compile = |body: &str| {
        let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'p'\n{body}")).unwrap();
        Policy::compile(raw).unwrap()
    };
    for body in ["[ceilings]\npublic = 'edge'", "[tiers]\norder = ['device', 'edge']"] {
        let prompt = labelled(DataClass::Public);
        let denied =
            clear(prompt, beginning(), told(DataClass::Public), &cloud(), &compile(body), "r")
                .unwrap_err();
        assert_eq!(denied.reason, Reason::EgressDenied, "{body}");
    }
}

#[test]
fn a_cloud_that_calls_itself_edge_is_still_a_cloud() {
    let disguised = Attempt { tier: Tier::Edge, ..cloud() };
    let denied = clear(
        labelled(DataClass::Personal),
        beginning(),
        told(DataClass::Personal),
        &disguised,
        &Policy::shipped(),
        "r",
    )
    .unwrap_err();
    assert_eq!(denied.reason, Reason::EgressDenied);
}

#[test]
fn a_worker_and_a_prefix_nobody_continues_are_faults_of_the_router() {
    let worker = attempt(Place::Worker { worker_id: "w".into(), incarnation: 1 });
    let mut deaf = cloud();
    deaf.target.accepts_prefix = false;
    for (attempt, prefix) in [(worker, None), (deaf, Some("a".to_owned()))] {
        let prompt = labelled(DataClass::Public);
        let policy = Policy::shipped();
        let rest = Remainder { assistant_prefix: prefix, ..beginning() };
        let denied =
            clear(prompt, rest, told(DataClass::Public), &attempt, &policy, "r").unwrap_err();
        assert_eq!(denied.reason, Reason::Internal);
    }
}

#[test]
fn neither_debug_output_nor_a_denial_shows_content() {
    let secret = |label| Prompt {
        messages: vec![message(vec![text("canary-7f3a", label)])],
        user: Some("canary-7f3a".into()),
        label,
        ..plain()
    };
    let cleared = pass(secret(PUBLIC), told(DataClass::Public)).unwrap();
    let denied = pass(secret(None), told(DataClass::Public)).unwrap_err();
    for shown in [format!("{cleared:?}"), format!("{denied:?} {denied}")] {
        assert!(!shown.contains("canary"), "{shown}");
    }
}

#[test]
fn an_attempt_of_an_earlier_policy_must_pass_the_present_one_too() {
    let compile = |body: &str| {
        let raw: RawPolicy = toml::from_str(&format!("version = 1\nname = 'p'\n{body}")).unwrap();
        Policy::compile(raw).unwrap()
    };
    let edge = Attempt {
        tier: Tier::Edge,
        ..attempt(Place::Worker { worker_id: "w".into(), incarnation: 1 })
    };
    let device = Attempt { tier: Tier::Device, ..edge.clone() };
    let (before, personal) = (Policy::shipped(), told(DataClass::Personal));
    for (attempt, now, allowed) in [
        (&edge, "", true),
        (&edge, "[ceilings]\npersonal = 'device'", false),
        (&edge, "[tiers]\norder = ['device', 'cloud']", false),
        (&edge, "[tiers]\nedge_groups = ['partners']", false),
        (&edge, "[[rule]]\nname = 'r'\nwhen = 'target.tier == \"edge\"'\ndeny = true", false),
        (&device, "[[rule]]\nname = 'r'\nwhen = 'target.tier == \"edge\"'\ndeny = true", true),
        (&device, "[ceilings]\npersonal = 'device'", true),
        (&device, "[tiers]\nedge_groups = ['partners']", true),
        (&device, "[tiers]\norder = ['edge']", false),
        (&edge, "[[target]]\nmodel = 'm'\nuse = false", false),
        (&edge, "[[target]]\nmodel = 'm'\nprovider = 'p'\nuse = false", true),
        (&edge, "[[target]]\nmodel = 'another'\nuse = false", true),
        (&device, "[[target]]\nmodel = 'm'\nuse = false", false),
    ] {
        let verdict = still_allowed(personal, attempt, &before, &compile(now));
        assert_eq!(verdict.is_ok(), allowed, "{now}");
    }
    let rule = "[[rule]]\nname = 'r'\nfor = { profile = 'work' }\nmax_tier = 'device'\n";
    let (nobody, mail) = (compile(rule), compile(&format!("{rule}[profiles]\nwork = ['mail']")));
    assert!(still_allowed(personal, &edge, &nobody, &mail).is_err(), "the rule is for more people");
    let public = told(DataClass::Public);
    let closed = compile("[ceilings]\npublic = 'edge'");
    let denied = still_allowed(public, &cloud(), &before, &closed).unwrap_err();
    assert_eq!(
        denied.to_string(),
        "the policy changed while the request ran: class public may not reach tier cloud"
    );
    // What the new policy opens is for new requests: the clearance asks the old one.
    assert!(still_allowed(public, &cloud(), &closed, &before).is_ok());
    let prompt = labelled(DataClass::Public);
    assert!(clear(prompt, beginning(), public, &cloud(), &closed, "r").is_err());
}
