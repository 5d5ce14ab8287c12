//! A prompt as the body of a chat-completions request.
//!
//! Every field of the prompt is either in the body or refused: an instruction that is dropped in
//! silence gives an answer to another question. A refusal that is about this provider blames the
//! target, since another may do better; only what no target can make sense of blames the client.

use super::wire::{
    ChatRequest, Content, ContentPart, FunctionName, ImageUrl, InputAudio, JsonSchema,
    RequestFormat, RequestMessage, RequestTool, RequestToolCall, RequestToolChoice, StreamOptions,
    ToolFunction,
};
use super::{OpenAi, TokenLimitField};
use crate::executors::cloud::dialect::{Unfit, body, invalid, object, unsupported};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use littoral_core::prompt::{
    Message, PartContent, Prompt, Remainder, ResponseFormat, Role, Sampling, Tool, ToolChoice,
};

/// Encodes a prompt for one model, in the dialect as the provider knows it.
pub(in crate::executors::cloud) fn encode(
    prompt: &Prompt,
    remainder: &Remainder,
    model: &str,
    dialect: OpenAi,
) -> Result<Bytes, Unfit> {
    if remainder.assistant_prefix.is_some() {
        return Err(unsupported("cannot continue a begun answer"));
    }
    check(prompt, dialect)?;
    let limit = |field| (dialect.token_limit == field).then_some(remainder.max_output_tokens);
    let sampling = &prompt.sampling;
    let request = ChatRequest {
        model,
        messages: prompt.messages.iter().map(message).collect::<Result<_, _>>()?,
        stream: true,
        stream_options: StreamOptions { include_usage: true },
        store: dialect.store_field.then_some(false),
        max_completion_tokens: limit(TokenLimitField::MaxCompletionTokens),
        max_tokens: limit(TokenLimitField::MaxTokens),
        temperature: sampling.temperature,
        top_p: sampling.top_p,
        top_k: sampling.top_k,
        min_p: sampling.min_p,
        repetition_penalty: sampling.repetition_penalty,
        frequency_penalty: sampling.frequency_penalty,
        presence_penalty: sampling.presence_penalty,
        seed: sampling.seed,
        stop: &prompt.stop,
        logprobs: prompt.top_logprobs.map(|_| true),
        top_logprobs: prompt.top_logprobs,
        user: prompt.user.as_deref(),
        metadata: &prompt.metadata,
        tools: prompt.tools.iter().map(tool).collect::<Result<_, _>>()?,
        tool_choice: tool_choice(prompt)?,
        response_format: response_format(&prompt.response_format)?,
    };
    body(&request)
}

fn check(prompt: &Prompt, dialect: OpenAi) -> Result<(), Unfit> {
    let Sampling {
        temperature,
        top_k,
        top_p,
        min_p,
        repetition_penalty,
        frequency_penalty,
        presence_penalty,
        seed,
    } = &prompt.sampling;
    let limits = [
        (top_k.is_some() && !dialect.top_k, "has no top_k"),
        (min_p.is_some() && !dialect.min_p, "has no min_p"),
        (
            repetition_penalty.is_some() && !dialect.repetition_penalty,
            "has no repetition_penalty; it has frequency_penalty and presence_penalty",
        ),
        (
            !prompt.metadata.is_empty() && !dialect.metadata,
            "takes metadata only with stored completions, which are never asked for",
        ),
        // Its documents say a 64-bit signed integer.
        (seed.is_some_and(|seed| i64::try_from(seed).is_err()), "has no seed above 2^63 - 1"),
    ];
    if let Some((_, why)) = limits.into_iter().find(|(is_beyond, _)| *is_beyond) {
        return Err(unsupported(why));
    }
    // JSON has no NaN and no infinity; they would turn into null, which means "default".
    let numbers =
        [temperature, top_p, min_p, repetition_penalty, frequency_penalty, presence_penalty];
    if numbers.into_iter().flatten().any(|number| !number.is_finite()) {
        return Err(invalid("cannot be sent a sampling value that is no finite number"));
    }
    Ok(())
}

fn message(message: &Message) -> Result<RequestMessage<'_>, Unfit> {
    let calls = message.tool_calls.iter().map(|call| RequestToolCall {
        id: &call.id,
        kind: "function",
        function: super::wire::CalledFunction { name: &call.name, arguments: &call.arguments_json },
    });
    let calls: Vec<_> = calls.collect();
    if !calls.is_empty() && message.role != Role::Assistant {
        return Err(invalid("cannot be sent tool calls outside an assistant message"));
    }
    if message.role == Role::Tool && message.tool_call_id.is_none() {
        return Err(invalid("cannot be sent a tool message without the id of its call"));
    }
    let has_sound =
        message.parts.iter().any(|part| matches!(part.content, PartContent::Audio { .. }));
    if has_sound && message.role != Role::User {
        return Err(unsupported("takes sounds from the user only"));
    }
    Ok(RequestMessage {
        role: message.role.name(),
        content: content(message),
        name: message.name.as_deref(),
        tool_calls: calls,
        tool_call_id: message.tool_call_id.as_deref(),
    })
}

/// A single text goes as a plain string, which every server takes; anything else as parts. An
/// assistant turn that only calls tools has no content at all.
fn content(message: &Message) -> Option<Content<'_>> {
    let parts: Vec<&PartContent> = message.parts.iter().map(|part| &part.content).collect();
    match parts.as_slice() {
        [] if !message.tool_calls.is_empty() => None,
        [] => Some(Content::Text("")),
        [PartContent::Text(text)] => Some(Content::Text(text)),
        many => Some(Content::Parts(many.iter().copied().map(part).collect())),
    }
}

fn part(content: &PartContent) -> ContentPart<'_> {
    match content {
        PartContent::Text(text) => ContentPart::Text { text },
        PartContent::Image { url, detail } => {
            ContentPart::ImageUrl { image_url: ImageUrl { url, detail: detail.as_deref() } }
        }
        PartContent::Audio { format, data } => {
            let input_audio = InputAudio { data: STANDARD.encode(data), format: format.name() };
            ContentPart::InputAudio { input_audio }
        }
    }
}

fn tool(tool: &Tool) -> Result<RequestTool<'_>, Unfit> {
    let schema = tool.parameters_json.as_deref().map(|json| {
        object(json).ok_or(invalid("cannot be sent a tool whose parameters are no JSON object"))
    });
    Ok(RequestTool {
        kind: "function",
        function: ToolFunction {
            name: &tool.name,
            description: tool.description.as_deref(),
            parameters: schema.transpose()?,
            strict: tool.strict,
        },
    })
}

/// The default (`auto`) is left out: without tools, providers refuse the field. So is "no tool",
/// where there are none.
fn tool_choice(prompt: &Prompt) -> Result<Option<RequestToolChoice<'_>>, Unfit> {
    let has_tools = !prompt.tools.is_empty();
    match &prompt.tool_choice {
        ToolChoice::Auto => Ok(None),
        ToolChoice::None => Ok(has_tools.then_some(RequestToolChoice::Word("none"))),
        ToolChoice::Required if has_tools => Ok(Some(RequestToolChoice::Word("required"))),
        ToolChoice::Function(name) if prompt.tools.iter().any(|tool| tool.name == *name) => {
            let function = FunctionName { name };
            Ok(Some(RequestToolChoice::Function { kind: "function", function }))
        }
        ToolChoice::Required | ToolChoice::Function(_) => {
            Err(invalid("cannot be sent a tool choice that names no tool of the request"))
        }
    }
}

fn response_format(format: &ResponseFormat) -> Result<Option<RequestFormat<'_>>, Unfit> {
    match format {
        ResponseFormat::Text => Ok(None),
        ResponseFormat::JsonObject => Ok(Some(RequestFormat::JsonObject)),
        ResponseFormat::JsonSchema { name, schema_json, strict } => {
            let schema = object(schema_json)
                .ok_or(invalid("cannot be sent a response schema that is no JSON object"))?;
            let json_schema = JsonSchema { name, schema, strict: *strict };
            Ok(Some(RequestFormat::JsonSchema { json_schema }))
        }
    }
}

#[cfg(test)]
mod tests;
