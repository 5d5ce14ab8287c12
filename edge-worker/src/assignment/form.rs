//! The form that an answer must have.

use super::{malformed, unsupported};
use crate::engine::Refusal;
use littoral_engine::Form;
use littoral_proto::v1::ResponseFormat;
use littoral_proto::v1::response_format::Format;

/// Reads a response format; none is plain text.
pub(super) fn form(asked: Option<ResponseFormat>) -> Result<Form, Refusal> {
    let Some(asked) = asked else { return Ok(Form::Text) };
    match asked.format {
        Some(Format::Text(_)) => Ok(Form::Text),
        Some(Format::JsonObject(_)) => Ok(Form::JsonObject),
        Some(Format::JsonSchema(schema)) => {
            let no_json = || unsupported("response_format.json_schema.schema_json is no JSON");
            Form::schema(&schema.schema_json).ok_or_else(no_json)
        }
        None => Err(malformed("response_format is empty")),
    }
}
