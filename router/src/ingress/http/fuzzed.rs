//! Bodies with anything in any place: a door reads them or refuses them by name, because a panic would cut off
//! everybody on a connection.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Any small JSON.
pub(super) fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "[a-z_]{0,12}|\\PC{0,8}".prop_map(Value::from),
        Just(json!("function")),
        Just(json!("tool_result")),
        Just(json!("image")),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Names that mean something here, and others.
fn key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "type",
        "text",
        "role",
        "content",
        "name",
        "function",
        "arguments",
        "id",
        "source",
        "data",
        "url",
        "tool_use_id",
        "input",
        "schema",
        "json_schema",
        "image_url",
        "other",
    ])
    .prop_map(str::to_owned)
}

/// A good body with anything put in up to three of its places.
pub(super) fn spoilt(good: &Value) -> impl Strategy<Value = Value> + use<> {
    let (good, places) = (good.clone(), places(good));
    let one = (prop::sample::select(places), anything());
    prop::collection::vec(one, 1..=3).prop_map(move |changes| {
        let mut body = good.clone();
        for (place, value) in changes {
            if let Some(found) = body.pointer_mut(&place) {
                *found = value;
            }
        }
        body
    })
}

/// Every place of a body, as JSON pointers.
fn places(body: &Value) -> Vec<String> {
    fn walk(value: &Value, at: &str, all: &mut Vec<String>) {
        all.push(at.to_owned());
        match value {
            Value::Object(pairs) => {
                for (name, value) in pairs {
                    walk(value, &format!("{at}/{name}"), all);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    walk(value, &format!("{at}/{index}"), all);
                }
            }
            _ => {}
        }
    }
    let mut all = Vec::new();
    walk(body, "", &mut all);
    all
}
