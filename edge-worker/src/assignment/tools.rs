//! Tools, their choice, and calls that were made before.

use super::{malformed, unsupported};
use crate::engine::Refusal;
use littoral_engine::{Call, Tool, ToolChoice};
use littoral_proto::v1 as wire;
use littoral_proto::v1::tool_choice::Kind;

/// The functions that the model may be shown.
pub(super) fn tools(asked: Vec<wire::Tool>) -> Result<Vec<Tool>, Refusal> {
    let tool = |(at, tool): (usize, wire::Tool)| {
        let parsed = Tool::parse(&tool.name, tool.description, tool.parameters_json.as_deref());
        parsed.ok_or_else(|| unsupported(format!("tools[{at}].parameters_json is no JSON")))
    };
    asked.into_iter().enumerate().map(tool).collect()
}

/// Which of them it may or must call.
pub(super) fn choice(asked: Option<wire::ToolChoice>) -> Result<ToolChoice, Refusal> {
    let Some(asked) = asked else { return Ok(ToolChoice::Auto) };
    match Kind::try_from(asked.kind) {
        Ok(Kind::Unspecified | Kind::Auto) => Ok(ToolChoice::Auto),
        Ok(Kind::None) => Ok(ToolChoice::None),
        Ok(Kind::Required) => Ok(ToolChoice::Required),
        Ok(Kind::Function) => Ok(ToolChoice::Function(asked.function)),
        Err(_) => Err(malformed("tool_choice.kind is unknown")),
    }
}

/// A call that the assistant made in an earlier turn.
pub(super) fn call(made: wire::ToolCall) -> Call {
    Call { id: made.id, name: made.name, arguments: made.arguments_json }
}
