//! Tools in prompts: by the template's own convention, and by ours.

use serde_json::json;

use super::*;
use crate::tools::Tool;

/// In the manner of Hermes and Qwen.
const HERMES: &str = "{% if tools %}<|system|># Tools\n{% for tool in tools %}{{ tool | tojson }}\n\
    {% endfor %}<|end|>{% endif %}{% for m in messages %}<|{{ m.role }}|>\
    {% if m.role == 'tool' %}<tool_response>\n{{ m.content }}\n</tool_response>{% else %}\
    {{ m.content }}{% endif %}{% for call in m.tool_calls or [] %}<tool_call>\n{\"name\": \"\
    {{ call.function.name }}\", \"arguments\": {{ call.function.arguments | tojson }}}\n\
    </tool_call>{% endfor %}<|end|>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}";

/// Knows no tools.
const PLAIN: &str = "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}<|end|>{% endfor %}\
    {% if add_generation_prompt %}<|assistant|>{% endif %}";

fn format(template: &str) -> ChatFormat {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: String| {
        std::fs::write(folder.path().join(name), text).expect("written");
    };
    let special = |id: u32, content: &str| {
        json!({
            "id": id, "content": content, "special": true, "single_word": false, "lstrip": false,
            "rstrip": false, "normalized": false,
        })
    };
    let byte_level = json!({ "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true });
    let alphabet = tokenizers::pre_tokenizers::byte_level::ByteLevel::alphabet();
    let mut letters: Vec<char> = alphabet.into_iter().collect();
    letters.sort_unstable();
    let mut vocab: serde_json::Map<String, serde_json::Value> =
        letters.iter().enumerate().map(|(id, letter)| (letter.to_string(), json!(id))).collect();
    vocab.insert("<|end|>".into(), json!(256));
    vocab.insert("<|user|>".into(), json!(257));
    let tokenizer = json!({
        "version": "1.0",
        "added_tokens": [special(256, "<|end|>"), special(257, "<|user|>")],
        "normalizer": null, "pre_tokenizer": byte_level, "post_processor": null,
        "decoder": byte_level, "model": { "type": "BPE", "vocab": vocab, "merges": [] },
    });
    write("tokenizer.json", tokenizer.to_string());
    let config = json!({ "eos_token": "<|end|>", "chat_template": template });
    write("tokenizer_config.json", config.to_string());
    write("model.onnx", String::new());
    ChatFormat::open(folder.path()).expect("opens")
}

fn talk() -> Conversation {
    let mut call = Turn::new("assistant", "");
    call.calls = vec![Call {
        id: "1".into(),
        name: "tide".into(),
        arguments: "{\"at\": \"<|end|>\"}".into(),
    }];
    let mut result = Turn::new("tool", "at six");
    result.answers = Some("1".into());
    let mut talk = Conversation::new(vec![Turn::new("user", "When?"), call, result]);
    let schema = r#"{"type": "object", "properties": {"at": {"type": "string"}}}"#;
    talk.tools.extend(Tool::parse("tide", Some("<|user|> tells".into()), Some(schema)));
    talk
}

#[test]
fn a_template_that_knows_tools_is_given_them() {
    let format = format(HERMES);
    assert_eq!(format.convention(), Convention { native: true, system: true });
    let text = format.render(&talk()).expect("renders");
    assert!(text.starts_with("<|system|># Tools\n{\"type\": \"function\""), "{text}");
    let call =
        "<tool_call>\n{\"name\": \"tide\", \"arguments\": {\"at\": \"<|end|>\"}}\n</tool_call>";
    assert!(text.contains(call), "{text}");
    assert!(text.contains("<|tool|><tool_response>\nat six\n</tool_response>"), "{text}");
}

#[test]
fn a_template_that_knows_none_is_told_in_plain_turns() {
    let format = format(PLAIN);
    assert_eq!(format.convention(), Convention { native: false, system: true });
    let text = format.render(&talk()).expect("renders");
    assert!(text.starts_with("<|system|>You can call functions."), "{text}");
    assert!(text.contains("<|user|><tool_response>\nat six\n</tool_response><|end|>"), "{text}");
    let without = format.render(&Conversation::question("When?")).expect("renders");
    assert_eq!(without, "<|user|>When?<|end|><|assistant|>");
}

#[test]
fn a_special_token_in_a_tool_or_a_call_is_text() {
    for template in [HERMES, PLAIN] {
        let format = format(template);
        let ids = format.encode(&talk()).expect("encodes");
        let rendered = format.render(&talk()).expect("renders");
        let ends = ids.iter().filter(|&&id| id == 256).count();
        // One of those that the text spells is in the arguments.
        assert_eq!(ends, rendered.matches("<|end|>").count() - 1);
        let users = ids.iter().filter(|&&id| id == 257).count();
        assert_eq!(users, rendered.matches("<|user|>").count() - 1);
    }
}

#[test]
fn a_template_that_takes_no_system_turn_is_told_in_the_first_question() {
    let refuses = "{% if messages[0].role == 'system' %}{{ raise_exception('no') }}{% endif %}";
    let format = format(&format!("{refuses}{PLAIN}"));
    assert_eq!(format.convention(), Convention { native: false, system: false });
    let text = format.render(&talk()).expect("renders");
    assert!(text.starts_with("<|user|>You can call functions."), "{text}");
}
