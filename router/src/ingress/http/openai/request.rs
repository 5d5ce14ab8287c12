//! A chat completion as it is asked for.
//!
//! What stands here is read; what OpenAI's reference knows and this router cannot honour is refused by name,
//! unless it asks for what happens anyway; what nobody knows is refused by the reader.

use super::message::{InMessage, to_wire};
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
pub(super) struct ChatBody {
    pub model: Option<String>,
    messages: Vec<InMessage>,
    #[serde(default)]
    pub stream: Option<bool>,
    #[serde(default)]
    stream_options: Option<StreamOptions>,
    #[serde(default)]
    tools: Option<Vec<InTool>>,
    #[serde(default)]
    tool_choice: Option<Value>,
    #[serde(default)]
    response_format: Option<InFormat>,
    #[serde(default)]
    max_tokens: Option<u32>,
    #[serde(default)]
    max_completion_tokens: Option<u32>,
    #[serde(default)]
    temperature: Option<f32>,
    #[serde(default)]
    top_p: Option<f32>,
    // Not OpenAI's, and known to many servers that speak its dialect.
    #[serde(default)]
    top_k: Option<u32>,
    #[serde(default)]
    min_p: Option<f32>,
    #[serde(default)]
    repetition_penalty: Option<f32>,
    #[serde(default)]
    frequency_penalty: Option<f32>,
    #[serde(default)]
    presence_penalty: Option<f32>,
    #[serde(default)]
    seed: Option<i64>,
    #[serde(default)]
    stop: Option<Stops>,
    #[serde(default)]
    logprobs: Option<bool>,
    #[serde(default)]
    top_logprobs: Option<u32>,
    #[serde(default)]
    user: Option<String>,
    #[serde(default)]
    pub metadata: Option<BTreeMap<String, String>>,
    #[serde(default)]
    n: Option<u32>,
    #[serde(default)]
    parallel_tool_calls: Option<bool>,
    // Known, and honoured only where they ask for what happens anyway.
    #[serde(default)]
    store: Option<bool>,
    #[serde(default)]
    service_tier: Option<String>,
    #[serde(default)]
    logit_bias: Option<Map<String, Value>>,
    #[serde(default)]
    modalities: Option<Vec<String>>,
    #[serde(default)]
    audio: Option<Value>,
    #[serde(default)]
    prediction: Option<Value>,
    #[serde(default)]
    reasoning_effort: Option<String>,
    #[serde(default)]
    verbosity: Option<String>,
    #[serde(default)]
    web_search_options: Option<Value>,
    #[serde(default)]
    functions: Option<Value>,
    #[serde(default)]
    function_call: Option<Value>,
    // They steer caches and abuse monitoring of one vendor and change no answer.
    #[serde(default)]
    #[expect(dead_code, reason = "read to be known, and without a meaning here")]
    prompt_cache_key: Option<String>,
    #[serde(default)]
    #[expect(dead_code, reason = "read to be known, and without a meaning here")]
    prompt_cache_retention: Option<String>,
    #[serde(default)]
    safety_identifier: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
    /// Padding against observers of a connection; ours is local or in TLS.
    #[serde(default)]
    #[expect(dead_code, reason = "read to be known, and without a meaning here")]
    include_obfuscation: Option<bool>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stops {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InTool {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    function: Option<InFunction>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InFunction {
    name: String,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    parameters: Option<Map<String, Value>>,
    #[serde(default)]
    strict: Option<bool>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InFormat {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    json_schema: Option<InSchema>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InSchema {
    name: String,
    #[serde(default)]
    #[expect(dead_code, reason = "for people; the schema itself is what counts")]
    description: Option<String>,
    #[serde(default)]
    schema: Option<Map<String, Value>>,
    #[serde(default)]
    strict: Option<bool>,
}

impl ChatBody {
    /// Whether the last piece of a stream tells the tokens.
    pub fn wants_usage(&self) -> bool {
        self.stream_options.as_ref().and_then(|options| options.include_usage).unwrap_or(false)
    }

    /// Whether the answer may call one function at most.
    pub fn wants_one_call(&self) -> bool {
        self.parallel_tool_calls == Some(false)
    }

    /// The request in the wire's words.
    ///
    /// # Errors
    /// Everything that is wrong or cannot be honoured, field by field.
    pub fn into_wire(mut self, hinted: Hinted) -> Result<v1::ChatRequest, Status> {
        let mut bad = Violations::default();
        self.refuse_what_cannot_be(&mut bad);
        let most = match (self.max_tokens, self.max_completion_tokens) {
            (Some(one), Some(other)) if one != other => {
                bad.add("max_tokens", "says something else than max_completion_tokens");
                None
            }
            (one, other) => other.or(one),
        };
        let seed = self.seed.map(u64::try_from).transpose().unwrap_or_else(|_| {
            bad.add("seed", "a whole number, 0 or more");
            None
        });
        if self.top_logprobs.is_some() && self.logprobs != Some(true) {
            bad.add("top_logprobs", "needs logprobs: true");
        }
        let wire = v1::ChatRequest {
            request_id: hinted.request_id,
            model: self.model.unwrap_or_default(),
            messages: to_wire(self.messages, &mut bad),
            tools: tools(self.tools.unwrap_or_default(), &mut bad),
            tool_choice: self.tool_choice.and_then(|choice| tool_choice(&choice, &mut bad)),
            response_format: self
                .response_format
                .and_then(|format| response_format(format, &mut bad)),
            sampling: Some(v1::Sampling {
                temperature: self.temperature,
                top_k: self.top_k,
                top_p: self.top_p,
                min_p: self.min_p,
                repetition_penalty: self.repetition_penalty,
                frequency_penalty: self.frequency_penalty,
                presence_penalty: self.presence_penalty,
                seed,
            }),
            stop: match self.stop {
                None => Vec::new(),
                Some(Stops::One(stop)) => vec![stop],
                Some(Stops::Several(stops)) => stops,
            },
            max_output_tokens: most,
            top_logprobs: self.logprobs.unwrap_or(false).then(|| self.top_logprobs.unwrap_or(0)),
            user: self.user.or(self.safety_identifier),
            metadata: self.metadata.unwrap_or_default(),
            hints: Some(hinted.hints),
        };
        bad.finish(wire).map_err(|bad| status::invalid(&bad))
    }

    fn refuse_what_cannot_be(&mut self, bad: &mut Violations) {
        bad.require(
            self.n.unwrap_or(1) == 1,
            "n",
            "1: one answer a request is given; ask again for another",
        );
        bad.require(self.store != Some(true), "store", "false: answers are not stored");
        let tier = self.service_tier.as_deref().unwrap_or("auto");
        bad.require(
            matches!(tier, "auto" | "default"),
            "service_tier",
            "auto or default: who answers is decided by policy; x-littoral-priority says how urgent it is",
        );
        let unbiased = self.logit_bias.as_ref().is_none_or(Map::is_empty);
        bad.require(unbiased, "logit_bias", "absent: tokens differ from model to model");
        let modalities = self.modalities.as_deref().unwrap_or_default();
        bad.require(
            modalities.iter().all(|one| one == "text") && self.audio.is_none(),
            "modalities",
            "text: answers are not spoken",
        );
        bad.require(self.prediction.is_none(), "prediction", "is not supported");
        bad.require(self.web_search_options.is_none(), "web_search_options", "is not supported");
        let effort = self.reasoning_effort.is_none() && self.verbosity.is_none();
        bad.require(effort, "reasoning_effort", "is not supported, nor is verbosity");
        let functions = self.functions.is_none() && self.function_call.is_none();
        bad.require(functions, "functions", "is long deprecated: write tools and tool_choice");
    }
}

fn tools(given: Vec<InTool>, bad: &mut Violations) -> Vec<v1::Tool> {
    let one = |(index, tool): (usize, InTool)| {
        let path = format!("tools[{index}]");
        let function = tool.function.filter(|_| tool.kind == "function");
        let Some(function) = function else {
            bad.add(format!("{path}.type"), "must be function, with a field `function`");
            return v1::Tool { name: "unknown".into(), ..v1::Tool::default() };
        };
        v1::Tool {
            name: function.name,
            description: function.description,
            parameters_json: function.parameters.map(|schema| Value::Object(schema).to_string()),
            strict: function.strict,
        }
    };
    given.into_iter().enumerate().map(one).collect()
}

fn tool_choice(given: &Value, bad: &mut Violations) -> Option<v1::ToolChoice> {
    use v1::tool_choice::Kind;
    let kind = |kind: Kind| Some(v1::ToolChoice { kind: kind.into(), function: String::new() });
    let named = given.get("function").and_then(|function| function.get("name"));
    match (given.as_str(), named.and_then(Value::as_str)) {
        (Some("auto"), _) => kind(Kind::Auto),
        (Some("none"), _) => kind(Kind::None),
        (Some("required"), _) => kind(Kind::Required),
        (None, Some(name)) if given.get("type").and_then(Value::as_str) == Some("function") => {
            Some(v1::ToolChoice { kind: Kind::Function.into(), function: name.into() })
        }
        _ => {
            let known = "must be auto, none, required, or {\"type\": \"function\", \"function\": {\"name\": ...}}";
            bad.add("tool_choice", known);
            None
        }
    }
}

fn response_format(given: InFormat, bad: &mut Violations) -> Option<v1::ResponseFormat> {
    use v1::response_format::{Format, JsonObject, JsonSchema, Text};
    let format = match (given.kind.as_str(), given.json_schema) {
        ("text", None) => Format::Text(Text {}),
        ("json_object", None) => Format::JsonObject(JsonObject {}),
        ("json_schema", Some(InSchema { name, schema: Some(schema), strict, .. })) => {
            Format::JsonSchema(JsonSchema {
                name,
                schema_json: Value::Object(schema).to_string(),
                strict,
            })
        }
        _ => {
            let known =
                "must be text, json_object, or json_schema with `json_schema`: {name, schema}";
            bad.add("response_format.type", known);
            return None;
        }
    };
    Some(v1::ResponseFormat { format: Some(format) })
}

#[cfg(test)]
mod tests;
