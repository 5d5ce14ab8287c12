//! A chat request from the wire into a [`Prompt`]: content first checked, then believed.

use super::audio;
use super::class::label;
use super::violation::{Violation, Violations};
use littoral_core::prompt::{
    Message, Part, PartContent, Prompt, ResponseFormat, Role, Sampling, Tool, ToolCall, ToolChoice,
};
use littoral_proto::v1;
use std::fmt::Display;

/// Most stop strings a request may name.
pub const MAX_STOP: usize = 16;
/// Most alternatives a request may ask for with each token.
pub const MAX_TOP_LOGPROBS: u32 = 20;

/// Reads the content of a request.
///
/// # Errors
/// Every field that is malformed, with its path.
pub fn prompt(request: v1::ChatRequest) -> Result<Prompt, Vec<Violation>> {
    let mut bad = Violations::default();
    bad.require(!request.messages.is_empty(), "messages", "at least one message is needed");
    bad.require(request.stop.len() <= MAX_STOP, "stop", "at most 16 stop strings");
    for (index, stop) in request.stop.iter().enumerate() {
        bad.require(
            !stop.is_empty(),
            format_args!("stop[{index}]"),
            "an empty stop string stops nothing",
        );
    }
    bad.require(request.max_output_tokens != Some(0), "max_output_tokens", "at least 1");
    let top_logprobs = request.top_logprobs.unwrap_or_default();
    bad.require(top_logprobs <= MAX_TOP_LOGPROBS, "top_logprobs", "0 to 20");
    let hints = request.hints.unwrap_or_default();
    let prompt = Prompt {
        messages: messages(request.messages, &mut bad),
        tool_choice: tool_choice(request.tool_choice, &request.tools, &mut bad),
        tools: tools(request.tools, &mut bad),
        response_format: response_format(request.response_format, &mut bad),
        sampling: sampling(request.sampling.unwrap_or_default(), &mut bad),
        stop: request.stop,
        max_output_tokens: request.max_output_tokens,
        top_logprobs: request.top_logprobs.map(|count| u8::try_from(count).unwrap_or(u8::MAX)),
        user: request.user,
        metadata: request.metadata.into_iter().collect(),
        label: read_label(hints.data_class, "hints.data_class", &mut bad),
        embed: None,
    };
    bad.finish(prompt)
}

fn messages(wire: Vec<v1::Message>, bad: &mut Violations) -> Vec<Message> {
    let one = |(index, message): (usize, v1::Message)| {
        let path = format!("messages[{index}]");
        let role = match v1::Role::try_from(message.role) {
            Ok(v1::Role::System) => Role::System,
            Ok(v1::Role::User) => Role::User,
            Ok(v1::Role::Assistant) => Role::Assistant,
            Ok(v1::Role::Tool) => Role::Tool,
            Ok(v1::Role::Unspecified) | Err(_) => {
                bad.add(format!("{path}.role"), "system, user, assistant or tool");
                Role::User
            }
        };
        let has_words = !message.parts.is_empty() || !message.tool_calls.is_empty();
        bad.require(has_words, format_args!("{path}.parts"), "at least one part is needed");
        let is_answer = message.tool_call_id.is_some();
        let reason = "set on tool messages, and only there";
        bad.require(is_answer == (role == Role::Tool), format_args!("{path}.tool_call_id"), reason);
        Message {
            role,
            parts: parts(message.parts, &path, bad),
            name: message.name,
            tool_calls: tool_calls(message.tool_calls, role, &path, bad),
            tool_call_id: message.tool_call_id,
            label: read_label(message.data_class, format_args!("{path}.data_class"), bad),
        }
    };
    wire.into_iter().enumerate().map(one).collect()
}

fn parts(wire: Vec<v1::Part>, path: &str, bad: &mut Violations) -> Vec<Part> {
    let one = |(index, part): (usize, v1::Part)| {
        let path = format!("{path}.parts[{index}]");
        let content = match part.content {
            Some(v1::part::Content::Text(text)) => PartContent::Text(text),
            Some(v1::part::Content::Image(image)) => {
                let known = image.url.starts_with("https:") || image.url.starts_with("data:");
                bad.require(known, format_args!("{path}.image.url"), "an https: or data: URL");
                PartContent::Image { url: image.url, detail: image.detail }
            }
            Some(v1::part::Content::Audio(sound)) => {
                audio::content(sound, &format!("{path}.audio"), bad)
            }
            None => {
                bad.add(path.clone(), "text, image or audio is needed");
                PartContent::Text(String::new())
            }
        };
        Part { content, label: read_label(part.data_class, format_args!("{path}.data_class"), bad) }
    };
    wire.into_iter().enumerate().map(one).collect()
}

fn tool_calls(
    wire: Vec<v1::ToolCall>,
    role: Role,
    path: &str,
    bad: &mut Violations,
) -> Vec<ToolCall> {
    let allowed = wire.is_empty() || role == Role::Assistant;
    bad.require(allowed, format_args!("{path}.tool_calls"), "only the assistant calls tools");
    let one = |(index, call): (usize, v1::ToolCall)| {
        let path = format!("{path}.tool_calls[{index}]");
        bad.require(!call.id.is_empty(), format_args!("{path}.id"), "must not be empty");
        bad.require(!call.name.is_empty(), format_args!("{path}.name"), "must not be empty");
        ToolCall { id: call.id, name: call.name, arguments_json: call.arguments_json }
    };
    wire.into_iter().enumerate().map(one).collect()
}

fn tools(wire: Vec<v1::Tool>, bad: &mut Violations) -> Vec<Tool> {
    let one = |(index, tool): (usize, v1::Tool)| {
        let path = format!("tools[{index}]");
        bad.require(!tool.name.is_empty(), format_args!("{path}.name"), "must not be empty");
        if let Some(schema) = &tool.parameters_json {
            require_json_object(schema, format_args!("{path}.parameters_json"), bad);
        }
        Tool {
            name: tool.name,
            description: tool.description,
            parameters_json: tool.parameters_json,
            strict: tool.strict,
        }
    };
    wire.into_iter().enumerate().map(one).collect()
}

fn tool_choice(
    wire: Option<v1::ToolChoice>,
    tools: &[v1::Tool],
    bad: &mut Violations,
) -> ToolChoice {
    use v1::tool_choice::Kind;
    let choice = wire.unwrap_or_default();
    match Kind::try_from(choice.kind) {
        Ok(Kind::Unspecified | Kind::Auto) => ToolChoice::Auto,
        Ok(Kind::None) => ToolChoice::None,
        Ok(Kind::Required) => {
            bad.require(
                !tools.is_empty(),
                "tool_choice",
                "a call is required but there is no tool",
            );
            ToolChoice::Required
        }
        Ok(Kind::Function) => {
            let known = tools.iter().any(|tool| tool.name == choice.function);
            bad.require(known, "tool_choice.function", "must be the name of one of the tools");
            ToolChoice::Function(choice.function)
        }
        Err(_) => {
            bad.add("tool_choice.kind", "not known to this build");
            ToolChoice::Auto
        }
    }
}

fn response_format(wire: Option<v1::ResponseFormat>, bad: &mut Violations) -> ResponseFormat {
    use v1::response_format::Format;
    match wire.and_then(|format| format.format) {
        None | Some(Format::Text(_)) => ResponseFormat::Text,
        Some(Format::JsonObject(_)) => ResponseFormat::JsonObject,
        Some(Format::JsonSchema(schema)) => {
            let path = "response_format.json_schema";
            bad.require(!schema.name.is_empty(), format_args!("{path}.name"), "must not be empty");
            require_json_object(&schema.schema_json, format_args!("{path}.schema_json"), bad);
            ResponseFormat::JsonSchema {
                name: schema.name,
                schema_json: schema.schema_json,
                strict: schema.strict,
            }
        }
    }
}

fn sampling(wire: v1::Sampling, bad: &mut Violations) -> Sampling {
    let mut within = |value: Option<f32>, low: f32, high: f32, name: &str| {
        let holds = value.is_none_or(|value| (low..=high).contains(&value));
        bad.require(
            holds,
            format_args!("sampling.{name}"),
            format_args!("a number from {low} to {high}"),
        );
    };
    within(wire.temperature, 0.0, 2.0, "temperature");
    within(wire.top_p, f32::MIN_POSITIVE, 1.0, "top_p");
    within(wire.min_p, 0.0, 1.0, "min_p");
    within(wire.repetition_penalty, 0.1, 10.0, "repetition_penalty");
    within(wire.frequency_penalty, -2.0, 2.0, "frequency_penalty");
    within(wire.presence_penalty, -2.0, 2.0, "presence_penalty");
    bad.require(wire.top_k != Some(0), "sampling.top_k", "at least 1");
    Sampling {
        temperature: wire.temperature,
        top_k: wire.top_k,
        top_p: wire.top_p,
        min_p: wire.min_p,
        repetition_penalty: wire.repetition_penalty,
        frequency_penalty: wire.frequency_penalty,
        presence_penalty: wire.presence_penalty,
        seed: wire.seed,
    }
}

pub(super) fn read_label(
    value: i32,
    path: impl Display,
    bad: &mut Violations,
) -> Option<littoral_core::class::DataClass> {
    label(value).unwrap_or_else(|unknown| {
        bad.add(path.to_string(), format!("class number {unknown} is not known to this build"));
        None
    })
}

fn require_json_object(text: &str, path: impl Display, bad: &mut Violations) {
    let parsed = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text);
    bad.require(parsed.is_ok(), path, "must be a JSON object");
}
