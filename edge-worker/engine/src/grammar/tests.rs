//! Masks over a vocabulary of single bytes and a few longer tokens.

use super::*;
use proptest::prelude::*;
use serde_json::json;
use tokenizers::Tokenizer;

use crate::chat_format::Vocabulary;

pub const END: u32 = 256;
const LONGER: [&str; 9] = ["{\"", "\":", "true", " }", "\"}", "12", "ab", "\": \"", ">{"];

/// A byte-level tokenizer: 256 bytes, an end token, a few tokens of several bytes.
fn vocabulary() -> Vocabulary {
    let spelled = |byte: u8| {
        let kept = matches!(byte, 0x21..=0x7E | 0xA1..=0xAC | 0xAE..=0xFF);
        let moved = |byte: u8| match byte {
            0..=0x20 => 0x100 + u32::from(byte),
            0xAD => 0x143,
            _ => 0x121 + u32::from(byte - 0x7F),
        };
        let code = if kept { u32::from(byte) } else { moved(byte) };
        char::from_u32(code).expect("a character")
    };
    let mut vocab = serde_json::Map::new();
    for byte in 0..=255_u8 {
        vocab.insert(spelled(byte).to_string(), json!(byte));
    }
    vocab.insert("<end>".into(), json!(END));
    for (at, token) in LONGER.iter().enumerate() {
        let text: String = token.bytes().map(spelled).collect();
        vocab.insert(text, json!(257 + at));
    }
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [{
            "id": END, "content": "<end>", "special": true, "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false,
        }],
        "normalizer": null, "pre_tokenizer": null, "post_processor": null,
        "decoder": {
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true,
        },
        "model": { "type": "BPE", "vocab": vocab, "merges": [] },
    });
    let tokenizer: Tokenizer = serde_json::from_value(tokenizer).expect("a tokenizer");
    Vocabulary::new(tokenizer).expect("byte level")
}

pub fn format() -> ChatFormat {
    ChatFormat::for_test(vocabulary(), vec![END])
}

fn held(schema: Value, prefix: &str) -> Result<Constraint, String> {
    let form = Form::JsonSchema(schema);
    let held = Grammars::default().form(&format(), &form, Some(prefix));
    held.map(|held| held.expect("a form")).map_err(|error| error.to_string())
}

/// What can come next, as text; `<end>` for the end.
fn next(constraint: &mut Constraint) -> Vec<String> {
    let mut logits = vec![0.0; 300];
    constraint.mask(&mut logits).expect("masked");
    let format = format();
    let open = |(token, logit): (usize, &f32)| {
        let token = u32::try_from(token).ok().filter(|_| *logit == 0.0)?;
        Some(String::from_utf8_lossy(&format.vocabulary().spelled(token)).into_owned())
    };
    logits.iter().enumerate().filter_map(open).collect()
}

#[test]
fn only_what_the_schema_allows_can_come_next() {
    let schema = json!({
        "type": "object", "properties": { "a": { "type": "boolean" } }, "required": ["a"],
        "additionalProperties": false,
    });
    let mut held = held(schema, "").expect("held");
    assert_eq!(next(&mut held), ["{", "{\""]);
    assert!(held.begin("{\"a"));
    assert_eq!(next(&mut held), ["\"", "\":"]);
    assert!(held.begin("\":"));
    assert_eq!(next(&mut held), [" ", "f", "t", "true"]);
    assert!(held.begin("true"));
    assert_eq!(next(&mut held), ["}"], "no white space before a bracket");
    assert_eq!(held.take(u32::from(b'}')).ok(), Some(true));
    assert_eq!(next(&mut held), ["<end>"]);
}

#[test]
fn an_answer_that_can_go_on_can_end_as_well() {
    let mut held = held(json!({ "type": "integer" }), "1").expect("held");
    let next = next(&mut held);
    assert!(next.contains(&"<end>".to_owned()) && next.contains(&"12".to_owned()), "{next:?}");
    assert!(!next.contains(&"ab".to_owned()), "{next:?}");
}

#[test]
fn special_tokens_and_padding_are_never_within_reach_of_a_text() {
    let mut held = held(json!({ "type": "string" }), "\"x").expect("held");
    let mut logits = vec![0.0; 300];
    held.mask(&mut logits).expect("masked");
    assert_eq!(logits[END as usize], f32::NEG_INFINITY);
    assert!(logits[266..].iter().all(|&logit| logit == f32::NEG_INFINITY));
}

#[test]
fn a_prefix_in_any_layout_is_taken_up_and_one_that_leads_nowhere_is_refused() {
    let schema = || json!({ "type": "object", "properties": { "a": { "type": "integer" } } });
    for prefix in ["{\"a\":1", "{\"a\": 1", "{\n  \"a\" : 1", "{\n\t\"a\":\r\n1"] {
        let mut held = held(schema(), prefix).expect(prefix);
        assert!(held.begin("}"), "{prefix}");
    }
    for prefix in ["{\"a\": x", "[", "secret", "{\"a\": 1}}"] {
        let error = held(schema(), prefix).expect_err(prefix);
        assert!(error.contains("assistant_prefix") && !error.contains("secret"), "{error}");
    }
}

#[test]
fn a_prefix_that_is_complete_can_only_end() {
    let mut held = held(json!({ "type": "object", "properties": {} }), "{}").expect("held");
    assert_eq!(next(&mut held), ["<end>"]);
}

#[test]
fn a_schema_that_cannot_be_held_is_refused_without_a_word_of_it() {
    for (schema, words) in [
        (
            json!({ "type": "array", "uniqueItems": true, "items": { "const": "secret" } }),
            "uniqueItems",
        ),
        (json!({ "not": { "const": "secret" } }), "not"),
        (json!({ "$ref": "#/secret" }), "not valid"),
        (json!(false), "not valid"),
        (json!({ "type": "secret" }), "not valid"),
        (json!({ "type": "string", "pattern": "(secret" }), "not valid"),
        (json!("secret"), "not valid"),
    ] {
        let error = held(schema, "").expect_err("refused");
        assert!(error.contains(words) && !error.contains("secret"), "{error}");
    }
}

#[test]
fn what_a_schema_says_of_layout_is_not_heard() {
    let schema = json!({ "type": "array", "x-guidance": { "item_separator": "secret" } });
    let mut held = held(schema, "[1").expect("held");
    assert!(held.begin(", 2]"));
}

#[test]
fn a_schema_made_to_be_expensive_is_refused_or_compiled_within_a_bound() {
    let wide: Vec<Value> = (0..400).map(|at| json!({ "const": format!("option {at}") })).collect();
    let mut nested = json!({ "type": "string" });
    for _ in 0..20 {
        nested = json!({ "anyOf": [nested.clone(), { "type": "array", "items": nested }] });
        if nested.to_string().len() > 30_000 {
            break;
        }
    }
    let expensive = [
        json!({ "type": "string", "maxLength": 100_000 }),
        json!({ "type": "string", "pattern": "^(a|aa|aaa){1,1000}(b|bb){1,1000}$" }),
        json!({ "type": "string", "pattern": "^((a{0,99}){0,99}){0,99}$" }),
        json!({ "type": "array", "maxItems": 1_000, "items": { "type": "array", "maxItems": 1_000 } }),
        json!({ "anyOf": wide }),
        nested,
    ];
    let option =
        |at: usize, of: usize| json!({ "properties": { format!("p{at}"): { "const": of } } });
    let options =
        |at: usize| json!({ "anyOf": (0..10).map(|of| option(at, of)).collect::<Vec<_>>() });
    let crossed = json!({ "allOf": (0..9).map(options).collect::<Vec<_>>() });
    let grammars = Grammars::default();
    let format = format();
    for schema in expensive.into_iter().chain([crossed]) {
        let begun = std::time::Instant::now();
        let form = Form::JsonSchema(schema);
        let outcome = grammars.form(&format, &form, None);
        let took = begun.elapsed();
        println!("{took:?}: {}", outcome.is_ok());
        assert!(took < std::time::Duration::from_secs(5), "{took:?}");
    }
}

/// Random texts of the form `{"name": value, ...}` are walked token by token: whatever is chosen within
/// reach leads to JSON that validates, or to more text.
fn walk(schema: &Value, choices: &[u16]) -> Option<String> {
    let mut held = held(schema.clone(), "").expect("held");
    let (format, mut text) = (format(), Vec::new());
    for choice in choices {
        let mut logits = vec![0.0; 300];
        held.mask(&mut logits).expect("masked");
        let open: Vec<u32> = (0..300_u32).filter(|&token| logits[token as usize] == 0.0).collect();
        let token = open[usize::from(*choice) % open.len()];
        if token == END {
            return Some(String::from_utf8(text).expect("whole characters"));
        }
        text.extend(format.vocabulary().bytes(token));
        if held.take(token).expect("within reach") {
            return Some(String::from_utf8(text).expect("whole characters"));
        }
    }
    None
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn whatever_is_chosen_within_reach_ends_in_json_that_validates(
        choices in prop::collection::vec(any::<u16>(), 400),
        most in 1_u32..6,
    ) {
        let schema = json!({
            "type": "object",
            "properties": {
                "flag": { "type": "boolean" },
                "word": { "type": "string", "maxLength": most },
                "list": { "type": "array", "maxItems": most, "items": { "type": "integer", "minimum": 0, "maximum": 99 } },
            },
            "required": ["flag", "word", "list"],
            "additionalProperties": false,
        });
        if let Some(text) = walk(&schema, &choices) {
            let value: Value = serde_json::from_str(&text).map_err(|error| {
                TestCaseError::fail(format!("{text}: {error}"))
            })?;
            prop_assert!(jsonschema::is_valid(&schema, &value), "{}", text);
        }
    }
}
