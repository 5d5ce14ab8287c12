//! What form an answer must have.

use std::fmt;

use serde_json::Value;

/// The form of an answer's text.
#[derive(Clone, Default)]
pub enum Form {
    /// Any text.
    #[default]
    Text,
    /// One JSON object.
    JsonObject,
    /// One JSON value by this JSON schema.
    JsonSchema(Value),
}

impl Form {
    /// JSON by the schema that `text` is; `None` if it is no JSON.
    #[must_use]
    pub fn schema(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok().map(Self::JsonSchema)
    }
}

/// A schema is content: that there is one is shown.
impl fmt::Debug for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "Text",
            Self::JsonObject => "JsonObject",
            Self::JsonSchema(_) => "JsonSchema",
        })
    }
}
