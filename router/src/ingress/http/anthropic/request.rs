//! A message as it is asked for. As with OpenAI's dialect: read, refused by name, or unknown.

use super::blocks::{InContent, text_only, to_wire};
use crate::ingress::http::hints::Hinted;
use crate::wire::status;
use crate::wire::violation::Violations;
use littoral_proto::v1;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use tonic::Status;

/// A request's body.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageBody {
    pub model: Option<String>,
    messages: Vec<InMessage>,
    /// Needed to answer, and not to count.
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    system: Option<InContent>,
    #[serde(default)]
    pub stream: Option<bool>,
    #[serde(default)]
    stop_sequences: Vec<String>,
    #[serde(default)]
    temperature: Option<f32>,
    #[serde(default)]
    top_p: Option<f32>,
    #[serde(default)]
    top_k: Option<u32>,
    #[serde(default)]
    tools: Option<Vec<InTool>>,
    #[serde(default)]
    tool_choice: Option<InChoice>,
    #[serde(default)]
    pub metadata: Option<BTreeMap<String, Option<String>>>,
    #[serde(default)]
    output_config: Option<InOutput>,
    // Known, and honoured only where they ask for what happens anyway.
    #[serde(default)]
    thinking: Option<InThinking>,
    #[serde(default)]
    service_tier: Option<String>,
    #[serde(default)]
    container: Option<Value>,
    #[serde(default)]
    mcp_servers: Option<Value>,
    #[serde(default)]
    context_management: Option<Value>,
    /// A wish about a cache that no answer depends on.
    #[serde(default)]
    #[expect(dead_code, reason = "read to be known, and without a meaning here")]
    cache_control: Option<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InMessage {
    role: String,
    content: InContent,
}

#[derive(Deserialize)]
struct InTool {
    name: String,
    #[serde(rename = "type", default)]
    kind: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    input_schema: Option<Map<String, Value>>,
    #[serde(default)]
    strict: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InChoice {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    disable_parallel_tool_use: Option<bool>,
}

#[derive(Deserialize)]
struct InThinking {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct InOutput {
    #[serde(default)]
    format: Option<InFormat>,
}

#[derive(Deserialize)]
struct InFormat {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    schema: Option<Map<String, Value>>,
}

impl MessageBody {
    /// Whether the answer may use one tool at most.
    pub fn wants_one_call(&self) -> bool {
        let choice = self.tool_choice.as_ref();
        choice.and_then(|choice| choice.disable_parallel_tool_use).unwrap_or(false)
    }

    /// The request in the wire's words. `answers`: an answer is asked for, and not only a count.
    ///
    /// # Errors
    /// Everything that is wrong or cannot be honoured, field by field.
    pub fn into_wire(mut self, hinted: Hinted, answers: bool) -> Result<v1::ChatRequest, Status> {
        let mut bad = Violations::default();
        self.refuse_what_cannot_be(&mut bad);
        bad.require(self.max_tokens.is_some() || !answers, "max_tokens", "is needed");
        let mut messages = Vec::new();
        if let Some(system) = self.system.take() {
            let parts = text_only(system, "system", &mut bad);
            messages.push(v1::Message {
                role: v1::Role::System.into(),
                parts,
                ..v1::Message::default()
            });
        }
        let ends_with_assistant = self.messages.last().is_some_and(|last| last.role == "assistant");
        bad.require(
            !ends_with_assistant,
            "messages",
            "the last message must be the user's: a begun answer is not continued",
        );
        for (index, message) in self.messages.into_iter().enumerate() {
            to_wire(
                &message.role,
                message.content,
                &format!("messages[{index}]"),
                &mut messages,
                &mut bad,
            );
        }
        let metadata = self.metadata.unwrap_or_default();
        let mut pairs: BTreeMap<String, String> =
            metadata.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
        let wire = v1::ChatRequest {
            request_id: hinted.request_id,
            model: self.model.unwrap_or_default(),
            messages,
            tools: tools(self.tools.unwrap_or_default(), &mut bad),
            tool_choice: self.tool_choice.and_then(|choice| tool_choice(choice, &mut bad)),
            response_format: self
                .output_config
                .and_then(|output| response_format(output, &mut bad)),
            sampling: Some(v1::Sampling {
                temperature: self.temperature,
                top_k: self.top_k,
                top_p: self.top_p,
                ..v1::Sampling::default()
            }),
            stop: self.stop_sequences,
            max_output_tokens: self.max_tokens,
            top_logprobs: None,
            user: pairs.remove("user_id"),
            metadata: pairs,
            hints: Some(hinted.hints),
        };
        bad.finish(wire).map_err(|bad| status::invalid(&bad))
    }

    fn refuse_what_cannot_be(&self, bad: &mut Violations) {
        let thinking = self.thinking.as_ref().map_or("disabled", |thinking| &thinking.kind);
        bad.require(
            matches!(thinking, "disabled" | "adaptive"),
            "thinking",
            "disabled, adaptive or absent: nobody here is asked to think aloud",
        );
        let tier = self.service_tier.as_deref().unwrap_or("auto");
        bad.require(
            matches!(tier, "auto" | "standard_only"),
            "service_tier",
            "auto or standard_only: x-littoral-priority says how urgent it is",
        );
        bad.require(self.container.is_none(), "container", "is not supported");
        let servers = self.mcp_servers.as_ref();
        let none = servers.is_none_or(|servers| servers.as_array().is_some_and(Vec::is_empty));
        bad.require(none, "mcp_servers", "is not supported");
        let clears = self.context_management.as_ref().is_none_or(clears_thoughts_alone);
        bad.require(
            clears,
            "context_management",
            "may clear thinking: earlier thoughts are told to nobody here",
        );
    }
}

/// Edits of the history that ask for what happens anyway.
fn clears_thoughts_alone(edits: &Value) -> bool {
    let Some(edits) = edits.get("edits") else {
        return edits.as_object().is_some_and(Map::is_empty);
    };
    let clears = |edit: &Value| {
        let kind = edit.get("type").and_then(Value::as_str);
        kind.is_some_and(|kind| kind.starts_with("clear_thinking_"))
    };
    edits.as_array().is_some_and(|edits| edits.iter().all(clears))
}

fn tools(given: Vec<InTool>, bad: &mut Violations) -> Vec<v1::Tool> {
    let one = |(index, tool): (usize, InTool)| {
        let known = tool.kind.as_deref().is_none_or(|kind| kind == "custom");
        bad.require(
            known,
            format_args!("tools[{index}].type"),
            "custom: no tool runs on this side",
        );
        v1::Tool {
            name: tool.name,
            description: tool.description,
            parameters_json: tool.input_schema.map(|schema| Value::Object(schema).to_string()),
            strict: tool.strict,
        }
    };
    given.into_iter().enumerate().map(one).collect()
}

fn tool_choice(given: InChoice, bad: &mut Violations) -> Option<v1::ToolChoice> {
    use v1::tool_choice::Kind;
    let (kind, function) = match (given.kind.as_str(), given.name) {
        ("auto", None) => (Kind::Auto, String::new()),
        ("any", None) => (Kind::Required, String::new()),
        ("none", None) => (Kind::None, String::new()),
        ("tool", Some(name)) => (Kind::Function, name),
        _ => {
            bad.add("tool_choice.type", "must be auto, any, none, or tool with its name");
            return None;
        }
    };
    Some(v1::ToolChoice { kind: kind.into(), function })
}

fn response_format(given: InOutput, bad: &mut Violations) -> Option<v1::ResponseFormat> {
    use v1::response_format::{Format, JsonSchema};
    let InFormat { kind, schema } = given.format?;
    let Some(schema) = schema.filter(|_| kind == "json_schema") else {
        bad.add("output_config.format", "must be json_schema, with its schema");
        return None;
    };
    let schema_json = Value::Object(schema).to_string();
    let schema = JsonSchema { name: "output".into(), schema_json, strict: Some(true) };
    Some(v1::ResponseFormat { format: Some(Format::JsonSchema(schema)) })
}

#[cfg(test)]
mod tests;
