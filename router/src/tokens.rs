//! Counts prompt tokens. Where a tokenizer of the house is at hand it counts; else it bounds: no
//! tokenizer in use makes more tokens than there are bytes.

use littoral_core::facts::TokenCount;
use littoral_core::privacy;
use littoral_core::prompt::{Message, PartContent, Prompt, ToolChoice};
use littoral_engine::{Call, ChatFormat, Conversation, Tool, Turn};
use std::sync::Arc;

/// Prompts longer than this are counted off the async threads, in bytes.
const LONG_BYTES: u64 = 16 * 1024;

/// The tokenizer at hand, if any.
///
/// One for all: counts of different tokenizers of the same text differ by less than the safety the
/// context gate keeps, and facts hold one count.
#[derive(Clone, Default)]
pub struct TokenCounter(Option<Arc<ChatFormat>>);

impl TokenCounter {
    /// Counts with this model's tokenizer and chat template.
    #[must_use]
    pub fn with(format: ChatFormat) -> Self {
        Self(Some(Arc::new(format)))
    }

    /// Tokens of a prompt.
    pub async fn count(&self, prompt: &Arc<Prompt>) -> TokenCount {
        let bytes = privacy::content_bytes(prompt);
        let bound =
            TokenCount { tokens: u32::try_from(bytes).unwrap_or(u32::MAX), estimated: true };
        let Some(format) = self.0.clone() else { return bound };
        let counted = if bytes <= LONG_BYTES {
            count(&format, prompt)
        } else {
            let prompt = Arc::clone(prompt);
            let counting = tokio::task::spawn_blocking(move || count(&format, &prompt));
            counting.await.ok().flatten()
        };
        // Texts for vectors are cut into tokens in other ways than chats are.
        let estimated = prompt.embed.is_some();
        counted.map_or(bound, |tokens| TokenCount { tokens, estimated })
    }
}

fn count(format: &ChatFormat, prompt: &Prompt) -> Option<u32> {
    let tool = |tool: &littoral_core::prompt::Tool| {
        Tool::parse(&tool.name, tool.description.clone(), tool.parameters_json.as_deref())
    };
    let shown = prompt.tool_choice != ToolChoice::None;
    let tools = prompt.tools.iter().filter(|_| shown).map(tool).collect::<Option<Vec<_>>>()?;
    let conversation =
        Conversation { tools, ..Conversation::new(prompt.messages.iter().map(turn).collect()) };
    u32::try_from(format.count(&conversation).ok()?).ok()
}

fn turn(message: &Message) -> Turn {
    let texts = message.parts.iter().filter_map(|part| match &part.content {
        PartContent::Text(text) => Some(text.as_str()),
        PartContent::Image { .. } | PartContent::Audio { .. } => None,
    });
    let call = |call: &littoral_core::prompt::ToolCall| Call {
        id: call.id.clone(),
        name: call.name.clone(),
        arguments: call.arguments_json.clone(),
    };
    Turn {
        calls: message.tool_calls.iter().map(call).collect(),
        answers: message.tool_call_id.clone(),
        ..Turn::new(message.role.name(), texts.collect::<String>())
    }
}
