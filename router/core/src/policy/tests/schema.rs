//! The JSON Schema says of a file what the loader says of its keys, types and words.

#![expect(
    clippy::disallowed_methods,
    reason = "the schema is compared with a file of the repository, and renewed there"
)]

use crate::policy::{DEFAULT_POLICY_TOML, schema};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies")
}

fn value() -> Value {
    serde_json::from_str(&schema()).unwrap()
}

/// What the schema has against a text.
fn complaints(text: &str) -> Vec<String> {
    let validator = jsonschema::validator_for(&value()).unwrap();
    let file = serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap();
    validator.iter_errors(&file).map(|error| error.to_string()).collect()
}

/// Every `policy.toml` below a folder.
fn policies(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(policies(&path));
        } else if path.ends_with("policy.toml") {
            found.push(path);
        }
    }
    found
}

#[test]
fn the_schema_in_the_repository_is_the_one_that_the_code_makes() {
    let path = folder().join("schema.json");
    if std::env::var_os("LITTORAL_RENEW").is_some() {
        std::fs::write(&path, schema()).unwrap();
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == schema(),
        "policies/schema.json is not what the code makes: run this test with LITTORAL_RENEW=1"
    );
}

#[test]
fn every_shipped_policy_fits_the_schema() {
    let policies = policies(&folder());
    assert!(!policies.is_empty());
    for path in policies {
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(complaints(&text), [""; 0], "{}", path.display());
    }
    assert_eq!(complaints(DEFAULT_POLICY_TOML), [""; 0]);
}

#[test]
fn what_is_mistyped_does_not_fit_the_schema() {
    for (slip, word) in [
        ("version = 1\n[ceilings]\npubic = 'edge'", "pubic"),
        ("version = 1\n[ceilings]\npublic = 'clowd'", "clowd"),
        ("version = 2", "1 was expected"),
        ("name = 'x'", "version"),
        ("version = 1\n[[alias]]\nmodels = ['a']", "name"),
        ("version = 1\n[[alias]]\nname = 'a'\nmodels = 'm'", "array"),
        ("version = 1\n[[alias]]\nname = 'a'\nmodels = ['m']\npick = 'random'", "random"),
        ("version = 1\n[device_class.fridge]\nrequire_readings = true", "fridge"),
        ("version = 1\n[objective]\npreset = 'frugal'", "frugal"),
        ("version = 1\n[fallback]\nhedge = 'yes'", "boolean"),
        ("version = 1\nmasking = true", "masking"),
        ("version = 1\n[[rule]]\nname = 'a'\nmax_teir = 'edge'", "max_teir"),
    ] {
        let complaints = complaints(slip);
        assert!(complaints.iter().any(|told| told.contains(word)), "{slip}: {complaints:?}");
    }
}

#[test]
fn every_key_is_described_and_none_may_be_null() {
    fn walk(value: &Value, path: &str, undescribed: &mut Vec<String>) {
        if let Some(properties) = value.get("properties").and_then(Value::as_object) {
            for (key, property) in properties {
                if property.get("description").is_none() {
                    undescribed.push(format!("{path}.{key}"));
                }
            }
        }
        match value {
            Value::Object(object) => {
                for (key, inner) in object {
                    walk(inner, &format!("{path}/{key}"), undescribed);
                }
            }
            Value::Array(array) => array.iter().for_each(|inner| walk(inner, path, undescribed)),
            _ => {}
        }
    }
    let mut undescribed = Vec::new();
    walk(&value(), "", &mut undescribed);
    assert_eq!(undescribed, [""; 0]);
    assert!(!schema().contains("null"));
    let version = &value()["properties"]["version"];
    assert_eq!(version["const"], json!(1));
}
