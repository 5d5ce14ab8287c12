//! Every field that carries what somebody wrote, but for schemas.

use super::super::kinds::Carrier;
use super::requests::{after_a_call, harmless, message, request, text, user};
use super::surroundings::percent_encoded;
use super::{Secret, Shape};

use littoral_proto::v1;
use serde_json::json;

/// Places.
pub(super) static SHAPES: &[Shape] = &[
    Shape::request("user_text", |secret| {
        Some(user(&format!("Could you check this for me? My {}. Thank you!", secret.named())))
    }),
    Shape::request("user_text_without_a_word", |secret| {
        Some(user(&format!("{}\n\nWhat do you make of it?", secret.plain())))
    }),
    Shape::request("system_text", |secret| {
        let words = format!("You help one customer. On file: {}", secret.named());
        let mut request = harmless();
        request.messages.insert(0, message(v1::Role::System, &words));
        Some(request)
    }),
    Shape::request("assistant_text", |secret| {
        let words = format!("I have noted {}", secret.plain());
        let user = |words| message(v1::Role::User, words);
        Some(request(vec![
            user("Note it, please."),
            message(v1::Role::Assistant, &words),
            user("Thank you, and what comes next?"),
        ]))
    }),
    Shape::request("tool_result", |secret| {
        let result = json!({"status": "found", "note": secret.named()}).to_string();
        Some(after_a_call("call_a", "{\"note\":\"look it up\"}", &result))
    }),
    Shape::request("speaker_name", |secret| {
        let mut request = harmless();
        request.messages[0].name = Some(identifier(secret)?);
        Some(request)
    }),
    Shape::request("second_part", |secret| {
        let mut request = harmless();
        request.messages[0].parts.push(text(&secret.plain()));
        Some(request)
    }),
    Shape::request("image_url_query", |secret| {
        let url = format!(
            "https://images.example.org/scan.png?size=large&note={}",
            percent_encoded(&secret.plain())
        );
        let content = Some(v1::part::Content::Image(v1::Image { url, detail: None }));
        let mut request = harmless();
        request.messages[0].parts.push(v1::Part { content, ..v1::Part::default() });
        Some(request)
    }),
    Shape::request("audio_tag", |secret| {
        let data = format!("ID3\u{4}\0\0TXXX {}", secret.plain()).into_bytes();
        let sound = v1::Audio { data, format: v1::AudioFormat::Mp3.into() };
        let content = Some(v1::part::Content::Audio(sound));
        let mut request = harmless();
        request.messages[0].parts.push(v1::Part { content, ..v1::Part::default() });
        Some(request)
    }),
    Shape::request("call_arguments", |secret| {
        let arguments = json!({"page": 2, "note": secret.named()}).to_string();
        Some(after_a_call("call_a", &arguments, "done"))
    }),
    Shape::request("call_arguments_json_in_json", |secret| {
        let inner = json!({"field": {"note": secret.plain()}}).to_string();
        Some(after_a_call("call_a", &json!({"body": inner}).to_string(), "done"))
    }),
    Shape::request("call_arguments_key", |secret| {
        let (key, mut arguments) = (secret.plain(), serde_json::Map::new());
        arguments.insert(key, json!(true));
        Some(after_a_call("call_a", &serde_json::Value::from(arguments).to_string(), "done"))
    }),
    Shape::request("tool_call_id", |secret| {
        let fits = secret.need == Carrier::Optional && !secret.value.contains(['\n', ' ']);
        fits.then(|| after_a_call(&secret.value, "{\"note\":\"the tide\"}", "done"))
    }),
    Shape::request("stop_string", |secret| {
        Some(v1::ChatRequest { stop: vec!["\n\n".into(), secret.plain()], ..harmless() })
    }),
    Shape::request("user_field", |secret| {
        Some(v1::ChatRequest { user: Some(secret.plain()), ..harmless() })
    }),
    Shape::request("metadata_value", |secret| {
        let metadata = [("ticket".to_owned(), secret.named())].into();
        Some(v1::ChatRequest { metadata, ..harmless() })
    }),
    Shape::request("metadata_key", |secret| {
        // A provider takes keys of 64 bytes.
        let key = secret.plain();
        let metadata = [(key.clone(), "open".to_owned())].into();
        (key.len() <= 64).then(|| v1::ChatRequest { metadata, ..harmless() })
    }),
];

/// The value as a name of at most 64 of `A-Z a-z 0-9 _ -`, as providers ask of names. A word before it has no
/// place there, so it is only for values that need none.
pub(super) fn identifier(secret: &Secret) -> Option<String> {
    let name = secret.bare();
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    let fits = secret.need == Carrier::Optional && name.len() <= 64 && name.bytes().all(allowed);
    fits.then(|| name.to_owned())
}
