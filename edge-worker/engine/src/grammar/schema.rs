//! JSON schemas on their way to the compiler: bounds, layout, and what to say of one that is refused.

use serde_json::{Map, Value, json};

/// Most bytes of a schema, written without spaces.
const MOST_BYTES: usize = 64 << 10;
/// Deepest nesting of a schema.
const MOST_DEPTH: usize = 48;
/// Greatest count in a schema (`maxItems`, `maxLength` and the like). A small model ends long before.
const MOST_COUNT: u64 = 100_000;
/// Greatest count of array elements or properties, each of which is a copy in the grammar.
const MOST_ELEMENTS: u64 = 1_000;

/// Keywords that a grammar cannot hold.
const NOT_HELD: [&str; 17] = [
    "$dynamicRef",
    "$recursiveRef",
    "contains",
    "dependencies",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "not",
    "oneOf",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
];

/// Where a JSON text may have white space.
pub type Layout = (&'static str, &'static str, Option<&'static str>);

/// One space after commas and colons or none, so that a small model cannot go on with spaces for ever.
pub const NARROW: Layout = (",[ ]?", ":[ ]?", None);
/// Lines and indents of a bounded length.
pub const WIDE: Layout = (",", ":", Some("[\\x20\\x0A\\x0D\\x09]{1,64}"));

/// Checks the bounds.
///
/// # Errors
/// What is out of bounds, with its number.
pub fn check(schema: &Value) -> Result<(), String> {
    let bytes = schema.to_string().len();
    if bytes > MOST_BYTES {
        return Err(format!("the schema has {bytes} bytes, the most is {MOST_BYTES}"));
    }
    bounded(schema, 0)
}

fn bounded(schema: &Value, depth: usize) -> Result<(), String> {
    if depth > MOST_DEPTH {
        return Err(format!("the schema is nested more than {MOST_DEPTH} deep"));
    }
    let Value::Object(fields) = schema else {
        let inner = schema.as_array().map(Vec::as_slice).unwrap_or_default();
        return inner.iter().try_for_each(|inner| bounded(inner, depth + 1));
    };
    for (keyword, value) in fields {
        let most = match keyword.as_str() {
            "minItems" | "maxItems" | "minProperties" | "maxProperties" => MOST_ELEMENTS,
            "minLength" | "maxLength" => MOST_COUNT,
            _ => u64::MAX,
        };
        if value.as_u64().is_some_and(|count| count > most) {
            return Err(format!("the schema has a {keyword} above {most}"));
        }
        bounded(value, depth + 1)?;
    }
    Ok(())
}

/// `schema` with the layout of the texts it allows. Whatever it says itself of layout is not heard.
pub fn laid_out(schema: &Value, (item, key, space): Layout) -> Value {
    let mut fields = match schema {
        Value::Object(fields) => fields.clone(),
        Value::Bool(true) => Map::new(),
        // Not a schema, or one that allows nothing: the compiler refuses it.
        other => return other.clone(),
    };
    let options = json!({
        "item_separator": item,
        "key_separator": key,
        "whitespace_flexible": false,
        "whitespace_pattern": space,
    });
    fields.insert("x-guidance".into(), options);
    Value::Object(fields)
}

/// Why a schema that is within the bounds was refused, in words that quote nothing of it.
pub fn fault(schema: &Value) -> String {
    let mut found = Vec::new();
    keywords(schema, &mut found);
    found.sort_unstable();
    found.dedup();
    if found.is_empty() {
        return "an answer cannot be held to this schema: it is not valid, allows nothing, or is too large"
            .into();
    }
    format!("an answer cannot be held to a schema with {}", found.join(", "))
}

fn keywords(schema: &Value, found: &mut Vec<&'static str>) {
    match schema {
        Value::Object(fields) => {
            let known = |name: &String| NOT_HELD.into_iter().find(|keyword| keyword == name);
            found.extend(fields.keys().filter_map(known));
            fields.values().for_each(|inner| keywords(inner, found));
        }
        Value::Array(inner) => inner.iter().for_each(|inner| keywords(inner, found)),
        _ => {}
    }
}

/// Stretches of text that are common in JSON; which tokens they allow is worked out once a model.
pub fn slices() -> Vec<String> {
    let plain = r#"[^"\\\x00-\x1F\x7F]"#;
    vec![
        r"[\x20\x0A\x0D\x09]+".to_owned(),
        format!("{plain}{{1,10}}"),
        format!("{plain}{{1,30}}"),
        format!("{plain}+"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_out_of_bounds_is_refused_with_its_number() {
        let mut deep = json!({});
        for _ in 0..60 {
            deep = json!({ "items": deep });
        }
        for (schema, words) in [
            (json!({ "enum": ["x".repeat(70_000)] }), "the most is 65536"),
            (deep, "more than 48 deep"),
            (json!({ "items": { "maxItems": 5_000 } }), "maxItems above 1000"),
            (json!({ "minLength": 200_000 }), "minLength above 100000"),
        ] {
            let fault = check(&schema).expect_err("out of bounds");
            assert!(fault.contains(words), "{fault}");
        }
        assert_eq!(check(&json!({ "type": "object", "maxProperties": 1_000 })), Ok(()));
    }

    #[test]
    fn a_refused_schema_is_told_by_keywords_and_never_quoted() {
        let schema = json!({ "properties": { "secret": { "not": {}, "uniqueItems": true } } });
        assert_eq!(fault(&schema), "an answer cannot be held to a schema with not, uniqueItems");
        assert!(!fault(&json!({ "$ref": "#/secret" })).contains("secret"));
    }
}
