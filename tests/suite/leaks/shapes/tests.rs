//! The generator is counted, and the checker is shown to see.

use super::super::kinds::{Kind, kinds, secrets};
use super::*;
use prost::Message as _;
use std::collections::BTreeSet;
use v1::DataClass;

/// Every text of a request, as it would stand in a JSON body.
fn texts(request: &v1::ChatRequest) -> Vec<String> {
    let mut texts = Vec::new();
    for message in &request.messages {
        texts.extend(message.name.clone());
        for part in &message.parts {
            match &part.content {
                Some(v1::part::Content::Text(text)) => texts.push(text.clone()),
                Some(v1::part::Content::Image(image)) => texts.push(image.url.clone()),
                Some(v1::part::Content::Audio(audio)) => {
                    texts.push(String::from_utf8_lossy(&audio.data).into_owned());
                }
                None => {}
            }
        }
        for call in &message.tool_calls {
            texts.extend([call.id.clone(), call.arguments_json.clone()]);
        }
    }
    for tool in &request.tools {
        texts.push(tool.name.clone());
        texts.extend(tool.description.clone());
        texts.extend(tool.parameters_json.clone());
    }
    if let Some(v1::response_format::Format::JsonSchema(schema)) =
        request.response_format.as_ref().and_then(|format| format.format.as_ref())
    {
        texts.extend([schema.name.clone(), schema.schema_json.clone()]);
    }
    texts.extend(request.stop.clone());
    texts.extend(request.user.clone());
    texts.extend(request.metadata.iter().flat_map(|(key, value)| [key.clone(), value.clone()]));
    texts
}

/// JSON in which everything beyond ASCII is escaped, as Python writes it.
fn ascii_json(json: &str) -> String {
    let mut ascii = String::new();
    for character in json.chars() {
        if character.is_ascii() {
            ascii.push(character);
        } else {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            ascii.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    ascii
}

/// The bytes that might be captured of a request that leaves whole.
fn captures(request: &v1::ChatRequest) -> [Vec<u8>; 3] {
    let json = serde_json::to_string(&texts(request)).expect("JSON");
    [request.encode_to_vec(), ascii_json(&json).into(), json.into()]
}

#[test]
fn there_are_at_least_twenty_eight_shapes_for_each_of_twenty_eight_kinds() {
    let names: BTreeSet<_> = shapes().map(|shape| shape.name).collect();
    assert_eq!(names.len(), shapes().count(), "names are unique");
    let planted =
        |kind: &Kind, shape: &Shape| shape.plant(&kind.secret(1), DataClass::Unspecified).is_some();
    let mut rich = BTreeSet::new();
    let mut pairs = 0;
    for kind in kinds() {
        let count = shapes().filter(|shape| !shape.hard && planted(kind, shape)).count();
        pairs += count;
        if count >= 28 {
            rich.insert(kind.entity());
        }
    }
    let full: Vec<_> = shapes()
        .filter(|shape| kinds().filter(|kind| planted(kind, shape)).count() >= 28)
        .collect();
    println!("{} kinds, {} shapes, {pairs} pairs", kinds().count(), names.len());
    assert!(rich.len() >= 28, "{} kinds with 28 shapes", rich.len());
    assert!(full.len() >= 28, "{} shapes with 28 kinds", full.len());
}

#[test]
fn what_is_planted_is_read_out_of_every_shape() {
    let mut blind = Vec::new();
    for secret in secrets(3) {
        for shape in shapes() {
            let Some(request) = shape.plant(&secret, DataClass::Public) else { continue };
            for (form, bytes) in captures(&request).into_iter().enumerate() {
                if !readable(&bytes, &secret) {
                    blind.push(format!("{} in {} (form {form})", secret.kind, shape.name));
                }
            }
        }
    }
    assert!(blind.is_empty(), "{} unseen: {blind:#?}", blind.len());
}

#[test]
fn what_was_not_planted_is_not_read() {
    let secrets = secrets(4);
    let mut seen = Vec::new();
    for (at, planted) in secrets.iter().enumerate() {
        // Another kind each time, over all shapes.
        let other = &secrets[(at + 7) % secrets.len()];
        for shape in shapes() {
            let Some(request) = shape.plant(planted, DataClass::Public) else { continue };
            if readable(&captures(&request)[0], other) {
                seen.push(format!("{} in {} of {}", other.kind, shape.name, planted.kind));
            }
        }
    }
    assert!(seen.is_empty(), "{seen:#?}");
}

#[test]
fn a_masked_secret_is_not_read() {
    for secret in secrets(5) {
        let masked = format!("Could you check this? My {} <{}_1>.", secret.carrier, secret.kind);
        assert!(!readable(masked.as_bytes(), &secret), "{}", secret.kind);
        let tail = &secret.core[secret.core.len() - 3..];
        let masked = format!("My {} ends in {tail}.", secret.carrier);
        assert!(!readable(masked.as_bytes(), &secret), "{}", secret.kind);
    }
}

#[test]
fn half_of_a_secret_is_not_the_secret() {
    for secret in secrets(6) {
        let half = &secret.core[..secret.core.len() / 2];
        assert!(!readable(half.as_bytes(), &secret), "{}", secret.kind);
    }
}

#[test]
fn half_of_a_secret_before_a_page_of_numbers_is_not_the_secret() {
    let numbers: Vec<String> = (100..1000).map(|number| number.to_string()).collect();
    let page = numbers.join(" and ");
    for secret in secrets(7) {
        let half = &secret.core[..secret.core.len() / 2];
        let text = format!("{half} and {page} and {page}");
        assert!(!readable(text.as_bytes(), &secret), "{}", secret.kind);
    }
}

#[test]
fn labels_are_on_everything_or_on_nothing() {
    let secret = secrets(1).remove(0);
    for shape in shapes() {
        for label in [DataClass::Public, DataClass::Unspecified] {
            let Some(request) = shape.plant(&secret, label) else { continue };
            assert_eq!(request.hints.as_ref().expect("hints").data_class(), label);
            for message in &request.messages {
                assert_eq!(message.data_class(), label);
                assert!(message.parts.iter().all(|part| part.data_class() == label));
            }
        }
    }
}
