//! A prompt as the body of a messages request.
//!
//! Every field of the prompt is either in the body, or asks for what happens anyway, or is refused. The
//! one exception is the name of a response schema, which the API has no field for: it labels the schema
//! and asks for nothing.

use super::thinks_unasked;
use super::turns::{system, turns};
use super::wire::{Choice, MessagesRequest, Metadata, OutputConfig, OutputFormat, RequestTool};
use crate::executors::cloud::dialect::{Unfit, body, invalid, object, unsupported};
use bytes::Bytes;
use littoral_core::prompt::{Prompt, Remainder, ResponseFormat, Sampling, Tool, ToolChoice};
use serde_json::value::RawValue;
use std::cmp::Ordering;

/// Encodes a prompt for one model.
pub(in crate::executors::cloud) fn encode(
    prompt: &Prompt,
    remainder: &Remainder,
    model: &str,
) -> Result<Bytes, Unfit> {
    check(prompt)?;
    let prefix = remainder.assistant_prefix.as_deref();
    if prefix.is_some() && prompt.response_format != ResponseFormat::Text {
        return Err(unsupported("cannot continue a begun answer that is held to a schema"));
    }
    let (system, conversation) = system(&prompt.messages)?;
    let Drawing { temperature, top_p, top_k } = drawing(&prompt.sampling, model)?;
    body(&MessagesRequest {
        model,
        max_tokens: remainder.max_output_tokens,
        system,
        messages: turns(conversation, prefix)?,
        stream: true,
        temperature,
        top_p,
        top_k,
        stop_sequences: &prompt.stop,
        metadata: prompt.user.as_deref().map(|user_id| Metadata { user_id }),
        tools: prompt.tools.iter().map(tool).collect::<Result<_, _>>()?,
        tool_choice: tool_choice(prompt, model)?,
        output_config: output_config(&prompt.response_format)?,
    })
}

fn check(prompt: &Prompt) -> Result<(), Unfit> {
    // Every field is named, so that a new one is not forgotten.
    let Sampling {
        temperature: _,
        top_k: _,
        top_p: _,
        min_p,
        repetition_penalty,
        frequency_penalty,
        presence_penalty,
        seed,
    } = &prompt.sampling;
    // A penalty at its neutral value asks for nothing.
    let differs =
        |value: &Option<f32>, neutral| value.is_some_and(|value| !is_equal(value, neutral));
    let limits = [
        (prompt.top_logprobs.is_some(), "has no log-probabilities"),
        (seed.is_some(), "has no seed"),
        (differs(min_p, 0.0), "has no min_p"),
        (differs(repetition_penalty, 1.0), "has no repetition_penalty"),
        (differs(frequency_penalty, 0.0), "has no frequency_penalty"),
        (differs(presence_penalty, 0.0), "has no presence_penalty"),
        (!prompt.metadata.is_empty(), "takes no metadata besides the user's identifier"),
        (
            prompt.stop.iter().any(|stop| stop.trim().is_empty()),
            "takes no stop text that is only white space",
        ),
    ];
    let beyond = limits.into_iter().find(|(is_beyond, _)| *is_beyond);
    beyond.map_or(Ok(()), |(_, why)| Err(unsupported(why)))
}

/// How tokens are drawn, in this dialect's terms.
struct Drawing {
    temperature: Option<f32>,
    top_p: Option<f32>,
    top_k: Option<u32>,
}

/// A temperature and a `top_p` of 1 are the API's defaults, and left out: later models take no other,
/// and none takes both.
fn drawing(sampling: &Sampling, model: &str) -> Result<Drawing, Unfit> {
    let Sampling { temperature, top_p, top_k, .. } = *sampling;
    // JSON has no NaN and no infinity; they would turn into null, which means "default".
    if [temperature, top_p].into_iter().flatten().any(|number| !number.is_finite()) {
        return Err(invalid("cannot be sent a sampling value that is no finite number"));
    }
    let [temperature, top_p] =
        [temperature, top_p].map(|value| value.filter(|value| !is_equal(*value, 1.0)));
    if temperature.is_some_and(|temperature| temperature > 1.0) {
        return Err(unsupported("has no temperature above 1"));
    }
    if temperature.is_some() && top_p.is_some() {
        return Err(unsupported("takes a temperature or a top_p, not both"));
    }
    let any = temperature.is_some() || top_p.is_some() || top_k.is_some();
    if any && thinks_unasked(model) {
        return Err(unsupported("has no sampling settings for this model"));
    }
    Ok(Drawing { temperature, top_p, top_k })
}

fn is_equal(a: f32, b: f32) -> bool {
    a.partial_cmp(&b).is_some_and(Ordering::is_eq)
}

fn tool(tool: &Tool) -> Result<RequestTool<'_>, Unfit> {
    let input_schema = match &tool.parameters_json {
        Some(json) => object(json)
            .ok_or(invalid("cannot be sent a tool whose parameters are no JSON object"))?,
        None => no_parameters()?,
    };
    Ok(RequestTool {
        name: &tool.name,
        description: tool.description.as_deref(),
        input_schema,
        strict: tool.strict,
    })
}

/// The schema of a function without parameters.
fn no_parameters() -> Result<&'static RawValue, Unfit> {
    object(r#"{"type":"object","properties":{}}"#)
        .ok_or(invalid("cannot be sent a tool without parameters"))
}

/// The default (`auto`) is left out, and so is "no tool" where there are none.
fn tool_choice<'a>(prompt: &'a Prompt, model: &str) -> Result<Option<Choice<'a>>, Unfit> {
    let has = |name: &String| prompt.tools.iter().any(|tool| tool.name == *name);
    let forced = match &prompt.tool_choice {
        ToolChoice::Auto => return Ok(None),
        ToolChoice::None => return Ok((!prompt.tools.is_empty()).then_some(Choice::None)),
        ToolChoice::Required if !prompt.tools.is_empty() => Choice::Any,
        ToolChoice::Function(name) if has(name) => Choice::Tool { name },
        ToolChoice::Required | ToolChoice::Function(_) => {
            return Err(invalid("cannot be sent a tool choice without that tool"));
        }
    };
    if thinks_unasked(model) {
        return Err(unsupported("has no forced tool calls for this model"));
    }
    Ok(Some(forced))
}

fn output_config(format: &ResponseFormat) -> Result<Option<OutputConfig<'_>>, Unfit> {
    match format {
        ResponseFormat::Text => Ok(None),
        ResponseFormat::JsonObject => Err(unsupported("holds an answer to JSON only by a schema")),
        // It always holds the answer to the schema, asked for strictly or not.
        ResponseFormat::JsonSchema { name: _, schema_json, strict: _ } => {
            let schema = object(schema_json)
                .ok_or(invalid("cannot be sent a response schema that is no JSON object"))?;
            Ok(Some(OutputConfig { format: OutputFormat::JsonSchema { schema } }))
        }
    }
}

#[cfg(test)]
mod tests;
