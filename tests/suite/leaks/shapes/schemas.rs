//! Tools and answer schemas: written by programs, and forgotten by whoever scans messages only.

use super::Shape;
use super::fields::identifier;
use super::requests::{harmless, tool};
use littoral_proto::v1;
use serde_json::{Value, json};
use v1::response_format::{Format, JsonSchema};

/// Places in schemas.
pub(super) static SHAPES: &[Shape] = &[
    Shape::request("tool_name", |secret| {
        let schema = json!({"type": "object", "properties": {}});
        Some(with_tool(tool(&identifier(secret)?, "Takes a note.", &schema)))
    }),
    Shape::request("tool_description", |secret| {
        let description = format!("Looks up the customer with {}", secret.named());
        let schema = json!({"type": "object", "properties": {}});
        Some(with_tool(tool("look_up", &description, &schema)))
    }),
    Shape::request("schema_default", |secret| {
        Some(in_schema(&json!({"type": "string", "default": secret.plain()})))
    }),
    Shape::request("schema_enum", |secret| {
        Some(in_schema(&json!({"type": "string", "enum": ["none", secret.plain()]})))
    }),
    Shape::request("schema_nested_description", |secret| {
        let leaf = json!({"type": "string", "description": format!("Such as {}", secret.named())});
        let object = json!({"type": "object", "properties": {"inner": leaf}});
        Some(in_schema(&json!({"type": "array", "items": object})))
    }),
    Shape::request("schema_property_name", |secret| {
        let mut properties = serde_json::Map::new();
        properties.insert(secret.plain(), json!({"type": "string"}));
        Some(in_schema(&json!({"type": "object", "properties": properties})))
    }),
    Shape::request("format_schema", |secret| {
        let leaf = json!({"type": "string", "const": secret.plain()});
        Some(answering("note", &json!({"type": "object", "properties": {"note": leaf}})))
    }),
    Shape::request("format_name", |secret| {
        let schema = json!({"type": "object", "properties": {"note": {"type": "string"}}});
        Some(answering(&identifier(secret)?, &schema))
    }),
];

fn with_tool(tool: v1::Tool) -> v1::ChatRequest {
    v1::ChatRequest { tools: vec![tool], ..harmless() }
}

fn in_schema(property: &Value) -> v1::ChatRequest {
    let schema = json!({"type": "object", "properties": {"note": property}});
    with_tool(tool("take_note", "Takes a note.", &schema))
}

fn answering(name: &str, schema: &Value) -> v1::ChatRequest {
    let schema = JsonSchema { name: name.into(), schema_json: schema.to_string(), strict: None };
    let format = Some(Format::JsonSchema(schema));
    v1::ChatRequest { response_format: Some(v1::ResponseFormat { format }), ..harmless() }
}
