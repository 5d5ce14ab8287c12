//! A prompt as an assignment for a worker.

use super::audio;
use super::class::data_class;
use littoral_core::prompt::{
    Message, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling, Tool, ToolChoice,
};
use littoral_proto::v1;

/// The assignment of `prompt` to `model`. `deadline_ms` is what is left from now on; `session` is the
/// number of the conversation.
#[must_use]
pub fn assignment(
    prompt: &Prompt,
    model: &str,
    remainder: Remainder,
    deadline_ms: u64,
    session: Option<u64>,
) -> v1::Assignment {
    v1::Assignment {
        model: model.into(),
        messages: prompt.messages.iter().map(message).collect(),
        sampling: Some(sampling(&prompt.sampling)),
        stop: prompt.stop.clone(),
        max_output_tokens: Some(remainder.max_output_tokens),
        top_logprobs: prompt.top_logprobs.map(u32::from),
        assistant_prefix: remainder.assistant_prefix,
        deadline_ms,
        session,
        tools: prompt.tools.iter().map(tool).collect(),
        tool_choice: (!prompt.tools.is_empty()).then(|| tool_choice(&prompt.tool_choice)),
        response_format: response_format(&prompt.response_format),
        embed: prompt.embed.map(|embed| v1::assignment::Embed { dimensions: embed.dimensions }),
        ..v1::Assignment::default()
    }
}

fn message(message: &Message) -> v1::Message {
    let role = match message.role {
        Role::System => v1::Role::System,
        Role::User => v1::Role::User,
        Role::Assistant => v1::Role::Assistant,
        Role::Tool => v1::Role::Tool,
    };
    let part = |part: &littoral_core::prompt::Part| v1::Part {
        content: Some(match &part.content {
            PartContent::Text(text) => v1::part::Content::Text(text.clone()),
            PartContent::Image { url, detail } => {
                v1::part::Content::Image(v1::Image { url: url.clone(), detail: detail.clone() })
            }
            PartContent::Audio { format, data } => {
                v1::part::Content::Audio(audio::part(*format, data))
            }
        }),
        data_class: part.label.map_or(v1::DataClass::Unspecified, data_class).into(),
    };
    let call = |call: &littoral_core::prompt::ToolCall| v1::ToolCall {
        id: call.id.clone(),
        name: call.name.clone(),
        arguments_json: call.arguments_json.clone(),
    };
    v1::Message {
        role: role.into(),
        parts: message.parts.iter().map(part).collect(),
        name: message.name.clone(),
        tool_calls: message.tool_calls.iter().map(call).collect(),
        tool_call_id: message.tool_call_id.clone(),
        data_class: message.label.map_or(v1::DataClass::Unspecified, data_class).into(),
    }
}

fn tool(tool: &Tool) -> v1::Tool {
    v1::Tool {
        name: tool.name.clone(),
        description: tool.description.clone(),
        parameters_json: tool.parameters_json.clone(),
        strict: tool.strict,
    }
}

fn tool_choice(choice: &ToolChoice) -> v1::ToolChoice {
    use v1::tool_choice::Kind;
    let (kind, function) = match choice {
        ToolChoice::Auto => (Kind::Auto, String::new()),
        ToolChoice::None => (Kind::None, String::new()),
        ToolChoice::Required => (Kind::Required, String::new()),
        ToolChoice::Function(name) => (Kind::Function, name.clone()),
    };
    v1::ToolChoice { kind: kind.into(), function }
}

/// Plain text is what no format means.
fn response_format(format: &ResponseFormat) -> Option<v1::ResponseFormat> {
    use v1::response_format::{Format, JsonObject, JsonSchema};
    let format = match format {
        ResponseFormat::Text => return None,
        ResponseFormat::JsonObject => Format::JsonObject(JsonObject {}),
        ResponseFormat::JsonSchema { name, schema_json, strict } => {
            let (name, schema_json) = (name.clone(), schema_json.clone());
            Format::JsonSchema(JsonSchema { name, schema_json, strict: *strict })
        }
    };
    Some(v1::ResponseFormat { format: Some(format) })
}

fn sampling(sampling: &Sampling) -> v1::Sampling {
    v1::Sampling {
        temperature: sampling.temperature,
        top_k: sampling.top_k,
        top_p: sampling.top_p,
        min_p: sampling.min_p,
        repetition_penalty: sampling.repetition_penalty,
        frequency_penalty: sampling.frequency_penalty,
        presence_penalty: sampling.presence_penalty,
        seed: sampling.seed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_their_choice_and_the_form_go_with_the_assignment() {
        let mut prompt = Prompt::of_text("when?".into());
        let whole = || Remainder { assistant_prefix: None, max_output_tokens: 9 };
        let plain = assignment(&prompt, "m", whole(), 1, None);
        assert!(plain.tools.is_empty() && plain.tool_choice.is_none());
        assert!(plain.response_format.is_none());
        prompt.tools = vec![Tool {
            name: "tide".into(),
            description: None,
            parameters_json: Some("{}".into()),
            strict: Some(true),
        }];
        prompt.tool_choice = ToolChoice::Function("tide".into());
        prompt.response_format = ResponseFormat::JsonObject;
        let held = assignment(&prompt, "m", whole(), 1, None);
        assert_eq!(held.tools[0].parameters_json.as_deref(), Some("{}"));
        let choice = held.tool_choice.unwrap();
        assert_eq!(choice.kind(), v1::tool_choice::Kind::Function);
        assert_eq!(choice.function, "tide");
        let format = held.response_format.unwrap().format.unwrap();
        assert!(matches!(format, v1::response_format::Format::JsonObject(_)));
    }
}
