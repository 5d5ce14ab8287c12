//! `tokenizer_config.json`: the chat template and the special tokens it names.
//!
//! Newer exports keep the template in `chat_template.jinja`, which then wins, as in Hugging Face's
//! own loader. A folder with several named templates uses the one called `default`.

use std::path::Path;

use serde_json::Value;

const FILE: &str = "tokenizer_config.json";
const TEMPLATE_FILE: &str = "chat_template.jinja";

/// What `tokenizer_config.json` says of chat.
#[derive(Debug, Clone, Default)]
pub struct TokenizerConfig {
    /// The Jinja source of the chat template.
    pub chat_template: String,
    fields: serde_json::Map<String, Value>,
}

impl TokenizerConfig {
    pub(super) fn read(folder: &Path, faults: &mut Vec<String>) -> Self {
        if !folder.join(FILE).is_file() {
            faults.push(format!("{FILE} is missing"));
            return Self::default();
        }
        let fields = super::read_json(folder, FILE, faults).unwrap_or_default();
        let mut config = Self { chat_template: String::new(), fields };
        let file = folder.join(TEMPLATE_FILE);
        let template = if file.is_file() {
            std::fs::read_to_string(file).ok()
        } else {
            config.fields.get("chat_template").and_then(default_template)
        };
        match template {
            Some(template) => config.chat_template = template,
            None if faults.is_empty() => faults.push(format!(
                "{FILE} has no `chat_template` and there is no {TEMPLATE_FILE}: \
                 only models made for chat can be used"
            )),
            None => {}
        }
        config
    }

    /// A configuration with `chat_template` and the other `fields` of the file.
    #[cfg(test)]
    pub(crate) fn of(chat_template: &str, fields: Value) -> Self {
        let fields =
            if let Value::Object(fields) = fields { fields } else { serde_json::Map::default() };
        Self { chat_template: chat_template.to_owned(), fields }
    }

    /// The text of a special token such as `bos_token`: a string, or an object with `content`.
    pub fn token(&self, name: &str) -> Option<&str> {
        let value = self.fields.get(name)?;
        value.as_str().or_else(|| value.get("content")?.as_str())
    }

    /// Names and texts of all special tokens, for the template.
    pub fn tokens(&self) -> impl Iterator<Item = (&str, &str)> {
        let names = self.fields.keys().map(String::as_str);
        names
            .filter(|name| name.ends_with("_token"))
            .filter_map(|name| Some((name, self.token(name)?)))
    }

    /// `model_max_length`, often an absurdly large number that means "no limit".
    pub(super) fn model_max_length(&self) -> Option<u64> {
        self.fields.get("model_max_length")?.as_u64()
    }
}

fn default_template(value: &Value) -> Option<String> {
    if let Some(template) = value.as_str() {
        return Some(template.to_owned());
    }
    let named = value.as_array()?;
    let default =
        named.iter().find(|entry| entry.get("name").is_some_and(|name| name == "default"));
    Some(default?.get("template")?.as_str()?.to_owned())
}
