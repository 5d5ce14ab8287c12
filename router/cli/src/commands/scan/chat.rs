//! A chat request in JSON, as OpenAI's clients send it, or its list of messages alone.
//!
//! Only what is understood to the last field is walked as a request. With one unknown field the whole file
//! is a text, and every byte of it is looked at all the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use littoral_proto::v1;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Chat {
    messages: Vec<Message>,
    #[serde(default)]
    model: String,
    #[serde(default)]
    tools: Vec<Tool>,
    #[serde(default)]
    stop: Option<Stop>,
    user: Option<String>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
    // What holds no text of people.
    #[serde(default, rename = "stream")]
    _stream: bool,
    #[serde(rename = "temperature")]
    _temperature: Option<f64>,
    #[serde(rename = "top_p")]
    _top_p: Option<f64>,
    #[serde(rename = "seed")]
    _seed: Option<i64>,
    #[serde(rename = "max_tokens")]
    _max_tokens: Option<u32>,
    #[serde(rename = "max_completion_tokens")]
    _max_completion_tokens: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Message {
    role: String,
    content: Option<Content>,
    name: Option<String>,
    #[serde(default)]
    tool_calls: Vec<Call>,
    tool_call_id: Option<String>,
}

/// A text, or parts. Two shapes under one key are what the format is.
struct Content(Vec<v1::Part>);

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = match Value::deserialize(deserializer)? {
            Value::String(text) => vec![text_part(text)],
            Value::Array(parts) => {
                parts.iter().map(part).collect::<Option<_>>().ok_or_else(|| {
                    serde::de::Error::custom("a part that is no text, image or sound")
                })?
            }
            _ => return Err(serde::de::Error::custom("content is a text or a list of parts")),
        };
        Ok(Self(parts))
    }
}

fn part(value: &Value) -> Option<v1::Part> {
    let kind = value.get("type")?.as_str()?;
    match (kind, value.as_object()?.len()) {
        ("text", 2) => Some(text_part(value.get("text")?.as_str()?.to_owned())),
        ("image_url", 2) => {
            let image = value.get("image_url")?;
            let text = |key| image.get(key).and_then(Value::as_str).map(str::to_owned);
            let image = v1::Image { url: text("url")?, detail: text("detail") };
            let content = Some(v1::part::Content::Image(image));
            Some(v1::Part { content, ..v1::Part::default() })
        }
        ("input_audio", 2) => {
            let sound = value.get("input_audio")?.as_object().filter(|sound| sound.len() == 2)?;
            let format = match sound.get("format")?.as_str()? {
                "wav" => v1::AudioFormat::Wav,
                "mp3" => v1::AudioFormat::Mp3,
                _ => return None,
            };
            let data = STANDARD.decode(sound.get("data")?.as_str()?).ok()?;
            let sound = v1::Audio { data, format: format.into() };
            let content = Some(v1::part::Content::Audio(sound));
            Some(v1::Part { content, ..v1::Part::default() })
        }
        _ => None,
    }
}

fn text_part(text: String) -> v1::Part {
    v1::Part { content: Some(v1::part::Content::Text(text)), ..v1::Part::default() }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    id: String,
    #[serde(rename = "type")]
    _type: Option<String>,
    function: Called,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Called {
    name: String,
    arguments: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    #[serde(rename = "type")]
    _type: String,
    function: Function,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Function {
    name: String,
    description: Option<String>,
    parameters: Option<Value>,
    strict: Option<bool>,
}

struct Stop(Vec<String>);

impl<'de> Deserialize<'de> for Stop {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::String(one) => Ok(Self(vec![one])),
            more => serde_json::from_value(more).map(Self).map_err(serde::de::Error::custom),
        }
    }
}

/// The request that a file holds; `None` where it holds something else.
pub fn read(text: &str) -> Option<v1::ChatRequest> {
    let text = text.trim_start();
    let chat: Chat = if text.starts_with('[') {
        let messages = serde_json::from_str(text).ok()?;
        Chat { messages, ..empty() }
    } else {
        serde_json::from_str(text).ok()?
    };
    let messages = chat.messages.into_iter().map(message).collect::<Option<Vec<_>>>()?;
    Some(v1::ChatRequest {
        model: chat.model,
        messages,
        tools: chat.tools.into_iter().map(tool).collect(),
        stop: chat.stop.map(|stop| stop.0).unwrap_or_default(),
        user: chat.user,
        metadata: chat.metadata,
        ..v1::ChatRequest::default()
    })
}

fn empty() -> Chat {
    Chat {
        messages: Vec::new(),
        model: String::new(),
        tools: Vec::new(),
        stop: None,
        user: None,
        metadata: BTreeMap::new(),
        _stream: false,
        _temperature: None,
        _top_p: None,
        _seed: None,
        _max_tokens: None,
        _max_completion_tokens: None,
    }
}

fn message(message: Message) -> Option<v1::Message> {
    let role = match message.role.as_str() {
        "system" | "developer" => v1::Role::System,
        "user" => v1::Role::User,
        "assistant" => v1::Role::Assistant,
        "tool" => v1::Role::Tool,
        _ => return None,
    };
    let call = |call: Call| v1::ToolCall {
        id: call.id,
        name: call.function.name,
        arguments_json: call.function.arguments,
    };
    Some(v1::Message {
        role: role.into(),
        parts: message.content.map(|content| content.0).unwrap_or_default(),
        name: message.name,
        tool_calls: message.tool_calls.into_iter().map(call).collect(),
        tool_call_id: message.tool_call_id,
        ..v1::Message::default()
    })
}

fn tool(tool: Tool) -> v1::Tool {
    v1::Tool {
        name: tool.function.name,
        description: tool.function.description,
        parameters_json: tool.function.parameters.map(|schema| schema.to_string()),
        strict: tool.function.strict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_lists_of_messages_are_read_and_anything_else_is_a_text() {
        let request = r#"{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}],
            "tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}],"stop":"x"}"#;
        let read_back = read(request).expect("a request");
        assert_eq!(
            (read_back.messages.len(), read_back.tools.len(), read_back.stop.len()),
            (1, 1, 1)
        );
        assert_eq!(read_back.tools[0].parameters_json.as_deref(), Some(r#"{"type":"object"}"#));
        assert!(read(r#"[{"role":"assistant","content":"a"}]"#).is_some());
        let sound = |more: &str| {
            format!(
                r#"[{{"role":"user","content":[{{"type":"input_audio","input_audio":{{{more}}}}}]}}]"#
            )
        };
        let heard = read(&sound(r#""data":"SUQz","format":"mp3""#)).expect("a request");
        let content = heard.messages[0].parts[0].content.clone();
        let format = v1::AudioFormat::Mp3.into();
        let expected = v1::part::Content::Audio(v1::Audio { data: b"ID3".to_vec(), format });
        assert_eq!(content, Some(expected));
        for other in [
            r#""data":"SUQz","format":"flac""#,
            r#""data":"*","format":"mp3""#,
            r#""data":"SUQz","format":"mp3","note":"b""#,
        ] {
            assert!(read(&sound(other)).is_none(), "{other}");
        }
        for other in [
            "a letter",
            r#"{"messages":[{"role":"user","content":"a"}],"reasoning":"x"}"#,
            r#"[{"role":"user","content":"a","feeling":"b"}]"#,
            r#"[{"role":"king","content":"a"}]"#,
            r#"[{"role":"user","content":[{"type":"text","text":"a","note":"b"}]}]"#,
            r#"{"a":1}"#,
        ] {
            assert!(read(other).is_none(), "{other}");
        }
    }
}
