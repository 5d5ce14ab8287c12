//! What is asked: the turns of a chat and, for an answer begun elsewhere, its beginning.
//!
//! These are the content of a request. Their `Debug` shows sizes, so that a log line or a failed
//! assertion cannot carry a prompt out of the process.

use std::fmt;

use crate::tools::{Call, Tool};

/// The turns so far, oldest first.
#[derive(Clone, Default)]
pub struct Conversation {
    /// System, user, assistant and tool turns, oldest first; at least one.
    pub messages: Vec<Turn>,
    /// An answer already begun: the model continues right after its last character.
    pub assistant_prefix: Option<String>,
    /// Functions that the model is shown.
    pub tools: Vec<Tool>,
}

/// One message.
#[derive(Clone, Default)]
pub struct Turn {
    /// `system`, `user`, `assistant` or `tool`, as the model's template knows them.
    pub role: String,
    /// The text.
    pub content: String,
    /// Calls that this turn of the assistant made.
    pub calls: Vec<Call>,
    /// The call that this turn of a tool answers.
    pub answers: Option<String>,
}

impl Turn {
    /// A turn of `role` that says `content`.
    pub fn new(role: impl Into<String>, content: impl Into<String>) -> Self {
        let (role, content) = (role.into(), content.into());
        Self { role, content, calls: Vec::new(), answers: None }
    }
}

impl Conversation {
    /// A conversation of `messages`, answered from the start.
    pub fn new(messages: Vec<Turn>) -> Self {
        Self { messages, ..Self::default() }
    }

    /// A single question.
    pub fn question(text: impl Into<String>) -> Self {
        Self::new(vec![Turn::new("user", text)])
    }

    /// Whether there is anything of tools in it.
    pub(crate) fn is_of_tools(&self) -> bool {
        let of_tools = |turn: &Turn| turn.role == "tool" || !turn.calls.is_empty();
        !self.tools.is_empty() || self.messages.iter().any(of_tools)
    }

    /// Bytes of all texts.
    pub fn content_bytes(&self) -> usize {
        let turns: usize = self.messages.iter().map(|turn| turn.content.len()).sum();
        turns + self.assistant_prefix.as_ref().map_or(0, String::len)
    }
}

impl fmt::Debug for Conversation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation")
            .field("messages", &self.messages)
            .field("tools", &self.tools.len())
            .field("assistant_prefix_bytes", &self.assistant_prefix.as_ref().map(String::len))
            .finish()
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("role", &self.role)
            .field("content_bytes", &self.content.len())
            .field("calls", &self.calls)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_no_content() {
        let mut conversation = Conversation::question("the launch code is 0000");
        conversation.assistant_prefix = Some("it is 0000".into());
        let shown = format!("{conversation:?}");
        assert!(!shown.contains("0000"), "{shown}");
        assert!(shown.contains("content_bytes: 23"), "{shown}");
    }
}
