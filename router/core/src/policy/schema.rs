//! The JSON Schema of a policy file, for editors: made of the very structs that read one, so that it
//! cannot say anything else.
//!
//! It knows keys, types and words. What a schema cannot say (a condition's meaning, ceilings that
//! contradict each other) the loader still refuses.

use super::RawPolicy;
use schemars::Schema;
use schemars::generate::SchemaSettings;
use schemars::transform::{Transform, transform_subschemas};
use serde_json::{Value, json};

/// The schema as pretty JSON with a line end.
#[must_use]
pub fn schema() -> String {
    let generator = SchemaSettings::draft2020_12().with_transform(WithoutNull).into_generator();
    let mut schema = generator.into_root_schema_for::<RawPolicy>();
    schema.insert("title".into(), json!("Littoral policy"));
    // Printing JSON cannot fail; `{:#}` is its pretty form.
    format!("{:#}\n", schema.as_value())
}

/// An absent key is how a TOML file says nothing; there is no null in it.
#[derive(Clone, Debug)]
struct WithoutNull;

impl Transform for WithoutNull {
    fn transform(&mut self, schema: &mut Schema) {
        transform_subschemas(self, schema);
        let Some(object) = schema.as_object_mut() else { return };
        if object.get("default") == Some(&Value::Null) {
            object.remove("default");
        }
        if let Some(Value::Array(types)) = object.get_mut("type") {
            types.retain(|kind| kind != "null");
            if let [only] = types.as_slice() {
                let only = only.clone();
                object.insert("type".into(), only);
            }
        }
        if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
            choices.retain(|choice| choice.get("type") != Some(&json!("null")));
            if let [only] = choices.as_slice() {
                let only = only.clone();
                object.remove("anyOf");
                if let Value::Object(only) = only {
                    for (key, value) in only {
                        object.entry(key).or_insert(value);
                    }
                }
            }
        }
    }
}
