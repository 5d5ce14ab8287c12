//! The dialect of OpenAI's chat completions, which most providers and local servers speak too.
//!
//! They agree on the core and differ at the rim, and a provider that does not know a field either
//! refuses the request or, worse, ignores the field in silence. So what a provider understands is
//! stated here, and a prompt that needs more is refused before anything is sent.

mod answer;
pub(super) mod embeddings;
pub(super) mod request;
pub(super) mod stream;
mod wire;

use littoral_core::facts::Needs;
use littoral_core::flight::event::Finish;

/// The abilities that a model reached through this dialect can have.
pub(super) const CARRIES: Needs = Needs {
    tools: true,
    json_output: true,
    image: true,
    audio: true,
    logprobs: true,
    embeddings: true,
};

/// What a provider understands beyond the common core of chat completions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpenAi {
    /// The field that bounds generated tokens.
    pub token_limit: TokenLimitField,
    /// Understands `top_k`.
    pub top_k: bool,
    /// Understands `min_p`.
    pub min_p: bool,
    /// Understands `repetition_penalty`.
    pub repetition_penalty: bool,
    /// Takes `metadata` without storing the conversation.
    pub metadata: bool,
    /// Understands `store`; then every request carries `store: false`. OpenAI keeps completions of
    /// newer accounts unless told not to.
    pub store_field: bool,
}

/// The field that bounds generated tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLimitField {
    /// OpenAI's present name; its reasoning models know no other.
    MaxCompletionTokens,
    /// The old name, which servers that imitate the API know best.
    MaxTokens,
}

impl OpenAi {
    /// OpenAI itself. It takes metadata only with stored completions, which the router never asks
    /// for.
    pub const OPENAI: Self = Self {
        token_limit: TokenLimitField::MaxCompletionTokens,
        top_k: false,
        min_p: false,
        repetition_penalty: false,
        metadata: false,
        store_field: true,
    };

    /// A server that imitates OpenAI's API, of which nothing more is known.
    pub const COMPATIBLE: Self = Self {
        token_limit: TokenLimitField::MaxTokens,
        top_k: false,
        min_p: false,
        repetition_penalty: false,
        metadata: false,
        store_field: false,
    };

    /// [`OpenAi::OPENAI`] for OpenAI's own host, [`OpenAi::COMPATIBLE`] for every other.
    #[must_use]
    pub fn for_base_url(base_url: &str) -> Self {
        let url = reqwest::Url::parse(base_url.trim());
        let is_openai = url.is_ok_and(|url| {
            url.host_str().is_some_and(|host| host == "openai.com" || host.ends_with(".openai.com"))
        });
        if is_openai { Self::OPENAI } else { Self::COMPATIBLE }
    }
}

/// What a provider's word for the end of generation means; `None` for a word that is unknown.
fn finish(word: &str) -> Option<Finish> {
    match word {
        // The second name of each is what servers say that pass another vendor's word through.
        "stop" | "eos" | "end_turn" | "stop_sequence" => Some(Finish::Stop),
        "length" | "max_tokens" => Some(Finish::Length),
        "tool_calls" | "tool_use" => Some(Finish::ToolCalls),
        "content_filter" => Some(Finish::ContentFilter),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_openais_own_hosts_get_openais_dialect() {
        for url in ["https://api.openai.com/v1", "https://eu.api.openai.com/v1"] {
            assert_eq!(OpenAi::for_base_url(url), OpenAi::OPENAI, "{url}");
        }
        for url in
            ["https://notopenai.com/v1", "https://api.openai.com.example/v1", "http://[::1]/v1", ""]
        {
            assert_eq!(OpenAi::for_base_url(url), OpenAi::COMPATIBLE, "{url}");
        }
    }
}
