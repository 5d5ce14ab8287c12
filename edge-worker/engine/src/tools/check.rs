//! A finished call against the schema of its tool.
//!
//! Decoding holds most schemas by itself. Where a schema could not be held, the arguments are checked and,
//! if they are wrong, mended once, in ways that can be seen from outside to change no meaning: a string
//! that spells the number or truth value which is wanted becomes it, and a property that must not be there
//! goes. What is still wrong then is no call, and the answer fails: asking the same model the same again
//! would most likely give the same.

use jsonschema::Validator;
use serde_json::{Map, Value};

use super::{Call, Tool};
use crate::error::StartError;

/// A tool and what checks its arguments.
#[derive(Debug)]
pub struct Checked {
    name: String,
    schema: Value,
    validator: Validator,
}

impl Checked {
    /// Of `tool`, which is the caller's tool number `at`.
    ///
    /// # Errors
    /// Its schema is none.
    pub fn new(at: usize, tool: &Tool) -> Result<Self, StartError> {
        let schema = tool.schema();
        // The validator's own words may quote the schema.
        let validator = jsonschema::validator_for(&schema).map_err(|_| {
            StartError::Unsupported(format!("tools[{at}].parameters is no JSON schema"))
        })?;
        Ok(Self { name: tool.name.clone(), schema, validator })
    }

    /// The call that `text` is, its arguments mended if need be; `None` if it is none of one of `tools`.
    pub fn call(tools: &[Self], text: &[u8]) -> Option<Call> {
        let call: Value = serde_json::from_slice(text).ok()?;
        let name = call.get("name")?.as_str()?;
        let tool = tools.iter().find(|tool| tool.name == name)?;
        let arguments = call.get("arguments")?;
        let arguments = if tool.validator.is_valid(arguments) {
            arguments.clone()
        } else {
            let mended = mended(arguments.as_object()?, &tool.schema);
            Some(mended).filter(|mended| tool.validator.is_valid(mended))?
        };
        Some(Call { id: String::new(), name: name.to_owned(), arguments: arguments.to_string() })
    }
}

fn mended(arguments: &Map<String, Value>, schema: &Value) -> Value {
    let properties = schema.get("properties").and_then(Value::as_object);
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let known = |name: &str| properties.and_then(|properties| properties.get(name));
    let kept = arguments.iter().filter(|(name, _)| !closed || known(name).is_some());
    let one = |(name, value): (&String, &Value)| {
        let wanted = known(name).and_then(|schema| schema.get("type")).and_then(Value::as_str);
        let spelled =
            value.as_str().and_then(|text| serde_json::from_str::<Value>(text.trim()).ok());
        let fits = |spelled: &Value| match wanted {
            Some("integer") => spelled.is_i64() || spelled.is_u64(),
            Some("number") => spelled.is_number(),
            Some("boolean") => spelled.is_boolean(),
            _ => false,
        };
        (name.clone(), spelled.filter(fits).unwrap_or_else(|| value.clone()))
    };
    Value::Object(kept.map(one).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> Vec<Checked> {
        let schema = r#"{
            "properties": {
                "hours": {"type": "integer"}, "high": {"type": "boolean"}, "place": {"type": "string"}
            },
            "required": ["hours"], "additionalProperties": false
        }"#;
        let tool = Tool::parse("tide", None, Some(schema)).expect("JSON");
        vec![Checked::new(0, &tool).expect("a schema")]
    }

    fn arguments(arguments: &str) -> Option<String> {
        let text = format!(r#"{{"name": "tide", "arguments": {arguments}}}"#);
        Checked::call(&tools(), text.as_bytes()).map(|call| call.arguments)
    }

    #[test]
    fn arguments_that_fit_stay_as_they_are() {
        let kept = arguments(r#"{"hours": 6, "place": "12"}"#);
        assert_eq!(kept.as_deref(), Some(r#"{"hours":6,"place":"12"}"#));
    }

    #[test]
    fn a_spelled_number_and_a_property_too_many_are_mended_once() {
        let mended = arguments(r#"{"hours": "6", "high": "true", "place": "12", "extra": 1}"#);
        assert_eq!(mended.as_deref(), Some(r#"{"hours":6,"high":true,"place":"12"}"#));
    }

    #[test]
    fn what_cannot_be_mended_is_no_call() {
        for wrong in [r#"{"hours": "six"}"#, r#"{"place": "x"}"#, "[]", r#"{"hours": 6"#] {
            assert_eq!(arguments(wrong), None, "{wrong}");
        }
        assert_eq!(Checked::call(&tools(), br#"{"name": "other", "arguments": {}}"#), None);
    }

    #[test]
    fn a_schema_that_is_none_is_refused_by_number() {
        let tool = Tool::parse("tide", None, Some(r#"{"type": "secret"}"#)).expect("JSON");
        let error = Checked::new(3, &tool).expect_err("no schema").to_string();
        assert!(error.contains("tools[3]") && !error.contains("secret"), "{error}");
    }
}
