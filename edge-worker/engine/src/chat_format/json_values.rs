//! JSON as templates hold it, in the order in which it was written.

use minijinja::Value;
use serde_json::Value as Json;

/// `json` as a template's value.
pub fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::from(()),
        Json::Bool(truth) => Value::from(*truth),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(whole), _) => Value::from(whole),
            (None, Some(whole)) => Value::from(whole),
            (None, None) => Value::from(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => Value::from(text.as_str()),
        Json::Array(inner) => inner.iter().map(value).collect(),
        Json::Object(fields) => {
            Value::from_pairs(fields.iter().map(|(name, inner)| (name.as_str(), value(inner))))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tojson::tojson;
    use super::value;

    #[test]
    fn json_goes_through_a_template_unchanged() {
        let text = r#"{"z": [1, -2, 0.5, null, true], "a": {"b": "<é>"}}"#;
        let json = serde_json::from_str(text).expect("JSON");
        let mut environment = minijinja::Environment::new();
        environment.add_filter("tojson", tojson);
        let context = minijinja::context! { it => value(&json) };
        assert_eq!(environment.render_str("{{ it | tojson }}", context).expect("renders"), text);
    }
}
