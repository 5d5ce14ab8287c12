//! The messages of a conversation, as OpenAI's clients write them.

use crate::wire::violation::Violations;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use littoral_proto::v1;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InMessage {
    role: String,
    #[serde(default)]
    content: Option<InContent>,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    tool_calls: Option<Vec<InCall>>,
    #[serde(default)]
    tool_call_id: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    // What clients send back of an answer of ours and of others, and what means nothing in a question.
    #[serde(default)]
    #[expect(dead_code, reason = "a model is not told its earlier thoughts")]
    reasoning_content: Option<String>,
    #[serde(default)]
    audio: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "no answer of ours has any")]
    annotations: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    #[expect(dead_code, reason = "what OpenAI's client makes of an answer and sends back with it")]
    parsed: Option<serde::de::IgnoredAny>,
    #[serde(default)]
    function_call: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum InContent {
    Text(String),
    Parts(Vec<InPart>),
}

#[derive(Deserialize)]
struct InPart {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    refusal: Option<String>,
    #[serde(default)]
    image_url: Option<InImage>,
    #[serde(default)]
    input_audio: Option<InAudio>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InImage {
    url: String,
    #[serde(default)]
    detail: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InAudio {
    data: String,
    format: String,
}

#[derive(Deserialize)]
struct InCall {
    id: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    function: Option<InCalled>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InCalled {
    name: String,
    arguments: String,
    #[serde(default)]
    #[expect(
        dead_code,
        reason = "what OpenAI's client makes of the arguments and sends back with them"
    )]
    parsed_arguments: Option<serde::de::IgnoredAny>,
}

/// The messages in the wire's words.
pub(super) fn to_wire(given: Vec<InMessage>, bad: &mut Violations) -> Vec<v1::Message> {
    let one = |(index, message)| message_to_wire(message, &format!("messages[{index}]"), bad);
    given.into_iter().enumerate().map(one).collect()
}

fn message_to_wire(given: InMessage, path: &str, bad: &mut Violations) -> v1::Message {
    let role = match given.role.as_str() {
        "system" | "developer" => v1::Role::System,
        "user" => v1::Role::User,
        "assistant" => v1::Role::Assistant,
        "tool" => v1::Role::Tool,
        _ => {
            bad.add(format!("{path}.role"), "must be system, developer, user, assistant or tool");
            v1::Role::User
        }
    };
    bad.require(
        given.audio.is_none() && given.function_call.is_none(),
        path,
        "audio and function_call of earlier answers are not supported",
    );
    let mut parts = match given.content {
        None => Vec::new(),
        // An assistant that only calls says nothing, and some clients write that as an empty text.
        Some(InContent::Text(text)) if text.is_empty() && given.tool_calls.is_some() => Vec::new(),
        Some(InContent::Text(text)) => vec![text_part(text)],
        Some(InContent::Parts(parts)) => parts
            .into_iter()
            .enumerate()
            .filter_map(|(index, part)| {
                part_to_wire(part, &format!("{path}.content[{index}]"), bad)
            })
            .collect(),
    };
    parts.extend(given.refusal.filter(|refusal| !refusal.is_empty()).map(text_part));
    let calls = given.tool_calls.unwrap_or_default().into_iter().enumerate();
    let tool_calls = calls
        .filter_map(|(index, call)| {
            let is_function = call.kind.as_deref().is_none_or(|kind| kind == "function");
            let Some(called) = call.function.filter(|_| is_function) else {
                let path = format!("{path}.tool_calls[{index}].type");
                bad.add(path, "must be function, with a field `function`");
                return None;
            };
            let InCalled { name, arguments, parsed_arguments: _ } = called;
            Some(v1::ToolCall { id: call.id, name, arguments_json: arguments })
        })
        .collect();
    v1::Message {
        role: role.into(),
        parts,
        name: given.name,
        tool_calls,
        tool_call_id: given.tool_call_id,
        data_class: v1::DataClass::Unspecified.into(),
    }
}

/// A part of text.
pub(in crate::ingress::http) fn text_part(text: String) -> v1::Part {
    part(v1::part::Content::Text(text))
}

/// A part without a label of its own.
pub(in crate::ingress::http) fn part(content: v1::part::Content) -> v1::Part {
    v1::Part { content: Some(content), data_class: v1::DataClass::Unspecified.into() }
}

fn part_to_wire(given: InPart, path: &str, bad: &mut Violations) -> Option<v1::Part> {
    let InPart { kind, text, refusal, image_url, input_audio } = given;
    let content = match (kind.as_str(), text, refusal, image_url, input_audio) {
        ("text", Some(text), None, None, None) | ("refusal", None, Some(text), None, None) => {
            v1::part::Content::Text(text)
        }
        ("image_url", None, None, Some(image), None) => {
            v1::part::Content::Image(v1::Image { url: image.url, detail: image.detail })
        }
        ("input_audio", None, None, None, Some(sound)) => {
            let format = match sound.format.as_str() {
                "wav" => v1::AudioFormat::Wav,
                "mp3" => v1::AudioFormat::Mp3,
                _ => v1::AudioFormat::Unspecified,
            };
            let Ok(data) = STANDARD.decode(sound.data) else {
                bad.add(format!("{path}.input_audio.data"), "must be base64");
                return None;
            };
            v1::part::Content::Audio(v1::Audio { data, format: format.into() })
        }
        _ => {
            let known =
                "must be text, image_url, input_audio or refusal, with the field of that name";
            bad.add(format!("{path}.type"), known);
            return None;
        }
    };
    Some(part(content))
}
