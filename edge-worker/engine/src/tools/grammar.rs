//! What the JSON of a call may be.

use serde_json::{Value, json};

use super::Tool;

/// The schema of a call of one of `tools`; the arguments of those named in `relaxed` are any object, where
/// their own schema cannot be held.
pub fn calls(tools: &[&Tool], relaxed: &[&str]) -> Value {
    let call = |(at, tool): (usize, &&Tool)| {
        let base = match tools.len() {
            1 => "#/properties/arguments".to_owned(),
            _ => format!("#/anyOf/{at}/properties/arguments"),
        };
        let arguments = if relaxed.contains(&tool.name.as_str()) {
            json!({ "type": "object" })
        } else {
            rebased(&tool.schema(), &base)
        };
        json!({
            "type": "object",
            "properties": { "name": { "const": tool.name }, "arguments": arguments },
            "required": ["name", "arguments"],
            "additionalProperties": false,
        })
    };
    let mut calls: Vec<Value> = tools.iter().enumerate().map(call).collect();
    match calls.len() {
        1 => calls.remove(0),
        _ => json!({ "anyOf": calls }),
    }
}

/// `schema` as it must be to mean the same at `base` of another one: its references go there.
fn rebased(schema: &Value, base: &str) -> Value {
    match schema {
        Value::Object(fields) => {
            let field = |(key, value): (&String, &Value)| {
                let local = value.as_str().filter(|_| key == "$ref");
                let value = match local.and_then(|reference| reference.strip_prefix('#')) {
                    Some(rest) => Value::from(format!("{base}{rest}")),
                    None => rebased(value, base),
                };
                (key.clone(), value)
            };
            Value::Object(fields.iter().map(field).collect())
        }
        Value::Array(inner) => inner.iter().map(|inner| rebased(inner, base)).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_to_where_the_schema_now_is_and_a_relaxed_tool_takes_any_object() {
        let schema = r##"{"$defs": {"t": {"type": "integer"}}, "properties": {"at": {"$ref": "#/$defs/t"}}}"##;
        let one = Tool::parse("one", None, Some(schema)).expect("JSON");
        let two = Tool::parse("two", None, Some(schema)).expect("JSON");
        let both = calls(&[&one, &two], &["two"]);
        let place = "/anyOf/0/properties/arguments/properties/at/$ref";
        let reference = both.pointer(place).and_then(Value::as_str).expect("there");
        assert_eq!(both.pointer(&reference[1..]), Some(&json!({ "type": "integer" })));
        let any = both.pointer("/anyOf/1/properties/arguments").expect("there");
        assert_eq!(*any, json!({ "type": "object" }));
        let alone = calls(&[&one], &[]);
        assert_eq!(alone.pointer("/properties/name/const"), Some(&json!("one")));
    }
}
