//! Prompts that between them use every field there is.

use littoral_core::prompt::{
    AudioFormat, Message, Part, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling,
    Tool, ToolCall, ToolChoice,
};
use std::collections::BTreeMap;

/// A model that does as it is told.
pub(super) const MODEL: &str = "claude-haiku-4-5";

type Case = (&'static str, Prompt, Remainder);

fn text(text: &str) -> Part {
    Part { content: PartContent::Text(text.into()), label: None }
}

fn image(url: &str, detail: Option<&str>) -> Part {
    let detail = detail.map(Into::into);
    Part { content: PartContent::Image { url: url.into(), detail }, label: None }
}

fn sound(format: AudioFormat, data: &[u8]) -> Part {
    Part { content: PartContent::Audio { format, data: data.into() }, label: None }
}

fn said(role: Role, parts: Vec<Part>) -> Message {
    Message { role, parts, name: None, tool_calls: vec![], tool_call_id: None, label: None }
}

fn user(words: &str) -> Message {
    said(Role::User, vec![text(words)])
}

fn prompt(messages: Vec<Message>) -> Prompt {
    Prompt { messages, ..Prompt::of_text(String::new()) }
}

fn hello() -> Prompt {
    prompt(vec![user("Hello?")])
}

fn all_of_it() -> Remainder {
    Remainder { assistant_prefix: None, max_output_tokens: 64 }
}

fn tools() -> Vec<Tool> {
    let weather = Tool {
        name: "weather".into(),
        description: Some("Looks out of the window.".into()),
        parameters_json: Some(
            r#"{"type": "object", "properties": {"town": {"type": "string"}}}"#.into(),
        ),
        strict: Some(true),
    };
    let time = Tool { name: "time".into(), description: None, parameters_json: None, strict: None };
    vec![weather, time]
}

fn called(id: &str, name: &str, arguments_json: &str) -> ToolCall {
    ToolCall { id: id.into(), name: name.into(), arguments_json: arguments_json.into() }
}

fn answered(id: &str, parts: Vec<Part>) -> Message {
    Message { tool_call_id: Some(id.into()), ..said(Role::Tool, parts) }
}

/// The assistant called two tools, both answered, and the user has one more wish.
fn tool_results() -> Prompt {
    let calls = vec![called("c1", "weather", r#"{"town": "Kiel"}"#), called("c2", "time", "")];
    let turn = said(Role::Assistant, vec![text("I will look.")]);
    let messages = vec![
        user("Is it late and wet in Kiel?"),
        Message { tool_calls: calls, ..turn },
        answered("c1", vec![text("rain"), text(", and more of it")]),
        answered("c2", vec![]),
        user("In one word, please."),
    ];
    Prompt { tools: tools(), ..prompt(messages) }
}

fn drawn(sampling: Sampling) -> Prompt {
    Prompt { sampling, ..hello() }
}

fn chosen(tool_choice: ToolChoice) -> Prompt {
    Prompt { tools: tools(), tool_choice, ..hello() }
}

fn held_to(response_format: ResponseFormat) -> Prompt {
    Prompt { response_format, ..hello() }
}

fn schema() -> ResponseFormat {
    ResponseFormat::JsonSchema {
        name: "answer".into(),
        schema_json: r#"{"type": "object", "properties": {"n": {"const": 1.5}}}"#.into(),
        strict: Some(true),
    }
}

fn wav() -> Part {
    sound(AudioFormat::Wav, b"RIFF\x04\0\0\0WAVE\xff\xfe")
}

fn conversations() -> Vec<(&'static str, Prompt)> {
    let system = |words: &str| said(Role::System, vec![text(words)]);
    let assistant = |words: &str| said(Role::Assistant, vec![text(words)]);
    let png = "data:image/png;base64,iVBORw0KGgo=";
    vec![
        ("plain", hello()),
        ("system", prompt(vec![system("Be brief."), system("Be kind."), user("Hello?")])),
        ("system_later", prompt(vec![user("Hello?"), system("Be brief.")])),
        ("system_alone", prompt(vec![system("Be brief.")])),
        (
            "turns",
            prompt(vec![
                user("Hello?"),
                assistant("Hello!"),
                said(Role::User, vec![text("And"), text(""), text(" now?")]),
                user("Well?"),
            ]),
        ),
        ("ends_with_assistant", prompt(vec![user("Hello?"), assistant("Hello!")])),
        ("empty_message", prompt(vec![user(""), user("Hello?")])),
        ("name", prompt(vec![Message { name: Some("alice".into()), ..user("Hello?") }])),
        (
            "image",
            prompt(vec![said(
                Role::User,
                vec![
                    text("Which is which?"),
                    image(png, Some("auto")),
                    image("https://pictures.example/2.jpg", None),
                ],
            )]),
        ),
        ("image_detail", prompt(vec![said(Role::User, vec![image(png, Some("low"))])])),
        (
            "image_kind",
            prompt(vec![said(Role::User, vec![image("data:image/tiff;base64,AA", None)])]),
        ),
        ("audio", prompt(vec![said(Role::User, vec![text("Who sings?"), wav()])])),
        ("audio_mp3", {
            prompt(vec![said(Role::User, vec![sound(AudioFormat::Mp3, b"ID3\x04\0\0")])])
        }),
        ("audio_of_a_tool", {
            let asked = Message {
                tool_calls: vec![called("c1", "listen", "{}")],
                ..said(Role::Assistant, vec![])
            };
            prompt(vec![user("Listen."), asked, answered("c1", vec![wav()])])
        }),
        ("tool_results", tool_results()),
        (
            "tool_result_of_nothing",
            prompt(vec![user("Hello?"), said(Role::Tool, vec![text("rain")])]),
        ),
        (
            "tool_call_in_other_form",
            prompt(vec![
                user("Hello?"),
                Message {
                    tool_calls: vec![called("functions.f:0", "f", "[1]")],
                    ..said(Role::Assistant, vec![])
                },
                answered("functions.f:0", vec![text("rain")]),
            ]),
        ),
    ]
}

fn settings() -> Vec<(&'static str, Prompt)> {
    let none = Sampling::default();
    vec![
        ("tool_choice_none", chosen(ToolChoice::None)),
        ("tool_choice_required", chosen(ToolChoice::Required)),
        ("tool_choice_function", chosen(ToolChoice::Function("time".into()))),
        ("tool_choice_unknown", chosen(ToolChoice::Function("tide".into()))),
        ("json_object", held_to(ResponseFormat::JsonObject)),
        ("json_schema", held_to(schema())),
        ("stop", Prompt { stop: vec!["END".into(), "\n\nQ:".into()], ..hello() }),
        ("stop_white_space", Prompt { stop: vec!["\n\n".into()], ..hello() }),
        ("temperature", drawn(Sampling { temperature: Some(0.7), ..none })),
        ("temperature_high", drawn(Sampling { temperature: Some(1.5), ..none })),
        ("temperature_and_top_p", {
            drawn(Sampling { temperature: Some(0.7), top_p: Some(0.9), ..none })
        }),
        ("top_k", drawn(Sampling { top_k: Some(40), ..none })),
        ("neutral", {
            drawn(Sampling {
                temperature: Some(1.0),
                top_p: Some(1.0),
                frequency_penalty: Some(0.0),
                presence_penalty: Some(-0.0),
                ..none
            })
        }),
        ("penalties", {
            drawn(Sampling { frequency_penalty: Some(-0.5), presence_penalty: Some(0.25), ..none })
        }),
        ("not_a_number", drawn(Sampling { top_p: Some(f32::NAN), ..none })),
        ("seed", drawn(Sampling { seed: Some(9_007_199_254_740_993), ..none })),
        ("logprobs", Prompt { top_logprobs: Some(2), ..hello() }),
        ("user", Prompt { user: Some("u-1".into()), ..hello() }),
        ("metadata", Prompt { metadata: BTreeMap::from([("k".into(), "v".into())]), ..hello() }),
    ]
}

fn begun() -> Vec<Case> {
    let after = |text: &str| Remainder { assistant_prefix: Some(text.into()), ..all_of_it() };
    vec![
        ("begun", hello(), after("Once upon a time")),
        ("begun_with_a_space", hello(), after("Once ")),
        ("begun_json", held_to(schema()), after("{\"n\":")),
    ]
}

/// Every case, by a name that is a file's.
pub(super) fn all() -> Vec<Case> {
    let whole = conversations().into_iter().chain(settings());
    let whole = whole.map(|(name, prompt)| (name, prompt, all_of_it()));
    whole.chain(begun()).collect()
}
